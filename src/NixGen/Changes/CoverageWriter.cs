using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NixGen.Inventory;
using NixGen.Publishing;

namespace NixGen.Changes;

/// <summary>Writes <c>backups.json</c>: the same bytes for the same coverage, and a line for each fact, so that git can merge them.</summary>
internal static class CoverageWriter
{
    public const int Format = 1;

    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
        // Names and reasons are for people, too. Nothing here goes into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static GeneratedFile File(Coverage coverage) => new($"{coverage.Host}/{Coverage.FileName}", Text(coverage));

    public static string Text(Coverage coverage)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
            Write(json, coverage);
        // What says that the file is generated has to be in its first line.
        return "{ " + Encoding.UTF8.GetString(bytes.WrittenSpan)[1..].TrimStart() + "\n";
    }

    private static void Write(Utf8JsonWriter json, Coverage coverage)
    {
        json.WriteStartObject();
        json.WriteString("about", Header.Notice);
        json.WriteNumber("format", Format);
        json.WriteString("host", coverage.Host);
        json.WriteString("missing", coverage.Missing);
        Map(json, "services", coverage.Services, service => service.Name, service =>
        {
            List(json, "jobs", service.Jobs);
            json.WriteStartObject("paths");
            foreach (var (path, optional) in service.Paths)
                json.WriteString(path, optional ? "optional" : "required");
            json.WriteEndObject();
            List(json, "excludes", service.Excludes);
            List(json, "databases", service.Databases);
            List(json, "stops", service.Stops);
        });
        Map(json, "notBackedUp", coverage.NotBackedUp);
        Map(json, "neverBackUp", coverage.NeverBackUp);
        Map(json, "jobs", coverage.Jobs, job => job.Name, job =>
        {
            json.WriteString("destination", job.Destination);
            json.WriteString("calendar", job.Calendar);
            json.WriteNumber("randomizedDelay", job.RandomizedDelay);
            Retention(json, job.Retention);
        });
        Map(json, "destinations", coverage.Destinations, destination => destination.Id, destination =>
        {
            json.WriteString("repository", destination.Repository);
            Map(json, "secrets", destination.Secrets);
        });
        if (coverage.Backrest is { } backrest)
        {
            json.WriteStartObject("backrest");
            json.WriteString("listen", backrest.Listen);
            json.WriteString("user", backrest.User);
            json.WriteString("password", backrest.Password);
            json.WriteEndObject();
        }

        json.WriteStartArray("retired");
        foreach (var entry in coverage.Retired)
            ChangeWriter.Write(json, entry);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Retention(Utf8JsonWriter json, Retention retention)
    {
        if (retention.KeepsAll)
        {
            json.WriteString("retention", "keep-all");
            return;
        }

        json.WriteStartObject("retention");
        foreach (var (unit, count) in retention.Counts)
            json.WriteNumber(unit, count);
        json.WriteEndObject();
    }


    private static void Map<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Func<T, string> key, Action<T> write)
    {
        json.WriteStartObject(name);
        foreach (var item in items)
        {
            json.WriteStartObject(key(item));
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, string name, SortedDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
            json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void List(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
