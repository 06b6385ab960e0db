using System.Text.Json;
using NixGen.Languages.Json;

namespace NixGen.Findings;

internal sealed class JsonFindingWriter : FindingWriter
{
    public override void Write(TextWriter output, IReadOnlyCollection<Finding> findings) =>
        output.Write(JsonText.Of(json => Write(json, findings)));

    internal static void Write(Utf8JsonWriter json, IEnumerable<Finding> findings) => json.WriteObjects(findings, finding =>
    {
        json.WriteString("code", finding.Code.Id);
        json.WriteString("severity", Word(finding.Severity));
        json.WriteString("file", finding.At?.File);
        Place(json, "line", finding.At?.Line);
        Place(json, "column", finding.At?.Column);
        json.WriteString("message", finding.Message);
        json.WriteString("help", finding.Help);
    });

    private static void Place(Utf8JsonWriter json, string name, int? number)
    {
        if (number is > 0 and var known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }
}
