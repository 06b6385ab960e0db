using System.Globalization;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// Which snapshots <c>restic forget</c> keeps, worked out from its manual alone (060_forget.rst, "Removing snapshots according to a
/// policy"): for each of the last n days, weeks, months that have snapshots the newest one. "If there are not enough snapshots to keep
/// one for each duration related option, the oldest snapshot is kept additionally."
/// </summary>
internal static class RetentionOracle
{
    /// <param name="times">When the snapshots of one group were made.</param>
    /// <returns>The times of those to keep.</returns>
    public static IReadOnlySet<DateTime> Keep(IReadOnlyCollection<DateTime> times, int daily, int weekly, int monthly)
    {
        var kept = new HashSet<DateTime>();
        foreach (var (count, period) in new (int, Func<DateTime, object>)[]
        {
            (daily, time => time.Date),
            (weekly, time => (ISOWeek.GetYear(time), ISOWeek.GetWeekOfYear(time))),
            (monthly, time => (time.Year, time.Month)),
        })
        {
            var newest = times.GroupBy(period).Select(group => group.Max()).OrderDescending().ToList();
            kept.UnionWith(newest.Take(count));
            if (newest.Count < count && times.Count > 0)
                kept.Add(times.Min());
        }

        return kept;
    }
}
