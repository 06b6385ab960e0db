using System.Text;
using NixGen.Findings;
using NixGen.Languages.Json;
using NixGen.Languages.Markdown;

namespace NixGen.Auditing;

/// <summary>Writes a report in one of the forms that people and machines read.</summary>
public static class AuditWriter
{
    private const int Width = 80;

    /// <summary>For people at a terminal: gaps first, each service with the lines that close its gaps.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="full">Whether to list what is fine, too.</param>
    public static void Text(TextWriter output, AuditReport report, bool full)
    {
        foreach (var service in report.Items.Where(item => item.Code.Severity == Severity.Error).GroupBy(item => item.Service))
        {
            var first = service.First();
            Wrapped(output, "", $"{(first.Code == Codes.NotCovered ? "NOT COVERED" : "COVERED IN PART")}  {service.Key}");
            foreach (var item in service)
                Wrapped(output, "  ", item.Message);
            if (first.Lines is null)
                Wrapped(output, "  ", $"{first.Code.Id}: {first.Remedy}");
            else
                output.Write($"  {first.Code.Id}; to close it, below `services` of {report.Host}:\n");
            foreach (var line in first.Lines?.Split('\n') ?? [])
                output.Write($"      {line}\n");
            output.Write("\n");
        }

        foreach (var item in report.Items.Where(item => item.Code.Severity != Severity.Error))
            Wrapped(output, "", $"{FindingWriter.Word(item.Code.Severity)} {item.Code.Id}: {item.Message}");
        if (full)
        {
            foreach (var service in report.Services.Where(service => service.Verdict == Verdict.Excluded))
                Wrapped(output, "", $"excluded  {service.Name}: {service.Places[0].Why}");
            if (report.Services.Where(service => service.Verdict == Verdict.Covered).Select(service => service.Name).ToList() is { Count: > 0 } covered)
                Wrapped(output, "", $"covered  {string.Join(", ", covered)}");
        }

        output.Write(Summary(report) + "\n");
    }

    /// <summary>How many of what, on one line.</summary>
    public static string Summary(AuditReport report)
    {
        int Count(Verdict verdict) => report.Services.Count(service => service.Verdict == verdict);
        return $"{report.Host}: {report.Services.Count} services with data: {Count(Verdict.Covered)} covered, {Count(Verdict.CoveredInPart)} in part, "
            + $"{Count(Verdict.Excluded)} excluded,\n  {Count(Verdict.NotCovered)} not covered"
            + (report.Accepted.Count > 0 ? $"; {report.Accepted.Count} accepted by the baseline" : "");
    }

    public static void Json(TextWriter output, AuditReport report) => output.Write(JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("format", 1);
        json.WriteString("host", report.Host);
        json.WriteObjects("services", report.Services, service =>
        {
            json.WriteString("name", service.Name);
            json.WriteString("title", service.Title);
            json.WriteString("verdict", Word(service.Verdict));
            json.WriteObjects("places", service.Places, place =>
            {
                json.WriteString("place", place.Place);
                json.WriteString("verdict", Word(place.Verdict));
                json.WriteString("known", place.Known);
                json.WriteString("by", place.By);
                json.WriteString("why", place.Why);
            });
        });
        var items = report.Items.Select(item => (Item: item, Accepted: false, Reason: (string?)null))
            .Concat(report.Accepted.Select(accepted => (accepted.Item, true, accepted.Reason)));
        json.WriteObjects("items", items, entry =>
        {
            var (item, accepted, reason) = entry;
            json.WriteString("code", item.Code.Id);
            json.WriteString("severity", FindingWriter.Word(item.Code.Severity));
            json.WriteString("key", item.Key);
            json.WriteString("service", item.Service);
            json.WriteString("place", item.Place);
            json.WriteString("message", item.Message);
            json.WriteString("help", item.Remedy);
            json.WriteString("lines", item.Lines);
            json.WriteString("file", item.At.File);
            json.WriteNumber("line", item.At.Line);
            json.WriteBoolean("accepted", accepted);
            json.WriteString("reason", reason);
        });
        json.WriteEndObject();
    }));

    /// <summary>For a comment of a pull request or a page.</summary>
    public static void Markdown(TextWriter output, AuditReport report)
    {
        output.Write($"# Backup coverage of {Escaped(report.Host)}\n\n{Escaped(Summary(report).Replace("\n ", "", StringComparison.Ordinal))}\n");
        if (report.Items.Count > 0)
            output.Write("\n## To look at\n\n");
        foreach (var group in report.Items.GroupBy(item => (item.Code.Severity == Severity.Error, item.Service)))
        {
            foreach (var item in group)
                output.Write($"- {FindingWriter.Word(item.Code.Severity)} {item.Code.Id}: {Escaped(item.Message)}\n");
            if (group.First().Lines is { } lines)
                output.Write($"\n  ```yaml\n{string.Concat(lines.Split('\n').Select(line => $"  {line}\n"))}  ```\n\n");
        }

        output.Write("\n## Services\n\n| Service | Verdict | Place | Backed up by | Reason |\n|---|---|---|---|---|\n");
        foreach (var service in report.Services)
        {
            foreach (var place in service.Places)
                output.Write($"| {Escaped(service.Name)} | {Word(place.Verdict)} | {MarkdownText.Code(place.Place)} | {Escaped(place.By ?? "")} | {Escaped(place.Why ?? "")} |\n");
        }

        if (report.Accepted.Count == 0)
            return;
        output.Write("\n## Accepted\n\n");
        foreach (var (item, reason) in report.Accepted)
            output.Write($"- {Escaped(item.Message)}{(reason is null ? "" : $": {Escaped(reason)}")}\n");
    }

    internal static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Covered => "covered",
        Verdict.CoveredInPart => "covered in part",
        Verdict.Excluded => "excluded",
        _ => "not covered",
    };

    private static string Escaped(string text)
    {
        var output = new StringBuilder();
        MarkdownText.Write(output, text);
        return output.ToString();
    }

    // Between words; a path that is longer than the line stays whole, or it could not be copied.
    private static void Wrapped(TextWriter output, string indent, string text)
    {
        var (line, hanging) = (indent, indent + "  ");
        foreach (var word in text.Split(' '))
        {
            if (line.Length + 1 + word.Length > Width && line.Trim().Length > 0)
            {
                output.Write(line.TrimEnd() + "\n");
                line = hanging;
            }

            line += line.Length > 0 && line != hanging && line != indent ? " " + word : word;
        }

        output.Write(line.TrimEnd() + "\n");
    }
}
