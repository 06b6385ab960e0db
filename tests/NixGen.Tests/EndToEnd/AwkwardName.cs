using System.Text;

namespace NixGen.Tests.EndToEnd;

/// <summary>A file name that some program on the way reads as something else.</summary>
/// <param name="What">What is awkward about it.</param>
/// <param name="Bytes">The name.</param>
/// <param name="Decoys">What it could be mistaken for.</param>
internal sealed record AwkwardName(string What, byte[] Bytes, IReadOnlyList<byte[]> Decoys)
{
    public static IReadOnlyList<AwkwardName> All { get; } =
    [
        Of("nothing", "plain", "plai", "plainer"),
        Of("a blank", "inner blank", "inner", "blank"),
        Of("two blanks", "two  blanks", "two blanks"),
        Of("a blank at the beginning", " leading", "leading"),
        Of("a blank at the end", "trailing ", "trailing"),
        Of("a no-break space at the end", "trailing\u00a0", "trailing"),
        Of("a carriage return at the end", "trailing\r", "trailing"),
        Of("a line break", "line\nbreak", "line", "break"),
        Of("a tab", "a\ttab", "a tab", "a"),
        Of("a single quote", "it's", "its", "it"),
        Of("a double quote", "a \"quote\"", "a quote", "a "),
        Of("a variable of the shell", "$HOME", "root", "/root", "HOME"),
        Of("a variable in braces", "${HOME}", "root", "$HOME"),
        Of("two dollars", "$$", "$"),
        Of("an interpolation of Nix", "''${x}", "''", "x", "${x}"),
        Of("an asterisk", "star*", "star", "starfish"),
        Of("a question mark", "ques?tion", "questtion", "ques-tion"),
        Of("two asterisks alone", "**", "all", "*"),
        Of("a class", "[x]", "x"),
        Of("a range", "[a-c]z", "az", "bz", "-z"),
        Of("an open bracket", "open[bracket", "open", "openb"),
        Of("a bracket alone", "]", "[]]"),
        Of("a backslash", "back\\slash", "backslash"),
        Of("a backslash at the end", "end\\", "end"),
        Of("a dash at the beginning", "-rf", "rf"),
        Of("a comment", "#comment", "comment"),
        Of("a negation", "!not", "not"),
        Of("a home directory", "~", "root"),
        Of("specifiers of systemd", "100%h%20n", "100", "100/rootroot0n", "100 n"),
        Of("operators of the shell", "a;b&c|d", "a", "b", "c", "d"),
        Of("a command", "`id`$(id)", "id", "`id`"),
        Of("braces", "{a,b}", "a", "b"),
        Of("a composed letter", "caf\u00e9", "cafe\u0301", "cafe"),
        Of("a decomposed letter", "cafe\u0301", "caf\u00e9", "cafe"),
        new("a byte that is not UTF-8", [.. "caf"u8, 0xe9], [[.. "caf"u8], [.. "café"u8]]),
        Of("a byte order mark", "\ufeffmark", "mark"),
        Of("255 bytes", new string('n', 255), new string('n', 254)),
        Of("an escape sequence", "\u001b[31mred", "red", "[31mred"),
    ];

    /// <summary>As bash reads it back, whatever the bytes are.</summary>
    public static string Quote(IEnumerable<byte> bytes) => $"$'{string.Concat(bytes.Select(value => $"\\x{value:x2}"))}'";

    /// <summary>The name in double quotes of YAML; bytes as they are where YAML has no way to write them.</summary>
    public byte[] Yaml(string folder)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true);
        try
        {
            var path = $"{folder}/{text.GetString(Bytes)}";
            return Encoding.ASCII.GetBytes($"\"{string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) || c == '/' ? c.ToString() : $"\\u{(int)c:x4}"))}\"");
        }
        catch (ArgumentException)
        {
            return [(byte)'"', .. Encoding.ASCII.GetBytes(folder + "/"), .. Bytes, (byte)'"'];
        }
    }

    private static AwkwardName Of(string what, string name, params string[] decoys) => new(
        what,
        Encoding.UTF8.GetBytes(name),
        [.. decoys.Where(decoy => !decoy.Contains('/')).Append("other").Select(Encoding.UTF8.GetBytes)]);
}
