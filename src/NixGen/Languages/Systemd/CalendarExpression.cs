using System.Diagnostics.CodeAnalysis;

namespace NixGen.Languages.Systemd;

/// <summary>
/// A calendar expression as in <c>OnCalendar=</c>, such as <c>Mon..Fri 22:30</c>, read as systemd reads it: systemd.time(7),
/// "CALENDAR EVENTS".
/// </summary>
/// <remarks>
/// Where systemd looks at the machine it runs on, this type does not: abbreviations of the local time zone ("CET" in Berlin) are
/// only known where the zone database has a zone of that name. A negative time after <c>@</c> is refused.
/// </remarks>
public sealed class CalendarExpression
{
    private readonly CalendarFields _fields;
    private bool? _isSkippedInSpring;

    // 0 until it is asked for; hosts that share a schedule may ask at once.
    private int _longestGap;

    private CalendarExpression(string text, CalendarFields fields)
    {
        Text = text;
        _fields = fields;
        Normalized = fields.ToString();
        Words = CalendarWords.Of(fields) ?? Normalized;
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>The form that <c>systemd-analyze calendar</c> prints as "Normalized form".</summary>
    public string Normalized { get; }

    /// <summary>What a person says, such as "every day at 03:00"; the normalized form where that would be long.</summary>
    public string Words { get; }

    /// <summary>The time zone that the expression names ("UTC", "Europe/Berlin"), or null if it means that of the machine.</summary>
    public string? Zone => _fields.Zone;

    /// <summary>False if the rules of the zone that it names are not on this machine: then no next time can be told.</summary>
    public bool ZoneIsKnown => Zone is null || ZoneDatabase.Find(Zone) is not null;

    /// <param name="text">The expression; blanks around it are refused, as systemd does.</param>
    /// <param name="expression">What it says.</param>
    /// <param name="problem">What is wrong with it, in a sentence for people.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out CalendarExpression? expression, [NotNullWhen(false)] out string? problem)
    {
        expression = CalendarReader.TryRead(text, out var fields, out problem) ? new CalendarExpression(text, fields) : null;
        return expression is not null;
    }

    /// <summary>The next time it elapses, strictly after the time given; in the offset of that time if it names no zone.</summary>
    /// <returns>Null if it never elapses again until the end of 2199, or if <see cref="ZoneIsKnown"/> is false.</returns>
    public DateTimeOffset? Next(DateTimeOffset after) =>
        Next(after, TimeZoneInfo.CreateCustomTimeZone("offset", after.Offset, displayName: null, standardDisplayName: null));

    /// <summary>The next time it elapses, strictly after the time given.</summary>
    /// <param name="after">The time from which on to search.</param>
    /// <param name="local">The zone of the machine: it counts if the expression names none.</param>
    /// <returns>Null if it never elapses again until the end of 2199, or if <see cref="ZoneIsKnown"/> is false.</returns>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo local)
    {
        var zone = Zone is null ? local : ZoneDatabase.Find(Zone);
        return zone is null ? null : CalendarSearch.Next(_fields, after, zone);
    }

    /// <summary>
    /// The longest time between two days on which it elapses, in days and rounded up: found in the four years that repeat, whatever the
    /// zone.
    /// </summary>
    public int LongestGap() => _longestGap != 0 ? _longestGap : _longestGap = FindLongestGap();

    private int FindLongestGap()
    {
        // Most schedules are like this, and the search below looks at every day.
        if (_fields is { Weekdays: 0 or CalendarFields.EveryWeekday, Year.IsAny: true, Month.IsAny: true, Day.IsAny: true })
            return 1;
        var begin = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (last, end, longest) = (begin, begin.AddYears(4), 0.0);
        while (last < end)
        {
            // Once a day is enough.
            var next = CalendarSearch.Next(_fields, last.AddDays(1).AddTicks(-1), TimeZoneInfo.Utc)?.UtcDateTime.Date ?? end.UtcDateTime;
            var day = new DateTimeOffset(next < end.UtcDateTime ? next : end.UtcDateTime, TimeSpan.Zero);
            longest = Math.Max(longest, (day - last).TotalDays);
            last = day;
        }

        return (int)Math.Ceiling(longest);
    }

    /// <summary>Whether it comes every few hours.</summary>
    public bool IsFrequent => CalendarHabits.IsFrequent(_fields);

    /// <summary>Whether it names a time that clocks skip when summer time begins; systemd then leaves it out.</summary>
    public bool IsSkippedInSpring => _isSkippedInSpring ??= CalendarHabits.IsSkippedInSpring(_fields);

    /// <summary>Whether both come at one and the same minute some day.</summary>
    public bool MeetsAtAMinute(CalendarExpression other) => CalendarHabits.Meet(_fields, other._fields);

    public override string ToString() => Text;
}
