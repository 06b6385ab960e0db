using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>A repository has one owner of schedule, retention and pruning: one destination.</summary>
internal static class SameRepositoryRule
{
    public static void Check(Declarations declarations, FindingList findings)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var destination in declarations.Destinations)
        {
            var repository = destination.Repository.Text.TrimEnd('/');
            if (!seen.TryAdd(repository, destination.Id))
                findings.Report(Codes.SameRepository, destination.Repository.At, $"the destinations '{seen[repository]}' and '{destination.Id}' are the same repository");
        }
    }
}
