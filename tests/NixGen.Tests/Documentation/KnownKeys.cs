using System.Text.RegularExpressions;
using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;

namespace NixGen.Tests.Documentation;

/// <summary>Asks the engine for its keys: it lists those of a map when it meets one that it does not know.</summary>
internal static partial class KnownKeys
{
    private const string Unknown = "zzzzzzzzzz";

    public static void Inventory(YamlMap root, FindingList findings) => InventoryBinding.Bind(root, findings);

    public static void Catalogue(YamlMap root, FindingList findings) => CatalogueBinding.Bind(root, findings);

    /// <summary>What a page says of the keys and what the engine knows, as far as they differ.</summary>
    public static IReadOnlyList<string> Compare(MarkdownPage page, Action<YamlMap, FindingList> bind)
    {
        var tables = page.Tables("keys of");
        var problems = new List<string>();
        var places = Of(bind);
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
        return problems;
    }

    /// <summary>From the place of a map, such as /hosts/*/services/*, to its keys.</summary>
    public static SortedDictionary<string, IReadOnlyList<string>> Of(Action<YamlMap, FindingList> bind)
    {
        var places = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        Explore("", inner => inner, bind, places);
        return places;
    }

    /// <param name="place">Where the map is.</param>
    /// <param name="around">From the text of the map to that of a file.</param>
    /// <param name="bind">Reads it.</param>
    /// <param name="places">Grows.</param>
    private static void Explore(string place, Func<string, string> around, Action<YamlMap, FindingList> bind, SortedDictionary<string, IReadOnlyList<string>> places)
    {
        if (Ask(around($"{{ {Unknown}: 0 }}"), bind) is not { } keys)
            return;
        places.Add(place.Length == 0 ? "/" : place, keys);
        foreach (var key in keys)
        {
            // A map of keys, a map of names that the user chose, a list of maps.
            Explore($"{place}/{key}", inner => around($"{{ {key}: {inner} }}"), bind, places);
            Explore($"{place}/{key}/*", inner => around($"{{ {key}: {{ x: {inner} }} }}"), bind, places);
            Explore($"{place}/{key}[]", inner => around($"{{ {key}: [ {inner} ] }}"), bind, places);
        }
    }

    private static List<string>? Ask(string yaml, Action<YamlMap, FindingList> bind)
    {
        var findings = new FindingList();
        bind(InventoryReader.ReadText("file.yaml", yaml, findings)!, findings);
        var found = findings.SingleOrDefault(finding => finding.Code == Codes.UnknownKey && finding.Message.Contains(Unknown));
        return found is null ? null : [.. List().Match(found.Help).Groups[1].Value.Split(", ").Distinct()];
    }

    [GeneratedRegex(@"^The keys here are: (.+)\.\z")]
    private static partial Regex List();
}
