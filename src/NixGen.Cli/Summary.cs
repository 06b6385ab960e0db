using System.Globalization;
using NixGen.Changes;
using NixGen.Inventory;
using NixGen.Planning;

namespace NixGen.Cli;

/// <summary>What a host does, in a few lines for people.</summary>
internal static class Summary
{
    public static IEnumerable<string> Of(HostPlan plan, DateTimeOffset now)
    {
        var services = plan.Services.Count(service => service.HasData);
        var left = plan.Services.Count - services;
        var paths = plan.Services.Sum(service => service.Paths.Count);
        yield return $"{plan.Name}: {Text.Count(services, "service")}, {Text.Count(paths, "path")}, {Text.Count(plan.Jobs.Count, "job")}"
            + (left > 0 ? $"; {Text.Count(left, "service")} without backup, each with its reason" : "");

        var runs = Runs(plan).ToList();
        var width = runs.Max(run => run.Name.Length);
        foreach (var (name, schedule) in runs)
            yield return $"  {name.PadRight(width)}  {schedule.Words}{Next(schedule, now)}";
    }

    private static IEnumerable<(string Name, Schedule Schedule)> Runs(HostPlan plan)
    {
        foreach (var job in plan.Jobs)
            yield return ($"backup {job.Name}", job.Schedule);
        foreach (var destination in plan.Destinations.Where(destination => destination.IsMaintainedHere))
        {
            if (destination.Declaration.Maintenance.Reclaim is { } reclaim)
                yield return ($"reclaim {destination.Id}", reclaim);
            if (destination.Declaration.Maintenance.Check is { } check)
                yield return ($"check {destination.Id}", check);
        }
    }

    // Where the schedule names no zone, the host's own is meant; this machine's is the best guess.
    private static string Next(Schedule schedule, DateTimeOffset now)
    {
        if (schedule.Calendar.Next(now, TimeZoneInfo.Local) is not { } next)
            return "";
        var day = (next.Date - now.Date).Days switch
        {
            0 => "today",
            1 => "tomorrow",
            _ => next.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture),
        };
        return $"; next: {day} at {next.ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }
}
