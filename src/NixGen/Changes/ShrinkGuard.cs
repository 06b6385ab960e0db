using System.Globalization;
using NixGen.Findings;
using NixGen.Inventory.Binding;
using NixGen.Languages.Yaml;
using NixGen.Planning;

namespace NixGen.Changes;

/// <summary>Refuses what backs up less and is not said to be meant.</summary>
public static class ShrinkGuard
{
    /// <summary>Findings: NG5001 for each loss; NG5004 instead where it is accepted.</summary>
    /// <param name="changes">What changes.</param>
    /// <param name="plans">Where the hosts and services are declared that still are.</param>
    /// <param name="accepts">Whether --accept-shrink was given.</param>
    /// <param name="findings">Where to report.</param>
    public static void Check(IEnumerable<Change> changes, IReadOnlyList<HostPlan> plans, bool accepts, FindingList findings)
    {
        foreach (var change in changes.Where(change => change.Effect == Effect.Lost))
        {
            findings.Report(
                accepts ? Codes.ShrinkAccepted : Codes.BacksUpLess,
                Place(change, plans),
                $"{change.Host}: {change.Words}",
                accepts ? null : Help(change));
        }
    }

    /// <summary>Takes over findings about what was before; where a shrink is accepted, so is that nothing can be told of it.</summary>
    public static void Take(FindingList before, bool accepts, FindingList findings)
    {
        foreach (var finding in before)
        {
            if (accepts && finding.Code == Codes.CannotCompare)
                findings.Report(Codes.ShrinkAccepted, finding.At, finding.Message);
            else
                findings.Report(finding.Code, finding.At, finding.Message, finding.Help);
        }
    }

    private static SourceSpan? Place(Change change, IReadOnlyList<HostPlan> plans)
    {
        var host = plans.FirstOrDefault(plan => plan.Name == change.Host);
        return host?.Services.FirstOrDefault(service => service.Name == change.Service)?.At ?? host?.At;
    }

    private static string Help(Change change)
    {
        var entry = change.Remedy!;
        var where = change.Kind == ChangeKind.Host ? "at the top level" : $"of host '{change.Host}'";
        return $"Put it back; or, if it is meant, say so in `retired` {where}:\n"
            + $"  - {{ {RetiredBinding.Key(entry.Kind)}: {YamlScalar.Write(entry.Name)}"
            + (entry.Destination is { } destination ? $", destination: {YamlScalar.Write(destination)}" : "")
            + $", date: \"{entry.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\", reason: … }}\n"
            + "or run this once with --accept-shrink.";
    }
}
