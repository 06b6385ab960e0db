using System.CommandLine;
using System.Text.Json;
using NixGen.Cli;

namespace NixGen.Tests.Cli;

/// <summary>The program as people and scripts call it: exit codes, what goes to which stream, what is left on disk.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Good = """
        destinations:
          nas:
            repository: rest:http://nas.lan:8000/backup
            secrets: nas
            schedule: "03:00"
            retention: { daily: 7 }
        secrets:
          nas: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
        hosts:
          box: { destinations: [nas], services: { app: { backupPaths: [/var/lib/app] } } }
          shed: { destinations: [nas], services: { app: { backupPaths: [/var/lib/app] } } }
        """;

    private static readonly string Fine = Good.Replace("/backup\n", "/{host}\n", StringComparison.Ordinal);

    private readonly TemporaryFolder _folder = new();

    public CommandLineTests() => _folder.Write("inventory.yaml", Fine);

    public void Dispose() => _folder.Dispose();

    /// <summary>What a bug says of itself stands in logs as a finding does.</summary>
    [Fact]
    public void A_bug_repeats_no_secret()
    {
        const string Secret = "glpat-abcdefghijklmnopqrst";
        using var error = new StringWriter();
        var command = new RootCommand();
        command.SetAction(arguments => NixGen.Cli.Program.Guard(arguments, () => throw new InvalidOperationException($"no '{Secret}' here")));
        var code = command.Parse([]).Invoke(new InvocationConfiguration { Error = error });
        Assert.Equal(ExitCode.Bug, code);
        Assert.Contains("no '(secret)' here", error.ToString());
        Assert.DoesNotContain(Secret, error.ToString());
    }

    [Fact]
    public void Generate_then_check_is_fine_and_says_what_it_did()
    {
        var generate = Run("generate");
        Assert.Equal((0, ""), (generate.ExitCode, generate.Error));
        Assert.Contains("box: 1 service, 1 path, 1 job\n", generate.Output);
        Assert.Contains("backup nas   every day at 03:00; next: ", generate.Output);
        var files = Directory.GetFiles(_folder.At("generated/box")).Length;
        Assert.Contains($"  files: {files} created, 0 changed, 0 unchanged, 0 removed\nshed: ", generate.Output);
        Assert.Contains("  created   generated/box/restic.nix\n", generate.Output);
        Assert.Contains($"generated: {2 * files} created, 0 changed, 0 unchanged, 0 removed\n", generate.Output);
        Assert.EndsWith("generated: nothing changed\n", Run("generate").Output, StringComparison.Ordinal);
        Assert.Equal((0, $"generated: {2 * files} files as the inventory says\n", ""), Parts(Run("check")));
        Assert.Equal((0, "", ""), Parts(Run("check", "--quiet")));
    }

    [Fact]
    public void Check_tells_drift_by_kind_and_writes_nothing()
    {
        Run("generate").Succeeded();
        File.AppendAllText(_folder.At("generated/box/restic.nix"), "# mine\n");
        File.Delete(_folder.At("generated/box/options.nix"));
        _folder.Write(
            "inventory.yaml",
            Fine.Replace("  shed:", "  barn:", StringComparison.Ordinal) + "\nretired: [{ host: shed, date: \"2026-01-31\", reason: renamed }]\n");
        var before = Disk();
        var check = Run("check");
        Assert.Equal(before, Disk());
        Assert.Equal(3, check.ExitCode);
        Assert.Contains("generated/box/restic.nix: error NG4007: ", check.Error);
        Assert.Contains("generated/box/options.nix: error NG4005: ", check.Error);
        Assert.Contains("generated/shed/restic.nix: error NG4006: ", check.Error);
        Assert.Contains("generated/barn/restic.nix: error NG4005: ", check.Error);
        Assert.Contains("--- a/box/restic.nix\n+++ b/box/restic.nix\n", check.Output);
        Assert.Contains("\n-# mine\n", check.Output);
        Run("generate").Succeeded();
        Assert.Equal(0, Run("check").ExitCode);
        Assert.False(Directory.Exists(_folder.At("generated/shed")));
    }

    [Fact]
    public void Errors_in_the_inventory_leave_every_file_as_it_was()
    {
        Run("generate").Succeeded();
        var before = Disk();
        _folder.Write("inventory.yaml", Fine.Replace("backupPaths", "backupPath", StringComparison.Ordinal));
        foreach (var command in new[] { "generate", "check", "validate" })
        {
            var result = Run(command);
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            Assert.Contains("inventory.yaml:10:50: error NG1003: unknown key `backupPath` in service 'app'\n", result.Error);
            Assert.Contains("\n    Did you mean `backupPaths`?\n", result.Error);
        }

        Assert.Equal(before.Where(file => file.Key.Contains("/generated/")), Disk().Where(file => file.Key.Contains("/generated/")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("generate", "--frobnicate")]
    [InlineData("generate", "surplus")]
    [InlineData("generate", "--format", "xml")]
    [InlineData("generate", "--host", "attic")]
    [InlineData("validate", "--output", "x")]
    [InlineData("explain", "NG0000")]
    public void Wrong_usage_is_2_and_one_clear_line(params string[] arguments)
    {
        var result = Run([.. arguments.Where(argument => argument.Length > 0)]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("nixgen: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.False(Directory.Exists(_folder.At("generated")));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("generate", "--help")]
    [InlineData("explain")]
    [InlineData("explain", "ng1003")]
    public void Help_is_fine_and_goes_to_stdout(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.NotEmpty(result.Output);
    }

    [Fact]
    public void A_missing_inventory_says_where_it_looked()
    {
        File.Delete(_folder.At("inventory.yaml"));
        var result = Run("generate");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("NG1019", result.Error);
    }

    [Fact]
    public void What_cannot_be_written_is_4()
    {
        _folder.Write("generated", "a file where the folder should be");
        var result = Run("generate");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("NG400", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public void A_foreign_file_is_not_touched()
    {
        _folder.Write("generated/box/restic.nix", "{ mine = true; }\n");
        var result = Run("generate");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("NG4003", result.Error);
        Assert.Equal("{ mine = true; }\n", File.ReadAllText(_folder.At("generated/box/restic.nix")));
        Assert.Single(Directory.GetFiles(_folder.At("generated"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void One_host_can_be_generated_alone()
    {
        Run("generate", "--host", "box").Succeeded();
        Assert.False(Directory.Exists(_folder.At("generated/shed")));
        Assert.Equal(0, Run("check", "--host", "box").ExitCode);
        Assert.Equal(3, Run("check").ExitCode);
        Run("generate", "--host", "shed").Succeeded();
        Assert.Equal(0, Run("check").ExitCode);
    }

    [Fact]
    public void Json_is_one_document_on_stdout()
    {
        _folder.Write("inventory.yaml", Fine.Replace("backupPaths", "backupPath", StringComparison.Ordinal));
        var result = Run("check", "--format", "json");
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        var finding = JsonDocument.Parse(result.Output).RootElement.EnumerateArray().First();
        Assert.Equal(
            ["code", "severity", "file", "line", "column", "message", "help"],
            finding.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("NG1003", "error", "inventory.yaml", 10), (
            finding.GetProperty("code").GetString(),
            finding.GetProperty("severity").GetString(),
            finding.GetProperty("file").GetString(),
            finding.GetProperty("line").GetInt32()));
        _folder.Write("inventory.yaml", Fine);
        Assert.Equal((0, "[]\n", ""), Parts(Run("generate", "--format", "json")));
    }

    [Fact]
    public void GitHub_gets_annotations()
    {
        _folder.Write("inventory.yaml", Fine.Replace("backupPaths", "backupPath", StringComparison.Ordinal));
        var result = Run("check", "--format", "github");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "::error file=inventory.yaml,line=10,col=50,title=NG1003 unknown key::unknown key `backupPath` in service 'app'%0ADid you mean `backupPaths`?\n",
            result.Output);
    }

    [Fact]
    public void Templates_can_be_replaced_one_by_one()
    {
        _folder.Write("mine/options.nix.scriban", "{{ header }}\r\n{ my.host = {{ host }}; }\r\n");
        Run("generate", "--templates", "mine").Succeeded();
        Assert.EndsWith("\n{ my.host = \"box\"; }\n", File.ReadAllText(_folder.At("generated/box/options.nix")), StringComparison.Ordinal);
        Assert.DoesNotContain('\r', File.ReadAllText(_folder.At("generated/box/options.nix")));
        Assert.Equal(0, Run("check", "--templates", "mine").ExitCode);
        Assert.Equal(3, Run("check").ExitCode);
    }

    /// <summary>NixGen's own templates do without; a user's have all that Scriban has.</summary>
    [Fact]
    public void Templates_of_a_user_have_the_functions_of_Scriban()
    {
        _folder.Write("mine/options.nix.scriban", "{{ header }}\n{ my.host = {{ host | string.upcase }}; my.number = {{ [1, 2] | array.size }}; }\n");
        Run("generate", "--templates", "mine").Succeeded();
        Assert.EndsWith("\n{ my.host = \"BOX\"; my.number = 2; }\n", File.ReadAllText(_folder.At("generated/box/options.nix")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("options.nix.scriban", "{{ if host }}\n", "mine/options.nix.scriban:", "NG3001")]
    [InlineData("options.nix.scriban", "{ a = {{ nothing }}; }\n", "mine/options.nix.scriban:1:", "NG3002")]
    [InlineData("options.nix.scriban", "{ a = {{ host.nothing }}; }\n", "mine/options.nix.scriban:1:", "NG3002")]
    [InlineData("options.nix.scriban", "{ a = [ {{ host }}; }\n", "mine/options.nix.scriban:", "NG3004")]
    [InlineData("option.nix.scriban", "{ }\n", "mine/option.nix.scriban:", "NG3003")]
    [InlineData("options.nix", "{ }\n", "mine/options.nix:", "NG3003")]
    [InlineData(".options.nix.scriban.swp", "{ }\n", "mine:", "NG3003")]
    public void Templates_that_fail_write_nothing(string name, string text, string place, string code)
    {
        _folder.Write("mine/" + name, text);
        var result = Run("generate", "--templates", "mine");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(place, result.Error, StringComparison.Ordinal);
        Assert.Contains($"error {code}: ", result.Error);
        Assert.False(Directory.Exists(_folder.At("generated")));
    }

    [Fact]
    public void Templates_that_are_not_there_are_4()
    {
        var result = Run("generate", "--templates", "nowhere");
        Assert.Equal((4, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("nowhere: error NG4001: the folder of the templates does not exist\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_color_without_a_terminal() => Assert.DoesNotContain('\e', Run("check").Error);

    [ToolFact("script")]
    public void Color_in_a_terminal_unless_told_otherwise()
    {
        var dotnet = Tool.Require("dotnet");
        foreach (var (options, variable, colored) in new[] { ("", "", true), ("--no-color", "", false), ("", "1", false) })
        {
            var result = ToolProcess.Run(
                "script",
                ["--quiet", "--return", "--command", $"'{dotnet}' '{Program}' check {options}", "/dev/null"],
                environment: new Dictionary<string, string?> { ["NO_COLOR"] = variable, ["TERM"] = "xterm" },
                workingDirectory: _folder.Path);
            Assert.Equal(3, result.ExitCode);
            Assert.Equal(colored, result.Output.Contains("\e[1;31m", StringComparison.Ordinal));
        }
    }

    /// <summary>Whoever reads only the beginning must not be shown a crash.</summary>
    [ToolFact("bash", "head")]
    public void A_reader_that_stops_early_is_no_bug()
    {
        var dotnet = Tool.Require("dotnet");
        var result = ToolProcess.Run(
            "bash", ["-c", $"'{dotnet}' '{Program}' explain | head -n 1; echo ${{PIPESTATUS[0]}} >&2"], workingDirectory: _folder.Path);
        Assert.DoesNotContain("Sorry", result.Error);
        Assert.DoesNotContain("Unhandled", result.Error);
    }

    [ToolFact("bash")]
    public void Output_that_cannot_be_written_is_4()
    {
        var dotnet = Tool.Require("dotnet");
        foreach (var streams in new[] { ">/dev/full", "2>/dev/full", ">/dev/full 2>&1" })
        {
            var result = ToolProcess.Run("bash", ["-c", $"'{dotnet}' '{Program}' check {streams}"], workingDirectory: _folder.Path);
            Assert.Equal(4, result.ExitCode);
            Assert.DoesNotContain("Unhandled", result.Error);
        }
    }

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "nixgen.dll");

    private ToolResult Run(params string[] arguments) =>
        ToolProcess.Run("dotnet", [Program, .. arguments], workingDirectory: _folder.Path);

    private static (int ExitCode, string Output, string Error) Parts(ToolResult result) => (result.ExitCode, result.Output, result.Error);

    private SortedDictionary<string, string> Disk() => new(
        Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .ToDictionary(file => file, file => $"{File.GetLastWriteTimeUtc(file):O} {File.ReadAllText(file)}"),
        StringComparer.Ordinal);
}
