using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>A repository has one owner of schedule, retention and pruning: one destination.</summary>
internal static class SameRepositoryRule
{
    public static void Check(Declarations declarations, IReadOnlyList<HostPlan> plans, FindingList findings, Lints lints)
    {
        var seen = new Dictionary<string, DestinationDeclaration>(StringComparer.Ordinal);
        foreach (var destination in declarations.Destinations)
            Check(seen, destination, destination.Repository.Text, findings, lints);

        // With the name of the host filled in, two that are written differently may be one; a local folder is each host's own.
        var filled = new Dictionary<string, DestinationDeclaration>(StringComparer.Ordinal);
        foreach (var plan in plans)
        {
            foreach (var destination in plan.Destinations)
                Check(filled, destination.Declaration, (destination.Kind == RepositoryKind.Local ? plan.Name : "") + destination.Repository, findings, lints);
        }
    }

    private static void Check(
        Dictionary<string, DestinationDeclaration> seen,
        DestinationDeclaration destination,
        string repository,
        FindingList findings,
        Lints lints)
    {
        var same = Repository.Same(repository);
        if (seen.TryAdd(same, destination) || seen[same] is var other && other.Id == destination.Id)
            return;
        var message = $"the destinations '{other.Id}' and '{destination.Id}' are the same repository";
        // Not to be accepted: two hosts that create it at once destroy it for each other.
        if (other.Initialize && destination.Initialize)
            findings.Report(Codes.SameRepository, destination.Repository.At, message + ", and both may create it", "Leave `initialize` out of one of them.");
        else
            lints.Report(Codes.SameRepository, destination.Repository.At, message, destination: destination);
        if (destination.Initialize)
            seen[same] = destination;
    }
}
