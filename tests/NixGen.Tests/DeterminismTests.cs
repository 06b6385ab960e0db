using System.Globalization;
using NixGen.Inventory.Reading;

namespace NixGen.Tests;

/// <summary>The same inventory gives the same bytes, whatever the order of its keys and files, the culture or the folder.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> Inventories() =>
        [.. CaseTests.All.Where(name => !name.StartsWith("finds-", StringComparison.Ordinal) && name != "folder").Append("")];

    [Theory]
    [MemberData(nameof(Inventories))]
    public void Order_of_keys_does_not_matter(string name)
    {
        var source = name.Length == 0 ? RepositoryRoot.Path : RepositoryRoot.At("tests/NixGen.Tests/Cases/" + name);
        var expected = Outcome.Of(source).Files;
        var trees = new[] { "inventory.yaml", "catalogue.yaml" }
            .Where(file => File.Exists(Path.Combine(source, file)))
            .ToDictionary(file => file, file => InventoryReader.ReadText(file, File.ReadAllText(Path.Combine(source, file)), new())!);
        var random = new Random(20261122);
        for (var round = 0; round < 25; round++)
        {
            using var folder = new TemporaryFolder();
            foreach (var (file, tree) in trees)
                folder.Write(file, ShuffledYaml.Write(tree, random));
            var outcome = Outcome.Of(folder.Path);
            Assert.Equal("", string.Concat(outcome.Findings.Where(finding => finding.Severity == global::NixGen.Findings.Severity.Error).Select(finding => finding.Message)));
            Assert.Equal(expected, outcome.Files);
        }
    }

    [Fact]
    public void Culture_does_not_matter()
    {
        var expected = Outcome.Of(RepositoryRoot.Path).Files;
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NegativeSign = "minus ";
        odd.NumberFormat.NumberGroupSeparator = " ";
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.DateTimeFormat.TimeSeparator = "h";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.Equal(expected, Outcome.Of(RepositoryRoot.Path).Files);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void No_file_says_where_or_when_it_was_made()
    {
        foreach (var file in Outcome.Of(RepositoryRoot.Path).Files)
        {
            Assert.DoesNotContain(RepositoryRoot.Path, file.Text);
            Assert.DoesNotContain(Environment.MachineName.Length > 3 ? Environment.MachineName : "\0", file.Text);
            Assert.DoesNotContain(DateTime.UtcNow.Year.ToString(CultureInfo.InvariantCulture) + "-", file.Text);
        }
    }
}

/// <summary>Writes a tree as YAML again, with the entries of its maps in random order.</summary>
internal static class ShuffledYaml
{
    public static string Write(YamlNode node, Random random) => node switch
    {
        YamlText { Plain: true, Value: "true" or "false" } text => text.Value,
        YamlText { Plain: true } text when text.Value.All(char.IsAsciiDigit) => text.Value,
        YamlText text => System.Text.Json.JsonSerializer.Serialize(text.Value),
        YamlList list => "[" + string.Join(", ", list.Items.Select(item => Write(item, random))) + "]",
        YamlMap map => Map(map, random),
        _ => throw new InvalidOperationException(node.Kind),
    };

    private static string Map(YamlMap map, Random random)
    {
        var entries = map.Entries.ToArray();
        random.Shuffle(entries);
        return "{" + string.Join(", ", entries.Select(entry => $"{System.Text.Json.JsonSerializer.Serialize(entry.Key.Value)}: {Write(entry.Value, random)}")) + "}";
    }
}
