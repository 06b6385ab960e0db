namespace NixGen.Languages.Systemd;

/// <summary>Finds the times at which a calendar expression elapses.</summary>
internal static class CalendarSearch
{
    /// <summary>Where systemd gives up, so that a date that never comes ends the search (MAX_YEAR in calendarspec.c).</summary>
    private const int LastYear = 2199;

    public static DateTimeOffset? Next(CalendarFields fields, DateTimeOffset after, TimeZoneInfo zone)
    {
        if (after.UtcDateTime.Year > LastYear + 1)
        {
            return null;
        }

        // systemd counts microseconds, and nothing before 1970.
        var microsecond = after.UtcTicks / TimeSpan.TicksPerMicrosecond + 1;
        var earliest = new DateTimeOffset(
            Math.Max(microsecond * TimeSpan.TicksPerMicrosecond, DateTimeOffset.UnixEpoch.UtcTicks), TimeSpan.Zero);

        // The search runs over what clocks on the wall show. A time which the beginning of summer time skips does not happen, and
        // one which its end repeats happens once, or not at all if an hourly timer is past it: this is what systemd does.
        var wall = earliest.ToOffset(zone.GetUtcOffset(earliest)).DateTime;
        while (FirstWallTime(fields, wall) is { } found)
        {
            if (Resolve(found, earliest, zone) is { } instant)
            {
                return instant;
            }

            wall = AfterGap(found, earliest, zone);
        }

        return null;
    }

    /// <summary>When clocks in the zone show a time, first from <paramref name="earliest"/> on; null if they skip it.</summary>
    private static DateTimeOffset? Resolve(DateTime wall, DateTimeOffset earliest, TimeZoneInfo zone)
    {
        // The offset of the day before comes first: in an hour that is repeated it gives the first of the two times.
        foreach (var day in (ReadOnlySpan<int>)[-1, 1])
        {
            var offset = zone.GetUtcOffset(new DateTimeOffset(wall.AddDays(day), TimeSpan.Zero));
            var instant = new DateTimeOffset(wall, offset);
            if (instant >= earliest && zone.GetUtcOffset(instant) == offset)
            {
                return instant;
            }
        }

        return null;
    }

    /// <summary>Gaps end on a whole minute and are a day long at most.</summary>
    private static DateTime AfterGap(DateTime wall, DateTimeOffset earliest, TimeZoneInfo zone)
    {
        do
        {
            wall = new DateTime((wall.Ticks / TimeSpan.TicksPerMinute + 1) * TimeSpan.TicksPerMinute);
        }
        while (Resolve(wall, earliest, zone) is null);

        return wall;
    }

    private static DateTime? FirstWallTime(CalendarFields fields, DateTime from)
    {
        while (FirstDate(fields, DateOnly.FromDateTime(from)) is { } date)
        {
            var midnight = date.ToDateTime(TimeOnly.MinValue);
            if (IsFirstTimeOfDay(fields, from > midnight ? from : midnight, out from))
            {
                return from;
            }
        }

        return null;
    }

    private static DateOnly? FirstDate(CalendarFields fields, DateOnly from)
    {
        foreach (var year in fields.Year.Values(from.Year, LastYear))
        {
            var firstMonth = year == from.Year ? from.Month : 1;
            foreach (var month in fields.Month.Values(firstMonth, 12))
            {
                var length = DateTime.DaysInMonth(year, month);
                var days = fields.FromMonthEnd ? fields.Day.FromMonthEnd(length) : fields.Day;
                var firstDay = year == from.Year && month == from.Month ? from.Day : 1;
                foreach (var day in days.Values(firstDay, length))
                {
                    var date = new DateOnly(year, month, day);
                    if (fields.Weekdays == 0 || (fields.Weekdays >> ((int)date.DayOfWeek + 6) % 7 & 1) == 1)
                    {
                        return date;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Finds the first time of a day, or where the search goes on if the day has none.</summary>
    /// <remarks>
    /// A step without an end leads past the end of its hour or day: 55/11 minutes to 66. systemd goes on from the beginning of
    /// the next hour then; but where the day changes too, it goes on from 00:06 and misses 00:03 of *:03/11. So do we, to say
    /// when a timer really elapses: tm_within_bounds() in calendarspec.c, as of version 252 and of 262. Only the days of the month
    /// always begin anew: with them it was a bug until version 259, https://github.com/systemd/systemd/issues/40260.
    /// </remarks>
    private static bool IsFirstTimeOfDay(CalendarFields fields, DateTime from, out DateTime found)
    {
        var day = from.Date;
        var hour = fields.Hour.First(from.Hour);
        if (hour is null or > 23)
        {
            found = day.AddDays(1);
            found = found.Day == 1 && hour is { } pastDay ? found.AddHours(pastDay - 24) : found;
            return false;
        }

        var isSameHour = hour == from.Hour;
        var hourStart = day.AddHours(hour.Value);
        var minute = fields.Minute.First(isSameHour ? from.Minute : 0);
        if (minute is null or > 59)
        {
            found = hourStart.AddHours(1);
            found = found.Hour == 0 && minute is { } pastHour ? found.AddMinutes(pastHour - 60) : found;
            return false;
        }

        var isSameMinute = isSameHour && minute == from.Minute;
        var minuteStart = hourStart.AddMinutes(minute.Value);
        var microsecond = fields.Microsecond.First(
            isSameMinute ? (int)(from.Ticks % TimeSpan.TicksPerMinute / TimeSpan.TicksPerMicrosecond) : 0);
        if (microsecond is null or > CalendarFields.LastMicrosecond)
        {
            found = minuteStart.AddMinutes(1);
            if (microsecond - CalendarFields.LastMicrosecond - 1 is { } pastMinute)
            {
                // The fraction of a second stays in any case.
                found = AddMicroseconds(found, found.Minute == 0 ? pastMinute : pastMinute % CalendarFields.SecondInMicroseconds);
            }

            return false;
        }

        found = AddMicroseconds(minuteStart, microsecond.Value);
        return true;
    }

    private static DateTime AddMicroseconds(DateTime time, long microseconds) =>
        time.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
