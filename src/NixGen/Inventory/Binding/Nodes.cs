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
        findings.Report(Codes.WrongKind, node.At, $"{what} is a map of keys", "Write `key: value` lines below it, or {} for none.");
        return null;
    }

    /// <summary>The keys of a named thing, such as a host; null after a finding about its name or kind.</summary>
    public static KeyReader? Named(YamlEntry entry, string kind, FindingList findings)
    {
        var usable = Names.Check(entry.Key, kind, findings);
        return Map(entry.Value, $"{kind} '{entry.Key.Value}'", findings) is { } map && usable
            ? new KeyReader(map, $"{kind} '{entry.Key.Value}'", findings)
            : null;
    }
}
