using NixGen.Inventory.Reading;

namespace NixGen.Catalogue;

/// <summary>Puts the entries of a user over those that are built in.</summary>
internal static class CatalogueTree
{
    // Maps of entries and of keys unite; a value is replaced as a whole: half of a list from here and half from there would be nobody's.
    private const int Depth = 2;

    /// <returns>A tree of its own; neither of the two is changed.</returns>
    public static YamlMap Overlay(YamlMap below, YamlMap above) => Overlay(below, above, Depth);

    private static YamlMap Overlay(YamlMap below, YamlMap above, int depth)
    {
        var both = new YamlMap(above.At);
        foreach (var entry in below.Entries)
        {
            if (!above.TryGet(entry.Key.Value, out var own))
                both.Add(entry);
            else if (depth > 0 && entry.Value is YamlMap under && own.Value is YamlMap over)
                both.Add(own with { Value = Overlay(under, over, depth - 1) });
            else
                both.Add(own);
        }

        foreach (var entry in above.Entries.Where(entry => below.Find(entry.Key.Value) is null))
            both.Add(entry);
        return both;
    }
}
