using System.Text;
using DiffPlex.Renderer;

namespace NixGen.Tests.Snapshots;

/// <summary>A short unified diff for a failure's message. Every difference can be seen in it, also one in line ends.</summary>
internal static class TextDiff
{
    private const int MostLines = 40;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The diff with a line break in front of it.</summary>
    public static string Between(byte[] expected, byte[] actual)
    {
        if (Visible(expected) is not { } expectedText || Visible(actual) is not { } actualText)
        {
            return $"\n(not UTF-8; {expected.Length} bytes expected, {actual.Length} came, "
                + $"the first {expected.AsSpan().CommonPrefixLength(actual)} are the same)";
        }

        if (expectedText == actualText)
        {
            return $"\n({expected.Length} bytes expected, {actual.Length} came)";
        }

        var lines = UnidiffRenderer.GenerateUnidiff(expectedText, actualText, "expected", "actual", contextLines: 2)
            .TrimEnd('\n').Split('\n');
        var shown = string.Concat(lines.Take(MostLines).Select(line => "\n" + line.TrimEnd('\r')));
        return lines.Length <= MostLines ? shown : $"{shown}\n(and {lines.Length - MostLines} lines more)";
    }

    /// <summary>
    /// The text with pictures for its control characters, or null if it is not text. A missing line break at the end is told in
    /// words, and the usual one is left out: it would be shown as an empty line.
    /// </summary>
    private static string? Visible(byte[] bytes)
    {
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        var visible = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            visible.Append(c switch
            {
                '\n' or '\t' => c,
                < ' ' => (char)(0x2400 + c),
                '\u007f' => '\u2421',
                '\ufeff' or '\u0085' or '\u2028' or '\u2029' => '\ufffd',
                _ => c,
            });
        }

        if (text.Length > 0 && text[^1] != '\n')
        {
            visible.Append("\n\\ No newline at end of file\n");
        }

        return visible.Length == 0 ? "" : visible.ToString(0, visible.Length - 1);
    }
}
