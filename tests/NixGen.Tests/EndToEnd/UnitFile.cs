using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// A unit file, read as strictly as systemd reads it, or more strictly: what is not plainly one thing is an error (systemd.service(5),
/// "Command lines"; systemd.exec(5), "Environment"; systemd.unit(5), "Specifiers").
/// </summary>
internal sealed partial class UnitFile
{
    private readonly List<(string Key, string Value)> _settings = [];

    public UnitFile(string text)
    {
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '['))
        {
            var at = line.IndexOf('=');
            _settings.Add((line[..at], line[(at + 1)..]));
        }
    }

    /// <summary>All values of a setting, in order.</summary>
    public IEnumerable<string> All(string key) => _settings.Where(setting => setting.Key == key).Select(setting => setting.Value);

    /// <summary>The value of a setting that is there once at most.</summary>
    public string? One(string key) => All(key).SingleOrDefault();

    public bool Is(string key) => One(key) is "true" or "yes";

    /// <summary>Command lines, in words.</summary>
    public IEnumerable<IReadOnlyList<string>> Commands(string key) => All(key).Select(Words);

    /// <summary>The values of a list of paths, each with whether it must exist.</summary>
    public IEnumerable<(string Path, bool Required)> Paths(string key) =>
        All(key).SelectMany(Words).Select(word => (word.TrimStart('-'), !word.StartsWith('-')));

    public IEnumerable<string> Units(string key) => All(key).SelectMany(value => value.Split(' ')).Distinct();

    public IEnumerable<(string Name, string Value)> Environment =>
        All("Environment").Select(value => Assignment(NoSpecifiers(JsonSerializer.Deserialize<string>(value)!)));

    /// <summary>What <c>EnvironmentFile=</c> reads from a file that the secrets units wrote.</summary>
    public static IEnumerable<(string Name, string Value)> ReadEnvironment(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var match = Quoted().Match(line);
            Assert.True(match.Success, line);
            return (match.Groups[1].Value, Escaped().Replace(match.Groups[2].Value, "$1"));
        });

    internal static IReadOnlyList<string> Words(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        for (var at = 0; at < line.Length; at++)
        {
            var c = line[at];
            if (quote is null && c == ' ')
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
                continue;
            }

            word ??= new StringBuilder();
            switch (c)
            {
                case '"' or '\'' when quote is null:
                    quote = c;
                    break;
                case '"' or '\'' when quote == c:
                    quote = null;
                    break;
                case '%' or '$':
                    // Doubled it means itself; a specifier or a variable is nothing that the modules use.
                    Assert.Equal(c, line[++at]);
                    word.Append(c);
                    break;
                case '\\':
                    Assert.Contains(line[++at], "\\\"'");
                    word.Append(line[at]);
                    break;
                default:
                    word.Append(c);
                    break;
            }
        }

        Assert.Null(quote);
        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    private static string NoSpecifiers(string value)
    {
        Assert.DoesNotContain('%', value.Replace("%%", ""));
        return value.Replace("%%", "%");
    }

    private static (string, string) Assignment(string text) => (text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..]);

    [GeneratedRegex("""^([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\$`]|\\["\\$`])*)"$""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();
}
