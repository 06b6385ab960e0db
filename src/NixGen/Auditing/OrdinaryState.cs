using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;
using NixGen.Languages.Restic;

namespace NixGen.Auditing;

/// <summary>What every NixOS has and nobody restores, with the reasons: data, not code.</summary>
public sealed class OrdinaryState
{
    private const string Name = "ordinary-state.yaml";

    private readonly List<KeyValuePair<string, string>> _units;

    private OrdinaryState(IEnumerable<KeyValuePair<string, string>> paths, IEnumerable<KeyValuePair<string, string>> units)
    {
        Paths = new SortedDictionary<string, string>(paths.ToDictionary(), StringComparer.Ordinal);
        _units = [.. units];
    }

    public static OrdinaryState BuiltIn { get; } = Read();

    /// <summary>By path, why it is not backed up.</summary>
    public IReadOnlyDictionary<string, string> Paths { get; }

    /// <summary>By name, in which <c>*</c> stands for anything, why what a unit may write to is not its data.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Units => _units;

    public bool HasPath(string path) => Paths.Keys.Any(place => HiddenPlaces.Contains(place, path));

    public bool HasUnit(string name) => _units.Any(unit => ResticPattern.LeavesOut("/" + unit.Key, "/" + name));

    private static OrdinaryState Read()
    {
        using var stream = typeof(OrdinaryState).Assembly.GetManifestResourceStream(Name)!;
        using var reader = new StreamReader(stream);
        var findings = new FindingList();
        var root = InventoryReader.ReadText(Name, reader.ReadToEnd(), findings) ?? throw new InvalidOperationException(Name);
        var keys = new KeyReader(root, Name, findings);
        var state = new OrdinaryState(Reasons(keys, "paths", findings), Reasons(keys, "units", findings));
        keys.Done();
        return findings.HasErrors ? throw new InvalidOperationException(Name) : state;
    }

    private static List<KeyValuePair<string, string>> Reasons(KeyReader keys, string key, FindingList findings) =>
    [
        .. keys.Entries(key)
            .Select(entry => KeyValuePair.Create(entry.Key.Value, Scalars.Text(entry.Value, entry.Key.Value, findings)?.Value ?? "")),
    ];
}
