using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Tests.Inventory.Reading;

/// <summary>Reads a text under the name f.yaml and shows what comes of it in a form that a test can state.</summary>
internal static class Yaml
{
    public static (YamlMap? Tree, FindingList Findings) Read(string text)
    {
        var findings = new FindingList();
        return (InventoryReader.ReadText("f.yaml", text, findings), findings);
    }

    /// <summary>Reads a text that must have no findings.</summary>
    public static YamlMap Good(string text)
    {
        var (tree, findings) = Read(text);
        Assert.Empty(Show(findings));
        return Assert.IsType<YamlMap>(tree);
    }

    /// <summary>Every finding as <c>NG1001 3:5</c>, in order, joined by a comma.</summary>
    public static string Places(string text) => Show(Read(text).Findings);

    public static string Show(IEnumerable<Finding> findings) =>
        string.Join(", ", findings.Select(f => $"{f.Code.Id} {f.At?.Line}:{f.At?.Column}"));

    /// <summary>The tree in flow style: texts in quotes, plain ones without, broken values as !.</summary>
    public static string Show(YamlNode? node) =>
        node switch
        {
            YamlText { Plain: true } text => text.Value,
            YamlText text => $"\"{text.Value}\"",
            YamlList list => $"[{string.Join(", ", list.Items.Select(Show))}]",
            YamlMap map => $"{{{string.Join(", ", map.Entries.Select(e => $"{Show(e.Key)}: {Show(e.Value)}"))}}}",
            YamlBroken => "!",
            _ => "null",
        };
}
