namespace NixGen.Cli;

/// <summary>Text that people read: as wide as their terminal, and in full where there is none.</summary>
internal static class Screen
{
    // Longer lines are hard to read.
    private const int Comfortable = 100;

    /// <summary>In characters; a file or a pipe has no end.</summary>
    public static int Width => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? int.MaxValue : Console.WindowWidth;

    /// <summary>A line cut to the width, with a sign that something is missing.</summary>
    public static string Cut(string line, int width) => line.Length <= width ? line : line[..(width - 1)].TrimEnd() + "…";

    /// <summary>A label with a text beside it, broken at blanks; a word that is wider than the screen stays whole.</summary>
    public static IEnumerable<string> Beside(string label, string text, int width)
    {
        var room = Math.Max(20, Math.Min(width, Comfortable) - label.Length);
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                yield return label + line;
                label = new string(' ', label.Length);
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return label + line;
    }

    /// <summary>Columns as wide as what is in them; the last one is cut.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<string[]> rows, int width)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        return rows.Select(row => Cut(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd(), width));
    }
}
