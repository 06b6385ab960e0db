using System.Text;
using NixGen.Inventory.Reading;

namespace NixGen.Languages.Yaml;

/// <summary>Texts as an inventory writes them: plain where every reader takes them for the same text, in quotes otherwise.</summary>
internal static class YamlScalar
{
    public static string Of(string text) => IsPlain(text) ? text : Quoted(text);

    /// <summary>A list on one line.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Of))}]";

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetterOrDigit(text[0]) || text[0] is '/' or '_')
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '_' or '.' or '-' or ' ' or '(' or ')')
        && text[^1] != ' '
        && !AmbiguousScalar.IsNull(text)
        && AmbiguousScalar.OtherReading(text) is null;

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => quoted.Append('\\').Append(character),
                _ when char.IsControl(character) => quoted.Append($"\\u{(int)character:x4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('"').ToString();
    }
}
