using System.Text;

namespace NixGen.Languages.Systemd;

/// <summary>
/// Words of unit files: settings that take lists of words, and command lines. Both undo C-style escapes inside quotes and expand
/// <c>%</c> specifiers; command lines also expand <c>$</c> (systemd.syntax(7), systemd.service(5)).
/// </summary>
public static class SystemdWord
{
    /// <summary>A word of a setting such as <c>ReadWritePaths=</c>.</summary>
    public static string Setting(string word) => Quote(word, command: false);

    /// <summary>A word of a command line such as <c>ExecStart=</c>.</summary>
    public static string Command(string word) => Quote(word, command: true);

    /// <summary>A value that is not split into words, such as the path of <c>LoadCredential=</c>: only specifiers are expanded.</summary>
    public static string Value(string value) => value.Replace("%", "%%", StringComparison.Ordinal);

    private static string Quote(string word, bool command)
    {
        if (word.Length > 0 && word.All(IsPlain))
            return word;
        var quoted = new StringBuilder("\"");
        foreach (var character in word)
        {
            quoted.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '%' => "%%",
                '$' when command => "$$",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => character.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    // ; stands alone between commands only, but is no loss to quote.
    private static bool IsPlain(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-' or '+' or ':' or ',' or '=' or '@';
}
