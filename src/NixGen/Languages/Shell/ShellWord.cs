using System.Text;

namespace NixGen.Languages.Shell;

/// <summary>
/// A word of bash that means a text and nothing else. It stays on its line, so that it cannot end the fence of a Markdown block that
/// it stands in either.
/// </summary>
public static class ShellWord
{
    public static string Quote(string text)
    {
        if (text.Length > 0 && text.All(IsPlain))
            return text;
        return text.Any(IsInvisible) ? Escaped(text) : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    // Not =, which makes a word in front of a command an assignment, nor ~ and { }, which bash expands.
    private static bool IsPlain(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-' or '+' or ':' or ',' or '@' or '%';

    // What ends a line, or cannot be seen on it.
    private static bool IsInvisible(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    private static string Escaped(string text)
    {
        var quoted = new StringBuilder("$'");
        foreach (var character in text)
        {
            if (IsInvisible(character))
            {
                // As bytes: what \u means depends on the locale.
                foreach (var value in Encoding.UTF8.GetBytes([character]))
                    quoted.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
            }
            else
            {
                quoted.Append(character is '\'' or '\\' ? "\\" : "").Append(character);
            }
        }

        return quoted.Append('\'').ToString();
    }
}
