using System.Text;
using NixGen.Inventory.Reading;

namespace NixGen.Languages.Yaml;

/// <summary>Texts as YAML scalars that every reader takes for the same text, also in flow lists.</summary>
public static class YamlScalar
{
    /// <summary>Plain where nothing in it means anything, in double quotes otherwise.</summary>
    /// <exception cref="ArgumentException">A control character, which the inventory refuses.</exception>
    public static string Write(string text)
    {
        if (text.Any(character => char.IsControl(character)))
            throw new ArgumentException("No inventory can hold a control character.");
        if (IsPlain(text))
            return text;
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\')
                quoted.Append('\\');
            quoted.Append(character);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A list on one line.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Write))}]";

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '/')
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-' or '+' or '@')
        && text is not ("true" or "false")
        && !AmbiguousScalar.IsNull(text)
        && AmbiguousScalar.OtherReading(text) is null;
}
