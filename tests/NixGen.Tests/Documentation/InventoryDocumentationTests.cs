using System.Text.RegularExpressions;
using NixGen.Findings;

namespace NixGen.Tests.Documentation;

/// <summary>docs/inventory.md names every key that the engine knows, no other one, and its examples are accepted.</summary>
public sealed partial class InventoryDocumentationTests
{
    private static readonly MarkdownPage Page = new("docs/inventory.md");

    public static TheoryData<string> Pages() => ["README.md", "docs/inventory.md", "docs/lints.md", "docs/audit.md", "docs/json.md", "docs/probe.md", "docs/templates.md"];

    [Fact]
    public void Every_key_is_documented_and_no_other()
    {
        var problems = KnownKeys.Compare(Page, KnownKeys.Inventory);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void Every_key_of_a_catalogue_is_documented_and_no_other()
    {
        var problems = KnownKeys.Compare(new MarkdownPage("docs/catalogue.md"), KnownKeys.Catalogue);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    /// <summary>Blocks of services belong below a host, those of a catalogue beside it.</summary>
    [Theory]
    [InlineData("README.md", "yaml services")]
    [InlineData("docs/catalogue.md", "yaml inventory")]
    [InlineData("docs/catalogue.md", "yaml catalogue")]
    public void Examples_of_the_catalogue_are_accepted(string path, string language)
    {
        var blocks = new MarkdownPage(path).Blocks.Where(block => block.Language == language).ToList();
        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
        {
            using var folder = new TemporaryFolder();
            var isCatalogue = language == "yaml catalogue";
            folder.Write("inventory.yaml", Planning.CataloguedServicesTests.Inventory(isCatalogue ? "ledger: {}" : block.Text));
            if (isCatalogue)
                folder.Write("catalogue.yaml", block.Text);
            var findings = new FindingList();
            Assert.NotNull(Generator.Plan(null, folder.Path, findings));
            Assert.DoesNotContain(findings, finding => finding.Severity != Severity.Note);
        }
    }

    [Fact]
    public void The_keys_are_found_at_every_depth()
    {
        var places = KnownKeys.Of(KnownKeys.Inventory);
        Assert.Contains("listen", places["/defaults/backrest"]);
        Assert.Contains("optional", places["/hosts/*/services/*/backupPaths[]"]);
        Assert.Contains("randomizedDelay", places["/destinations/*/maintenance/reclaim"]);
        Assert.Contains("item", places["/secrets/*/onePassword"]);
    }

    /// <summary>
    /// A block <c>yaml</c> is an inventory; a <c>yaml fragment</c> makes one together with the first inventory of its page, as if both
    /// were files of a folder.
    /// </summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void The_examples_are_accepted(string path)
    {
        var blocks = new MarkdownPage(path).Blocks.Where(block => block.Language.StartsWith("yaml", StringComparison.Ordinal)).ToList();
        var first = blocks.FirstOrDefault(block => block.Language == "yaml");
        foreach (var block in blocks.Where(block => block.Language is "yaml" or "yaml fragment"))
        {
            using var folder = new TemporaryFolder();
            folder.Write("inventory/example.yaml", block.Text);
            if (block.Language == "yaml fragment")
                folder.Write("inventory/base.yaml", first!.Text);
            var findings = new FindingList();
            Generator.Plan(null, folder.Path, findings);
            Assert.True(!findings.HasErrors, $"{path}:{block.Line}: {string.Join('\n', findings.Select(finding => $"{finding.At} {finding.Message}"))}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("docs/catalogue.md")]
    public void Links_lead_somewhere(string path)
    {
        var page = new MarkdownPage(path);
        var folder = Path.GetDirectoryName(RepositoryRoot.At(path))!;
        Assert.All(page.Links, link =>
        {
            var parts = link.Split('#');
            var file = parts[0].Length == 0 ? RepositoryRoot.At(path) : Path.GetFullPath(parts[0], folder);
            Assert.True(Path.Exists(file), link);
            if (parts.Length == 2)
                Assert.Contains(parts[1], new MarkdownPage(file).Anchors);
        });
    }

    [Theory]
    [MemberData(nameof(Pages))]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("docs/catalogue.md")]
    public void Codes_exist(string path) => Assert.All(
        Code().Matches(File.ReadAllText(RepositoryRoot.At(path))).Select(match => match.Value),
        id => Assert.Contains(id, Codes.All.Select(code => code.Id)));

    [GeneratedRegex(@"\bNG[0-9]{4}\b")]
    private static partial Regex Code();
}
