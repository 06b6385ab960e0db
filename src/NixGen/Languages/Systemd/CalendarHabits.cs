namespace NixGen.Languages.Systemd;

/// <summary>
/// What a calendar expression does over the years. It is looked at for fixed years, in which every date falls on every weekday, so that
/// an inventory has the same findings today and tomorrow.
/// </summary>
internal static class CalendarHabits
{
    private const int FirstYear = 2024;
    private const int Years = 11;

    // Steps of a search that may find nothing.
    private const int Patience = 1000;

    private static readonly DateTime Begin = new(FirstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // Who misses one time waits no longer than this for the next.
    private static readonly TimeSpan Soon = TimeSpan.FromHours(6);

    /// <summary>Whether it elapses so often that nobody misses one time.</summary>
    public static bool IsFrequent(CalendarFields fields) =>
        Next(fields, Begin) is { } first && Next(fields, first) is { } second && second - first <= Soon
        && Next(fields, second) is { } third && third - second <= Soon;

    /// <summary>Whether both elapse within one minute, as far as can be told: in zones with different names they may or may not.</summary>
    public static bool Meet(CalendarFields one, CalendarFields other)
    {
        var isOnOneDay = one.Weekdays == 0 || other.Weekdays == 0 || (one.Weekdays & other.Weekdays) != 0;
        if (!isOnOneDay || one.Zone != other.Zone || !Share(one.Hour, other.Hour, 23) || !Share(one.Minute, other.Minute, 59))
            return false;
        var (first, second) = (Next(one, Begin), Next(other, Begin));
        for (var step = 0; step < Patience && first is not null && second is not null; step++)
        {
            if (Minute(first.Value) == Minute(second.Value))
                return true;
            if (first < second)
                first = Next(one, first.Value);
            else
                second = Next(other, second.Value);
        }

        return false;
    }

    /// <summary>
    /// Whether it would elapse while clocks are put forward, and not soon after. systemd leaves out what lies in between
    /// (<c>TZ=Europe/Berlin systemd-analyze calendar --base-time='2026-03-27 12:00' --iterations=2 02:30</c>); in autumn, it takes
    /// the first of the two times.
    /// </summary>
    public static bool IsSkippedInSpring(CalendarFields fields)
    {
        if (fields.Zone is null)
            return UsualGaps().Any(gap => IsIn(fields, gap.Start, gap.End));
        return ZoneDatabase.Find(fields.Zone) is { } zone && Gaps(zone).Any(gap => IsIn(fields, gap.Start, gap.End));
    }

    private static bool IsIn(CalendarFields fields, DateTime start, DateTime end) =>
        fields.Hour.Values(start.Hour, Math.Max(start.Hour, end.AddTicks(-1).Hour)).Any()
        && Next(fields, start.AddTicks(-1)) is { } time && time < end && !(Next(fields, end.AddTicks(-1)) is { } later && later - end <= Soon);

    // On which clocks agree: 02:00 to 03:00, on the last Sunday of March (Europe), the second one of March (North America), the first
    // one of October (Australia) or the last one of September (New Zealand). In Great Britain and Portugal it is an hour earlier.
    private static IEnumerable<(DateTime Start, DateTime End)> UsualGaps()
    {
        for (var year = FirstYear; year < FirstYear + Years; year++)
        {
            foreach (var (month, day) in new[] { (3, 25), (3, 8), (10, 1), (9, 24) })
            {
                var date = new DateTime(year, month, day, 2, 0, 0, DateTimeKind.Utc);
                var sunday = date.AddDays((7 - (int)date.DayOfWeek) % 7);
                yield return (sunday, sunday.AddHours(1));
            }
        }
    }

    private static IEnumerable<(DateTime Start, DateTime End)> Gaps(TimeZoneInfo zone)
    {
        for (var day = Begin; day.Year < FirstYear + Years; day = day.AddDays(1))
        {
            var before = zone.GetUtcOffset(day);
            if (zone.GetUtcOffset(day.AddDays(1)) <= before)
                continue;
            // To the minute.
            var (low, high) = (0, 24 * 60);
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                if (zone.GetUtcOffset(day.AddMinutes(middle)) > before)
                    high = middle;
                else
                    low = middle;
            }

            yield return (day.AddMinutes(high) + before, day.AddMinutes(high) + zone.GetUtcOffset(day.AddMinutes(high)));
        }
    }

    private static bool Share(CalendarField one, CalendarField other, int last) => one.Values(0, last).Intersect(other.Values(0, last)).Any();

    // By the clock on the wall, whatever its zone.
    private static DateTime? Next(CalendarFields fields, DateTime after) =>
        CalendarSearch.Next(fields, new DateTimeOffset(DateTime.SpecifyKind(after, DateTimeKind.Utc)), TimeZoneInfo.Utc)?.UtcDateTime;

    private static long Minute(DateTime time) => time.Ticks / TimeSpan.TicksPerMinute;
}
