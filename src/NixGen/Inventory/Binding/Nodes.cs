using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Inventory.Binding;

/// <summary>What kind a node must be of.</summary>
internal static class Nodes
{
    public static YamlMap? Map(YamlNode node, string what, FindingList findings)
    {
        if (node is YamlMap map)
            return map;
        WrongKind(node, $"{what} is a map of keys", "Write `key: value` lines below it, or {} for none.", findings);
        return null;
    }

    /// <summary>Reports a node of another kind; one that could not be read has its finding already.</summary>
    public static void WrongKind(YamlNode node, string message, string help, FindingList findings)
    {
        if (node is not YamlBroken)
            findings.Report(Codes.WrongKind, node.At, $"{message}, not {node.Kind}", help);
    }

    /// <summary>Whether something in a node could not be read.</summary>
    public static bool HasBroken(YamlNode? node) => node switch
    {
        YamlBroken => true,
        YamlMap map => map.Entries.Any(entry => HasBroken(entry.Value)),
        YamlList list => list.Items.Any(HasBroken),
        _ => false,
    };

    /// <summary>The keys of a named thing, such as a host; null after a finding about its name or kind.</summary>
    public static KeyReader? Named(YamlEntry entry, string kind, FindingList findings)
    {
        var usable = Names.Check(entry.Key, kind, findings);
        return Map(entry.Value, $"{kind} '{entry.Key.Value}'", findings) is { } map && usable
            ? new KeyReader(map, $"{kind} '{entry.Key.Value}'", findings)
            : null;
    }
}
