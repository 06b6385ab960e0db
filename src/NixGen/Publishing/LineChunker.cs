using DiffPlex;

namespace NixGen.Publishing;

/// <summary>
/// Splits after each line feed and keeps it, so that a missing one at the end, or a carriage return, is a difference.
/// DiffPlex's own take \r for an end of line as well, which patch(1) and git do not.
/// </summary>
internal sealed class LineChunker : IChunker
{
    public static LineChunker Instance { get; } = new();

    public IReadOnlyList<string> Chunk(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }
}
