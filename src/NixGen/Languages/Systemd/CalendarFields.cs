using System.Globalization;
using System.Text;

namespace NixGen.Languages.Systemd;

/// <summary>What a calendar expression says, field by field.</summary>
/// <param name="Weekdays">One bit for each day, Monday the lowest; 0 for every day.</param>
/// <param name="Year">The years.</param>
/// <param name="Month">The months, 1 to 12.</param>
/// <param name="Day">The days of the month, 1 to 31.</param>
/// <param name="FromMonthEnd">Whether the days count from the end of the month (<c>~</c>), 1 being its last day.</param>
/// <param name="Hour">The hours.</param>
/// <param name="Minute">The minutes.</param>
/// <param name="Microsecond">The seconds, in microseconds.</param>
/// <param name="Zone">The time zone as written, or null for that of the machine.</param>
internal sealed record CalendarFields(
    int Weekdays,
    CalendarField Year,
    CalendarField Month,
    CalendarField Day,
    bool FromMonthEnd,
    CalendarField Hour,
    CalendarField Minute,
    CalendarField Microsecond,
    string? Zone)
{
    public const int EveryWeekday = 0b111_1111;
    public const int SecondInMicroseconds = 1_000_000;
    public const int LastMicrosecond = 60 * SecondInMicroseconds - 1;

    public static readonly CalendarElement WholeSeconds = new(0, Step: SecondInMicroseconds);

    private static readonly string[] WeekdayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>Whether every second fits: <c>*</c>, which systemd keeps as <c>0/1</c>.</summary>
    public bool EverySecond => Microsecond.Elements is [var only] && only == WholeSeconds;

    public override string ToString()
    {
        var text = new StringBuilder();
        if (Weekdays != 0)
        {
            text.AppendJoin(',', WeekdayRuns(Weekdays).Select(FormatRun)).Append(' ');
        }

        Append(text, Year, "0000").Append('-');
        Append(text, Month, "00").Append(FromMonthEnd ? '~' : '-');
        Append(text, Day, "00").Append(' ');
        Append(text, Hour, "00").Append(':');
        Append(text, Minute, "00").Append(':');
        if (Microsecond.Elements.Contains(WholeSeconds))
        {
            // systemd prints nothing else then, not even elements with fractions.
            text.Append('*');
        }
        else
        {
            text.AppendJoin(
                ',', Microsecond.Elements.Select(element => Format(element, SecondInMicroseconds, SecondsOfClock, Seconds)));
        }

        return (Zone is null ? text : text.Append(' ').Append(Zone)).ToString();
    }

    /// <summary>Unbroken runs of weekdays, 0 being Monday. A run does not go past Sunday.</summary>
    public static IEnumerable<(int First, int Last)> WeekdayRuns(int weekdays)
    {
        for (var first = 0; first < 7; first++)
        {
            if ((weekdays >> first & 1) == 0)
            {
                continue;
            }

            var last = first;
            while ((weekdays >> last + 1 & 1) == 1)
            {
                last++;
            }

            yield return (first, last);
            first = last;
        }
    }

    private static string FormatRun((int First, int Last) run) => (run.Last - run.First) switch
    {
        0 => WeekdayNames[run.First],
        1 => $"{WeekdayNames[run.First]},{WeekdayNames[run.Last]}",
        _ => $"{WeekdayNames[run.First]}..{WeekdayNames[run.Last]}",
    };

    private static StringBuilder Append(StringBuilder text, CalendarField field, string digits)
    {
        string Value(int value) => value.ToString(digits, CultureInfo.InvariantCulture);
        string Step(int step) => step.ToString(CultureInfo.InvariantCulture);
        return field.IsAny
            ? text.Append('*')
            : text.AppendJoin(',', field.Elements.Select(element => Format(element, 1, Value, Step)));
    }

    private static string SecondsOfClock(int microseconds) => Seconds(microseconds, "00");

    private static string Seconds(int microseconds) => Seconds(microseconds, "0");

    private static string Seconds(int microseconds, string digits)
    {
        var (seconds, fraction) = Math.DivRem(microseconds, SecondInMicroseconds);
        var whole = seconds.ToString(digits, CultureInfo.InvariantCulture);
        return fraction == 0 ? whole : string.Create(CultureInfo.InvariantCulture, $"{whole}.{fraction:000000}");
    }

    private static string Format(CalendarElement element, int unit, Func<int, string> value, Func<int, string> step)
    {
        var range = element.Stop is { } stop ? $"{value(element.Start)}..{value(stop)}" : value(element.Start);
        var stepIsImplied = element.IsSingle || (element.Stop is not null && element.Step == unit);
        return stepIsImplied ? range : $"{range}/{step(element.Step)}";
    }
}
