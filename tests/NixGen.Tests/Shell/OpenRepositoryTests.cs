using System.Diagnostics;

namespace NixGen.Tests.Shell;

/// <summary>A repository is created once, where that is allowed, and from then on it must be that one.</summary>
public class OpenRepositoryTests
{
    private const string Other = "0000f0d4745f37941007ed36ec7095b053b69b6d6fd73028f6a2f25ed4d3e3d0";

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void The_id_is_pinned_at_the_first_opening()
    {
        using var machine = new ResticMachine();
        machine.Open().Succeeded();
        Assert.Equal(CheapRepository.Id + "\n", machine.Read("state/repository-id"));
        Assert.Equal("0600", machine.Mode("state", "repository-id"));
        machine.Open().Succeeded();
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Where_there_is_none_it_is_created_once_and_never_again()
    {
        using var machine = new ResticMachine(withRepository: false);
        machine.Open().Succeeded();
        var id = machine.Read("state/repository-id");
        Assert.Equal(65, id.Length);
        machine.Restic("cat", "config").Succeeded();

        // Gone: somebody must look.
        Directory.Delete(machine.Repository, recursive: true);
        var gone = machine.Open();
        Assert.Equal(10, gone.ExitCode);
        Assert.Contains($"<3>shelf: the repository used so far ({id.Trim()}) is gone\n", gone.Error);
        Assert.False(Directory.Exists(machine.Repository));

        // Another one in its place.
        CheapRepository.Create(machine.Repository);
        var other = machine.Open();
        Assert.Equal(1, other.ExitCode);
        Assert.Contains($"<3>shelf: this is another repository ({CheapRepository.Id}) than the one used so far", other.Error);
        Assert.Equal(id, machine.Read("state/repository-id"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Without_permission_nothing_is_created()
    {
        using var machine = new ResticMachine(withRepository: false);
        var result = machine.Open("pinned");
        Assert.Equal(10, result.ExitCode);
        Assert.Contains("<3>pinned: there is no repository, and this host may not create it (initialize, maintenance.host)\n", result.Error);
        Assert.False(Directory.Exists(machine.Repository));
        Assert.Equal("", machine.Read("state/repository-id"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Another_repository_is_refused_and_the_pin_stays()
    {
        using var machine = new ResticMachine();
        machine.Write("state/repository-id", Other + "\n");
        Assert.Equal(1, machine.Open().ExitCode);
        Assert.Equal(Other + "\n", machine.Read("state/repository-id"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_wrong_password_creates_and_pins_nothing()
    {
        using var machine = new ResticMachine();
        machine.Write("password", "wrong");
        Assert.Equal(12, machine.Open().ExitCode);
        Assert.Equal("", machine.Read("state/repository-id"));
        Assert.Single(Directory.GetFiles(machine.Repository + "/keys"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_damaged_configuration_creates_nothing()
    {
        using var machine = new ResticMachine();
        File.WriteAllText(machine.Repository + "/config", "garbage");
        Assert.NotEqual(0, machine.Open().ExitCode);
        Assert.Equal("garbage", File.ReadAllText(machine.Repository + "/config"));
        Assert.Equal("", machine.Read("state/repository-id"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq", "mkfifo")]
    public void A_stale_exclusive_lock_is_removed_and_a_live_one_stays()
    {
        using var machine = new ResticMachine();
        machine.Fill("plain");
        using (var prune = LockExclusively(machine))
        {
            try
            {
                machine.Open().Succeeded();
                Assert.Single(Locks(machine));
            }
            finally
            {
                prune.Kill();
                prune.WaitForExit();
                File.Delete(UnwrittenIndex(machine));
            }
        }

        // As after a power failure: it would block every backup.
        Assert.Equal(11, machine.Restic("backup", machine.Declared("plain")).ExitCode);
        machine.Open().Succeeded();
        Assert.Empty(Locks(machine));
        machine.Restic("backup", machine.Declared("plain")).Succeeded();
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Ten_first_runs_at_once_create_exactly_one_repository()
    {
        using var machine = new ResticMachine(withRepository: false);
        CheapRepository.Create(machine.At("cheap"));
        // The real restic creates it; then one that opens faster takes its place, because ten of them follow.
        File.Delete(machine.At("packages", "bin", "restic"));
        machine.Stub("restic", $"""
            {Tool.Require("restic")} "$@" || exit
            if [[ $1 == init ]]; then
              echo init >>$machine/inits
              rm -r "$RESTIC_REPOSITORY"
              cp -r $machine/cheap "$RESTIC_REPOSITORY"
            fi
            """);
        var results = new ToolResult[10];
        var threads = Enumerable.Range(0, results.Length).Select(index => new Thread(() => results[index] = machine.Open())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Error));
        Assert.Equal("init\n", machine.Read("inits"));
        Assert.Equal(CheapRepository.Id + "\n", machine.Read("state/repository-id"));
        machine.FillAll();
        machine.Backup().Succeeded();
        machine.Restic("check").Succeeded();
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Restic_trims_a_password_from_a_file_but_not_from_its_environment()
    {
        // Why the secrets script refuses blanks at either end.
        using var machine = new ResticMachine();
        machine.Write("password", " correct \n");
        machine.Restic("cat", "config").Succeeded();
        var result = machine.Execute(
            [machine.At("packages", "bin", "restic"), "cat", "config"],
            [("RESTIC_PASSWORD_FILE", ""), ("RESTIC_PASSWORD", " correct ")]);
        Assert.Equal(12, result.ExitCode);
    }

    // Its name is longer while it is being written.
    private static string[] Locks(ResticMachine machine) => Directory.GetFiles(machine.Repository + "/locks", new string('?', 64));

    /// <summary>A prune that has locked the repository and then waits for an index that nobody writes.</summary>
    private static Process LockExclusively(ResticMachine machine)
    {
        ToolProcess.Run("mkfifo", [UnwrittenIndex(machine)]).Succeeded();
        var prune = machine.Start(machine.At("packages", "bin", "restic"), "prune");
        for (var clock = Stopwatch.StartNew(); Locks(machine).Length == 0 && clock.Elapsed < TimeSpan.FromSeconds(20);)
            Thread.Sleep(20);
        return prune;
    }

    private static string UnwrittenIndex(ResticMachine machine) => machine.Repository + "/index/" + new string('a', 64);
}
