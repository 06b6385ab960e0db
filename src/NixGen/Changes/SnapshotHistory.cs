using System.Globalization;
using NixGen.Inventory;
using NixGen.Languages.Systemd;

namespace NixGen.Changes;

/// <summary>Which snapshots a job has when it has run for long, and which of them another retention keeps.</summary>
internal static class SnapshotHistory
{
    /// <param name="calendar">When the job runs.</param>
    /// <param name="retention">What it keeps; not everything, which would be as much as its history is long.</param>
    /// <param name="now">When one looks.</param>
    /// <param name="zone">That of the host.</param>
    /// <returns>When the snapshots were made, the newest first, as clocks on the wall showed it.</returns>
    public static IReadOnlyList<DateTime> Held(CalendarExpression calendar, Retention retention, DateTimeOffset now, TimeZoneInfo zone)
    {
        var held = new SortedSet<DateTimeOffset>();
        foreach (var (unit, count) in retention.Counts)
        {
            var before = now;
            for (var taken = 0; taken < count && Previous(calendar, before, zone) is { } run; taken++)
            {
                held.Add(run);
                before = Earlier(run, Begin(unit, TimeZoneInfo.ConvertTime(run, zone).DateTime), zone);
            }
        }

        return [.. held.Reverse().Select(run => TimeZoneInfo.ConvertTime(run, zone).DateTime)];
    }

    /// <summary>
    /// Which of some snapshots <c>restic forget</c> keeps: ApplyPolicy in restic's internal/data/snapshot_policy.go. The oldest one
    /// stays as long as a rule has counts left.
    /// </summary>
    /// <param name="newestFirst">When they were made.</param>
    /// <param name="retention">What to keep.</param>
    public static IReadOnlyList<DateTime> Kept(IReadOnlyList<DateTime> newestFirst, Retention retention)
    {
        if (retention.KeepsAll)
            return newestFirst;
        var rules = retention.Counts.Select(rule => (rule.Unit, Left: rule.Count, Last: (DateTime?)null)).ToArray();
        var kept = new List<DateTime>();
        for (var i = 0; i < newestFirst.Count; i++)
        {
            var keeps = false;
            foreach (ref var rule in rules.AsSpan())
            {
                var period = Begin(rule.Unit, newestFirst[i]);
                if (rule.Left == 0 || (rule.Unit != "last" && period == rule.Last && i < newestFirst.Count - 1))
                    continue;
                (rule.Left, rule.Last, keeps) = (rule.Left - 1, period, true);
            }

            if (keeps)
                kept.Add(newestFirst[i]);
        }

        return kept;
    }

    /// <summary>Whether one retention keeps less than another one of anything.</summary>
    public static bool KeepsLess(Retention than, Retention retention) =>
        !retention.KeepsAll && (than.KeepsAll || retention.Counts.Zip(than.Counts).Any(pair => pair.First.Count < pair.Second.Count));

    // The hour, day, week, month or year that a time lies in.
    private static DateTime Begin(string unit, DateTime time) => unit switch
    {
        "hourly" => time.Date.AddHours(time.Hour),
        "daily" => time.Date,
        "weekly" => ISOWeek.ToDateTime(ISOWeek.GetYear(time), ISOWeek.GetWeekOfYear(time), DayOfWeek.Monday),
        "monthly" => new DateTime(time.Year, time.Month, 1),
        "yearly" => new DateTime(time.Year, 1, 1),
        _ => time,
    };

    // Where summer time begins, a wall clock shows no time for the beginning of an hour.
    private static DateTimeOffset Earlier(DateTimeOffset run, DateTime wall, TimeZoneInfo zone) =>
        new DateTimeOffset(wall, zone.GetUtcOffset(wall)) is var begin && begin < run ? begin : run;

    /// <summary>The last run before a time, found by asking for the next one from ever earlier times.</summary>
    private static DateTimeOffset? Previous(CalendarExpression calendar, DateTimeOffset before, TimeZoneInfo zone)
    {
        var (from, until) = (before, before);
        DateTimeOffset? found = null;
        for (var back = TimeSpan.FromMinutes(1); found is null; back *= 2)
        {
            if (from <= DateTimeOffset.UnixEpoch)
                return null;
            until = from;
            from = before - DateTimeOffset.UnixEpoch > back ? before - back : DateTimeOffset.UnixEpoch;
            found = Next(from);
        }

        // One lies between the two, and none after the later one.
        while (Next(found.Value) is { } later)
        {
            found = later;
            var middle = found.Value + (until - found.Value) / 2;
            if (Next(middle) is { } last)
                found = last;
            else
                until = middle;
        }

        return found;

        DateTimeOffset? Next(DateTimeOffset after) => calendar.Next(after, zone) is { } next && next < before ? next : null;
    }
}
