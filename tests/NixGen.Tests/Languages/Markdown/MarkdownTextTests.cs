using System.Text;
using NixGen.Languages.Markdown;

namespace NixGen.Tests.Languages.Markdown;

public sealed class MarkdownTextTests
{
    [Theory]
    [InlineData("plain, text: 7.", "plain, text: 7.")]
    [InlineData("a|b", "a\\|b")]
    [InlineData("<b> & *x* _y_ `z` [l](u) \\ ~~s~~ #1 $m$", "\\<b\\> \\& \\*x\\* \\_y\\_ \\`z\\` \\[l\\](u) \\\\ \\~\\~s\\~\\~ \\#1 \\$m\\$")]
    [InlineData("a\nb\tc\u2028d", "a b c d")]
    public void A_text_reads_as_it_is(string text, string written) => Assert.Equal(written, Write(text));

    [Theory]
    [InlineData("/var/lib/x", "`/var/lib/x`")]
    [InlineData("a`b", "``a`b``")]
    [InlineData("``", "``` `` ```")]
    [InlineData(" a ", "`  a  `")]
    [InlineData("a|b", "`a\\|b`")]
    [InlineData("*.log <x>", "`*.log <x>`")]
    [InlineData("a\nb", "`a b`")]
    public void Code_is_fenced_by_more_than_it_holds(string text, string written) => Assert.Equal(written, MarkdownText.Code(text));

    [Fact]
    public void A_list_is_no_text() => Assert.Throws<ArgumentException>(() => Write(new[] { "a" }));

    [Fact]
    public void Numbers_and_truths_are_words()
    {
        Assert.Equal("-7", Write(-7));
        Assert.Equal("yes", Write(true));
    }

    private static string Write(object? value)
    {
        var output = new StringBuilder();
        MarkdownText.Write(output, value);
        return output.ToString();
    }
}
