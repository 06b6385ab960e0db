using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NixGen.Findings;

internal sealed class JsonFindingWriter : FindingWriter
{
    internal static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // It is read by tools and people, not by a browser.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public override void Write(TextWriter output, IReadOnlyCollection<Finding> findings)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, findings);

        output.Write(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
    }

    internal static void Write(Utf8JsonWriter json, IEnumerable<Finding> findings)
    {
        json.WriteStartArray();
        foreach (var finding in findings)
            Write(json, finding);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("code", finding.Code.Id);
        json.WriteString("severity", Word(finding.Severity));
        json.WriteString("file", finding.At?.File);
        Place(json, "line", finding.At?.Line);
        Place(json, "column", finding.At?.Column);
        json.WriteString("message", finding.Message);
        json.WriteString("help", finding.Help);
        json.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter json, string name, int? number)
    {
        if (number is > 0 and var known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }
}
