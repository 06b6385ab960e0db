using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Exactly one host creates, prunes and checks a repository. A local one is each host's own, whatever its name.</summary>
internal static class MaintainerRule
{
    private sealed record Use(string Host, DestinationPlan Destination);

    public static void Check(Declarations declarations, IReadOnlyList<HostPlan> plans, Lints lints)
    {
        var all = plans.SelectMany(plan => plan.Destinations, (plan, destination) => new Use(plan.Name, destination)).ToList();
        var byDestination = all.ToLookup(use => use.Destination.Id, StringComparer.Ordinal);
        // Two destinations may be one repository, if that is accepted.
        var byRepository = all
            .Where(use => use.Destination.Kind != RepositoryKind.Local)
            .ToLookup(use => use.Destination.Declaration.Repository.Identity(use.Host), StringComparer.Ordinal);
        foreach (var destination in declarations.Destinations)
        {
            var uses = byDestination[destination.Id].ToList();
            if (destination.Maintenance.Host is { } named && uses.Count > 0 && uses.All(use => use.Host != named.Value))
            {
                lints.Report(
                    Codes.WrongMaintainer,
                    named.At,
                    $"host '{named.Value}' maintains '{destination.Id}' but does not back up to it",
                    destination: destination,
                    help: Suggestion.For(named.Value, uses.Select(use => use.Host)) is { } meant ? $"Did you mean '{meant}'?" : null);
                continue;
            }

            foreach (var repository in uses.Select(use => destination.Repository.Identity(use.Host)).Distinct())
                Check(destination, [.. byRepository[repository]], lints);
        }
    }

    private static void Check(DestinationDeclaration destination, List<Use> uses, Lints lints)
    {
        var maintaining = uses.Where(use => use.Destination.IsMaintainedHere).Select(use => use.Host).Distinct().ToList();
        // Said once of each repository: where it is first, or where a second maintainer may come from.
        var first = uses.Select(use => use.Destination.Id).Min(StringComparer.Ordinal);
        if (uses.Count > 0 && maintaining.Count == 0 && destination.Id == first)
        {
            lints.Report(
                Codes.NoMaintainer,
                destination.At,
                $"{uses.Select(use => use.Host).Distinct().Count()} hosts share the repository '{destination.Repository.Text}', and none is named to maintain it",
                destination: destination);
        }
        else if (maintaining.Count > 1 && destination.Id != first)
        {
            lints.Report(
                Codes.NoMaintainer,
                destination.Maintenance.Host?.At ?? destination.At,
                $"the repository of '{destination.Id}' would be maintained by several hosts: {string.Join(", ", maintaining)}",
                destination: destination);
        }
    }
}
