using System.Text.Json;
using NixGen.Auditing;
using NixGen.Findings;

namespace NixGen.Tests.Auditing;

/// <summary>The forms of a report, once each.</summary>
public sealed class AuditWriterTests
{
    private static AuditReport Report()
    {
        var inventory = Nas.Inventory(("immich", "backupPaths: [/var/lib/immich]"))
            .Replace("[/tank/transmission/.config/transmission-daemon]", "[/tank/transmission]", StringComparison.Ordinal)
            .Replace("      ledger: { backupPaths: [/srv/ledger, /srv/receipts, /var/lib/ledger] }\n", "      gone: { backupPaths: [/srv/gone], units: [gone] }\n", StringComparison.Ordinal);
        var report = Nas.Audit(inventory);
        var baseline = new Baseline(new Dictionary<(string, string), string?> { [("nas", "gap ledger /srv/receipts")] = "Scanned | again" });
        return baseline.Apply(report, "baseline.json", new FindingList());
    }

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter { NewLine = "\n" };
        write(output);
        return output.ToString();
    }

    [ToolFact(Nix.Program)]
    public Task Text() => Verifier.Verify(Written(output => AuditWriter.Text(output, Report(), full: true)));

    [ToolFact(Nix.Program)]
    public Task Json() => Verifier.Verify(Written(output => AuditWriter.Json(output, Report())), "json");

    [ToolFact(Nix.Program)]
    public Task Sarif() => Verifier.Verify(Written(output => AuditWriter.Sarif(output, Report(), "0.1.0")), "sarif");

    [ToolFact(Nix.Program)]
    public Task Markdown() => Verifier.Verify(Written(output => AuditWriter.Markdown(output, Report())), "md");

    [ToolFact(Nix.Program)]
    public Task GitHub() => Verifier.Verify(Written(output => FindingWriter.GitHub.Write(output, [.. Report().Items.Select(item => item.AsFinding())])));

    [ToolFact(Nix.Program)]
    public void Text_reads_well_at_80_columns() => Assert.All(
        Written(output => AuditWriter.Text(output, Report(), full: true)).Split('\n'),
        // Paths stay whole, and lines to paste are as they are.
        line => Assert.True(line.Length <= 80 || line.StartsWith("      ", StringComparison.Ordinal) || !line.TrimStart().Contains(' '), line));

    /// <summary>What the schema of SARIF 2.1.0 demands of the parts that are written (OASIS, sarif-schema-2.1.0.json).</summary>
    [ToolFact(Nix.Program)]
    public void Sarif_is_as_its_schema_demands()
    {
        using var json = JsonDocument.Parse(Written(output => AuditWriter.Sarif(output, Report(), "0.1.0")));
        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        var run = Assert.Single(json.RootElement.GetProperty("runs").EnumerateArray());
        var driver = run.GetProperty("tool").GetProperty("driver");
        Assert.False(string.IsNullOrEmpty(driver.GetProperty("name").GetString()));
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(rules.Count, rules.Select(rule => rule.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(rules, rule => Assert.Contains(rule.GetProperty("defaultConfiguration").GetProperty("level").GetString(), new[] { "none", "note", "warning", "error" }));
        var results = run.GetProperty("results").EnumerateArray().ToList();
        Assert.NotEmpty(results);
        Assert.All(results, result =>
        {
            var index = result.GetProperty("ruleIndex").GetInt32();
            Assert.Equal(rules[index].GetProperty("id").GetString(), result.GetProperty("ruleId").GetString());
            Assert.Contains(result.GetProperty("level").GetString(), new[] { "none", "note", "warning", "error" });
            Assert.False(string.IsNullOrEmpty(result.GetProperty("message").GetProperty("text").GetString()));
            foreach (var location in result.GetProperty("locations").EnumerateArray())
            {
                var physical = location.GetProperty("physicalLocation");
                Assert.True(Uri.IsWellFormedUriString(physical.GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.RelativeOrAbsolute));
                Assert.True(physical.GetProperty("region").GetProperty("startLine").GetInt32() >= 1);
                Assert.True(physical.GetProperty("region").GetProperty("startColumn").GetInt32() >= 1);
            }
        });
        Assert.Single(results, result => result.TryGetProperty("suppressions", out var suppressions)
            && suppressions[0].GetProperty("kind").GetString() is "external" or "inSource");
        // Fingerprints tell results apart.
        var prints = results.Select(result => result.GetProperty("partialFingerprints").GetProperty("nixgen/v1").GetString()).ToList();
        Assert.Equal(prints.Count, prints.Distinct().Count());
    }
}
