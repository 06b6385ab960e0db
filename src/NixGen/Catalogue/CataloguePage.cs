using NixGen.Inventory;
using NixGen.Languages.Yaml;
using NixGen.Planning;

namespace NixGen.Catalogue;

/// <summary>What an entry says, in words, and as lines of an inventory.</summary>
public static class CataloguePage
{
    /// <summary>Labels and texts; a label that is empty belongs to the one before.</summary>
    public static IEnumerable<(string Label, string Text)> Facts(CatalogueEntry entry)
    {
        yield return ("Category", entry.Category);
        if (entry.EnabledBy is { } option)
            yield return ("Enabled by", option);
        if (entry.Units.Count > 0)
            yield return ("Units", string.Join(", ", entry.Units));
        if (entry.DynamicUser)
            yield return ("User", "of its own at each start (DynamicUser): the path without private is a symlink");
        foreach (var (label, text) in entry.State.SelectMany(Facts))
            yield return (label, text);
        if (entry.Databases.Count > 0)
            yield return ("Databases", string.Join(", ", entry.Databases.Select(database => $"{database.Kind.Title()} {database.Name}")));
        if (entry.OtherDatabases is { } others)
            yield return (entry.Databases.Count > 0 ? "or" : "Databases", others);
        if (entry.SuggestedExcludes.Count > 0)
            yield return ("May stay out", string.Join(", ", entry.SuggestedExcludes));
        if (entry.Media.Count > 0)
            yield return ("Media", string.Join(", ", entry.Media));
        if (entry.Notes is { } notes)
            yield return ("Notes", notes);
        yield return (entry.Verified ? "Verified" : "Not verified", entry.Source);
    }

    private static IEnumerable<(string Label, string Text)> Facts(StatePlace place)
    {
        yield return ("State", place.Path);
        if (place.MovedBy is { } option)
            yield return ("", $"moved by {option}");
        foreach (var part in place.Parts)
            yield return ("", part.Folder == "." ? $"moved by {part.MovedBy}, too" : $"{part.Folder} in it moved by {part.MovedBy}");
        if (place.Otherwise is { } otherwise)
            yield return ("", $"or: {otherwise}");
    }

    /// <summary>Why an inventory cannot just name the service; null where it can.</summary>
    public static string? Hindrance(CatalogueEntry entry) => CataloguedServices.Hindrance(entry) is { } hindrance
        ? $"{hindrance.Message}. {hindrance.Help}"
        : CataloguedServices.LacksDatabase(entry) ? $"Say which database it has: {entry.OtherDatabases}." : null;

    /// <summary>The service with everything that the entry knows, as one would write it below <c>services</c>.</summary>
    public static IEnumerable<string> Lines(CatalogueEntry entry)
    {
        if (entry.Serves is not null)
            yield break;
        yield return $"{entry.Name}:";
        yield return $"  title: {YamlScalar.Write(entry.Title)}";
        if (entry.State.Count > 0)
            yield return $"  backupPaths: {YamlScalar.List(entry.State.Select(place => Named(place.Path)))}";
        var excludes = CataloguedServices.Suggested(entry, entry.State.Select(place => place.Path));
        if (excludes.Count > 0)
            yield return $"  backupExcludes: {YamlScalar.List(excludes)}";
        if (entry.Databases.Count > 0)
        {
            var kinds = entry.Databases
                .GroupBy(database => database.Kind)
                .Select(kind => $"{kind.Key.Key()}: {YamlScalar.List(kind.Select(database => CataloguedServices.Absolute(database, entry)))}");
            yield return $"  databases: {{ {string.Join(", ", kinds)} }}";
        }

        if (CataloguedServices.LacksDatabase(entry))
            yield return $"  # databases: {entry.OtherDatabases}";
        if (entry.Units.Count > 0)
            yield return $"  units: {YamlScalar.List(entry.Units.Select(Named))}";
    }

    private static string Named(string text) => text.Replace("{name}", "NAME", StringComparison.Ordinal);
}
