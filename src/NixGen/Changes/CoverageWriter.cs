using System.Text.Json;
using NixGen.Inventory;
using NixGen.Languages.Json;
using NixGen.Publishing;

namespace NixGen.Changes;

/// <summary>Writes <c>backups.json</c>: the same bytes for the same coverage, and a line for each fact, so that git can merge them.</summary>
internal static class CoverageWriter
{
    public const int Format = 1;

    public static GeneratedFile File(Coverage coverage) => new($"{coverage.Host}/{Coverage.FileName}", Text(coverage));

    // What says that the file is generated has to be in its first line.
    public static string Text(Coverage coverage) => "{ " + JsonText.Of(json => Write(json, coverage))[1..].TrimStart();

    private static void Write(Utf8JsonWriter json, Coverage coverage)
    {
        json.WriteStartObject();
        json.WriteString("about", Header.Notice);
        json.WriteNumber("format", Format);
        json.WriteString("host", coverage.Host);
        json.WriteString("missing", coverage.Missing);
        Map(json, "services", coverage.Services, service => service.Name, service =>
        {
            json.WriteStrings("jobs", service.Jobs);
            json.WriteStartObject("paths");
            foreach (var (path, optional) in service.Paths)
                json.WriteString(path, optional ? "optional" : "required");
            json.WriteEndObject();
            json.WriteStrings("excludes", service.Excludes);
            json.WriteStrings("databases", service.Databases);
            json.WriteStrings("stops", service.Stops);
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

        if (coverage.Drill is { } drill)
        {
            json.WriteStartObject("drill");
            json.WriteString("calendar", drill.Calendar);
            json.WriteNumber("randomizedDelay", drill.RandomizedDelay);
            json.WriteNumber("services", drill.Services);
            json.WriteStrings("without", drill.Without);
            json.WriteEndObject();
        }

        ChangeWriter.WriteRetired(json, coverage.Retired);
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
    }}
