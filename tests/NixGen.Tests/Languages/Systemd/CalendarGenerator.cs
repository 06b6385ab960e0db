using System.Globalization;

namespace NixGen.Tests.Languages.Systemd;

/// <summary>Makes up calendar expressions: most follow the grammar with likely values, some are then damaged.</summary>
internal sealed class CalendarGenerator(int seed)
{
    private static readonly string[] Shorthands =
    [
        "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "semi-annually", "biannually",
        "bi-annually", "yearly", "annually", "anually", "Daily", "HOURLY", "fortnightly", "anniversary",
    ];

    private static readonly string[] Weekdays =
    [
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
        "Monday", "tuesday", "WEDNESDAY", "Thursday", "friday", "Saturday", "sunday",
    ];

    private static readonly string[] Zones =
    [
        "UTC", "utc", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Etc/GMT+5", "EST5EDT",
        "Europe/Nowhere",
    ];

    // No quote, backslash or control character: systemd prints the text into its messages, and the test reads it there.
    private const string Damage = "0123456789*-~:/.,@ TuU";

    private readonly Random _random = new(seed);

    public string Next()
    {
        var text = Chance(3) ? Pick(Shorthands) : Chance(2) ? UnixTime() : Expression();
        text = Chance(12) ? $"{text} {Pick(Zones)}" : text;
        for (var damage = Chance(20) ? _random.Next(1, 4) : 0; damage > 0; damage--)
        {
            text = Damaged(text);
        }

        return text;
    }

    private string Expression()
    {
        var parts = new List<string>();
        if (Chance(30))
        {
            parts.Add(WeekdayList());
        }

        if (Chance(65))
        {
            parts.Add(Date());
        }

        if (Chance(65) || parts.Count == 0)
        {
            parts.Add(Time());
        }

        return string.Join(Chance(95) ? " " : "  ", parts);
    }

    private string UnixTime() => $"@{_random.NextInt64(0, 8_000_000_000).ToString(CultureInfo.InvariantCulture)}";

    private string WeekdayList() => List(() => Chance(25) ? $"{Pick(Weekdays)}..{Pick(Weekdays)}"
        : Chance(5) ? $"{Pick(Weekdays)}-{Pick(Weekdays)}"
        : Pick(Weekdays));

    private string Date()
    {
        var separator = Chance(20) ? "~" : "-";
        var day = separator == "~" ? Field(1, 29, 2) : Field(1, 31, 2);
        var year = Chance(60) ? "*" : Chance(20) ? Field(0, 99, 2) : Field(2024, 2060, 4);
        return Chance(30) ? $"{Field(1, 12, 2)}{separator}{day}" : $"{year}-{Field(1, 12, 2)}{separator}{day}";
    }

    private string Time() => Chance(50) ? $"{Field(0, 23, 2)}:{Field(0, 59, 2)}" : $"{Field(0, 23, 2)}:{Field(0, 59, 2)}:{Seconds()}";

    private string Seconds() => Chance(10) ? "*" : List(() => Element(() => Chance(75)
        ? Number(0, 60, 2)
        : $"{Number(0, 60, 2)}.{_random.NextInt64(0, 100_000_000).ToString(CultureInfo.InvariantCulture)}"));

    private string Field(int from, int to, int digits) => Chance(30) ? "*" : List(() => Element(() => Number(from, to, digits)));

    private string List(Func<string> element)
    {
        var elements = new List<string> { element() };
        while (Chance(20))
        {
            elements.Add(element());
        }

        return string.Join(',', elements);
    }

    private string Element(Func<string> number)
    {
        var text = number();
        text = Chance(15) ? $"{text}..{number()}" : text;
        return !Chance(15) ? text : $"{text}/{(Chance(60) ? Number(0, 12, 1) : number())}";
    }

    private string Number(int from, int to, int digits) => (Chance(1) ? _random.Next() : _random.Next(from, to + 1))
        .ToString(Chance(70) ? new string('0', digits) : "0", CultureInfo.InvariantCulture);

    private string Damaged(string text)
    {
        var at = _random.Next(text.Length + 1);
        var character = Damage[_random.Next(Damage.Length)];
        return at == text.Length || Chance(40) ? text.Insert(at, character.ToString())
            : Chance(50) ? text.Remove(at, 1)
            : $"{text[..at]}{character}{text[(at + 1)..]}";
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Pick(string[] choices) => choices[_random.Next(choices.Length)];
}
