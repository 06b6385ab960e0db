using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace NixGen.Languages.Systemd;

/// <summary>
/// Reads a calendar expression. The grammar is that of systemd.time(7), "CALENDAR EVENTS"; what the manual leaves open follows
/// calendar_spec_from_string() in systemd's calendarspec.c.
/// </summary>
internal ref struct CalendarReader
{
    private const int FirstYear = 1970;
    private const int LastYear = 2199;

    /// <summary>systemd refuses longer lists (CALENDARSPEC_COMPONENTS_MAX).</summary>
    private const int LongestList = 241;

    private static readonly string[] WeekdayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    // "anually" is what systemd once took, and still takes.
    private static readonly (string Name, string Meaning)[] Shorthands =
    [
        ("minutely", "*-*-* *:*:00"),
        ("hourly", "*-*-* *:00:00"),
        ("daily", "*-*-* 00:00:00"),
        ("weekly", "Mon *-*-* 00:00:00"),
        ("monthly", "*-*-01 00:00:00"),
        ("quarterly", "*-01,04,07,10-01 00:00:00"),
        ("semiannually", "*-01,07-01 00:00:00"),
        ("semi-annually", "*-01,07-01 00:00:00"),
        ("biannually", "*-01,07-01 00:00:00"),
        ("bi-annually", "*-01,07-01 00:00:00"),
        ("yearly", "*-01-01 00:00:00"),
        ("annually", "*-01-01 00:00:00"),
        ("anually", "*-01-01 00:00:00"),
    ];

    private ReadOnlySpan<char> _rest;
    private string? _problem;

    private CalendarReader(ReadOnlySpan<char> text) => _rest = text;

    private readonly char Current => _rest.IsEmpty ? '\0' : _rest[0];

    private readonly bool AtEnd => _rest.IsEmpty;

    public static bool TryRead(
        string text, [NotNullWhen(true)] out CalendarFields? fields, [NotNullWhen(false)] out string? problem)
    {
        var expression = SplitZone(text, out var zone);
        fields = null;
        if (expression.IsEmpty)
        {
            problem = "A calendar expression says when, such as daily or Mon..Fri 22:30; this one is empty.";
            return false;
        }

        if (expression.Contains('\0'))
        {
            problem = "A calendar expression cannot hold the character NUL.";
            return false;
        }

        var reader = new CalendarReader(Expand(expression));
        fields = reader.Read(zone);
        problem = fields is null ? UnknownZone(expression) ?? reader._problem ?? "This is not a calendar expression." : null;
        return fields is not null;
    }

    private static ReadOnlySpan<char> SplitZone(string text, out string? zone)
    {
        zone = null;
        var blank = text.LastIndexOf(' ');
        if (blank < 0)
        {
            return text;
        }

        var name = text[(blank + 1)..];
        if (Ascii.EqualsIgnoreCase(name, ZoneDatabase.Utc))
        {
            zone = ZoneDatabase.Utc;
        }
        else if (ZoneDatabase.Knows(name))
        {
            zone = name;
        }

        return zone is null ? text : text.AsSpan(0, blank);
    }

    private static ReadOnlySpan<char> Expand(ReadOnlySpan<char> expression)
    {
        foreach (var (name, meaning) in Shorthands)
        {
            if (Ascii.EqualsIgnoreCase(expression, name))
            {
                return meaning;
            }
        }

        return expression;
    }

    /// <summary>A last word such as Europe/Berln is most likely meant for a zone.</summary>
    private static string? UnknownZone(ReadOnlySpan<char> expression)
    {
        var name = expression[(expression.LastIndexOf(' ') + 1)..];
        return name.Length < expression.Length && name is [>= 'A' and <= 'z', ..] && name.Contains('/')
            ? $"'{name}' is not a time zone that is known here; names are written like Europe/Berlin."
            : null;
    }

    private CalendarFields? Read(string? zone)
    {
        if (!ReadWeekdays(out var weekdays))
        {
            return null;
        }

        if (Current == '@')
        {
            return ReadUnixTime(weekdays);
        }

        if (!ReadDate(out var date) || !ReadTime(out var time))
        {
            return null;
        }

        var fields = new CalendarFields(
            weekdays == CalendarFields.EveryWeekday ? 0 : weekdays,
            CalendarField.Of(date.Year.Elements.Select(WithCentury)).Normalize(),
            date.Month.Normalize(),
            date.Day.Normalize(),
            date.FromMonthEnd && !date.Day.IsAny,
            time.Hour.Normalize(),
            time.Minute.Normalize(),
            time.Microsecond.Normalize(),
            zone);
        return Check(fields) ? fields : null;
    }

    // Weekdays

    private bool ReadWeekdays(out int weekdays)
    {
        weekdays = 0;
        int? rangeStart = null;
        for (var isFirst = true; ; isFirst = false)
        {
            if (ReadWeekday() is not { } day)
            {
                return isFirst || Fail($"A weekday is expected at '{_rest}'.");
            }

            if (rangeStart > day)
            {
                return Fail(
                    "A range of weekdays runs from Monday to Sunday; "
                    + $"{WeekdayNames[rangeStart.Value]} comes after {WeekdayNames[day]}.");
            }

            for (var each = rangeStart ?? day; each <= day; each++)
            {
                weekdays |= 1 << each;
            }

            switch (Current)
            {
                case '\0' or ' ':
                    SkipBlanks();
                    return true;
                case ',':
                    rangeStart = null;
                    _rest = _rest[1..];
                    break;
                // A range is written with two dots; the dash is what systemd took first and still takes.
                case '.' or '-' when rangeStart is null && (Current == '-' || _rest.StartsWith("..")):
                    rangeStart = day;
                    _rest = _rest[(Current == '-' ? 1 : 2)..];
                    break;
                default:
                    return Fail($"After a weekday comes a comma, two dots and another weekday, or a blank, not '{_rest}'.");
            }

            // systemd lets a list end in a comma ("Wed, 17:48").
            if (AtEnd || Current == ' ')
            {
                SkipBlanks();
                return rangeStart is null || Fail("A range of weekdays has no end.");
            }
        }
    }

    private int? ReadWeekday()
    {
        for (var day = 0; day < WeekdayNames.Length; day++)
        {
            var name = WeekdayNames[day];
            var length = StartsWith(name) ? name.Length : StartsWith(name[..3]) ? 3 : 0;
            if (length > 0)
            {
                _rest = _rest[length..];
                return day;
            }
        }

        return null;
    }

    // Dates and times

    private CalendarFields? ReadUnixTime(int weekdays)
    {
        // strtoul(3): blanks and a plus may come first.
        var digits = _rest[1..].TrimStart(" \t\n\v\f\r");
        digits = digits.StartsWith('+') ? digits[1..] : digits;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > new DateTimeOffset(LastYear, 12, 31, 23, 59, 59, TimeSpan.Zero).ToUnixTimeSeconds())
        {
            Fail($"After @ come the seconds since 1970 and nothing else, to the end of {LastYear} at most, not '{_rest[1..]}'.");
            return null;
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return new CalendarFields(
            weekdays == CalendarFields.EveryWeekday ? 0 : weekdays,
            CalendarField.Of(time.Year),
            CalendarField.Of(time.Month),
            CalendarField.Of(time.Day),
            FromMonthEnd: false,
            CalendarField.Of(time.Hour),
            CalendarField.Of(time.Minute),
            CalendarField.Of(time.Second * CalendarFields.SecondInMicroseconds),
            ZoneDatabase.Utc);
    }

    private bool ReadDate(out (CalendarField Year, CalendarField Month, CalendarField Day, bool FromMonthEnd) date)
    {
        date = (CalendarField.Any, CalendarField.Any, CalendarField.Any, false);
        if (AtEnd)
        {
            return true;
        }

        var start = _rest;
        if (!ReadField(out var first))
        {
            return false;
        }

        if (AtEnd || Current == ':')
        {
            // No date at all: what was read is the hour.
            _rest = start;
            return true;
        }

        if (!ReadDateSeparator(out var firstIsTilde) || !ReadField(out var second))
        {
            return false;
        }

        if (AtEnd || Current == ' ')
        {
            SkipBlanks();
            date = (CalendarField.Any, first, second, firstIsTilde);
            return true;
        }

        if (firstIsTilde)
        {
            return Fail("The ~ stands before the day, the last part of a date.");
        }

        if (!ReadDateSeparator(out var secondIsTilde) || !ReadField(out var third))
        {
            return false;
        }

        if (!AtEnd && Current != ' ')
        {
            return Fail($"A date has three parts at most; a blank is expected at '{_rest}'.");
        }

        SkipBlanks();
        date = (first, second, third, secondIsTilde);
        return true;
    }

    private bool ReadDateSeparator(out bool isTilde)
    {
        isTilde = Current == '~';
        if (Current is not ('-' or '~'))
        {
            return Fail(_rest.StartsWith('/')
                ? $"A * takes no step; '{_rest}' needs a first value, as in 1/2."
                : $"A date is written year-month-day or month-day, a time hour:minute; '{_rest}' fits neither.");
        }

        _rest = _rest[1..];
        return true;
    }

    private bool ReadTime(out (CalendarField Hour, CalendarField Minute, CalendarField Microsecond) time)
    {
        time = (CalendarField.Of(0), CalendarField.Of(0), CalendarField.Of(0));
        if (AtEnd)
        {
            return true;
        }

        if (!ReadField(out var hour) || !ReadColon() || !ReadField(out var minute))
        {
            return false;
        }

        time = (hour, minute, CalendarField.Of(0));
        if (AtEnd)
        {
            return true;
        }

        if (!ReadColon() || !ReadField(out var second, isSeconds: true))
        {
            return false;
        }

        time = (hour, minute, second);
        return AtEnd || Fail($"Nothing but a time zone can follow the seconds, not '{_rest}'.");
    }

    private bool ReadColon()
    {
        if (Current != ':')
        {
            return Fail(AtEnd
                ? "A time is written hour:minute; the minutes are missing."
                : _rest.StartsWith('/')
                    ? $"A * takes no step; '{_rest}' needs a first value, as in 0/15."
                    : $"A time is written hour:minute or hour:minute:second; a colon is expected at '{_rest}'.");
        }

        _rest = _rest[1..];
        return true;
    }

    // Lists of elements

    private bool ReadField(out CalendarField field, bool isSeconds = false)
    {
        field = CalendarField.Any;
        if (Current == '*')
        {
            _rest = _rest[1..];
            field = isSeconds ? CalendarField.Of(CalendarFields.WholeSeconds) : field;
            return true;
        }

        var elements = new List<CalendarElement>();
        while (ReadElement(isSeconds) is { } element)
        {
            elements.Add(element);
            if (elements.Count > LongestList)
            {
                return Fail($"A list has {LongestList} elements at most.");
            }

            if (Current != ',')
            {
                field = CalendarField.Of(elements);
                return true;
            }

            _rest = _rest[1..];
        }

        return false;
    }

    private CalendarElement? ReadElement(bool isSeconds)
    {
        if (ReadNumber(isSeconds) is not { } start)
        {
            return null;
        }

        int? stop = null;
        var step = 0;
        if (_rest.StartsWith(".."))
        {
            _rest = _rest[2..];
            stop = ReadNumber(isSeconds);
            if (stop is null)
            {
                return null;
            }

            step = isSeconds ? CalendarFields.SecondInMicroseconds : 1;
        }

        if (Current == '/')
        {
            _rest = _rest[1..];
            if (ReadNumber(isSeconds) is not { } number)
            {
                return null;
            }

            if (number == 0)
            {
                Fail("The step after / cannot be 0.");
                return null;
            }

            step = number;
        }
        else if (isSeconds && stop is not null && (long)start + step > stop)
        {
            // A range without a step goes by whole seconds.
            Fail("A range of seconds is at least one second long, unless it has a step of its own.");
            return null;
        }

        if (Current is not ('\0' or ' ' or ',' or '-' or '~' or ':'))
        {
            Fail($"A comma, a separator or a blank is expected at '{_rest}'.");
            return null;
        }

        return new CalendarElement(start, stop, step);
    }

    private int? ReadNumber(bool isSeconds)
    {
        var text = _rest;
        var digits = CountDigits(text);
        if (digits == 0)
        {
            Fail(AtEnd ? "The expression ends where a number or * is expected." : $"A number or * is expected at '{text}'.");
            return null;
        }

        _rest = text[digits..];
        if (!long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > int.MaxValue)
        {
            Fail($"The number {text[..digits]} is too large.");
            return null;
        }

        if (isSeconds)
        {
            value *= CalendarFields.SecondInMicroseconds;

            // One dot begins a fraction, two a range.
            if (Current == '.' && !_rest.StartsWith(".."))
            {
                _rest = _rest[1..];
                if (ReadFraction() is not { } fraction)
                {
                    return null;
                }

                value += fraction;
            }
        }

        if (value > int.MaxValue)
        {
            Fail($"The number {text[..(text.Length - _rest.Length)]} is too large.");
            return null;
        }

        return (int)value;
    }

    /// <summary>The digits after the point as microseconds; the seventh rounds.</summary>
    private int? ReadFraction()
    {
        var digits = CountDigits(_rest);
        if (digits == 0)
        {
            Fail("Digits are expected after the point.");
            return null;
        }

        var microseconds = 0;
        for (var place = 0; place < 6; place++)
        {
            microseconds = microseconds * 10 + (place < digits ? _rest[place] - '0' : 0);
        }

        var roundsUp = digits > 6 && _rest[6] >= '5';
        _rest = _rest[digits..];
        return roundsUp ? microseconds + 1 : microseconds;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    // What the values may be

    /// <summary>Two digits stand for a year from 1970 to 2069.</summary>
    private static CalendarElement WithCentury(CalendarElement element)
    {
        static int Year(int year) => year switch { < 70 => year + 2000, < 100 => year + 1900, _ => year };
        return element with { Start = Year(element.Start), Stop = element.Stop is { } stop ? Year(stop) : null };
    }

    private bool Check(CalendarFields fields) =>
        Check("year", fields.Year, FirstYear, LastYear)
        && Check("month", fields.Month, 1, 12)
        && (fields.FromMonthEnd ? CheckFromMonthEnd(fields.Day) : Check("day", fields.Day, 1, 31))
        && Check("hour", fields.Hour, 0, 23)
        && Check("minute", fields.Minute, 0, 59)
        && Check("second", fields.Microsecond, 0, CalendarFields.LastMicrosecond, CalendarFields.SecondInMicroseconds);

    private bool Check(string name, CalendarField field, int from, int to, int unit = 1)
    {
        foreach (var element in field.Elements)
        {
            if (!CheckElement(name, element, from, to, unit))
            {
                return false;
            }

            if (element.Stop is null && (long)element.Start + element.Step > to)
            {
                return Fail($"The step of the {name} is so long that it never happens.");
            }
        }

        return true;
    }

    private bool CheckFromMonthEnd(CalendarField days)
    {
        // Each month has its last 28 days. For each further element of a list systemd takes another three off the limit: an
        // oversight in chain_valid(), but what it refuses would not run.
        var to = 28;
        foreach (var element in days.Elements)
        {
            if (!CheckElement("day before the end of the month", element, 1, to, 1))
            {
                return false;
            }

            if (element.Stop is null && element.Start - element.Step < 1)
            {
                return Fail("The step leads past the end of the month.");
            }

            to -= 3;
        }

        return true;
    }

    private bool CheckElement(string name, CalendarElement element, int from, int to, int unit)
    {
        foreach (var value in (ReadOnlySpan<int?>)[element.Start, element.Stop])
        {
            if (value < from || value > to)
            {
                return Fail(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The {name} {(decimal)value / unit} is not one of {from / unit} to {to / unit}."));
            }
        }

        if (element.Step > to - from)
        {
            return Fail($"The step of the {name} is so long that it never happens.");
        }

        return !((long)element.Start + element.Step > element.Stop)
            || Fail($"A range of the {name} runs from the smaller to the larger value.");
    }

    // The text

    private readonly bool StartsWith(string word) =>
        _rest.Length >= word.Length && Ascii.EqualsIgnoreCase(_rest[..word.Length], word);

    private void SkipBlanks() => _rest = _rest.TrimStart(' ');

    private bool Fail(string problem)
    {
        _problem ??= problem;
        return false;
    }
}
