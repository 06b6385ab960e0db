using NixGen.Auditing;
using NixGen.Catalogue;

namespace NixGen.Tests.Auditing;

/// <summary>`nixgen audit` and `nixgen import` as people and scripts call them; Nix itself is a script here that keeps its arguments.</summary>
public sealed class AuditCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AuditCommandTests()
    {
        _folder.Write("nas.json", Nas.Json);
        _folder.Write("inventory.yaml", Nas.Inventory());
    }

    public void Dispose() => _folder.Dispose();

    [ToolFact(Nix.Program)]
    public void A_covered_host_is_0_and_says_one_thing()
    {
        var result = Run("audit", "--config-json", "nas.json", "--quiet");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("nas: 37 services with data: 32 covered, 0 in part, 5 excluded,\n  0 not covered", result.Output, StringComparison.Ordinal);
        Assert.Contains("NG6004", result.Error);
    }

    [ToolFact(Nix.Program)]
    public void A_gap_is_1_until_the_baseline_accepts_it()
    {
        _folder.Write("inventory.yaml", Nas.Inventory(("radarr", null)));
        Assert.Equal(1, Run("audit", "--config-json", "nas.json").ExitCode);
        foreach (var format in new[] { "json", "github", "sarif", "markdown" })
        {
            var result = Run("audit", "--config-json", "nas.json", "--format", format);
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("NG6101", result.Output);
            // Who reads the file does not read the log.
            Assert.Equal(format is "github" or "sarif", result.Output.Contains("NG6004"));
        }

        Assert.Equal(0, Run("audit", "--config-json", "nas.json", "--write-baseline", "baseline.json").ExitCode);
        Assert.Equal(0, Run("audit", "--config-json", "nas.json", "--baseline", "baseline.json").ExitCode);
        Assert.DoesNotContain("NG6101", Run("audit", "--config-json", "nas.json", "--baseline", "baseline.json", "--format", "sarif").Output);
        _folder.Write("inventory.yaml", Nas.Inventory());
        var stale = Run("audit", "--config-json", "nas.json", "--baseline", "baseline.json");
        Assert.Equal(0, stale.ExitCode);
        Assert.Contains("NG6006", stale.Error);
    }

    [ToolFact(Nix.Program)]
    public void What_cannot_be_read_is_4()
    {
        Assert.Equal(4, Run("audit", "--config-json", "absent.json").ExitCode);
        _folder.Write("broken.json", "{");
        Assert.Equal(4, Run("audit", "--config-json", "broken.json").ExitCode);
        Assert.Equal(4, Run("audit", "--config-json", "nas.json", "--baseline", "broken.json").ExitCode);
        Assert.Equal(4, Run("import", "--config-json", "nas.json", "--output", "inventory.yaml").ExitCode);
        Assert.Equal(Nas.Inventory(), File.ReadAllText(_folder.At("inventory.yaml")));
    }

    [ToolFact(Nix.Program)]
    public void Wrong_usage_is_2()
    {
        Assert.Equal(2, Run("audit").ExitCode);
        Assert.Equal(2, Run("audit", "--flake", ".#nas", "--config-json", "nas.json").ExitCode);
        Assert.Equal(2, Run("audit", "--flake", ".").ExitCode);
        Assert.Equal(2, Run("audit", "--config-json", "nas.json", "--host", "attic").ExitCode);
        Assert.Equal(2, Run("audit", "--config-json", "nas.json", "--format", "xml").ExitCode);
    }

    [ToolFact(Nix.Program)]
    public void The_expression_is_printed_and_works()
    {
        var printed = Run("audit", "--print-expression").Succeeded().Output;
        Assert.Equal(FactsExpression.For(StateCatalogue.BuiltIn), printed);
    }

    [ToolFact(Nix.Program, "bash")]
    public void A_flake_is_evaluated_with_plain_arguments()
    {
        Fake("printf '%s\\0' \"$@\" > arguments; cat nas.json");
        Run("audit", "--flake", "./a b#nas").Succeeded();
        Assert.Equal(
            ["--extra-experimental-features", "nix-command flakes", "eval", "--json", "--no-write-lock-file", "./a b#nixosConfigurations.nas", "--apply", FactsExpression.For(StateCatalogue.BuiltIn)],
            File.ReadAllText(_folder.At("arguments")).TrimEnd('\0').Split('\0'));
        Run("audit", "--flake", ".#nixosConfigurations.nas").Succeeded();
        Assert.Contains(".#nixosConfigurations.nas\0", File.ReadAllText(_folder.At("arguments")));
    }

    [ToolFact(Nix.Program, "bash")]
    public void What_nix_says_is_shown_and_shortened()
    {
        Fake("for i in {1..500}; do echo \"       … while evaluating $i\" >&2; done; echo \"error: attribute 'nas' missing\" >&2; exit 1");
        var result = Run("audit", "--flake", ".#nas");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("error NG6003: nix could not evaluate .#nas (exit code 1)\n    error: attribute 'nas' missing\n", result.Error);
        Assert.DoesNotContain("while evaluating", result.Error);
        File.Delete(_folder.At("bin/nix"));
        Assert.Contains("NG6003", Run("audit", "--flake", ".#nas").Error);
    }

    [ToolFact(Nix.Program, "bash")]
    public void Whoever_interrupts_ends_nix_too()
    {
        Fake("echo $$ > pid; exec sleep 60");
        var script = $"'{Tool.Require("dotnet")}' '{Program}' audit --flake .#nas & for i in {{1..200}}; do [[ -s pid ]] && break; sleep 0.05; done; kill -TERM $!; wait $!; echo $?";
        var result = ToolProcess.Run("bash", ["-c", script], workingDirectory: _folder.Path, environment: Path());
        Assert.Equal("143", result.Output.Trim());
        // Ended, and perhaps not yet fetched by whoever inherits it.
        var status = $"/proc/{File.ReadAllText(_folder.At("pid")).Trim()}/status";
        Assert.True(SpinWait.SpinUntil(() => !File.Exists(status) || HasEnded(status), TimeSpan.FromSeconds(10)));
    }

    private static bool HasEnded(string status)
    {
        try
        {
            return File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    [ToolFact(Nix.Program)]
    public void A_catalogue_of_ones_own_counts()
    {
        _folder.Write("catalogue.yaml", "services: { photos: { title: My photos, category: own, units: [photos], state: [{ path: /srv/mine }], source: me } }\n");
        var audit = Run("audit", "--config-json", "nas.json", "--format", "json");
        Assert.Contains("\"title\": \"My photos\"", audit.Output);
        Assert.Contains("      # My photos\n", Run("import", "--config-json", "nas.json").Output);
    }

    [ToolFact(Nix.Program)]
    public void An_import_is_audited_without_a_gap()
    {
        Run("import", "--config-json", "nas.json", "--output", "first.yaml").Succeeded();
        Run("validate", "--inventory", "first.yaml").Succeeded();
        Run("audit", "--inventory", "first.yaml", "--config-json", "nas.json").Succeeded();
    }

    private void Fake(string script)
    {
        var path = _folder.Write("bin/nix", $"#!{Tool.Require("bash")}\n{script}\n");
        ToolProcess.Run("chmod", ["+x", path]).Succeeded();
    }

    // Nothing but the script is called nix there.
    private Dictionary<string, string?> Path() => new()
    {
        ["PATH"] = string.Join(':', new[] { _folder.At("bin") }.Concat(Tool.SearchPath.Split(':').Where(part => !File.Exists(System.IO.Path.Combine(part, "nix"))).Append("/bin"))),
    };

    private static string Program { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "nixgen.dll");

    private ToolResult Run(params string[] arguments) =>
        ToolProcess.Run(Tool.Require("dotnet"), [Program, .. arguments], workingDirectory: _folder.Path, environment: Path());
}
