using System.Globalization;

namespace NixGen.Languages.Systemd;

/// <summary>Says in words when a calendar expression elapses.</summary>
internal static class CalendarWords
{
    /// <summary>More times of day than this are not listed one by one.</summary>
    private const int LongestList = 4;

    private static readonly string[] Weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    /// <summary>The words, or null where there are no short ones.</summary>
    public static string? Of(CalendarFields fields)
    {
        if (Date(fields) is not { } date)
        {
            return null;
        }

        var words = TimesOfDay(fields) is { } times ? $"{date} at {times}"
            : Interval(fields) is not { } interval ? null
            : date == EveryDay ? interval
            : $"{date}, {interval}";
        return words is null || fields.Zone is null ? words : $"{words} ({fields.Zone})";
    }

    // Days

    private const string EveryDay = "every day";

    private static string? Date(CalendarFields fields)
    {
        if (fields.Weekdays != 0)
        {
            return !fields.Year.IsAny ? null
                : fields.Day.IsAny && fields.Month.IsAny ? WeekdayNames(fields.Weekdays)
                : NthWeekday(fields) is { } day && Month(fields.Month) is { } month ? $"on the {day} of {month}"
                : null;
        }

        if (!fields.Year.IsAny)
        {
            return (fields.Year.Single, fields.Month.Single, fields.Day.Single, fields.FromMonthEnd) is
                ({ } year, { } onlyMonth, { } onlyDay, false)
                ? string.Create(CultureInfo.InvariantCulture, $"on {year:0000}-{onlyMonth:00}-{onlyDay:00}")
                : null;
        }

        if (fields.Day.IsAny)
        {
            return fields.Month.IsAny ? EveryDay : Month(fields.Month) is { } months ? $"{EveryDay} in {months}" : null;
        }

        return Days(fields) is { } days && Month(fields.Month) is { } monthNames ? $"on the {days} of {monthNames}" : null;
    }

    private static string WeekdayNames(int weekdays)
    {
        var runs = CalendarFields.WeekdayRuns(weekdays).ToList();
        var names = Join(runs.SelectMany(run => (run.Last - run.First) switch
        {
            0 => [Weekdays[run.First]],
            1 => [Weekdays[run.First], Weekdays[run.Last]],
            _ => new[] { $"{Weekdays[run.First]} to {Weekdays[run.Last]}" },
        }));
        return runs.Exists(run => run.Last - run.First > 1) ? names : $"every {names}";
    }

    /// <summary>The first Sunday of a month is the one from the 1st to the 7th.</summary>
    private static string? NthWeekday(CalendarFields fields)
    {
        if (CalendarFields.WeekdayRuns(fields.Weekdays).ToList() is not [var run]
            || run.First != run.Last
            || fields.Day.Elements is not [var days])
        {
            return null;
        }

        var which = (fields.FromMonthEnd, days.Start, days.Stop, days.Step) switch
        {
            (false, 1, 7, 1) => "first",
            (false, 8, 14, 1) => "second",
            (false, 15, 21, 1) => "third",
            (false, 22, 28, 1) => "fourth",
            (true, 1, 7, 1) or (true, 7, null, 1) => "last",
            _ => null,
        };
        return which is null ? null : $"{which} {Weekdays[run.First]}";
    }

    private static string? Days(CalendarFields fields)
    {
        if (fields.FromMonthEnd)
        {
            return fields.Day.Single == 1 ? "last day" : null;
        }

        return fields.Day.Elements.All(IsPlain) && fields.Day.Elements.Count <= LongestList
            ? Join(fields.Day.Elements.Select(
                day => day.Stop is { } stop ? $"{Ordinal(day.Start)} to {Ordinal(stop)}" : Ordinal(day.Start)))
            : null;
    }

    private static string? Month(CalendarField months)
    {
        if (months.IsAny)
        {
            return "every month";
        }

        var values = months.Values(1, 12).ToList();
        return months.Elements.All(month => month.IsSingle) || values.Count <= LongestList
            ? Join(values.Select(month => Months[month - 1]))
            : months.Elements is [{ Step: 1 }] ? $"{Months[values[0] - 1]} to {Months[values[^1] - 1]}"
            : null;
    }

    // Times

    /// <summary>A few times, one by one: "06:00, 12:00 and 18:00".</summary>
    private static string? TimesOfDay(CalendarFields fields)
    {
        if (fields.Hour.IsAny
            || fields.Minute.IsAny
            || fields.Microsecond.Single is not { } microsecond
            || microsecond % CalendarFields.SecondInMicroseconds != 0
            || Step(fields.Hour, 24) is > 1)
        {
            return null;
        }

        var second = microsecond / CalendarFields.SecondInMicroseconds;
        var times = fields.Hour.Values(0, 23)
            .SelectMany(hour => fields.Minute.Values(0, 59).Select(minute => Clock(hour, minute, second)))
            .Take(LongestList + 1)
            .ToList();
        return times.Count <= LongestList ? Join(times) : null;
    }

    private static string? Interval(CalendarFields fields)
    {
        if (fields.Minute.IsAny && fields.Hour.IsAny)
        {
            return fields.EverySecond ? "every second"
                : fields.Microsecond.Single == 0 ? "every minute"
                : Step(fields.Microsecond, 60, CalendarFields.SecondInMicroseconds) is { } seconds ? Every(seconds, "second")
                : null;
        }

        if (fields.Microsecond.Single != 0)
        {
            return null;
        }

        if (fields.Hour.IsAny)
        {
            return fields.Minute.Single is { } minute
                ? minute switch
                {
                    0 => "every hour",
                    1 => "every hour at 1 minute past",
                    _ => string.Create(CultureInfo.InvariantCulture, $"every hour at {minute} minutes past"),
                }
                : Step(fields.Minute, 60) is { } minutes ? Every(minutes, "minute")
                : null;
        }

        if (fields.Minute.Single is not { } onlyMinute || fields.Hour.Elements is not [{ IsSingle: false } hours])
        {
            return null;
        }

        if (onlyMinute == 0 && Step(fields.Hour, 24) is { } step)
        {
            return Every(step, "hour");
        }

        var last = fields.Hour.Values(0, 23).Last();
        return $"{Every(hours.Step, "hour")} from {Clock(hours.Start, onlyMinute, 0)} to {Clock(last, onlyMinute, 0)}";
    }

    /// <summary>The distance at which a field goes evenly round the clock, whether written as 0/15 or as 0,15,30,45.</summary>
    private static int? Step(CalendarField field, int length, int unit = 1)
    {
        var values = field.Values(0, length * unit - 1).Take(length + 1).ToList();
        if (values.Count is 0 or 1 || values.Count > length || length % values.Count != 0)
        {
            return null;
        }

        var step = length / values.Count;
        return values.Select((value, index) => value == index * step * unit).All(isEven => isEven) ? step : null;
    }

    private static string Every(int count, string unit) =>
        count == 1 ? $"every {unit}" : string.Create(CultureInfo.InvariantCulture, $"every {count} {unit}s");

    private static string Clock(int hour, int minute, int second) => second == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}:{second:00}");

    // Words

    private static bool IsPlain(CalendarElement element) => element.IsSingle || element is { Stop: not null, Step: 1 };

    private static string Ordinal(int day) => string.Create(CultureInfo.InvariantCulture, $"{day}{Suffix(day)}");

    private static string Suffix(int day) => (day / 10, day % 10) switch
    {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };

    private static string Join(IEnumerable<string> words)
    {
        var list = words.ToList();
        return list is [var only] ? only : $"{string.Join(", ", list[..^1])} and {list[^1]}";
    }
}
