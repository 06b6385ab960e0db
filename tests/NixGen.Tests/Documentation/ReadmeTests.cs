using System.Text.RegularExpressions;

namespace NixGen.Tests.Documentation;

/// <summary>What the README promises can be found, and what it shows is well-formed.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_fact_is_where_it_says()
    {
        var facts = Fact().Matches(File.ReadAllText(RepositoryRoot.At("README.md")));
        Assert.True(facts.Count > 20);
        Assert.All(facts, fact => Assert.Contains(fact.Groups["text"].Value, File.ReadAllText(RepositoryRoot.At(fact.Groups["file"].Value))));
    }

    [ToolTheory(Nix.Program)]
    [InlineData("README.md")]
    [InlineData("docs/inventory.md")]
    [InlineData("docs/templates.md")]
    [InlineData("ARCHITECTURE.md")]
    public void Nix_in_the_pages_parses(string path)
    {
        using var folder = new TemporaryFolder();
        var blocks = new MarkdownPage(path).Blocks.Where(block => block.Language == "nix");
        foreach (var block in blocks)
            Nix.Parse(folder.Write($"{block.Line}.nix", block.Text));
    }

    [Fact]
    public void The_exit_codes_are_those_of_the_program()
    {
        var documented = ExitCodeRow().Matches(File.ReadAllText(RepositoryRoot.At("README.md"))).Select(row => int.Parse(row.Groups[1].Value));
        var source = File.ReadAllText(RepositoryRoot.At("src", "NixGen.Cli", "ExitCode.cs"));
        Assert.Equal(Constant().Matches(source).Select(constant => int.Parse(constant.Groups[1].Value)), documented);
    }

    [GeneratedRegex(@"^\| [^|]+ \| \[[^\]]+\]\((?<file>generated/[^)]+)\) \| `(?<text>[^`]+)` \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fact();

    [GeneratedRegex(@"^\| ([0-9]+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex ExitCodeRow();

    [GeneratedRegex(@"const int [A-Za-z]+ = ([0-9]+);")]
    private static partial Regex Constant();
}
