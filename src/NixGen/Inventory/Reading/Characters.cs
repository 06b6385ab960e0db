using System.Buffers;

namespace NixGen.Inventory.Reading;

/// <summary>The characters that no value of an inventory may hold, because they do damage or cannot be seen.</summary>
internal static class Characters
{
    // C0, DEL, C1; line and paragraph separator; characters that make text read other than it is
    // (CVE-2021-42574, "Trojan Source"); a byte order mark in the middle; what is no character at all.
    private static readonly string Unprintable =
        Range('\u0000', '\u001f')
        + Range('\u007f', '\u009f')
        + "\u2028\u2029"
        + Range('\u202a', '\u202e')
        + Range('\u2066', '\u2069')
        + "\ufeff\ufffe\uffff";

    /// <summary>Not allowed in a value.</summary>
    public static SearchValues<char> InValue { get; } = SearchValues.Create(Unprintable);

    /// <summary>Worth a look in a line of the file: the same, without its break; a tab is allowed in some places.</summary>
    public static SearchValues<char> InLine { get; } = SearchValues.Create(Unprintable.Replace("\n", "").Replace("\r", ""));

    /// <summary>What a message calls the character.</summary>
    public static string Describe(char c) =>
        c switch
        {
            '\n' or '\r' or '\u0085' or '\u2028' or '\u2029' => "a line break",
            '\t' => "a tab",
            >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' => $"U+{(int)c:X4}, which changes the order in which text is shown",
            '\ufeff' => "U+FEFF, an invisible byte order mark",
            _ => $"the control character U+{(int)c:X4}",
        };

    private static string Range(char first, char last) =>
        string.Concat(Enumerable.Range(first, last - first + 1).Select(c => (char)c));
}
