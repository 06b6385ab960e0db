using System.Text.Json;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Json;

namespace NixGen.Probing;

/// <summary>Writes what a probe found for programs.</summary>
public static class ProbeWriter
{
    /// <param name="json">Where to.</param>
    /// <param name="probe">What was found; null where the inventory could not be read.</param>
    /// <param name="findings">All findings of the run.</param>
    public static void Json(Utf8JsonWriter json, HostProbe? probe, IEnumerable<Finding> findings)
    {
        json.WriteStartObject();
        json.WriteNumber("format", 1);
        json.WriteString("host", probe?.Host);
        json.WriteObjects("services", probe?.Services ?? [], service => Write(json, service));
        if (probe is null)
            json.WriteNull("changesPercent");
        else
            json.WriteNumber("changesPercent", probe.Changes * 100);
        json.WriteObjects("destinations", probe?.Destinations ?? [], destination => Write(json, destination));
        json.WritePropertyName("findings");
        JsonFindingWriter.Write(json, findings);
        json.WriteEndObject();
    }

    /// <summary>What stands at a path, in a word.</summary>
    public static string Word(PathState state) => state switch
    {
        PathState.Missing => "missing",
        PathState.Symlink => "symlink",
        PathState.Empty => "empty",
        PathState.Unreadable => "unreadable",
        _ => "data",
    };

    private static void Write(Utf8JsonWriter json, ServiceProbe service)
    {
        json.WriteString("name", service.Name);
        json.WriteString("title", service.Title);
        json.WriteNumber("bytes", service.Bytes);
        json.WriteObjects("paths", service.Paths, path => Write(json, path));
        json.WriteObjects("copies", service.Copies, copy =>
        {
            json.WriteString("kind", copy.Database.Kind.Title());
            json.WriteString("name", copy.Database.Source);
            json.WriteString("state", Word(copy.State));
            json.WriteString("path", copy.Path);
            if (copy.Bytes is { } bytes)
                json.WriteNumber("bytes", bytes);
            else
                json.WriteNull("bytes");
            json.WriteBoolean("isCopy", copy.IsCopy);
        });
    }

    private static void Write(Utf8JsonWriter json, PathProbe path)
    {
        json.WriteString("path", path.Path);
        json.WriteString("state", Word(path.State));
        json.WriteString("linkTarget", path.LinkTarget);
        json.WriteNumber("files", path.Files);
        json.WriteNumber("bytes", path.Bytes);
        json.WriteNumber("leftOutBytes", path.LeftOut);
        json.WriteNumber("unreadableCount", path.UnreadableCount);
        json.WriteStrings("unreadable", path.Unreadable);
        json.WriteObjects("databases", path.Databases, database =>
        {
            json.WriteString("kind", database.Kind.Title());
            json.WriteString("path", database.Path);
        });
        json.WriteStrings("mounts", path.Mounts);
        json.WriteObjects("largest", path.Largest, entry =>
        {
            json.WriteString("path", entry.Path);
            json.WriteNumber("bytes", entry.Bytes);
        });
    }

    private static void Write(Utf8JsonWriter json, DestinationEstimate destination)
    {
        json.WriteString("name", destination.Id);
        json.WriteNumber("bytes", destination.Data);
        json.WriteNumber("leastRepositoryBytes", destination.Least);
        json.WriteNumber("mostRepositoryBytes", destination.Most);
        json.WriteStrings("notCounted", destination.NotCounted);
        if (destination.Prices is not { } prices)
        {
            json.WriteNull("cost");
            return;
        }

        json.WriteStartObject("cost");
        json.WriteNumber("leastDollarsPerMonth", Math.Round(prices.Monthly(destination.Least), 2));
        json.WriteNumber("mostDollarsPerMonth", Math.Round(prices.Monthly(destination.Most), 2));
        json.WriteString("provider", prices.Provider);
        json.WriteString("pricesAsOf", prices.AsOf);
        json.WriteString("source", prices.Source);
        json.WriteNumber("dollarsPerGigabyteMonth", prices.PerGigabyteMonth);
        json.WriteNumber("freeGigabytes", prices.FreeGigabytes);
        json.WriteNumber("dollarsPerGigabyteDownloaded", prices.PerGigabyteDownloaded);
        json.WriteNumber("freeDownloads", prices.FreeDownloads);
        json.WriteEndObject();
    }
}
