namespace NixGen.Inventory.Reading;

/// <summary>Line and column of an index into a text, both from 1. Breaks are LF, CR LF and CR, as for the YAML scanner.</summary>
internal static class TextPosition
{
    public static (int Line, int Column) Of(ReadOnlySpan<char> text, int index)
    {
        var line = 1;
        var start = 0;
        while (start < index)
        {
            var end = text[start..index].IndexOfAny('\n', '\r');
            if (end < 0)
                break;
            var next = AfterBreak(text, start + end);
            if (next > index)
                break; // between CR and LF: still the line that they end
            start = next;
            line++;
        }

        return (line, index - start + 1);
    }

    /// <summary>The index after the line break at <paramref name="index"/>.</summary>
    public static int AfterBreak(ReadOnlySpan<char> text, int index) =>
        text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n' ? index + 2 : index + 1;

    /// <summary>The index at which the line of <paramref name="index"/> begins.</summary>
    public static int LineStart(ReadOnlySpan<char> text, int index) => text[..index].LastIndexOfAny('\n', '\r') + 1;

    /// <summary>The index at which the line of <paramref name="index"/> ends, before its break.</summary>
    public static int LineEnd(ReadOnlySpan<char> text, int index)
    {
        var length = text[index..].IndexOfAny('\n', '\r');
        return length < 0 ? text.Length : index + length;
    }
}
