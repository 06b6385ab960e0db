using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;
using NixGen.Languages.Restic;

namespace NixGen.Catalogue;

/// <summary>From the tree of a catalogue to its entries.</summary>
internal static class CatalogueBinding
{
    /// <summary>The entries of a user's own catalogue, over those of their names that are built in.</summary>
    public static IReadOnlyList<CatalogueEntry> Bind(YamlMap root, FindingList findings)
    {
        var keys = new KeyReader(root, "the catalogue", findings);
        var entries = keys.Entries("services").Select(entry => Entry(Over(entry), findings)).OfType<CatalogueEntry>().ToList();
        keys.Done();
        return entries;
    }

    // A value is replaced as a whole: half of a list from here and half from there would be nobody's.
    private static YamlEntry Over(YamlEntry own)
    {
        if (own.Value is not YamlMap above || BuiltInText.Find(own.Key.Value)?.Value is not YamlMap below)
            return own;
        var both = new YamlMap(above.At);
        foreach (var entry in below.Entries.Where(entry => above.Find(entry.Key.Value) is null).Concat(above.Entries))
            both.Add(entry);
        return own with { Value = both };
    }

    public static CatalogueEntry? Entry(YamlEntry entry, FindingList findings)
    {
        if (Nodes.Named(entry, "catalogue entry", findings) is not { } keys)
            return null;
        var errors = findings.Errors;
        var title = keys.RequiredText("title");
        var category = keys.RequiredText("category");
        var source = keys.RequiredText("source");
        var result = new CatalogueEntry(
            entry.Key.Value,
            entry.Key.At,
            title?.Value ?? "",
            category?.Value ?? "",
            keys.Text("enabledBy")?.Value,
            Units(keys, findings),
            keys.Flag("dynamicUser") ?? false,
            State(keys, findings),
            DatabaseBinding.Bind(keys, findings) ?? [],
            keys.Text("otherDatabases")?.Value,
            keys.Choice("serves", ("postgresql", DatabaseKind.PostgreSql), ("mariadb", DatabaseKind.MariaDb)),
            Patterns(keys, "suggestedExcludes", findings),
            Patterns(keys, "media", findings),
            keys.Text("notes")?.Value,
            keys.Flag("verified") ?? false,
            source?.Value ?? "");
        keys.Done();
        if (!result.HasInstances && result.State.Select(place => place.Path).Concat(result.Units).Any(text => text.Contains(InstanceName, StringComparison.Ordinal)))
            findings.Report(Codes.BadValue, entry.Key.At, $"'{result.Name}' writes {InstanceName}, but has no instances", "Put a * in `enabledBy` where the name stands: services.x.servers.*.enable.");
        return findings.Errors == errors ? result : null;
    }

    private static List<StatePlace> State(KeyReader keys, FindingList findings)
    {
        var places = new List<StatePlace>();
        foreach (var node in keys.Items("state") ?? [])
        {
            if (Nodes.Map(node, "a place of `state`", findings) is not { } map)
                continue;
            var place = new KeyReader(map, "a place of `state`", findings);
            var path = place.Find("path");
            if (path is null)
                place.Missing("path");
            var (movedBy, below, otherwise) = (place.Text("movedBy"), place.Text("below"), place.Text("otherwise"));
            var parts = place.Entries("parts").Select(part => Part(part, findings)).OfType<StatePart>().ToList();
            place.Done();
            if (path is null || Scalars.Path(path, "path", findings) is not { } plain)
                continue;
            if (HiddenPlaces.Around(plain.Value) is { } hidden)
                findings.Report(Codes.HiddenPath, plain.At, $"the backup does not see '{plain.Value}': it lies in {hidden}");
            else if (below is { } part && (movedBy is null || !plain.Value.EndsWith($"/{part.Value}", StringComparison.Ordinal)))
                findings.Report(Codes.BadValue, part.At, $"`below`: '{plain.Value}' does not end with '{part.Value}', or no option moves it", "Write the part of `path` that lies below the folder of `movedBy`.");
            else
                places.Add(new StatePlace(plain.Value, movedBy?.Value, otherwise?.Value) { Below = below?.Value, Parts = parts });
        }

        return places;
    }

    private static StatePart? Part(YamlEntry entry, FindingList findings)
    {
        var (key, value) = entry;
        if (key.Value != "." && !Scalars.IsPlainPath("/" + key.Value))
        {
            findings.Report(Codes.BadPath, key.At, $"`parts`: '{key.Value}' is no plain relative path", "Write the path below the place, or . for the place itself.");
            return null;
        }

        return Scalars.Text(value, key.Value, findings) is { } option ? new StatePart(key.Value, option.Value) : null;
    }

    private static List<string> Units(KeyReader keys, FindingList findings) =>
    [
        .. (keys.List("units", node => Scalars.Text(node, "units", findings)) ?? [])
            .Select(unit => Unit(unit, findings))
            .OfType<string>(),
    ];

    // As the inventory writes it; `photos` is photos.service.
    private static string? Unit(Placed<string> unit, FindingList findings)
    {
        var filled = unit.Value.Replace(InstanceName, "name", StringComparison.Ordinal);
        return ServiceBinding.Unit(unit with { Value = filled }, findings) is { } whole ? unit.Value + whole.Value[filled.Length..] : null;
    }

    // What an instance is called takes the place of it.
    private const string InstanceName = "{name}";

    private static List<string> Patterns(KeyReader keys, string key, FindingList findings)
    {
        var patterns = keys.List(key, node => Scalars.Text(node, key, findings)) ?? [];
        foreach (var (pattern, at) in patterns)
        {
            if (!ResticPattern.IsValid(pattern, out var problem))
                findings.Report(Codes.BadExclude, at, $"`{key}` '{pattern}': {problem}");
        }

        return [.. patterns.Select(pattern => pattern.Value)];
    }
}
