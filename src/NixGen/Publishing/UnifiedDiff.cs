using System.Text;
using DiffPlex;
using DiffPlex.Model;

namespace NixGen.Publishing;

/// <summary>
/// Unified diffs as patch(1) and git read them. DiffPlex finds the differences; its UnidiffRenderer (1.9.0) is not used: it
/// leaves out "\ No newline at end of file", counts a line after the last line feed, names empty files 1,0 instead of 0,0, and
/// ends lines as the system does.
/// </summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    // DiffPlex's time grows with lines times differences. Between the first and the last difference of a file there is rarely
    // more than this; when there is, the stretch is shown as replaced, which is true and takes no time.
    private const int LongestStretch = 20_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">The file, relative to the output folder.</param>
    /// <param name="before">What is on disk; null when it is not there, or cannot be shown.</param>
    /// <param name="after">What the inventory says; null when it asks for nothing.</param>
    public static string Of(string path, byte[]? before, byte[]? after)
    {
        var oldName = before is null ? "/dev/null" : $"a/{path}";
        var newName = after is null ? "/dev/null" : $"b/{path}";
        if (Decode(before) is not { } oldText || Decode(after) is not { } newText)
            return $"Binary files {oldName} and {newName} differ\n";

        var oldLines = LineChunker.Instance.Chunk(oldText);
        var newLines = LineChunker.Instance.Chunk(newText);
        var diff = new StringBuilder();
        foreach (var hunk in Hunks(Differences(oldText, newText, oldLines, newLines)))
        {
            if (diff.Length == 0)
                diff.Append("--- ").Append(oldName).Append("\n+++ ").Append(newName).Append('\n');
            Append(diff, hunk, oldLines, newLines);
        }
        return diff.ToString();
    }

    /// <returns>Null for what is not text, as git sees it.</returns>
    private static string? Decode(byte[]? content)
    {
        try
        {
            return content.AsSpan().Contains((byte)0) ? null : Strict.GetString(content ?? []);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static IList<DiffBlock> Differences(
        string oldText,
        string newText,
        IReadOnlyList<string> oldLines,
        IReadOnlyList<string> newLines
    )
    {
        var (shorter, head, tail) = (Math.Min(oldLines.Count, newLines.Count), 0, 0);
        while (head < shorter && oldLines[head] == newLines[head])
            head++;
        while (tail < shorter - head && oldLines[^(tail + 1)] == newLines[^(tail + 1)])
            tail++;

        var (removed, added) = (oldLines.Count - head - tail, newLines.Count - head - tail);
        return removed == 0 || added == 0 || removed + added > LongestStretch
            ? [new DiffBlock(head, removed, head, added)]
            : Differ.Instance.CreateDiffs(oldText, newText, false, false, LineChunker.Instance).DiffBlocks;
    }

    /// <summary>Differences so near to each other that their contexts touch go into one hunk.</summary>
    private static IEnumerable<List<DiffBlock>> Hunks(IList<DiffBlock> blocks)
    {
        var hunk = new List<DiffBlock>();
        foreach (var block in blocks.Where(block => block.DeleteCountA + block.InsertCountB > 0))
        {
            if (hunk.Count > 0 && block.DeleteStartA - EndOf(hunk[^1]) > 2 * Context)
            {
                yield return hunk;
                hunk = [];
            }
            hunk.Add(block);
        }
        if (hunk.Count > 0)
            yield return hunk;
    }

    private static void Append(
        StringBuilder diff,
        List<DiffBlock> hunk,
        IReadOnlyList<string> oldLines,
        IReadOnlyList<string> newLines
    )
    {
        var start = Math.Max(0, hunk[0].DeleteStartA - Context);
        var end = Math.Min(oldLines.Count, EndOf(hunk[^1]) + Context);
        var newStart = hunk[0].InsertStartB - (hunk[0].DeleteStartA - start);
        var newCount = end - start + hunk.Sum(block => block.InsertCountB - block.DeleteCountA);
        diff.Append($"@@ -{Range(start, end - start)} +{Range(newStart, newCount)} @@\n");

        var at = start;
        foreach (var block in hunk)
        {
            Append(diff, ' ', oldLines, at, block.DeleteStartA);
            at = EndOf(block);
            Append(diff, '-', oldLines, block.DeleteStartA, at);
            Append(diff, '+', newLines, block.InsertStartB, block.InsertStartB + block.InsertCountB);
        }
        Append(diff, ' ', oldLines, at, end);
    }

    private static void Append(StringBuilder diff, char sign, IReadOnlyList<string> lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            diff.Append(sign).Append(lines[i]);
            if (!lines[i].EndsWith('\n'))
                diff.Append("\n\\ No newline at end of file\n");
        }
    }

    // Lines count from 1; where there are none, the line before them is named, and a count of one is left out.
    private static string Range(int start, int count) =>
        count switch
        {
            0 => $"{start},0",
            1 => $"{start + 1}",
            _ => $"{start + 1},{count}",
        };

    private static int EndOf(DiffBlock block) => block.DeleteStartA + block.DeleteCountA;
}
