namespace NixGen.Tests.Shell;

/// <summary>A night with databases, with the real restic on what the modules say: copies go in, live files stay out.</summary>
public class CopiedNightTests
{
    private static readonly string[] Suffixes = ["", "-wal", "-shm", "-journal"];

    private static readonly string[] Databases = ["pair/one.db", "pair/deep/two.db", .. CopySqliteTests.Names.Select(name => "names/" + name)];

    // Would be left out if the names were taken for patterns, or for the beginnings of names.
    private static readonly string[] Others =
        ["pair/one.db.bak", "pair/deep/one.db", "names/it's \"quoted\" 1xy.db", "names/a blank /andbackslash.db", "names/blank at the end", "names/-rf.db-walk"];

    [RootFact(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch", "restic", "jq")]
    public void The_copies_are_backed_up_and_the_live_files_are_not()
    {
        using var machine = Filled();
        machine.Copy("pair").Succeeded();
        machine.Copy("names").Succeeded();
        Assert.Equal("", machine.Night(DatabaseMachine.Cellar, "shelf").Succeeded().Error);
        Assert.Equal("", machine.Read("run/problems"));

        machine.Restic("restore", "latest", "--target", machine.At("restored")).Succeeded();
        foreach (var database in Databases)
        {
            Assert.All(Suffixes, suffix => Assert.False(File.Exists(machine.At("restored") + machine.Data(database + suffix)), database + suffix));
            var copy = machine.At("restored") + machine.CopyOfFile(database.Split('/')[0], database);
            Assert.Equal("ok", DatabaseMachine.SqlOfCopy(copy, "PRAGMA integrity_check"));
            Assert.Equal(database, DatabaseMachine.SqlOfCopy(copy, "SELECT x FROM t"));
            Assert.Equal([$"{DatabaseMachine.Owner}:{DatabaseMachine.Owner} 640"], DatabaseMachine.Rights(copy));
        }

        Assert.All(Others, other => Assert.True(File.Exists(machine.At("restored") + machine.Data(other)), other));
    }

    [RootFact(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch", "restic", "jq")]
    public void Without_a_copy_of_this_run_the_rest_is_backed_up_and_the_night_fails()
    {
        using var machine = Filled();
        machine.Copy("pair").Succeeded();
        machine.Copy("names").Succeeded();
        machine.Night(DatabaseMachine.Cellar, "shelf").Succeeded();
        machine.Copy("pair").Succeeded();
        machine.Copy("names").Succeeded();
        machine.Night(DatabaseMachine.Cellar, "shelf").Succeeded();
        Assert.Equal(2, Snapshots(machine));

        // The stamp of last night is not one of this night: somebody masked the unit.
        machine.Copy("pair").Succeeded();
        AssertIncomplete("the databases of names were not copied for this run, see homelab-copy-names.service");

        // This night it failed; the copy before goes along, and what is new in the other service.
        machine.Copy("names").Succeeded();
        File.Delete(machine.Data("pair/deep/two.db"));
        machine.Sql(machine.Data("pair/one.db"), "UPDATE t SET x = 'new'");
        Assert.Equal(1, machine.Copy("pair").ExitCode);
        File.WriteAllText(machine.Data("names/new"), "new");
        AssertIncomplete("the databases of pair were not copied for this run, see homelab-copy-pair.service");
        machine.Restic("restore", "latest", "--target", machine.At("restored")).Succeeded();
        Assert.Equal("pair/one.db", DatabaseMachine.SqlOfCopy(machine.At("restored") + machine.CopyOfFile("pair", "pair/one.db"), "SELECT x FROM t"));
        Assert.True(File.Exists(machine.At("restored") + machine.Data("names/new")));

        // There never was one.
        Directory.Delete(machine.State("pair"), recursive: true);
        machine.Copy("names").Succeeded();
        AssertIncomplete($"{machine.State("pair")}/current does not exist", "the databases of pair were not copied for this run, see homelab-copy-pair.service");

        // Well again: only now something is forgotten, and of incomplete ones, too.
        Assert.Equal(5, Snapshots(machine));
        machine.MakeDatabase("pair/deep/two.db", "CREATE TABLE t (x TEXT);");
        machine.Copy("pair").Succeeded();
        machine.Copy("names").Succeeded();
        Assert.Equal("", machine.Night(DatabaseMachine.Cellar, "shelf").Succeeded().Error);
        Assert.Equal(4, Snapshots(machine));

        void AssertIncomplete(params string[] problems)
        {
            var before = Snapshots(machine);
            var result = machine.Night(DatabaseMachine.Cellar, "shelf");
            Assert.Equal(1, result.ExitCode);
            Assert.Equal(
                string.Concat(problems.Select(problem => $"<3>shelf: not backed up: {problem}\n")) + "<3>shelf: the backup is incomplete, so nothing is forgotten\n",
                result.Error);
            Assert.Equal(before + 1, Snapshots(machine));
        }
    }

    [ToolFact(Nix.Program, "bash", "setpriv", "flock", "exch", "restic", "jq")]
    public void A_service_that_was_not_stopped_is_a_problem_of_its_own_job()
    {
        using var machine = new DatabaseMachine(DatabaseMachine.Cellar);
        Directory.CreateDirectory(machine.Data("ledger"));
        File.WriteAllText(machine.Data("ledger/file"), "1");
        var result = machine.Night(DatabaseMachine.Cellar, "shelf-ledger");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("<3>shelf-ledger: not backed up: ledger was not stopped for this run, see homelab-stop-ledger.service\n", result.Error);

        var runtime = machine.Moved("/run/homelab-stop/ledger");
        Directory.CreateDirectory(runtime);
        File.WriteAllText(runtime + "/done", "");
        Assert.Equal("", machine.Night(DatabaseMachine.Cellar, "shelf-ledger").Succeeded().Error);
    }

    private static DatabaseMachine Filled()
    {
        var machine = new DatabaseMachine(DatabaseMachine.Cellar, "sqlite3");
        foreach (var database in Databases)
        {
            machine.MakeDatabase(database, $"PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('{database.Replace("'", "''")}');");
            // As an application leaves them that is at work.
            foreach (var suffix in Suffixes[1..])
                File.WriteAllText(machine.Data(database + suffix), "");
        }

        foreach (var other in Others)
            File.WriteAllText(machine.Data(other), "");
        ToolProcess.Run("chown", ["-R", $"{DatabaseMachine.Owner}:{DatabaseMachine.Owner}", machine.Moved(Inventories.Root)]).Succeeded();
        return machine;
    }

    private static int Snapshots(DatabaseMachine machine) =>
        System.Text.Json.JsonDocument.Parse(machine.Restic("snapshots", "--json").Succeeded().Output).RootElement.GetArrayLength();
}
