using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Inventory.Binding;

/// <summary>
/// Names of hosts, services, destinations and secrets. They become file names, unit names, restic tags (where a comma means AND) and
/// ids of Backrest (at most 50 characters, <c>[A-Za-z0-9_.-]</c>; it enforces that in its web interface only). No dots: unit names
/// and file names read them.
/// </summary>
internal static class Names
{
    private const int MaxLength = 50;

    public static bool Check(YamlText name, string kind, FindingList findings)
    {
        if (IsUsable(name.Value))
            return true;
        findings.Report(Codes.BadName, name.At, $"'{name.Value}' is no name for a {kind}");
        return false;
    }

    public static bool IsUsable(string name) =>
        name.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
