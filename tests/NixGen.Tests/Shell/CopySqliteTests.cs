using System.Diagnostics;

namespace NixGen.Tests.Shell;

/// <summary>SQLite files are copied by their owner while somebody writes to them: whole, intact, or not at all.</summary>
public class CopySqliteTests
{
    private const string Table = "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t (x) VALUES ('first');";

    [RootFact(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch")]
    public void Under_load_each_copy_is_intact_and_has_what_was_committed_before()
    {
        using var machine = WithPair(Table + "INSERT INTO t (x) SELECT hex(randomblob(200)) FROM generate_series(1, 5000);");
        // One transaction after the other, as fast as they go, in few pages of write-ahead log.
        using var writer = machine.Start(
            "setpriv", "--reuid", DatabaseMachine.Owner, "--regid", DatabaseMachine.Owner, "--clear-groups", Machine.Bash, "-c",
            """
            while echo "INSERT INTO t (x) VALUES (hex(randomblob(500))); UPDATE t SET x = hex(randomblob(100)) WHERE id = abs(random()) % 5000;"; do :; done |
              exec "$0" -bail -cmd '.timeout 20000' -cmd 'PRAGMA wal_autocheckpoint = 50' -cmd 'PRAGMA synchronous = OFF' "$1"
            """,
            Tool.Require("sqlite3"), machine.Data("pair/one.db"));
        try
        {
            for (var copy = 0; copy < 8; copy++)
            {
                var before = int.Parse(machine.Sql(machine.Data("pair/one.db"), "SELECT max(id) FROM t"));
                var result = machine.Copy("pair").Succeeded();
                Assert.Equal(("pair: databases copied\n", ""), (result.Output, result.Error));
                var file = machine.CopyOfFile("pair", "pair/one.db");
                Assert.Equal("ok", DatabaseMachine.SqlOfCopy(file, "PRAGMA integrity_check"));
                Assert.True(int.Parse(DatabaseMachine.SqlOfCopy(file, "SELECT max(id) FROM t")) >= before);
                Assert.Equal("first", DatabaseMachine.SqlOfCopy(machine.CopyOfFile("pair", "pair/deep/two.db"), "SELECT x FROM t"));
                Assert.True(machine.IsStamped("pair"));
                Assert.Empty(machine.Leftovers("pair"));
            }

            // The copy did not get in the way of the writer.
            Assert.False(writer.HasExited);
            Assert.True(int.Parse(machine.Sql(machine.Data("pair/one.db"), "SELECT max(id) FROM t")) > 5100);
        }
        finally
        {
            writer.Kill(entireProcessTree: true);
        }
    }

    [RootFact(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch")]
    public void Owner_and_mode_are_kept_and_nothing_of_root_is_left_beside_the_database()
    {
        using var machine = WithPair(Table);
        var owner = $"{DatabaseMachine.Owner}:{DatabaseMachine.Owner}";
        // With the log of a writer beside it, and without.
        using var writer = machine.Start(
            "setpriv", "--reuid", DatabaseMachine.Owner, "--regid", DatabaseMachine.Owner, "--clear-groups", Machine.Bash, "-c",
            "(echo \"INSERT INTO t (x) VALUES ('second'); SELECT 'written';\"; sleep 60) | \"$0\" \"$1\"",
            Tool.Require("sqlite3"), machine.Data("pair/one.db"));
        Assert.Equal("written", writer.StandardOutput.ReadLine());
        machine.Copy("pair").Succeeded();
        writer.Kill(entireProcessTree: true);

        string[] copies = [machine.CopyOfFile("pair", "pair/one.db"), machine.CopyOfFile("pair", "pair/deep/two.db")];
        Assert.Equal([$"{owner} 640", $"{owner} 640"], DatabaseMachine.Rights(copies));
        Assert.Equal("first,second", DatabaseMachine.SqlOfCopy(copies[0], "SELECT group_concat(x) FROM t"));
        var live = Directory.GetFiles(machine.Data("pair"), "*", SearchOption.AllDirectories);
        Assert.Contains(machine.Data("pair/one.db-wal"), live);
        Assert.All(DatabaseMachine.Rights(live), rights => Assert.StartsWith(owner, rights));
        // Nobody else gets at them.
        Assert.Equal(["0:0 700"], DatabaseMachine.Rights(machine.State("pair") + "/current"));
        Assert.NotEqual(0, DatabaseMachine.AsOwner("cat", copies[0]).ExitCode);
    }

    [RootFact(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch")]
    public void Names_mean_themselves()
    {
        using var machine = new DatabaseMachine(DatabaseMachine.Cellar, "sqlite3");
        foreach (var name in Names)
            machine.MakeDatabase("names/" + name, Table + $"INSERT INTO t (x) VALUES ('{name.Replace("'", "''")}');");
        machine.Copy("names").Succeeded();
        foreach (var name in Names)
            Assert.Equal(name, DatabaseMachine.SqlOfCopy(machine.CopyOfFile("names", "names/" + name), "SELECT x FROM t WHERE id = 2"));
        Assert.Equal(
            Names.Select(name => machine.CopyOfFile("names", "names/" + name)).Order(StringComparer.Ordinal),
            Directory.GetFiles(machine.State("names") + "/current", "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(machine.At("tmp", "pwned")));
    }

    internal static readonly string[] Names =
        ["it's \"quoted\" [1]*?.db", "$(touch pwned)`touch pwned`$HOME.db", "a blank /and\\backslash.db", "-rf.db", "ünï.db", "blank at the end "];

    [RootTheory(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch")]
    [InlineData("rm -r $0/deep", "<3>pair: there is no database $0/deep/two.db\n")]
    [InlineData("rm $0/deep/two.db; mkdir $0/deep/two.db", "<3>pair: there is no database $0/deep/two.db\n")]
    [InlineData("mv $0/deep $0/deeper; ln -s deeper $0/deep", "<3>pair: $0/deep/two.db is reached through a symlink: declare $0/deeper/two.db\n")]
    [InlineData("mv $0/deep/two.db $0/deep/2.db; ln -s 2.db $0/deep/two.db", "<3>pair: $0/deep/two.db is reached through a symlink: declare $0/deep/2.db\n")]
    [InlineData("echo text >$0/deep/two.db", "<3>pair: $0/deep/two.db could not be copied\n")]
    // In the middle of the pages of the table.
    [InlineData("dd if=/dev/urandom of=$0/deep/two.db bs=4096 seek=3 count=20 conv=notrunc status=none", "<3>pair: $0/deep/two.db could not be copied\n")]
    [InlineData("truncate --size 60000 $0/deep/two.db", "<3>pair: $0/deep/two.db could not be copied\n")]
    [InlineData("chmod 0 $0/deep/two.db", "<3>pair: $0/deep/two.db could not be copied\n")]
    [InlineData("chown 0:0 $0; chmod 700 $0", "<3>pair: $0/deep/two.db could not be copied\n")]
    public void What_cannot_be_copied_fails_and_leaves_the_copies_before_without_their_stamp(string damage, string message)
    {
        using var machine = WithPair(Table + "PRAGMA journal_mode = DELETE; INSERT INTO t (x) SELECT hex(randomblob(200)) FROM generate_series(1, 2000);", both: true);
        machine.Copy("pair").Succeeded();
        var before = Contents(machine);
        machine.Sql(machine.Data("pair/one.db"), "INSERT INTO t (x) VALUES ('new')");
        var folder = machine.Data("pair");
        ToolProcess.Run("cp", ["-a", folder, machine.At("whole")]).Succeeded();

        ToolProcess.Run("bash", ["-c", damage, folder]).Succeeded();
        var result = machine.Copy("pair");
        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith(message.Replace("$0", folder), result.Error);
        Assert.Equal(before, Contents(machine));
        Assert.False(machine.IsStamped("pair"));
        Assert.Empty(machine.Leftovers("pair"));

        // The next night.
        ToolProcess.Run("rm", ["-r", folder]).Succeeded();
        ToolProcess.Run("mv", [machine.At("whole"), folder]).Succeeded();
        machine.Copy("pair").Succeeded();
        Assert.NotEqual(before, Contents(machine));
        Assert.True(machine.IsStamped("pair"));
    }

    [RootFact(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch")]
    public void A_locked_database_is_waited_for_but_not_for_ever()
    {
        using var machine = WithPair(Table + "PRAGMA journal_mode = DELETE;");
        var script = machine.At("scripts", "homelab-copy-pair");
        var text = File.ReadAllText(script);
        Assert.Contains("'.timeout 60000'", text);
        File.WriteAllText(script, text.Replace(".timeout 60000", ".timeout 2000"));
        foreach (var (seconds, code) in new[] { ("1", 0), ("60", 1) })
        {
            using var other = machine.Start(
                "setpriv", "--reuid", DatabaseMachine.Owner, "--regid", DatabaseMachine.Owner, "--clear-groups", Machine.Bash, "-c",
                "(echo \"BEGIN EXCLUSIVE; SELECT 'locked';\"; sleep \"$2\") | \"$0\" \"$1\"",
                Tool.Require("sqlite3"), machine.Data("pair/one.db"), seconds);
            Assert.Equal("locked", other.StandardOutput.ReadLine());
            var result = machine.Copy("pair");
            Assert.Equal(code, result.ExitCode);
            if (code != 0)
                Assert.Contains("database is locked", result.Error);
            other.Kill(entireProcessTree: true);
        }
    }

    [RootFact(Nix.Program, "bash", "sqlite3", "setpriv", "flock", "exch", "setsid")]
    public void Killed_at_any_moment_the_copies_are_all_old_or_all_new()
    {
        using var machine = WithPair("CREATE TABLE g (n); INSERT INTO g VALUES (0);", both: true);
        machine.Copy("pair").Succeeded();
        var clock = Stopwatch.StartNew();
        machine.Copy("pair").Succeeded();
        var whole = clock.Elapsed;
        // Reproducible as far as a race can be.
        var random = new Random(3);
        var (last, seen) = (0, new HashSet<string>());
        // Killed before the exchange and after it. How long a copy takes depends on what else the machine does.
        HashSet<string> wanted = ["old True", "new False"];
        for (var run = 1; run <= 20 || (run <= 60 && !wanted.IsSubsetOf(seen)); run++)
        {
            foreach (var file in Pair)
                machine.Sql(machine.Data(file), $"UPDATE g SET n = {run}");
            var stamp = machine.IsStamped("pair") ? machine.Stamp("pair") : default;
            using var copy = machine.StartCopy("pair");
            Thread.Sleep(whole * random.NextDouble() * 1.1);
            var ended = copy.HasExited;
            // All of the group, and as systemd does not begin anew before none of it is left.
            ToolProcess.Run("bash", ["-c", $"kill -KILL -- -{copy.Id} || true"]);
            copy.WaitForExit();
            whole *= ended ? 0.9 : 1.03;
            ToolProcess.Run("bash", ["-c", $"while kill -0 -- -{copy.Id}; do sleep 0.01; done"]);

            var generations = Pair.Select(file => DatabaseMachine.SqlOfCopy(machine.CopyOfFile("pair", file), "SELECT n FROM g")).ToList();
            Assert.Equal(generations[0], generations[1]);
            Assert.True(generations[0] == $"{last}" || generations[0] == $"{run}", $"{generations[0]} in run {run} after {last}");
            // A new stamp never says more than is true; one from before is there only if it had hardly begun.
            var isStamped = machine.IsStamped("pair") && machine.Stamp("pair") > stamp;
            Assert.True(!isStamped || generations[0] == $"{run}");
            Assert.True(isStamped || !ended, $"{copy.ExitCode} {copy.StandardOutput.ReadToEnd()} {copy.StandardError.ReadToEnd()}");
            seen.Add($"{(generations[0] == $"{run}" ? "new" : "old")} {machine.Leftovers("pair").Any()}");
            last = int.Parse(generations[0]);
        }

        Assert.Superset(wanted, seen);
        machine.Copy("pair").Succeeded();
        Assert.Empty(machine.Leftovers("pair"));
    }

    [Publishing.Needs("mount", "unshare", "nix-instantiate", "bash", "sqlite3", "setpriv")]
    public void Without_room_the_copy_before_stays()
    {
        using var machine = WithPair(Table, both: true);
        machine.Copy("pair").Succeeded();
        machine.Write("driver", $$"""
            set -eu
            cd "$1"
            state={{machine.State("pair")}}
            mount -t tmpfs -o mode=0711,size=2m tmpfs "$state"
            copy() {
              local code=0
              {{machine.CopyCommand("pair")}} >out 2>&1 || code=$?
              echo "$1 $code $(cat "$state"/current/sqlite{{machine.Data("pair/one.db")}} | cksum | cut -d ' ' -f 1) $(ls -A "$state" | tr '\n' ' ')"
              sed 's/^/  /' out
            }
            copy first
            setpriv --reuid {{DatabaseMachine.Owner}} --regid {{DatabaseMachine.Owner}} --clear-groups sqlite3 {{machine.Data("pair/one.db")}} \
              "INSERT INTO t (x) SELECT hex(randomblob(500)) FROM generate_series(1, 3000)"
            copy asked
            # As if others used it up in the meantime.
            rm path/df
            printf '#!%s\necho Avail; echo 999999999\n' "$BASH" >path/df
            chmod +x path/df
            copy full
            mount -o remount,size=50m "$state"
            copy enough
            """);
        var result = ToolProcess.Run("unshare", ["--mount", Machine.Bash, machine.At("driver"), machine.At(".")]).Succeeded();
        var lines = result.Output.Split('\n').Where(line => !line.StartsWith("  ")).Select(line => line.Split(' ')).ToList();
        Assert.Equal(["first 0", "asked 1", "full 1", "enough 0"], lines.Where(line => line.Length > 2).Select(line => $"{line[0]} {line[1]}"));
        Assert.Equal(lines[0][2], lines[1][2]);
        Assert.Equal(lines[0][2], lines[2][2]);
        Assert.NotEqual(lines[0][2], lines[3][2]);
        Assert.All(lines.Take(4), line => Assert.Equal("current lock", string.Join(' ', line[3..]).Trim()));
        Assert.Contains("  <3>pair: no room to copy a database of ", result.Output);
        Assert.Contains("disk is full", result.Output);
        Assert.Contains($"  <3>pair: {machine.Data("pair/one.db")} could not be copied\n", result.Output);
    }

    private static readonly string[] Pair = ["pair/one.db", "pair/deep/two.db"];

    private static DatabaseMachine WithPair(string sql, bool both = false)
    {
        var machine = new DatabaseMachine(DatabaseMachine.Cellar, "sqlite3");
        machine.MakeDatabase("pair/deep/two.db", both ? sql : Table);
        machine.MakeDatabase("pair/one.db", sql);
        return machine;
    }

    // Every file of the copies with its hash.
    private static string Contents(DatabaseMachine machine) =>
        ToolProcess.Run("bash", ["-c", "cd \"$0\" && find current -type f -exec sha256sum {} + | sort", machine.State("pair")]).Succeeded().Output;
}
