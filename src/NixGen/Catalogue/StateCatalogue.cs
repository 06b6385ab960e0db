using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Catalogue;

/// <summary>The catalogue that is built in, with what the user adds to it.</summary>
public sealed class StateCatalogue
{
    /// <summary>What findings call the file that is built in.</summary>
    private const string BuiltInName = "built-in catalogue";

    private static readonly Lazy<YamlMap> BuiltInTree = new(ReadBuiltIn);

    private static readonly Lazy<StateCatalogue> BuiltInCatalogue =
        new(() => CatalogueBinding.Bind(BuiltInTree.Value, Flawless()) ?? throw new InvalidOperationException(BuiltInName));

    private readonly Dictionary<string, CatalogueEntry> _byName;

    internal StateCatalogue(IReadOnlyList<CatalogueEntry> entries)
    {
        Entries = [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        _byName = Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The catalogue that is built in.</summary>
    public static StateCatalogue BuiltIn => BuiltInCatalogue.Value;

    /// <summary>By name.</summary>
    public IReadOnlyList<CatalogueEntry> Entries { get; }

    /// <summary>An entry; null where the catalogue has none of this name.</summary>
    public CatalogueEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a catalogue of the user's. Its entries come first, key by key: what one does not say, the built-in entry of its name says.</summary>
    /// <param name="name">The file, for findings.</param>
    /// <param name="text">What stands in it.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <returns>Both together; null after an error.</returns>
    public static StateCatalogue? Read(string name, string text, FindingList findings)
    {
        var errors = findings.Errors;
        if (InventoryReader.ReadText(name, text, findings) is not { } own)
            return null;
        var catalogue = CatalogueBinding.Bind(CatalogueTree.Overlay(BuiltInTree.Value, own), findings);
        return findings.Errors == errors ? catalogue : null;
    }

    private static YamlMap ReadBuiltIn()
    {
        using var stream = typeof(StateCatalogue).Assembly.GetManifestResourceStream("catalogue.yaml")!;
        using var reader = new StreamReader(stream);
        return InventoryReader.ReadText(BuiltInName, reader.ReadToEnd(), Flawless()) ?? throw new InvalidOperationException(BuiltInName);
    }

    // Tests look at the findings; a release has none.
    private static FindingList Flawless() => new();
}
