using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Exactly one host creates, prunes and checks a repository. A local one is each host's own, whatever its name.</summary>
internal static class MaintainerRule
{
    public static void Check(Declarations declarations, IReadOnlyList<HostPlan> plans, Lints lints)
    {
        var users = plans
            .SelectMany(plan => plan.Destinations, (plan, destination) => (Host: plan.Name, Destination: destination))
            .ToLookup(use => use.Destination.Id, StringComparer.Ordinal);
        foreach (var destination in declarations.Destinations)
        {
            var uses = users[destination.Id].ToList();
            if (uses.Count == 0)
                continue;
            if (destination.Maintenance.Host is { } named && uses.All(use => use.Host != named.Value))
            {
                lints.Report(
                    Codes.WrongMaintainer,
                    named.At,
                    $"host '{named.Value}' maintains '{destination.Id}' but does not back up to it",
                    destination: destination,
                    help: Suggestion.For(named.Value, uses.Select(use => use.Host)) is { } meant ? $"Did you mean '{meant}'?" : null);
            }
            else if (destination.Maintenance.Host is null && uses.Any(use => !use.Destination.IsMaintainedHere))
            {
                lints.Report(
                    Codes.NoMaintainer,
                    destination.At,
                    $"{uses.Count} hosts share the repository '{destination.Repository.Text}', and none is named to maintain it",
                    destination: destination);
            }
        }
    }
}
