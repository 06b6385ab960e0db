using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NixGen.Findings;
using NixGen.Languages.Json;

namespace NixGen.Auditing;

/// <summary>
/// SARIF 2.1.0 (OASIS), which code scanners show, as GitHub wants it:
/// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
/// </summary>
public static class AuditSarif
{
    /// <summary>
    /// Writes what is to be looked at. What the baseline accepts is not there: GitHub ignores <c>suppressions</c>, and would show
    /// it as open.
    /// </summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="findings">What else was found, such as options that the audit does not know.</param>
    /// <param name="version">Of NixGen.</param>
    public static void Write(TextWriter output, AuditReport report, IEnumerable<Finding> findings, string version)
    {
        var results = Results(report, findings).ToList();
        var codes = results.Select(result => result.Finding.Code).Distinct();
        var rules = codes.OrderBy(code => code.Id, StringComparer.Ordinal).ToList();
        output.Write(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteObjects("runs", [report.Host], host =>
            {
                json.WriteStartObject("tool");
                json.WriteStartObject("driver");
                json.WriteString("name", "nixgen");
                json.WriteString("semanticVersion", version);
                json.WriteObjects("rules", rules, rule =>
                {
                    json.WriteString("id", rule.Id);
                    Message(json, "shortDescription", rule.Title);
                    Message(json, "fullDescription", rule.Cause);
                    Message(json, "help", rule.Remedy);
                    json.WriteStartObject("defaultConfiguration");
                    json.WriteString("level", FindingWriter.Word(rule.Severity));
                    json.WriteEndObject();
                });
                json.WriteEndObject();
                json.WriteEndObject();
                // The category: without it, the upload of one host replaces that of another.
                json.WriteStartObject("automationDetails");
                json.WriteString("id", $"nixgen-audit/{host}/");
                json.WriteEndObject();
                json.WriteObjects("results", results, result =>
                {
                    json.WriteString("ruleId", result.Finding.Code.Id);
                    json.WriteNumber("ruleIndex", rules.IndexOf(result.Finding.Code));
                    Result(json, result.Finding, report.At);
                    Fingerprints(json, result.Print, result.Number);
                });
                json.WriteString("columnKind", "utf16CodeUnits");
            });
            json.WriteEndObject();
        }));
    }

    // Each with what names it in every run, and which of those of this name it is.
    private static IEnumerable<(Finding Finding, string Print, int Number)> Results(AuditReport report, IEnumerable<Finding> found) =>
        report.Items.Select(item => (Finding: item.AsFinding(), Print: $"{report.Host}/{item.Key}"))
            .Concat(found.Select(finding => (Finding: finding, Print: $"{report.Host}/{finding.Code.Id} {finding.Message}")))
            .GroupBy(result => result.Print)
            .SelectMany(group => group.Select((result, index) => (result.Finding, result.Print, index + 1)));

    private static void Result(Utf8JsonWriter json, Finding finding, SourceSpan otherwise)
    {
        json.WriteString("level", FindingWriter.Word(finding.Severity));
        // Braces stay single, against 3.11.5 of the standard: readers replace {0} alone, and the lines are there to be copied.
        Message(json, "message", $"{finding.Message}\n{finding.Help}");
        // One result without a place, and GitHub refuses the whole file.
        var at = finding.At ?? otherwise;
        json.WriteObjects("locations", [at], place =>
        {
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", Uri(place.File));
            json.WriteEndObject();
            json.WriteStartObject("region");
            json.WriteNumber("startLine", Math.Max(1, place.Line));
            json.WriteNumber("startColumn", Math.Max(1, place.Column));
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    // GitHub looks at the first alone. Without it, the upload makes one of the line, and all gaps of one line are one alert.
    private static void Fingerprints(Utf8JsonWriter json, string print, int number)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(print)).AsSpan(0, 8));
        json.WriteStartObject("partialFingerprints");
        json.WriteString("primaryLocationLineHash", $"{hash}:{number}");
        json.WriteString("nixgen/v1", print);
        json.WriteEndObject();
    }

    // A relative path begins at the root of the repository there, and is compared with names of files as it stands.
    private static string Uri(string file)
    {
        var parts = file.Split('/').Where(part => part is not ("" or "."));
        var path = string.Join('/', parts.Select(System.Uri.EscapeDataString));
        return file.StartsWith('/') ? $"file:///{path}" : path;
    }

    private static void Message(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
