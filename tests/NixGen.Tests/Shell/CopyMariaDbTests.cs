using System.Diagnostics;

namespace NixGen.Tests.Shell;

/// <summary>Databases of a real MariaDB server are dumped, and come back from the dump.</summary>
public sealed class CopyMariaDbTests : IDisposable
{
    private MariaDbServer? _server;

    public void Dispose() => _server?.Dispose();

    [RootFact(Nix.Program, "bash", "setpriv", "flock", "exch", "mariadbd", "mariadb-dump")]
    public void A_dump_under_load_comes_back_whole_and_consistent()
    {
        using var machine = Machine();
        using var writer = Process.Start(new ProcessStartInfo("bash",
        [
            "-c",
            """
            while n=$RANDOM; do
              echo "START TRANSACTION; UPDATE account SET n = n - 1 WHERE id = 1 + $((n % 100)); UPDATE account SET n = n + 1 WHERE id = 1 + $((RANDOM % 100)); COMMIT;"
            done | exec mariadb --no-defaults --socket "$0" wiki
            """,
            _server!.SocketFile,
        ]))!;
        // The other engine knows no transactions: each statement moves all of it.
        using var other = Process.Start(new ProcessStartInfo("bash",
        [
            "-c",
            "while echo \"UPDATE a, b SET a.n = a.n + 1, b.n = b.n + 1;\"; do :; done | exec mariadb --no-defaults --socket \"$0\" old-wiki",
            _server.SocketFile,
        ]))!;
        try
        {
            for (var copy = 0; copy < 3; copy++)
            {
                var result = machine.Copy("wiki", _server.Home).Succeeded();
                Assert.Equal(("wiki: databases copied\n", ""), (result.Output, result.Error));
            }

            Assert.False(writer.HasExited || other.HasExited);
        }
        finally
        {
            writer.Kill(entireProcessTree: true);
            other.Kill(entireProcessTree: true);
        }

        Assert.True(machine.IsStamped("wiki"));
        Assert.Empty(machine.Leftovers("wiki"));
        string[] dumps = [machine.Copied("wiki", "mariadb/wiki.sql"), machine.Copied("wiki", "mariadb/old-wiki.sql")];
        Assert.Equal(["0:0 600", "0:0 600"], DatabaseMachine.Rights(dumps));
        _server.Sql("DROP DATABASE wiki; DROP DATABASE `old-wiki`").Check("");
        machine.FollowGuide("MariaDB databases", _server.Home);
        _server.Sql("SELECT COUNT(*), SUM(n) FROM account", "wiki").Check("100\t100000");
        _server.Sql("SELECT HEX(b), t, HEX(t) FROM odd", "wiki").Check("00FF275C0A\tit's \"ünï\" 🦊\t" + Convert.ToHexString("it's \"ünï\" 🦊"u8));
        _server.Sql("CALL twice(21); SELECT COUNT(*) FROM view_of_odd; INSERT INTO odd (t) VALUES ('next'); SELECT MAX(id) FROM odd; SELECT n FROM account WHERE id = 1000", "wiki")
            .Check("42\n1\n2\n1");
        _server.Sql("SELECT EVENT_NAME FROM information_schema.events", "wiki").Check("nightly");
        _server.Sql("SELECT a.n - b.n FROM a, b", "old-wiki").Check("0");
    }

    [RootFact(Nix.Program, "bash", "setpriv", "flock", "exch", "mariadbd", "mariadb-dump")]
    public void What_cannot_be_dumped_fails_and_leaves_the_dump_before_without_its_stamp()
    {
        using var machine = Machine();
        machine.Copy("wiki", _server!.Home).Succeeded();
        var before = File.ReadAllText(machine.Copied("wiki", "mariadb/wiki.sql"));
        _server.Sql("INSERT INTO odd (t) VALUES ('new')", "wiki").Succeeded();

        var real = Tool.Require("mariadb-dump");
        AssertFails("could not be dumped", () => Replace(machine, $"{real} \"$@\" | head -c 2000; exit 1"));
        AssertFails("is not complete", () => Replace(machine, $"{real} \"$@\" | head -c 2000"));
        AssertFails("is not complete", () => Replace(machine, "true"));
        Replace(machine, $"exec {real} \"$@\"");
        // The first one can be dumped; neither takes its place.
        AssertFails("old-wiki could not be dumped", () => _server.Sql("DROP DATABASE `old-wiki`").Succeeded());
        _server.Dispose();
        AssertFails("could not be asked for its size", () => { });

        void AssertFails(string message, Action damage)
        {
            damage();
            var result = machine.Copy("wiki", _server.Home);
            Assert.Equal(1, result.ExitCode);
            Assert.EndsWith($"{message}\n", result.Error);
            Assert.Equal(before, File.ReadAllText(machine.Copied("wiki", "mariadb/wiki.sql")));
            Assert.False(machine.IsStamped("wiki"));
            Assert.Empty(machine.Leftovers("wiki"));
        }
    }

    private DatabaseMachine Machine()
    {
        _server = new MariaDbServer();
        _server.Sql(
            """
            CREATE DATABASE wiki CHARACTER SET utf8mb4;
            USE wiki;
            CREATE TABLE account (id INT PRIMARY KEY, n INT) ENGINE = InnoDB;
            INSERT INTO account SELECT seq, 1000 FROM seq_1_to_100;
            CREATE TABLE odd (id INT AUTO_INCREMENT PRIMARY KEY, b BLOB, t TEXT) ENGINE = InnoDB;
            INSERT INTO odd (b, t) VALUES (x'00ff275c0a', 'it''s "ünï" 🦊');
            CREATE VIEW view_of_odd AS SELECT * FROM odd;
            CREATE TRIGGER counts AFTER INSERT ON odd FOR EACH ROW INSERT INTO account VALUES (1000, 1) ON DUPLICATE KEY UPDATE n = n + 1;
            CREATE PROCEDURE twice(x INT) SELECT 2 * x;
            CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM odd WHERE id < 0;
            CREATE DATABASE `old-wiki`;
            USE `old-wiki`;
            CREATE TABLE a (n INT) ENGINE = MyISAM;
            CREATE TABLE b (n INT) ENGINE = MyISAM;
            INSERT INTO a VALUES (1);
            INSERT INTO b VALUES (1);
            """).Check("");
        return new DatabaseMachine(DatabaseMachine.Servers, "mariadb", "mariadb-dump");
    }

    private static void Replace(DatabaseMachine machine, string text)
    {
        File.Delete(machine.At("packages", "bin", "mariadb-dump"));
        machine.Stub("mariadb-dump", text);
    }
}
