using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>
/// Runs that begin at the same minute. The jobs of one host and one destination do so by design: whoever has needs of its own has a
/// job of its own.
/// </summary>
internal static class CollisionRule
{
    /// <param name="What">What runs, for people.</param>
    /// <param name="Host">Where.</param>
    /// <param name="Destination">Of which repository.</param>
    /// <param name="Schedule">When.</param>
    /// <param name="Job">The backup; null for maintenance, which needs the repository for itself.</param>
    private sealed record Run(string What, HostPlan Host, DestinationPlan Destination, Schedule Schedule, JobPlan? Job);

    public static void Check(IReadOnlyList<HostPlan> plans, Lints lints)
    {
        // With a random delay they begin apart; and where the next backup comes soon, one that gave up is no loss.
        var runs = plans.SelectMany(Runs).Where(run => run.Schedule.RandomizedDelay is null && !(run.Job is not null && run.Schedule.Calendar.IsFrequent)).ToList();
        // Of a whole fleet, most have one and the same schedule.
        var known = new Dictionary<(string, string), bool>();
        // A local folder is each host's own.
        foreach (var repository in runs.GroupBy(run => (run.Destination.Repository, Host: run.Destination.Kind == RepositoryKind.Local ? run.Host.Name : null)))
        {
            foreach (var (one, other) in Pairs([.. repository], NeedAlone, known))
                Report(one, other, lints);
        }

        foreach (var jobs in runs.Where(run => run.Job is not null).GroupBy(run => run.Host.Name))
        {
            foreach (var (one, other) in Pairs([.. jobs], ReadTheSame, known))
            {
                lints.Report(
                    Codes.Collision,
                    other.Schedule.At,
                    $"{one.What} and {other.What} of host '{jobs.Key}' read the same files at the same minute",
                    one.Host.Declaration,
                    destination: other.Destination.Declaration);
            }
        }
    }

    private static void Report(Run one, Run other, Lints lints)
    {
        // Maintenance at its usual time stands nowhere.
        var at = new[] { other, one }.OrderBy(run => run.Job is not null).Select(run => run.Schedule.At).FirstOrDefault(place => place != default);
        var isLocal = one.Host.Name == other.Host.Name;
        var what = isLocal ? $"{one.What} and {other.What}"
            : one.Job is null || other.Job is null ? $"{(one.Job is null ? one : other).What} and the backup of another host"
            : $"backups of several hosts to '{one.Destination.Id}'";
        lints.Report(
            Codes.Collision,
            at == default ? one.Destination.Declaration.At : at,
            $"{what} begin at the same minute",
            isLocal ? one.Host.Declaration : null,
            destination: one.Destination.Declaration);
    }

    private static IEnumerable<Run> Runs(HostPlan plan)
    {
        foreach (var job in plan.Jobs)
            yield return new Run($"the backup '{job.Name}'", plan, job.Destination, job.Schedule, job);
        foreach (var destination in plan.Destinations.Where(destination => destination.IsMaintainedHere))
        {
            var (reclaim, check) = (destination.Declaration.Maintenance.Reclaim, destination.Declaration.Maintenance.Check);
            if (check is not null)
                yield return new Run($"checking '{destination.Id}'", plan, destination, check, null);
            if (reclaim is not null)
                yield return new Run($"reclaiming in '{destination.Id}'", plan, destination, reclaim, null);
        }
    }

    private static bool NeedAlone(Run one, Run other) => one.Job is null || other.Job is null
        || (one.Host.Name != other.Host.Name && !(one.Job.Retention.KeepsAll && other.Job.Retention.KeepsAll));

    private static bool ReadTheSame(Run one, Run other) =>
        one.Destination.Id != other.Destination.Id && one.Job!.Services.Intersect(other.Job!.Services).Any();

    private static IEnumerable<(Run One, Run Other)> Pairs(
        IReadOnlyList<Run> runs,
        Func<Run, Run, bool> disturb,
        Dictionary<(string, string), bool> known)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            for (var j = i + 1; j < runs.Count; j++)
            {
                if (!disturb(runs[i], runs[j]))
                    continue;
                var (one, other) = (runs[i].Schedule.Calendar, runs[j].Schedule.Calendar);
                if (!known.TryGetValue((one.Normalized, other.Normalized), out var meet))
                    known.Add((one.Normalized, other.Normalized), meet = one.MeetsAtAMinute(other));
                if (meet)
                    yield return (runs[i], runs[j]);
            }
        }
    }
}
