using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;

namespace NixGen.Catalogue;

/// <summary>From the tree of a catalogue to its entries.</summary>
internal static class CatalogueBinding
{
    public static StateCatalogue? Bind(YamlMap root, FindingList findings)
    {
        var errors = findings.Errors;
        var keys = new KeyReader(root, "the catalogue", findings);
        var entries = keys.Entries("services").Select(entry => Entry(entry, findings)).OfType<CatalogueEntry>().ToList();
        keys.Done();
        return findings.Errors == errors ? new StateCatalogue(entries) : null;
    }

    private static CatalogueEntry? Entry(YamlEntry entry, FindingList findings)
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
            Texts(keys, "units", findings),
            keys.Flag("dynamicUser") ?? false,
            State(keys, findings),
            DatabaseBinding.Bind(keys, findings) ?? [],
            keys.Text("otherDatabases")?.Value,
            keys.Choice("serves", ("postgresql", DatabaseKind.PostgreSql), ("mariadb", DatabaseKind.MariaDb)),
            Texts(keys, "suggestedExcludes", findings),
            Texts(keys, "media", findings),
            keys.Text("notes")?.Value,
            keys.Flag("verified") ?? false,
            source?.Value ?? "");
        keys.Done();
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
            if (place.Find("path") is not { } path)
                place.Missing("path");
            else if (Scalars.Path(path, "path", findings) is { } plain)
                places.Add(new StatePlace(plain.Value, place.Text("movedBy")?.Value, place.Text("otherwise")?.Value));
            place.Find("movedBy");
            place.Find("otherwise");
            place.Done();
        }

        return places;
    }

    private static List<string> Texts(KeyReader keys, string key, FindingList findings) =>
        [.. (keys.List(key, node => Scalars.Text(node, key, findings)) ?? []).Select(text => text.Value)];
}
