using System.Text;
using System.Text.RegularExpressions;

namespace NixGen.Tests.Evaluation;

/// <summary>
/// Readers of what the modules write for others, each as strict as the program in question, or stricter: what is not plainly
/// one thing is an error. They share no code with what writes.
/// </summary>
internal static partial class Readers
{
    /// <summary>
    /// The one path that a line of <c>restic --files-from</c> means. restic drops blanks at both ends, ignores empty lines and
    /// comments, and reads the rest as a pattern of Go's filepath.Match (restic manual, "Including Files"; Go,
    /// strings.TrimSpace).
    /// </summary>
    public static string FilesFromLine(string line)
    {
        Assert.Equal(line, line.Trim());
        Assert.StartsWith("/", line);
        return Pattern(line);
    }

    /// <summary>The one path that a pattern matches: no wildcard, no class but of a single blank.</summary>
    public static string Pattern(string pattern)
    {
        var path = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    path.Append(pattern[++at]);
                    break;
                case '[':
                    Assert.Equal(']', pattern[at + 2]);
                    Assert.True(char.IsWhiteSpace(pattern[at + 1]), $"a class in {pattern}");
                    path.Append(pattern[at + 1]);
                    at += 2;
                    break;
                case '*' or '?':
                    Assert.Fail($"a wildcard in {pattern}");
                    break;
                default:
                    path.Append(pattern[at]);
                    break;
            }
        }

        return path.ToString();
    }

    /// <summary>
    /// The pattern that a line of <c>restic --exclude-file</c> means: restic drops blanks at both ends, ignores comments, takes
    /// a leading ! as the opposite, and expands $NAME from its environment, where $$ stands for $ (restic manual, "Excluding
    /// Files").
    /// </summary>
    public static string ExcludeFileLine(string line)
    {
        Assert.Equal(line, line.Trim());
        Assert.StartsWith("/", line);
        Assert.DoesNotContain('$', line.Replace("$$", ""));
        return line.Replace("$$", "$");
    }

    /// <summary>The words of a simple shell command: nothing outside of single quotes that a shell would expand.</summary>
    public static IReadOnlyList<string> ShellWords(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case ' ':
                    if (word is not null)
                        words.Add(word.ToString());
                    word = null;
                    break;
                case '\'':
                    var end = text.IndexOf('\'', at + 1);
                    (word ??= new StringBuilder()).Append(text, at + 1, end - at - 1);
                    at = end;
                    break;
                case '\\':
                    (word ??= new StringBuilder()).Append(text[++at]);
                    break;
                default:
                    Assert.Matches(Harmless(), text[at].ToString());
                    (word ??= new StringBuilder()).Append(text[at]);
                    break;
            }
        }

        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    /// <summary>
    /// A path of a setting such as <c>ReadWritePaths=</c> or <c>LoadCredential=</c>: %% is one %, quotes and escapes are
    /// undone.
    /// </summary>
    public static string SystemdWord(string text)
    {
        var inner = text.StartsWith('"') ? UnescapeQuoted(text) : text;
        Assert.DoesNotContain('%', inner.Replace("%%", ""));
        return inner.Replace("%%", "%");
    }

    private static string UnescapeQuoted(string text)
    {
        Assert.EndsWith("\"", text);
        return Escape().Replace(text[1..^1], match => match.Value[1] is '"' or '\\'
            ? match.Value[1..]
            : throw new FormatException(match.Value));
    }

    [GeneratedRegex("^[A-Za-z0-9,._+:@%/=-]$")]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}
