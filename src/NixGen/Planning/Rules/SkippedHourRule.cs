using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>A schedule at a time that does not come when summer time begins.</summary>
internal static class SkippedHourRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var job in plan.Jobs)
            Check(plan, job.Schedule, $"the backup '{job.Name}'", job.IsNightly ? null : job.Services[0].Declaration, job.Destination.Declaration, lints);
        foreach (var destination in plan.Destinations.Where(destination => destination.IsMaintainedHere).Select(destination => destination.Declaration))
        {
            Check(plan, destination.Maintenance.Reclaim, $"reclaiming in '{destination.Id}'", null, destination, lints);
            Check(plan, destination.Maintenance.Check, $"checking '{destination.Id}'", null, destination, lints);
        }
    }

    private static void Check(HostPlan plan, Schedule? schedule, string what, ServiceDeclaration? service, DestinationDeclaration destination, Lints lints)
    {
        // A delay takes it to another time, but it would have to begin first.
        if (schedule?.Calendar.IsSkippedInSpring != true)
            return;
        lints.Report(
            Codes.SkippedHour,
            schedule.At,
            $"{what} is left out on the day when summer time begins{(schedule.Calendar.Zone is null ? ", in most zones that have it" : "")}: '{schedule.Calendar}'",
            plan.Declaration,
            service,
            destination);
    }
}
