using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Systemd;

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
            destination,
            help: $"Choose a time before 01:00 or from 03:00 on, or one in UTC: \"{InUtc(schedule.Calendar)}\"."
                + (schedule.Calendar.Zone is null ? " Accept it if the host's zone has no summer time." : ""));
    }

    // The same days, not only the same hour.
    private static string InUtc(CalendarExpression calendar) =>
        (calendar.Zone is { } zone ? calendar.Text[..^zone.Length].TrimEnd() : calendar.Text) + " UTC";
}
