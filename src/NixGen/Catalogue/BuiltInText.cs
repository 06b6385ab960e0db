using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Catalogue;

/// <summary>
/// The catalogue that is built in, as text that is parsed entry by entry when somebody asks: all of it is many times that of most
/// inventories. Names and places are found by their indentation; tests hold them to what the parser says.
/// </summary>
internal static class BuiltInText
{
    /// <summary>What findings call the file.</summary>
    private const string FileName = "built-in catalogue";

    private const string Place = "      - path: ";

    private static readonly Lazy<Dictionary<string, Piece>> Pieces = new(Cut);

    private sealed record Piece(int LinesBefore, string Text, IReadOnlyList<string> Places);

    /// <summary>The entries and their places, without a parser.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<string> Places)> Entries => Pieces.Value.Select(piece => (piece.Key, piece.Value.Places));

    /// <summary>The tree of an entry; null if there is none of this name.</summary>
    public static YamlEntry? Find(string name)
    {
        if (!Pieces.Value.TryGetValue(name, out var piece))
            return null;
        // In its place, so that positions are those of the file.
        var text = new string('\n', piece.LinesBefore) + piece.Text;
        return InventoryReader.ReadText(FileName, text, new FindingList())?.Entries[0] ?? throw new InvalidOperationException(name);
    }

    private static Dictionary<string, Piece> Cut()
    {
        using var stream = typeof(BuiltInText).Assembly.GetManifestResourceStream("catalogue.yaml")!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var pieces = new Dictionary<string, Piece>(StringComparer.Ordinal);
        var (name, begin, line, places) = (default(string), 0, 0, new List<string>());
        for (int at = 0, number = 0, end; at < text.Length; at = end + 1, number++)
        {
            end = text.IndexOf('\n', at) is >= 0 and var found ? found : text.Length;
            var content = text.AsSpan(at..end);
            if (content.StartsWith(Place))
            {
                places.Add(content[Place.Length..].Trim('"').ToString());
            }
            else if (content is [' ', ' ', not (' ' or '#'), .., ':'])
            {
                Add(at);
                (name, begin, line, places) = (content[2..^1].ToString(), at, number, []);
            }
        }

        Add(text.Length);
        return pieces;

        void Add(int end)
        {
            if (name is not null)
                pieces.Add(name, new Piece(line, text[begin..end], places));
        }
    }
}
