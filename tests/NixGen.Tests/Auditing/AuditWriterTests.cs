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
    public Task Sarif() => Verifier.Verify(Written(output => AuditSarif.Write(output, Report(), [], "0.1.0")), "sarif");

    [ToolFact(Nix.Program)]
    public Task Markdown() => Verifier.Verify(Written(output => AuditWriter.Markdown(output, Report())), "md");

    [ToolFact(Nix.Program)]
    public Task GitHub() => Verifier.Verify(Written(output => FindingWriter.GitHub.Write(output, [.. Report().Items.Select(item => item.AsFinding())])));

    [ToolFact(Nix.Program)]
    public void Text_reads_well_at_80_columns() => Assert.All(
        Written(output => AuditWriter.Text(output, Report(), full: true)).Split('\n'),
        // Paths stay whole, and lines to paste are as they are.
        line => Assert.True(line.Length <= 80 || line.StartsWith("      ", StringComparison.Ordinal) || !line.TrimStart().Contains(' '), line));
}
