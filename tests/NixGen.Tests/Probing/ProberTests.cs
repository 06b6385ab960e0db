using System.Text.Json;
using NixGen.Inventory;
using NixGen.Languages.Restic;
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
        var probe = Probe(_folder.At("data"), [_folder.At("data/**/cache"), _folder.At("data/deep/*.log")]);
        Assert.Equal((PathState.Data, 2L, 3005L, 711L), (probe.State, probe.Files, probe.Bytes, probe.LeftOut));
        Assert.Equal([("deep", 3000L), ("small", 5L)], probe.Largest.Select(entry => (Path.GetFileName(entry.Path), entry.Bytes)));
        Assert.Empty(probe.Databases);
        Assert.Equal(0, probe.UnreadableCount);
    }

    [Fact]
    public void A_file_is_a_path_too()
    {
        _folder.Write("file", "12345");
        var probe = Probe(_folder.At("file"), []);
        Assert.Equal((PathState.Data, 1L, 5L), (probe.State, probe.Files, probe.Bytes));
    }

    [Fact]
    public void What_is_missing_a_link_or_empty_is_said()
    {
        Directory.CreateDirectory(_folder.At("empty/folders"));
        Directory.CreateSymbolicLink(_folder.At("link"), "private/link");
        _folder.Write("all/left", "out");
        Assert.Equal(PathState.Missing, Probe(_folder.At("none/where"), []).State);
        Assert.Equal(PathState.Empty, Probe(_folder.At("empty"), []).State);
        // What is left out on purpose is no mistake in the path.
        Assert.Equal(PathState.Data, Probe(_folder.At("all"), [_folder.At("all/left")]).State);
        var link = Probe(_folder.At("link"), []);
        Assert.Equal((PathState.Symlink, "private/link"), (link.State, link.LinkTarget));
    }

    /// <summary>The preflight of the backup asks for a file, left out or not.</summary>
    [Fact]
    public void A_symlink_is_no_file()
    {
        Directory.CreateDirectory(_folder.At("links"));
        Directory.CreateSymbolicLink(_folder.At("links/loop"), ".");
        Assert.Equal((PathState.Empty, 0L), (Probe(_folder.At("links"), []).State, Probe(_folder.At("links"), []).Files));
        _folder.Write("links/out", "");
        Assert.Equal(PathState.Data, Probe(_folder.At("links"), [_folder.At("links/out")]).State);
    }

    [ToolFact("ln", "mkfifo")]
    public void Content_with_several_names_counts_once_and_a_pipe_is_not_waited_for()
    {
        _folder.Write("data/a/one", "12345");
        ToolProcess.Run("ln", [_folder.At("data/a/one"), _folder.At("data/two")]).Succeeded();
        ToolProcess.Run("mkfifo", [_folder.At("data/pipe")]).Succeeded();
        var probe = Probe(_folder.At("data"), []);
        Assert.Equal((2L, 5L), (probe.Files, probe.Bytes));
        Assert.Equal(PathState.Data, Probe(_folder.At("data/pipe"), []).State);
    }

    /// <summary>restic is asked what it would back up.</summary>
    [ToolFact("restic")]
    public void Figures_are_those_of_restic()
    {
        var names = new[] { "a", "b.log", "cache", "🦉", "x y" };
        foreach (var (top, middle, name) in names.SelectMany(top => names.SelectMany(middle => names.Select(name => (top, middle, name)))))
            _folder.Write($"data/{top}/{middle}/f-{name}", new string('x', top.Length + 10 * middle.Length + 100 * name.Length));
        Directory.CreateSymbolicLink(_folder.At("data/a/loop"), "..");
        string[] excludes = ["data/**/*.log", "data/*/cache", "data/a/**/f-*y", "data/?", "data/x y/[^a-c]*/f-a"];
        var environment = new Dictionary<string, string?>
        {
            ["RESTIC_PASSWORD"] = "x",
            ["RESTIC_REPOSITORY"] = _folder.At("r"),
            ["RESTIC_CACHE_DIR"] = _folder.At("c"),
        };
        ToolProcess.Run("restic", ["init", "--quiet"], environment: environment).Succeeded();
        for (var taken = 0; taken <= excludes.Length; taken++)
        {
            string[] patterns = [.. excludes.Take(taken).Select(pattern => _folder.At(pattern))];
            var backup = ToolProcess.Run(
                "restic",
                ["backup", "--dry-run", "--json", .. patterns.SelectMany(pattern => new[] { "--exclude", pattern }), _folder.At("data")],
                environment: environment);
            var summary = JsonDocument.Parse(backup.Succeeded().Output.TrimEnd('\n').Split('\n')[^1]).RootElement;
            Assert.Equal(
                (taken, summary.GetProperty("total_files_processed").GetInt64(), summary.GetProperty("total_bytes_processed").GetInt64()),
                (taken, Probe(_folder.At("data"), patterns).Files, Probe(_folder.At("data"), patterns).Bytes));
        }
    }

    /// <summary>Sparse files can claim anything; restic finds out.</summary>
    [Fact]
    public void Sums_end_where_numbers_do()
    {
        // More than any file system takes in one file.
        Assert.Equal(long.MaxValue, Prober.Plus(long.MaxValue - 1, 2));
        Assert.Equal(3, Prober.Plus(1, 2));
    }

    [Fact]
    public void Awkward_names_are_counted_like_others()
    {
        foreach (var name in new[] { "🦉.db", "\u001b[31m", "a\nb", "*", "[x]" })
            _folder.Write($"data/{name}/{name}", "12345");
        var probe = Probe(_folder.At("data"), [_folder.At("data/**/*.log"), _folder.At("data/\\[x]")]);
        Assert.Equal((4L, 20L, 5L), (probe.Files, probe.Bytes, probe.LeftOut));
    }

    /// <summary>.NET cannot ask for such a name, restic can: it is said, not dropped.</summary>
    [ToolFact("bash", "rm")]
    public void A_name_that_is_not_text_is_named()
    {
        Directory.CreateDirectory(_folder.At("data"));
        ToolProcess.Run("bash", ["-c", "printf x > \"$1\"/$'b\\xffd'", "bash", _folder.At("data")]).Succeeded();
        var probe = Probe(_folder.At("data"), []);
        // .NET cannot delete it, either.
        ToolProcess.Run("rm", ["-r", _folder.At("data")]).Succeeded();
        Assert.Equal([_folder.At("data/b\uFFFDd")], probe.Unreadable);
    }

    [RootFact("mount", "umount")]
    public void Another_file_system_in_a_path_is_counted_and_named()
    {
        Directory.CreateDirectory(_folder.At("data/deep/other"));
        ToolProcess.Run("mount", ["-t", "tmpfs", "none", _folder.At("data/deep/other")]).Succeeded();
        try
        {
            _folder.Write("data/deep/other/file", "12345");
            var probe = Probe(_folder.At("data"), []);
            Assert.Equal((5L, _folder.At("data/deep/other")), (probe.Bytes, probe.Mounts.Single()));
            Assert.Empty(Probe(_folder.At("data"), [_folder.At("data/deep/other")]).Mounts);
        }
        finally
        {
            ToolProcess.Run("umount", [_folder.At("data/deep/other")]).Succeeded();
        }
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
        var probe = Probe(_folder.At("data"), [_folder.At("data/left.db")]);
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

    private static PathProbe Probe(string path, string[] excludes) => Prober.Probe(path, ResticExcludes.Of(excludes));
}
