using System.Buffers;
using System.Text;

namespace NixGen.Languages.Nix;

/// <summary>
/// Texts as Nix string literals, always the <c>"…"</c> form: the indented <c>''…''</c> strips indentation, keeps a raw CRLF and cannot
/// hold a value that ends in a quote (Nix manual, "String literals").
/// </summary>
public static class NixString
{
    // Nix knows no escape by number: every other character, control characters too, stands for itself.
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"$\n\r\t");

    /// <summary>Writes a literal that Nix reads back as <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL or half a surrogate pair, which no Nix string can hold.</exception>
    public static void Write(StringBuilder output, ReadOnlySpan<char> text)
    {
        RefuseUnwritable(text);
        output.Append('"');
        while (text.IndexOfAny(Escaped) is var next and >= 0)
        {
            output.Append(text[..next]).Append(Escape(text[next]));
            text = text[(next + 1)..];
        }

        output.Append(text).Append('"');
    }

    /// <inheritdoc cref="Write"/>
    public static string Quote(string text)
    {
        var output = new StringBuilder(text.Length + 2);
        Write(output, text);
        return output.ToString();
    }

    private static string Escape(char character) => character switch
    {
        '\n' => "\\n",
        // A raw CR would be read as LF.
        '\r' => "\\r",
        '\t' => "\\t",
        // Always, not only before a brace: "$${x}" is literal, but "$$${x}" interpolates.
        '$' => "\\$",
        '"' => "\\\"",
        _ => "\\\\",
    };

    private static void RefuseUnwritable(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
            throw new ArgumentException("A Nix string cannot hold a NUL.");
        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is var at and >= 0)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var length) != OperationStatus.Done)
                throw new ArgumentException("A Nix string cannot hold half a surrogate pair.");
            text = text[(at + length)..];
        }
    }
}
