using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>A repository has one owner of schedule, retention and pruning: one destination.</summary>
internal static class SameRepositoryRule
{
    public static void Check(Declarations declarations, IReadOnlyList<HostPlan> plans, Lints lints)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var destination in declarations.Destinations)
            Check(seen, destination, destination.Repository.Text, lints);

        // With the name of the host filled in, two that are written differently may be one; a local folder is each host's own.
        var filled = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            foreach (var destination in plan.Destinations)
                Check(filled, destination.Declaration, (destination.Kind == RepositoryKind.Local ? plan.Name : "") + destination.Repository, lints);
        }
    }

    private static void Check(Dictionary<string, string> seen, DestinationDeclaration destination, string repository, Lints lints)
    {
        if (!seen.TryAdd(Repository.Same(repository), destination.Id) && seen[Repository.Same(repository)] is var other && other != destination.Id)
        {
            lints.Report(
                Codes.SameRepository,
                destination.Repository.At,
                $"the destinations '{other}' and '{destination.Id}' are the same repository",
                destination: destination);
        }
    }
}
