namespace NixGen.Tests.Shell;

/// <summary>A whole night, in the order in which systemd runs it: an incomplete backup fails and costs no complete snapshot.</summary>
public class VerdictTests
{
    private static readonly string[] Tags = ["created-by:attic", "plan:shelf"];

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_complete_night_is_a_success_and_holds_every_path()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        var night = machine.Night().Succeeded();
        Assert.DoesNotContain("<", night.Error);
        var snapshot = Assert.Single(machine.Snapshots());
        Assert.Equal(("attic", string.Join(' ', Tags)), (snapshot.Host, string.Join(' ', snapshot.Tags)));

        machine.Restic("restore", snapshot.Id, "--target", machine.At("restored")).Succeeded();
        foreach (var name in ResticMachine.Names.Append("maybe"))
            Assert.Equal(name, File.ReadAllText(machine.At("restored") + machine.Declared(name) + "/file"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void An_incomplete_night_fails_with_a_message_per_path_and_forgets_nothing()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        for (var night = 0; night < 2; night++)
            machine.Night().Succeeded();
        // More than are kept; this one would go.
        machine.Backup().Succeeded();
        var before = machine.Snapshots();

        Directory.Delete(machine.Declared("plain"), recursive: true);
        File.Delete(machine.Declared("ünï") + "/file");
        var result = machine.Night();

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            $"""
            <3>shelf: not backed up: {machine.Declared("plain")} does not exist
            <3>shelf: not backed up: {machine.Declared("ünï")} holds no file
            <3>shelf: the backup is incomplete, so nothing is forgotten

            """,
            result.Error);
        var after = machine.Snapshots();
        Assert.Equal(before.Select(snapshot => snapshot.Id), after.Take(3).Select(snapshot => snapshot.Id));
        Assert.Equal(4, after.Count);
        Assert.Equal(["created-by:attic", "incomplete", "plan:shelf"], after[^1].Tags);
        // What was there is in it.
        machine.Restic("dump", after[^1].Id, machine.Declared("-rf") + "/file").Succeeded();
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Forgetting_counts_incomplete_snapshots_apart_and_leaves_those_of_others()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        string[][] others =
        [
            ["--host", "attic"],
            ["--host", "attic", "--tag", "plan:shelf"],
            ["--host", "attic", "--tag", "plan:other,created-by:attic"],
            ["--host", "cellar", "--tag", "plan:shelf,created-by:attic"],
        ];
        // Three of each: were they counted, one would go.
        foreach (var other in others.Concat(others).Concat(others))
            machine.Restic(["backup", machine.Declared("plain"), .. other]).Succeeded();
        var foreign = machine.Snapshots().Select(snapshot => snapshot.Id).ToList();

        // Two complete nights, then more incomplete ones than are kept.
        machine.Night().Succeeded();
        machine.Night().Succeeded();
        var complete = Mine(machine).Select(snapshot => snapshot.Id).ToList();
        for (var night = 0; night < 3; night++)
        {
            Directory.Delete(machine.Declared("plain"), recursive: true);
            Assert.Equal(1, machine.Night().ExitCode);
            machine.Fill("plain");
        }

        Assert.Equal(3, Mine(machine).Count(snapshot => snapshot.IsIncomplete));
        Assert.Subset(Mine(machine).Select(snapshot => snapshot.Id).ToHashSet(), complete.ToHashSet());

        // The next complete night forgets the oldest of each kind.
        machine.Night().Succeeded();
        var mine = Mine(machine);
        Assert.Equal((2, 2), (mine.Count(snapshot => !snapshot.IsIncomplete), mine.Count(snapshot => snapshot.IsIncomplete)));
        Assert.Contains(complete[1], mine.Select(snapshot => snapshot.Id));
        Assert.DoesNotContain(complete[0], mine.Select(snapshot => snapshot.Id));
        Assert.Subset(machine.Snapshots().Select(snapshot => snapshot.Id).ToHashSet(), foreign.ToHashSet());
        machine.Restic("check").Succeeded();
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_failed_backup_ends_the_night()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        machine.Night().Succeeded();
        // As when a file could not be read.
        File.Delete(machine.At("packages", "bin", "restic"));
        machine.Stub("restic", $"""
            echo "$1" >>$machine/commands
            if [[ $1 == backup ]]; then exit 3; fi
            exec {Tool.Require("restic")} "$@"
            """);
        Assert.Equal(3, machine.Night().ExitCode);
        Assert.Equal("cat\nunlock\nbackup\n", machine.Read("commands"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_snapshot_that_cannot_be_tagged_does_not_hide_why_the_night_failed()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        machine.Write("run/problems", "/srv/a does not exist\n");
        // There is none.
        var result = machine.RunCommand(ResticMachine.Scripts("continue").Units["restic-backups-shelf"].Commands[0]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("<3>shelf: not backed up: /srv/a does not exist\n", result.Error);
        Assert.EndsWith("<3>shelf: the backup is incomplete, so nothing is forgotten\n", result.Error);
    }

    private static List<Snapshot> Mine(ResticMachine machine) =>
        [.. machine.Snapshots("--host", "attic").Where(snapshot => Tags.All(snapshot.Tags.Contains))];
}
