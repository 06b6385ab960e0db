using NixGen.Findings;

namespace NixGen.Inventory.Reading;

/// <summary>A map in the order of its text; no key comes twice. Only reading adds to it, so it is fixed once it is handed on.</summary>
internal sealed class YamlMap(SourceSpan at) : YamlNode(at)
{
    // Comparing a handful of keys is quicker than hashing one, and most maps of an inventory are that small.
    private const int Few = 8;

    private readonly List<YamlEntry> _entries = [];
    private Dictionary<string, int>? _index;
    private readonly List<TextArea> _areas = [];

    /// <summary>Where it stands, with its key: in several files, if they were merged.</summary>
    public IReadOnlyList<TextArea> Areas => _areas;

    public IReadOnlyList<YamlEntry> Entries => _entries;

    public override string Kind => "a map";

    /// <summary>The value of a key, letter by letter; null if it is not set.</summary>
    public YamlNode? Find(string key) => PlaceOf(key) is >= 0 and var place ? _entries[place].Value : null;

    /// <summary>The entry of a key, which says also where the key stands.</summary>
    internal bool TryGet(string key, out YamlEntry entry)
    {
        var place = PlaceOf(key);
        entry = place < 0 ? default : _entries[place];
        return place >= 0;
    }

    /// <summary>Adds an entry whose key is not there yet; the caller has looked.</summary>
    internal void Add(YamlEntry entry)
    {
        _entries.Add(entry);
        if (_index is not null)
            _index.Add(entry.Key.Value, _entries.Count - 1);
        else if (_entries.Count > Few)
            _index = BuildIndex();
    }

    internal void Add(IEnumerable<TextArea> areas) => _areas.AddRange(areas);

    private int PlaceOf(string key)
    {
        if (_index is not null)
            return _index.GetValueOrDefault(key, -1);
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key.Value == key)
                return i;
        }

        return -1;
    }

    private Dictionary<string, int> BuildIndex()
    {
        var index = new Dictionary<string, int>(2 * _entries.Count, StringComparer.Ordinal);
        for (var i = 0; i < _entries.Count; i++)
            index.Add(_entries[i].Key.Value, i);
        return index;
    }
}
