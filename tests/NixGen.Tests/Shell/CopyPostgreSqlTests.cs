using System.Diagnostics;

namespace NixGen.Tests.Shell;

/// <summary>Databases of a real PostgreSQL server are dumped, and come back from the dump.</summary>
public sealed class CopyPostgreSqlTests : IDisposable
{
    private static readonly string[] Clients = ["psql", "pg_dump", "pg_dumpall", "pg_restore"];

    private PostgreSqlServer? _server;

    public void Dispose() => _server?.Dispose();

    [RootFact(Nix.Program, "bash", "setpriv", "flock", "exch", "postgres")]
    public void A_dump_under_load_comes_back_whole_and_consistent()
    {
        using var machine = Machine();
        using var writer = Process.Start(new ProcessStartInfo(Tool.Require("setpriv"),
        [
            "--reuid", "postgres", "--regid", "postgres", "--init-groups", "env", $"PGHOST={_server!.At("socket")}", "bash", "-c",
            """
            while echo "BEGIN; UPDATE account SET n = n - 1 WHERE id = 1 + $((RANDOM % 100)); UPDATE account SET n = n + 1 WHERE id = 1 + $((RANDOM % 100)); COMMIT;"; do :; done |
              exec "$0" --no-psqlrc --quiet --dbname gitea
            """,
            PostgreSqlServer.Program("psql"),
        ])
        { WorkingDirectory = "/" })!;
        try
        {
            for (var copy = 0; copy < 3; copy++)
            {
                var result = machine.Copy("gitea", _server.Socket).Succeeded();
                Assert.Equal(("gitea: databases copied\n", ""), (result.Output, result.Error));
            }

            Assert.False(writer.HasExited);
        }
        finally
        {
            writer.Kill(entireProcessTree: true);
        }

        var dump = machine.Copied("gitea", "postgresql/gitea.dump");
        Assert.Equal(["0:0 600", "0:0 600"], DatabaseMachine.Rights(dump, machine.Copied("gitea", "postgresql/globals.sql")));
        Assert.True(machine.IsStamped("gitea"));
        Assert.Empty(machine.Leftovers("gitea"));

        // As RESTORE.md says to somebody who lost the server.
        _server.Sql("postgres", "DROP DATABASE gitea WITH (FORCE)").Check("");
        _server.Sql("postgres", "DROP ROLE keeper").Check("");
        machine.FollowGuide("PostgreSQL databases", _server.Socket);
        _server.Sql("gitea", "SELECT count(*), sum(n) FROM account").Check("100|100000");
        _server.Sql("gitea", "SELECT b = decode('00ff275c0a', 'hex'), t FROM odd").Check("t|it's \\ \"ünï\" 🦊");
        _server.Sql("gitea", "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'odd'").Check("keeper");
        _server.Sql("gitea", "INSERT INTO odd (t) VALUES ('next') RETURNING id").Check("2");
    }

    [RootFact(Nix.Program, "bash", "setpriv", "flock", "exch", "postgres")]
    public void What_cannot_be_dumped_fails_and_leaves_the_dump_before_without_its_stamp()
    {
        using var machine = Machine();
        machine.Copy("gitea", _server!.Socket).Succeeded();
        var before = File.ReadAllBytes(machine.Copied("gitea", "postgresql/gitea.dump"));
        _server.Sql("gitea", "INSERT INTO odd (t) VALUES ('new')").Succeeded();

        // A program that fails half-way, and one that ends too early without saying so.
        var real = PostgreSqlServer.Program("pg_dump");
        AssertFails("gitea could not be dumped", () => Replace(machine, "pg_dump", $"{real} \"$@\" | head -c 4000; exit 1"));
        AssertFails("the dump of gitea is malformed", () => Replace(machine, "pg_dump", $"{real} \"$@\" | head -c 4000"));
        AssertFails("the dump of gitea is malformed", () => Replace(machine, "pg_dump", "true"));
        Restore(machine, "pg_dump");
        AssertFails("the roles could not be dumped", () => Replace(machine, "pg_dumpall", "exit 1"));
        Restore(machine, "pg_dumpall");
        machine.Copy("gitea", _server.Socket).Succeeded();
        before = File.ReadAllBytes(machine.Copied("gitea", "postgresql/gitea.dump"));
        AssertFails("gitea could not be asked for its size", () => _server.Sql("postgres", "ALTER DATABASE gitea RENAME TO other").Succeeded());
        _server.Dispose();
        AssertFails("gitea could not be asked for its size", () => { });

        void AssertFails(string message, Action damage)
        {
            damage();
            var result = machine.Copy("gitea", _server.Socket);
            Assert.Equal(1, result.ExitCode);
            Assert.EndsWith($"<3>gitea: {message}\n", result.Error);
            Assert.Equal(before, File.ReadAllBytes(machine.Copied("gitea", "postgresql/gitea.dump")));
            Assert.False(machine.IsStamped("gitea"));
            Assert.Empty(machine.Leftovers("gitea"));
        }
    }

    private DatabaseMachine Machine()
    {
        _server = new PostgreSqlServer();
        _server.Sql("postgres", "CREATE ROLE keeper PASSWORD 'secret'").Check("");
        _server.Sql("postgres", "CREATE DATABASE gitea").Check("");
        _server.Sql(
            "gitea",
            """
            CREATE TABLE account (id int PRIMARY KEY, n int);
            INSERT INTO account SELECT i, 1000 FROM generate_series(1, 100) AS i;
            CREATE TABLE odd (id serial PRIMARY KEY, b bytea, t text);
            INSERT INTO odd (b, t) VALUES (decode('00ff275c0a', 'hex'), 'it''s \ "ünï" 🦊');
            ALTER TABLE odd OWNER TO keeper;
            """).Check("");
        var machine = new DatabaseMachine(DatabaseMachine.Servers);
        foreach (var client in Clients)
            Restore(machine, client);
        return machine;
    }

    private static void Replace(DatabaseMachine machine, string program, string text)
    {
        File.Delete(machine.At("packages", "bin", program));
        machine.Stub(program, text);
    }

    private static void Restore(DatabaseMachine machine, string program)
    {
        File.Delete(machine.At("packages", "bin", program));
        File.CreateSymbolicLink(machine.At("packages", "bin", program), PostgreSqlServer.Program(program));
    }
}
