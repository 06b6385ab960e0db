using System.Diagnostics;

namespace NixGen.Tests.Shell;

/// <summary>A server of databases with all that it has in a folder of its own; it listens on a socket there and nowhere else.</summary>
public abstract class DatabaseServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private Process? _process;

    protected DatabaseServer(string user)
    {
        ToolProcess.Run("chmod", ["0755", _folder.Path]).Succeeded();
        foreach (var folder in new[] { "data", "socket" })
        {
            Directory.CreateDirectory(At(folder));
            ToolProcess.Run("chown", [user, At(folder)]).Succeeded();
        }
    }

    public string At(string name) => _folder.At(name);

    /// <summary>Starts it and waits until it answers.</summary>
    protected void Start(IReadOnlyList<string> command, Func<ToolResult> ask)
    {
        _process = Process.Start(new ProcessStartInfo(Tool.Require("bash"), ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", At("log"), .. command])
        {
            WorkingDirectory = "/",
        })!;
        var clock = Stopwatch.StartNew();
        while (ask().ExitCode != 0)
        {
            // The log is not there yet when a busy machine has not started the server.
            if (_process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(30))
                Assert.Fail(File.ReadAllText(At("log")));
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            // The server ends its own children; both take SIGTERM for that.
            ToolProcess.Run("bash", ["-c", $"kill {_process.Id} || true"]);
            if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
                _process.Kill(entireProcessTree: true);
            _process.Dispose();
            _process = null;
        }

        if (Directory.Exists(_folder.Path))
            _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}

/// <summary>A PostgreSQL server of the user postgres, whom Debian's package makes, as NixOS does.</summary>
public sealed class PostgreSqlServer : DatabaseServer
{
    private static readonly string[] AsPostgres = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"];

    public PostgreSqlServer() : base("postgres")
    {
        As(Program("initdb"), "--no-sync", "--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", At("data")).Succeeded();
        Start(
            [
                Tool.Require("setpriv"), .. AsPostgres, Program("postgres"), "-D", At("data"),
                "-c", "listen_addresses=", "-c", $"unix_socket_directories={At("socket")}", "-c", "fsync=off",
            ],
            () => Sql("postgres", "SELECT 1"));
    }

    public static string Program(string name) => Path.Combine(
        Path.GetDirectoryName(new FileInfo(Tool.Require("postgres")).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Tool.Require("postgres"))!,
        name);

    public (string, string) Socket => ("PGHOST", At("socket"));

    public ToolResult Sql(string database, string sql) =>
        As(Program("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--dbname", database, "--command", sql);

    public ToolResult As(params IEnumerable<string> command) =>
        ToolProcess.Run("setpriv", [.. AsPostgres, .. command], environment: new Dictionary<string, string?> { ["PGHOST"] = At("socket") }, workingDirectory: "/");
}

/// <summary>A MariaDB server of the user nobody, into which root is let through the socket, as NixOS sets it up.</summary>
public sealed class MariaDbServer : DatabaseServer
{
    public MariaDbServer() : base("nobody")
    {
        ToolProcess.Run(
            "mariadb-install-db",
            ["--no-defaults", $"--datadir={At("data")}", "--user=nobody", "--auth-root-authentication-method=socket", "--skip-test-db"]).Succeeded();
        Start(
            [
                Tool.Require("mariadbd"), "--no-defaults", $"--datadir={At("data")}", "--user=nobody", "--skip-networking",
                $"--socket={SocketFile}", $"--pid-file={At("socket")}/pid", "--innodb-flush-log-at-trx-commit=0",
            ],
            () => Sql("SELECT 1"));
        // Debian's own settings name another socket; those of root count more.
        File.WriteAllText(At("socket") + "/.my.cnf", $"[client]\nsocket = {SocketFile}\n");
    }

    public (string, string) Home => ("HOME", At("socket"));

    public string SocketFile => At("socket") + "/mysqld.sock";

    public ToolResult Sql(string sql, string database = "") => Sql(System.Text.Encoding.UTF8.GetBytes(sql), database);

    /// <summary>A dump is no text: it holds binary values as they are.</summary>
    public ToolResult Sql(byte[] sql, string database = "") => ToolProcess.Run(
        "mariadb",
        ["--no-defaults", "--batch", "--skip-column-names", "--default-character-set=utf8mb4", "--socket", SocketFile, database],
        inputBytes: sql);
}
