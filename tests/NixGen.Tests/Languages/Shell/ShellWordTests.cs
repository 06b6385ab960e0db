using CsCheck;
using NixGen.Languages.Shell;

namespace NixGen.Tests.Languages.Shell;

public sealed class ShellWordTests
{
    private static readonly string[] Nasty =
    [
        " ", "'", "''", "\"", "\\", "\\'", "$", "$HOME", "${HOME}", "$(id)", "`id`", "```", "~", "!", "!!", "#", "*", "?", "[a-z]", "{a,b}", ";",
        "&", "|", "<", ">", "(", ")", "=", "-", "--", "%", "\n", "\n```\n", "\r", "\t", "\u0001", "\u007f", "\u0085", "\u2028", "7", "ü", "🦉",
    ];

    [ToolFact("bash")]
    public void Bash_reads_the_text_back()
    {
        string[] texts =
        [
            "", .. Nasty,
            .. Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]).Array[1, 8].Select(string.Concat).Array[600].Generate(new PCG(1), null, out _),
        ];
        var words = texts.Select(ShellWord.Quote).ToList();
        // One line each, whatever the text: no word ends a fence.
        Assert.DoesNotContain(words, word => word.Any(character => char.IsControl(character) || character is '\u2028' or '\u2029'));
        using var folder = new TemporaryFolder();
        // The locale of a rescue system may be any.
        foreach (var locale in new[] { "C", "C.UTF-8" })
        {
            var script = folder.Write("script", string.Concat(words.Select(word => $"printf '%s\\0' {word}\n")));
            var read = ToolProcess.Run("bash", [script], environment: new Dictionary<string, string?> { ["LC_ALL"] = locale }).Succeeded().Output;
            Assert.Equal(texts, read.Split('\0')[..^1]);
        }
    }

    [Theory]
    [InlineData("/var/lib/x-1_2.y", "/var/lib/x-1_2.y")]
    [InlineData("", "''")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a=b", "'a=b'")]
    [InlineData("a\nb", @"$'a\012b'")]
    public void Quotes_come_where_they_are_needed(string text, string written) => Assert.Equal(written, ShellWord.Quote(text));
}
