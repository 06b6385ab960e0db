using System.Text.Json;
using NixGen.Cli;
using NixGen.Cli.Commands;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Planning;
using NixGen.Probing;
using NixGen.Tests.Documentation;

namespace NixGen.Tests.Cli;

/// <summary><c>nixgen probe</c>: which host it is about, what people read and what programs read.</summary>
public sealed class ProbeCommandTests : IDisposable
{
    private const string Gone = "/var/lib/nixgen-test-gone";

    private readonly TemporaryFolder _folder = new();

    public ProbeCommandTests() => _folder.Write("inventory.yaml", $$"""
        destinations: { b2: { repository: "b2:bucket:{host}", secrets: b2, schedule: "03:00", retention: { daily: 7 } } }
        secrets: { b2: { files: { RESTIC_PASSWORD: /etc/secret, B2_ACCOUNT_ID: /etc/id, B2_ACCOUNT_KEY: /etc/key } } }
        hosts:
          box: { destinations: [b2], services: { app: { backupPaths: [{{Gone}}], databases: { postgresql: [app] } } } }
          shed: { destinations: [b2], services: { app: { backupPaths: [{ path: {{Gone}}, optional: true }] } } }
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_help_says_one_default()
    {
        var help = Run("--help").Succeeded().Output;
        Assert.Contains("in percent [default: 2]\n", help);
    }

    [Fact]
    public void The_host_is_the_one_asked_for_or_this_machine_or_the_only_one()
    {
        var plans = Generator.Plan("inventory.yaml", _folder.Path, new FindingList())!;
        Assert.Equal("shed", ProbeCommand.HostOf(plans, "shed", "box").Name);
        Assert.Equal("box", ProbeCommand.HostOf(plans, null, "box").Name);
        Assert.Equal("shed", ProbeCommand.HostOf([plans[1]], null, "elsewhere").Name);
        Assert.Equal(
            "No host of the inventory is called 'elsewhere', as this machine is. It has: box, shed. Say which one with --host.",
            Assert.Throws<UsageException>(() => ProbeCommand.HostOf(plans, null, "elsewhere")).Message);
        var unknown = Run("--host", "nope");
        Assert.Equal((2, "nixgen: There is no host 'nope' in the inventory. It has: box, shed. Say which one with --host.\n"), (unknown.ExitCode, unknown.Error));
    }

    [Fact]
    public void People_read_what_is_there_and_what_is_not_counted()
    {
        var probe = Run("--host", "box");
        Assert.Equal(1, probe.ExitCode);
        Assert.Contains($"inventory.yaml:4:63: error NG7001: '{Gone}' does not exist on this machine\n", probe.Error);
        Assert.Equal(
            $"""
            box
              app
                {Gone}
                  is not there
                PostgreSQL app
                  known after the first night
              to b2: 0 B now; the repository will hold 0 B to 0 B
                not counted: postgresql:app
                Backblaze B2, prices of 2026-09: $0.00 a month
                reading back is free up to 3 times what is stored, in a month; then $0.01 a GB

            """.ReplaceLineEndings("\n"),
            probe.Output);
        Assert.Equal((0, ""), (Run("--host", "shed", "--quiet").ExitCode, Run("--host", "shed", "--quiet").Output));
    }

    [Fact]
    public void Lines_are_as_wide_as_the_screen_and_names_from_the_disk_do_nothing_to_it()
    {
        var lines = ProbeCommand.Lines(Everything(), 60).ToList();
        Assert.All(lines, line => Assert.True(line.Length <= 60 || !line.Trim().Contains(' '), line));
        Assert.DoesNotContain(lines, line => line.Any(char.IsControl));
        Assert.Contains("      9.2 EB in 3 files; 1.5 kB left out", lines);
    }

    /// <summary>Every key is in the page, and every key of the page is there.</summary>
    [Fact]
    public void Programs_read_the_keys_of_the_documentation()
    {
        var json = NixGen.Languages.Json.JsonText.Of(writer => ProbeWriter.Json(writer, Everything(), []));
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        Collect(JsonDocument.Parse(json).RootElement, "", keys);
        var documented = new MarkdownPage("docs/probe.md").Tables("json of")
            .SelectMany(table => table.Names.Select(name => table.Patterns.Single() == "/" ? $"/{name}" : $"{table.Patterns.Single()}/{name}"));
        Assert.Equal(documented.Order(StringComparer.Ordinal), keys);

        var probe = Run("--host", "box", "--format", "json");
        var root = JsonDocument.Parse(probe.Output).RootElement;
        Assert.Equal((1, "", "box"), (probe.ExitCode, probe.Error, root.GetProperty("host").GetString()));
        Assert.Equal("missing", root.GetProperty("services")[0].GetProperty("paths")[0].GetProperty("state").GetString());
        Assert.Equal("NG7001", root.GetProperty("findings")[0].GetProperty("code").GetString());

        // Of an inventory with errors it is the same object.
        _folder.Write("inventory.yaml", "hosts: 1");
        var broken = JsonDocument.Parse(Run("--format", "json").Output).RootElement;
        Assert.Equal(JsonValueKind.Null, broken.GetProperty("host").ValueKind);
        Assert.NotEqual(0, broken.GetProperty("findings").GetArrayLength());
    }

    private static void Collect(JsonElement element, string place, SortedSet<string> keys)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Collect(item, $"{place}[]", keys);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                keys.Add($"{place}/{property.Name}");
                Collect(property.Value, $"{place}/{property.Name}", keys);
            }
        }
    }

    // Something of everything.
    private static HostProbe Everything() => new(
        "box",
        0.02m,
        [
            new ServiceProbe(
                "app",
                "App",
                [
                    new PathProbe(
                        "/srv/app",
                        PathState.Data,
                        null,
                        3,
                        long.MaxValue,
                        1500,
                        ["/srv/app/closed"],
                        1,
                        [new FoundDatabase("/srv/app/x.db", DatabaseKind.Sqlite)],
                        ["/srv/app/media\e[31m"],
                        [new SizedEntry("/srv/app/a\nb", 3_000_000_000), new SizedEntry($"/srv/app/{new string('x', 40)}", 1)]),
                    new PathProbe("/srv/link", PathState.Symlink, "private/\u0007link", 0, 0, 0, [], 0, [], [], []),
                ],
                [new CopyProbe(new DatabasePlan(DatabaseKind.MariaDb, "wiki", "mariadb/wiki.sql"), "/copies/mariadb/wiki.sql", PathState.Missing, null, null, false)],
                NixGen.Languages.Restic.ResticExcludes.Of(Array.Empty<string>())),
        ],
        [new DestinationEstimate("b2", long.MaxValue, long.MaxValue / 2, long.MaxValue, ["mariadb:wiki"], Prices.For(RepositoryKind.B2, "b2:x"))]);

    private ToolResult Run(params string[] arguments) => ToolProcess.Run(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "nixgen.dll"), "probe", .. arguments],
        workingDirectory: _folder.Path);
}
