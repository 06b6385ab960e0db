using System.Text.RegularExpressions;
using NixGen.Tests.EndToEnd;

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

    /// <summary>What the README claims to have tried is what the tests try.</summary>
    [Fact]
    public void The_figures_are_those_of_the_tests()
    {
        var tried = new Dictionary<string, int>
        {
            [nameof(NameTests)] = AwkwardName.All.Count,
            [nameof(FaultTests)] = Tests(typeof(FaultTests)) - FaultTests.WithoutFault.Count,
            [nameof(RetentionTests)] = RetentionTests.Nights,
            [nameof(LiveDatabaseTests)] = LiveDatabaseTests.Backups,
            [nameof(GuideTests)] = Tests(typeof(GuideTests)),
        };
        var claimed = Figure().Matches(File.ReadAllText(RepositoryRoot.At("README.md")))
            .ToDictionary(row => row.Groups["test"].Value, row => int.Parse(row.Groups["figure"].Value));
        Assert.Equal(tried.OrderBy(pair => pair.Key), claimed.OrderBy(pair => pair.Key));
        Assert.All(FaultTests.WithoutFault, name => Assert.NotNull(typeof(FaultTests).GetMethod(name)));
    }

    private static int Tests(Type type) => type.GetMethods().Count(method => method.IsDefined(typeof(EndToEndFactAttribute), inherit: false));

    [GeneratedRegex(@"^\| [^|]+ \| (?<figure>[0-9]+) \| \[(?<test>\w+)\]\(tests/[^)]+\) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Figure();

    [GeneratedRegex(@"^\| [^|]+ \| \[[^\]]+\]\((?<file>generated/[^)]+)\) \| `(?<text>[^`]+)` \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fact();

    [GeneratedRegex(@"^\| ([0-9]+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex ExitCodeRow();

    [GeneratedRegex(@"const int [A-Za-z]+ = ([0-9]+);")]
    private static partial Regex Constant();
}
