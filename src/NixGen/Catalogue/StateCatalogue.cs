using System.Collections.Concurrent;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Reading;

namespace NixGen.Catalogue;

/// <summary>The catalogue that is built in, with what the user adds to it. An entry that is built in is read when somebody asks for it.</summary>
public sealed class StateCatalogue
{
    private readonly ConcurrentDictionary<string, CatalogueEntry> _read;
    private readonly Lazy<ILookup<string, string>> _byFolder;

    private StateCatalogue(IReadOnlyList<CatalogueEntry> own)
    {
        _read = new(own.Select(entry => KeyValuePair.Create(entry.Name, entry)), StringComparer.Ordinal);
        var names = _read.Keys.ToHashSet(StringComparer.Ordinal);
        Names = [.. names.Concat(BuiltInText.Entries.Select(entry => entry.Name)).Distinct().Order(StringComparer.Ordinal)];
        Places =
        [
            .. own.SelectMany(entry => entry.State, (entry, place) => (entry.Name, place.Path))
                .Concat(BuiltInText.Entries.Where(entry => !names.Contains(entry.Name)).SelectMany(entry => entry.Places, (entry, path) => (entry.Name, path))),
        ];
        _byFolder = new(() => Places
            .SelectMany(place => HiddenPlaces.Upward(place.Path), (place, folder) => (folder, place.Name))
            .ToLookup(each => each.folder, each => each.Name, StringComparer.Ordinal));
    }

    /// <summary>The catalogue that is built in.</summary>
    public static StateCatalogue BuiltIn { get; } = new([]);

    /// <summary>The names of all entries, sorted.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All entries by name; reads every one.</summary>
    public IReadOnlyList<CatalogueEntry> Entries => [.. Names.Select(name => Find(name)!)];

    /// <summary>The places of all entries, with the names of these.</summary>
    internal IReadOnlyList<(string Name, string Path)> Places { get; }

    /// <summary>The entries that somebody has asked for, and the user's own.</summary>
    internal IEnumerable<string> Read => _read.Keys;

    /// <summary>An entry; null where the catalogue has none of this name.</summary>
    public CatalogueEntry? Find(string name)
    {
        if (_read.TryGetValue(name, out var known))
            return known;
        // Tests look at the findings; a release has none.
        return BuiltInText.Find(name) is { } tree && CatalogueBinding.Entry(tree, new FindingList()) is { } entry ? _read.GetOrAdd(name, entry) : null;
    }

    /// <summary>The entries that have a place in a folder, or are the folder; by name.</summary>
    internal IEnumerable<string> In(string folder) => _byFolder.Value[folder];

    /// <summary>Reads a catalogue of the user's. Its entries come first, key by key: what one does not say, the built-in entry of its name says.</summary>
    /// <param name="name">The file, for findings.</param>
    /// <param name="text">What stands in it.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <returns>Both together; null after an error.</returns>
    public static StateCatalogue? From(string name, string text, FindingList findings)
    {
        var errors = Errors(findings);
        if (InventoryReader.ReadText(name, text, findings) is not { } tree)
            return null;
        var own = CatalogueBinding.Bind(tree, findings);
        return Errors(findings) == errors ? new StateCatalogue(own) : null;
    }

    // What looks like a secret may yet be accepted by the inventory.
    private static int Errors(FindingList findings) =>
        findings.Count(finding => finding.Severity == Severity.Error && finding.Code != Codes.PlainSecret);
}
