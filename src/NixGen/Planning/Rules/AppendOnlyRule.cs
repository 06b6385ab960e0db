using NixGen.Findings;

namespace NixGen.Planning.Rules;

/// <summary>Nothing is deleted from an append-only repository: a server refuses it (restic then ends with 3), and the night would fail.</summary>
internal static class AppendOnlyRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var job in plan.Jobs.Where(job => job.Destination.Declaration.AppendOnly && !job.Retention.KeepsAll))
        {
            lints.Report(
                Codes.ThinnedAppendOnly,
                job.Retention.At,
                $"the backup '{job.Name}' of host '{plan.Name}' would forget snapshots in '{job.Destination.Id}', which is append-only",
                plan.Declaration,
                destination: job.Destination.Declaration);
        }

        foreach (var destination in plan.Destinations.Select(destination => destination.Declaration))
        {
            if (destination is { AppendOnly: true, Maintenance.Reclaim: { } reclaim })
            {
                lints.Report(
                    Codes.ThinnedAppendOnly,
                    reclaim.At,
                    $"space would be reclaimed in '{destination.Id}', which is append-only",
                    destination: destination,
                    help: "Leave `reclaim` out, or write never.");
            }
        }
    }
}
