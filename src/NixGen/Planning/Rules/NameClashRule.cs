using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Names that would become one: of folders where case is ignored, and of variables where - and _ are alike.</summary>
internal static class NameClashRule
{
    public static void Check(Declarations declarations, FindingList findings)
    {
        CheckAlike(declarations.Hosts.Select(host => (host.Name, host.At)), "hosts", name => name.ToLowerInvariant(), findings);
        CheckAlike(
            declarations.Destinations.Select(destination => (destination.Id, destination.At)),
            "destinations",
            name => name.Replace('-', '_'),
            findings);
        foreach (var destination in declarations.Destinations.Where(destination => destination.Id == HostPlanner.BackrestConsumer))
            findings.Report(Codes.NameClash, destination.At, "no destination can be called 'backrest': the web interface keeps its own secrets under that name");
    }

    private static void CheckAlike(
        IEnumerable<(string Name, SourceSpan At)> things,
        string kind,
        Func<string, string> fold,
        FindingList findings)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, at) in things)
        {
            if (!seen.TryAdd(fold(name), name))
                findings.Report(Codes.NameClash, at, $"the {kind} '{seen[fold(name)]}' and '{name}' differ too little");
        }
    }
}
