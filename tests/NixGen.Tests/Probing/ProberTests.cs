using NixGen.Inventory;
using NixGen.Probing;

namespace NixGen.Tests.Probing;

/// <summary>What stands at a path is said as it is: sizes, what excludes leave out, databases by their content.</summary>
public sealed class ProberTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sizes_are_those_of_what_would_be_backed_up()
    {
        _folder.Write("data/small", "12345");
        _folder.Write("data/deep/er/large", new string('x', 3000));
        _folder.Write("data/deep/cache/left", new string('x', 700));
        _folder.Write("data/deep/run.log", new string('x', 11));
        Directory.CreateSymbolicLink(_folder.At("data/link"), "/");
        var probe = Prober.Probe(_folder.At("data"), [_folder.At("data/**/cache"), _folder.At("data/deep/*.log")]);
        Assert.Equal((PathState.Data, 3L, 3005L, 711L), (probe.State, probe.Files, probe.Bytes, probe.LeftOut));
        Assert.Equal([("deep", 3000L), ("small", 5L), ("link", 0L)], probe.Largest.Select(entry => (Path.GetFileName(entry.Path), entry.Bytes)));
        Assert.Empty(probe.Databases);
        Assert.Equal(0, probe.UnreadableCount);
    }

    [Fact]
    public void A_file_is_a_path_too()
    {
        _folder.Write("file", "12345");
        var probe = Prober.Probe(_folder.At("file"), []);
        Assert.Equal((PathState.Data, 1L, 5L), (probe.State, probe.Files, probe.Bytes));
    }

    [Fact]
    public void What_is_missing_a_link_or_empty_is_said()
    {
        Directory.CreateDirectory(_folder.At("empty/folders"));
        Directory.CreateSymbolicLink(_folder.At("link"), "private/link");
        _folder.Write("all/left", "out");
        Assert.Equal(PathState.Missing, Prober.Probe(_folder.At("none/where"), []).State);
        Assert.Equal(PathState.Empty, Prober.Probe(_folder.At("empty"), []).State);
        // What is left out on purpose is no mistake in the path.
        Assert.Equal(PathState.Data, Prober.Probe(_folder.At("all"), [_folder.At("all/left")]).State);
        var link = Prober.Probe(_folder.At("link"), []);
        Assert.Equal((PathState.Symlink, "private/link"), (link.State, link.LinkTarget));
    }

    [ToolFact("sqlite3")]
    public void Databases_are_found_by_their_content()
    {
        Directory.CreateDirectory(_folder.At("data/deep"));
        foreach (var name in new[] { "app.db", "deep/no-ending", "left.db" })
            ToolProcess.Run("sqlite3", [_folder.At("data", name), "CREATE TABLE t(x)"]).Succeeded();
        _folder.Write("data/not.db", new string('x', 4096));
        _folder.Write("data/pg/17/global/pg_control", "x");
        _folder.Write("data/pg/17/base/1/PG_VERSION", "17");
        _folder.Write("data/mysql/ibdata1", "x");
        var probe = Prober.Probe(_folder.At("data"), [_folder.At("data/left.db")]);
        Assert.Equal(
            [
                new FoundDatabase(_folder.At("data/app.db"), DatabaseKind.Sqlite),
                new FoundDatabase(_folder.At("data/deep/no-ending"), DatabaseKind.Sqlite),
                new FoundDatabase(_folder.At("data/mysql"), DatabaseKind.MariaDb),
                new FoundDatabase(_folder.At("data/pg/17"), DatabaseKind.PostgreSql),
            ],
            probe.Databases);
    }

    [RootFact("setpriv", "cp", "chmod")]
    public void What_may_not_be_read_is_named()
    {
        // Whoever runs this test may read everything, so somebody else has to probe.
        var program = Path.GetDirectoryName(typeof(global::NixGen.Cli.Program).Assembly.Location)!;
        ToolProcess.Run("cp", ["-r", program, _folder.At("program")]).Succeeded();
        _folder.Write("data/mine", "12345");
        _folder.Write("data/closed/secret", "12345");
        _folder.Write("data/secret", "12345");
        ToolProcess.Run("chmod", ["-R", "a+rX", _folder.Path]).Succeeded();
        ToolProcess.Run("chmod", ["0", _folder.At("data/closed"), _folder.At("data/secret")]).Succeeded();
        Directory.CreateDirectory("/var/lib/nixgen-test-probe");
        try
        {
            // A place in /tmp cannot be declared.
            ToolProcess.Run("cp", ["-rT", "--preserve=mode", _folder.At("data"), "/var/lib/nixgen-test-probe"]).Succeeded();
            _folder.Write("inventory.yaml", """
                destinations: { nas: { repository: /mnt/backup, secrets: nas, schedule: "03:00", retention: keep-all } }
                secrets: { nas: { files: { RESTIC_PASSWORD: /etc/secret } } }
                hosts: { box: { destinations: [nas], services: { app: { backupPaths: [/var/lib/nixgen-test-probe, /var/lib/nixgen-test-probe/closed/secret] } } } }
                """);
            ToolProcess.Run("chmod", ["a+r", _folder.At("inventory.yaml")]).Succeeded();
            var result = ToolProcess.Run(
                "setpriv",
                ["--reuid", "65534", "--regid", "65534", "--clear-groups", "dotnet", _folder.At("program/nixgen.dll"), "probe", "--inventory", _folder.At("inventory.yaml")],
                environment: new Dictionary<string, string?> { ["HOME"] = "/nonexistent", ["DOTNET_CLI_HOME"] = "/nonexistent" });
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("    /var/lib/nixgen-test-probe\n      10 B in 2 files\n", result.Output);
            Assert.Contains("warning NG7004: not to be read: /var/lib/nixgen-test-probe/closed, /var/lib/nixgen-test-probe/secret\n", result.Error);
            Assert.Contains("warning NG7004: '/var/lib/nixgen-test-probe/closed/secret' may not be read\n", result.Error);
        }
        finally
        {
            Directory.Delete("/var/lib/nixgen-test-probe", recursive: true);
        }
    }
}
