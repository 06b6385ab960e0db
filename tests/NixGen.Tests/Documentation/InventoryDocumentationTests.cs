using System.Text.RegularExpressions;
using NixGen.Findings;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;

namespace NixGen.Tests.Documentation;

/// <summary>docs/inventory.md names every key that the engine knows, no other one, and its examples are accepted.</summary>
public sealed partial class InventoryDocumentationTests
{
    private static readonly MarkdownPage Page = new("docs/inventory.md");

    public static TheoryData<string> Pages() => ["README.md", "docs/inventory.md", "docs/lints.md", "docs/audit.md", "docs/templates.md"];

    [Fact]
    public void Every_key_is_documented_and_no_other()
    {
        var tables = Page.Tables("keys of");
        var problems = new List<string>();
        var places = KnownKeys.All();
        foreach (var (place, keys) in places)
        {
            var table = tables.SingleOrDefault(table => table.Patterns.Any(pattern => MarkdownPage.IsMeant(pattern, place)));
            if (table.Names is null)
            {
                problems.Add($"no table for {place}: {string.Join(", ", keys)}");
                continue;
            }

            problems.AddRange(keys.Except(table.Names).Select(key => $"{place}/{key} is not documented"));
            problems.AddRange(table.Names.Except(keys).Select(key => $"{place}/{key} is documented, but unknown"));
        }

        problems.AddRange(tables.SelectMany(table => table.Patterns)
            .Where(pattern => !places.Keys.Any(place => MarkdownPage.IsMeant(pattern, place)))
            .Select(pattern => $"the table for {pattern} is for nothing"));
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void The_keys_are_found_at_every_depth()
    {
        var places = KnownKeys.All();
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
    public void Codes_exist(string path) => Assert.All(
        Code().Matches(File.ReadAllText(RepositoryRoot.At(path))).Select(match => match.Value),
        id => Assert.Contains(id, Codes.All.Select(code => code.Id)));

    [GeneratedRegex(@"\bNG[0-9]{4}\b")]
    private static partial Regex Code();

    /// <summary>Asks the engine for its keys: it lists those of a map when it meets one that it does not know.</summary>
    private static partial class KnownKeys
    {
        private const string Unknown = "zzzzzzzzzz";

        /// <summary>From the place of a map, such as /hosts/*/services/*, to its keys.</summary>
        public static SortedDictionary<string, IReadOnlyList<string>> All()
        {
            var places = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            Explore("", inner => inner, places);
            return places;
        }

        /// <param name="place">Where the map is.</param>
        /// <param name="around">From the text of the map to that of an inventory.</param>
        /// <param name="places">Grows.</param>
        private static void Explore(string place, Func<string, string> around, SortedDictionary<string, IReadOnlyList<string>> places)
        {
            if (Ask(around($"{{ {Unknown}: 0 }}")) is not { } keys)
                return;
            places.Add(place.Length == 0 ? "/" : place, keys);
            foreach (var key in keys)
            {
                // A map of keys, a map of names that the user chose, a list of maps.
                Explore($"{place}/{key}", inner => around($"{{ {key}: {inner} }}"), places);
                Explore($"{place}/{key}/*", inner => around($"{{ {key}: {{ x: {inner} }} }}"), places);
                Explore($"{place}/{key}[]", inner => around($"{{ {key}: [ {inner} ] }}"), places);
            }
        }

        private static List<string>? Ask(string yaml)
        {
            var findings = new FindingList();
            InventoryBinding.Bind(InventoryReader.ReadText("inventory.yaml", yaml, findings)!, findings);
            var found = findings.SingleOrDefault(finding => finding.Code == Codes.UnknownKey && finding.Message.Contains(Unknown));
            return found is null ? null : [.. List().Match(found.Help).Groups[1].Value.Split(", ").Distinct()];
        }

        [GeneratedRegex(@"^The keys here are: (.+)\.\z")]
        private static partial Regex List();
    }
}
