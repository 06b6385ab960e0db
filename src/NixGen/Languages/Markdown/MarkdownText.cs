using System.Globalization;
using System.Text;

namespace NixGen.Languages.Markdown;

/// <summary>Texts in Markdown as GitHub reads it (GFM), in a paragraph as well as in the cell of a table.</summary>
public static class MarkdownText
{
    // What opens something inside of a line, and the bar that ends a cell. A period or dash means something only at the
    // beginning of a line, where templates put their own text.
    private const string Special = "\\`*_[]<>|&~#$";

    /// <summary>Appends a text or number that reads as it is.</summary>
    /// <exception cref="ArgumentException">Not a text, number or truth.</exception>
    public static void Write(StringBuilder output, object? value)
    {
        foreach (var character in Text(value))
        {
            if (Special.Contains(character))
                output.Append('\\');
            output.Append(OnOneLine(character));
        }
    }

    /// <summary>The text as code, in which only the bar still needs its backslash.</summary>
    public static string Code(string text)
    {
        // A run of backquotes is closed by one of the same length only.
        var longest = 0;
        for (int at = 0, run = 0; at < text.Length; at++)
            longest = Math.Max(longest, run = text[at] == '`' ? run + 1 : 0);
        var fence = new string('`', longest + 1);
        var pad = text.Length == 0 || text[0] is '`' or ' ' || text[^1] is '`' or ' ' ? " " : "";
        return fence + pad + string.Concat(text.Select(OnOneLine)).Replace("|", "\\|", StringComparison.Ordinal) + pad + fence;
    }

    private static string Text(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "yes" : "no",
        int or long => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A {value?.GetType().Name ?? "null"} is no text; loop over it."),
    };

    private static char OnOneLine(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character;
}
