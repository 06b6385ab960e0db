using System.Diagnostics;
using System.Globalization;
using NixGen.Languages.Systemd;

namespace NixGen.Tests.Languages.Systemd;

public sealed class CalendarExpressionTests
{
    [Theory]
    [InlineData("daily", "*-*-* 00:00:00")]
    [InlineData("WEEKLY", "Mon *-*-* 00:00:00")]
    [InlineData("quarterly", "*-01,04,07,10-01 00:00:00")]
    [InlineData("Mon..Fri 22:30", "Mon..Fri *-*-* 22:30:00")]
    [InlineData("Sat,Thu,Mon-Wed,Sat-Sun", "Mon..Thu,Sat,Sun *-*-* 00:00:00")]
    [InlineData("Wed, 17:48", "Wed *-*-* 17:48:00")]
    [InlineData("12,14,13,12:20,10,30", "*-*-* 12,13,14:10,20,30:00")]
    [InlineData("mon,fri *-1/2-1,3 *:30:45", "Mon,Fri *-01/2-01,03 *:30:45")]
    [InlineData("05-3", "*-05-03 00:00:00")]
    [InlineData("99-1-1", "1999-01-01 00:00:00")]
    [InlineData("*-*~05,3 ", "*-*~03,05 00:00:00")]
    [InlineData("*-*-1..7/4", "*-*-01..05/4 00:00:00")]
    [InlineData("*-*-5..5", "*-*-05 00:00:00")]
    [InlineData("*:*:0/0.42", "*-*-* *:*:00/0.420000")]
    [InlineData("2016-03-27 03:17:00.4200005", "2016-03-27 03:17:00.420001")]
    [InlineData("*:*:*", "*-*-* *:*:*")]
    [InlineData("@1735689600", "2025-01-01 00:00:00 UTC")]
    [InlineData("5:00 utc", "*-*-* 05:00:00 UTC")]
    [InlineData("5:00 Europe/Berlin", "*-*-* 05:00:00 Europe/Berlin")]
    public void Normalizes_as_systemd_does(string text, string normalized)
    {
        Assert.Equal(normalized, Parse(text).Normalized);
        Assert.Equal(normalized, Parse(normalized).Normalized);
    }

    [Theory]
    [InlineData("", "A calendar expression says when, such as daily or Mon..Fri 22:30; this one is empty.")]
    [InlineData("sometimes", "A number or * is expected at 'sometimes'.")]
    [InlineData("7", "A time is written hour:minute; the minutes are missing.")]
    [InlineData("25:00", "The hour 25 is not one of 0 to 23.")]
    [InlineData("12:60", "The minute 60 is not one of 0 to 59.")]
    [InlineData("12:00:60.5", "The second 60.5 is not one of 0 to 59.")]
    [InlineData("*-13-01", "The month 13 is not one of 1 to 12.")]
    [InlineData("*-*-32", "The day 32 is not one of 1 to 31.")]
    [InlineData("2200-01-01", "The year 2200 is not one of 1970 to 2199.")]
    [InlineData("*-*~29", "The day before the end of the month 29 is not one of 1 to 28.")]
    [InlineData("*:*/15", "A * takes no step; '/15' needs a first value, as in 0/15.")]
    [InlineData("Fri..Mon", "A range of weekdays runs from Monday to Sunday; Friday comes after Monday.")]
    [InlineData("Mon.. 5:00", "A range of weekdays has no end.")]
    [InlineData("*-*-7..1", "A range of the day runs from the smaller to the larger value.")]
    [InlineData("0/24:00", "The step of the hour is so long that it never happens.")]
    [InlineData("*:0/0", "The step after / cannot be 0.")]
    [InlineData("5:00 Europe/Berln", "'Europe/Berln' is not a time zone that is known here; names are written like Europe/Berlin.")]
    [InlineData("@-5", "After @ come the seconds since 1970 and nothing else, to the end of 2199 at most, not '-5'.")]
    [InlineData("2025-01-01T05:00", "A comma, a separator or a blank is expected at 'T05:00'.")]
    public void Says_what_is_wrong(string text, string problem)
    {
        Assert.False(CalendarExpression.TryParse(text, out var expression, out var actual));
        Assert.Null(expression);
        Assert.Equal(problem, actual);
    }

    [Fact]
    public void Refuses_a_nul_character() => Assert.False(CalendarExpression.TryParse("daily\0", out _, out _));

    [Fact]
    public void Refuses_letters_that_only_look_alike_without_case() =>
        Assert.False(CalendarExpression.TryParse("\u017fun", out _, out _));

    [Fact]
    public void Knows_zones_by_their_exact_name_only()
    {
        Assert.Equal("Europe/Berlin", Parse("5:00 Europe/Berlin").Zone);
        Assert.False(CalendarExpression.TryParse("5:00 europe/berlin", out _, out _));
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Etc/GMT+5", true)]
    [InlineData("CET", false)]
    [InlineData("0/15", false)]
    [InlineData("Europe/", false)]
    [InlineData("Europe//Berlin", false)]
    [InlineData("../etc/passwd", false)]
    public void Takes_an_area_and_a_city_where_there_is_no_zone_database(string name, bool isZone) =>
        Assert.Equal(isZone, ZoneDatabase.IsAreaAndCity(name));

    [Theory]
    [InlineData("daily", "2025-01-31 22:00:00Z", "2025-02-01 00:00:00Z")]
    [InlineData("daily", "2025-02-01 00:00:00Z", "2025-02-02 00:00:00Z")]
    [InlineData("daily", "2025-01-31 22:00:00+05:30", "2025-02-01 00:00:00+05:30")]
    [InlineData("*-02-29", "2025-01-01 00:00:00Z", "2028-02-29 00:00:00Z")]
    [InlineData("Mon *-02-29", "2025-01-01 00:00:00Z", "2044-02-29 00:00:00Z")]
    [InlineData("*-*~1 04:00", "2024-02-10 00:00:00Z", "2024-02-29 04:00:00Z")]
    [InlineData("Sun *-*~1..7", "2025-01-01 00:00:00Z", "2025-01-26 00:00:00Z")]
    [InlineData("*:3/11", "2025-02-14 23:55:00Z", "2025-02-14 23:58:00Z")]
    [InlineData("*:3/11", "2025-02-14 23:58:00Z", "2025-02-15 00:14:00Z")] // not 00:03: systemd misses it
    [InlineData("*:3/11", "2025-02-14 22:58:00Z", "2025-02-14 23:03:00Z")]
    [InlineData("0/17:00", "2025-01-31 18:00:00Z", "2025-02-01 17:00:00Z")] // nor 00:00
    [InlineData("*-*-1/11 23:00", "2025-12-23 23:00:00Z", "2026-01-01 23:00:00Z")]
    [InlineData("@1738540800", "2025-01-01 00:00:00+03:00", "2025-02-03 00:00:00Z")]
    [InlineData("*:*:23.42/1.77", "2025-01-01 00:00:23.42Z", "2025-01-01 00:00:25.19Z")]
    [InlineData("*:*:0/0.000001", "2025-01-01 00:00:00.0000015Z", "2025-01-01 00:00:00.000002Z")]
    [InlineData("*-1-1", "1950-06-01 00:00:00Z", "1970-01-01 00:00:00Z")]
    public void Elapses_next(string text, string after, string expected) => Assert.Equal(Time(expected), Parse(text).Next(Time(after)));

    [Theory]
    [InlineData("daily", "2025-03-29 12:00:00Z", "2025-03-29 23:00:00Z")]
    [InlineData("2:30", "2025-03-29 12:00:00Z", "2025-03-31 00:30:00Z")] // 02:30 did not exist on the 30th
    [InlineData("hourly", "2025-03-30 00:00:00Z", "2025-03-30 01:00:00Z")]
    [InlineData("*:0/30", "2025-03-30 00:45:00Z", "2025-03-30 01:00:00Z")]
    [InlineData("2:30", "2025-10-25 12:00:00Z", "2025-10-26 00:30:00Z")] // 02:30 came twice on the 26th
    [InlineData("2:30", "2025-10-26 00:30:00Z", "2025-10-27 01:30:00Z")]
    [InlineData("hourly", "2025-10-26 00:00:00Z", "2025-10-26 02:00:00Z")]
    [InlineData("*:0/30", "2025-10-26 01:10:00Z", "2025-10-26 01:30:00Z")]
    public void Follows_the_clocks_of_a_zone(string text, string after, string expected)
    {
        Assert.Equal(Time(expected), Parse($"{text} Europe/Berlin").Next(Time(after))?.ToUniversalTime());

        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.Equal(Time(expected), Parse(text).Next(Time(after), berlin)?.ToUniversalTime());
    }

    [Theory]
    [InlineData("*-02-30")]
    [InlineData("*-02,04,06,09,11-31")]
    [InlineData("2020-01-01")]
    [InlineData("Thu 2027-01-01")]
    [InlineData("Mon 1970-*-*")]
    [InlineData("*-02-30 *:*:0/0.000001 Europe/Berlin")]
    [InlineData("@0")]
    public void Never_elapses_and_says_so_soon(string text)
    {
        var watch = Stopwatch.StartNew();
        Assert.Null(Parse(text).Next(Time("2025-01-01 00:00:00Z")));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void Never_elapses_after_2199()
    {
        Assert.Equal(Time("2199-12-31 23:00:00Z"), Parse("hourly").Next(Time("2199-12-31 22:30:00Z")));
        Assert.Null(Parse("hourly").Next(Time("2199-12-31 23:30:00Z")));
        Assert.Null(Parse("hourly").Next(DateTimeOffset.MaxValue));
        Assert.Equal(DateTimeOffset.UnixEpoch, Parse("hourly").Next(DateTimeOffset.MinValue));
    }

    [Fact]
    public void Passes_a_gap_without_trying_each_microsecond() => Assert.Equal(
        Time("2025-03-30 01:00:00Z"),
        Parse("*-*-* 2,3:*:0/0.000001 Europe/Berlin").Next(Time("2025-03-30 00:59:00Z"))?.ToUniversalTime());

    [Theory]
    [InlineData("daily", "every day at 00:00")]
    [InlineData("03:00", "every day at 03:00")]
    [InlineData("03:00:30", "every day at 03:00:30")]
    [InlineData("03:00 UTC", "every day at 03:00 (UTC)")]
    [InlineData("3,15:00", "every day at 03:00 and 15:00")]
    [InlineData("6,12,18:30", "every day at 06:30, 12:30 and 18:30")]
    [InlineData("Sun 5:00", "every Sunday at 05:00")]
    [InlineData("Mon,Thu 5:00", "every Monday and Thursday at 05:00")]
    [InlineData("Sat,Sun 5:00", "every Saturday and Sunday at 05:00")]
    [InlineData("Mon..Fri 22:30", "Monday to Friday at 22:30")]
    [InlineData("Mon..Wed,Sat 22:30", "Monday to Wednesday and Saturday at 22:30")]
    [InlineData("weekly", "every Monday at 00:00")]
    [InlineData("*-*-1 4:00", "on the 1st of every month at 04:00")]
    [InlineData("*-*-1,15 4:00", "on the 1st and 15th of every month at 04:00")]
    [InlineData("*-*-1..3 4:00", "on the 1st to 3rd of every month at 04:00")]
    [InlineData("*-*~1 4:00", "on the last day of every month at 04:00")]
    [InlineData("Sun *-*-1..7 4:00", "on the first Sunday of every month at 04:00")]
    [InlineData("Sat *-*~7/1 4:00", "on the last Saturday of every month at 04:00")]
    [InlineData("yearly", "on the 1st of January at 00:00")]
    [InlineData("quarterly", "on the 1st of January, April, July and October at 00:00")]
    [InlineData("*-6..8-* 4:00", "every day in June, July and August at 04:00")]
    [InlineData("*-4..9-* 4:00", "every day in April to September at 04:00")]
    [InlineData("2026-05-01 4:00", "on 2026-05-01 at 04:00")]
    [InlineData("hourly", "every hour")]
    [InlineData("*:15", "every hour at 15 minutes past")]
    [InlineData("*:0/15", "every 15 minutes")]
    [InlineData("*:0,30", "every 30 minutes")]
    [InlineData("*:0/15 Europe/Berlin", "every 15 minutes (Europe/Berlin)")]
    [InlineData("0/6:00", "every 6 hours")]
    [InlineData("0/12:00", "every 12 hours")]
    [InlineData("0/6:30", "every 6 hours from 00:30 to 18:30")]
    [InlineData("0/5:00", "every 5 hours from 00:00 to 20:00")]
    [InlineData("8..18:00", "every hour from 08:00 to 18:00")]
    [InlineData("Mon..Fri 8..18/2:30", "Monday to Friday, every 2 hours from 08:30 to 18:30")]
    [InlineData("minutely", "every minute")]
    [InlineData("*:*:*", "every second")]
    [InlineData("*:*:0/10", "every 10 seconds")]
    [InlineData("*:0/7", "*-*-* *:00/7:00")]
    [InlineData("2026-*-* 4:00", "2026-*-* 04:00:00")]
    [InlineData("*-*-* 4:00:00.5", "*-*-* 04:00:00.500000")]
    [InlineData("*-*-1/2 4:00", "*-*-01/2 04:00:00")]
    [InlineData("*-*~3 4:00", "*-*~03 04:00:00")]
    public void Says_it_in_words(string text, string words) => Assert.Equal(words, Parse(text).Words);

    private static CalendarExpression Parse(string text)
    {
        Assert.True(CalendarExpression.TryParse(text, out var expression, out var problem), problem);
        return expression;
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("*:*:*", 1)]
    [InlineData("hourly", 1)]
    [InlineData("23:59:59 Pacific/Auckland", 1)]
    [InlineData("Mon..Fri 22:30", 3)]
    [InlineData("Sun 05:00", 7)]
    [InlineData("monthly", 31)]
    [InlineData("*-01-* *:00", 336)]
    [InlineData("yearly", 366)]
    [InlineData("2050-01-01", 1461)]
    public void Its_longest_pause_is_told_in_days(string text, int days)
    {
        Assert.True(CalendarExpression.TryParse(text, out var expression, out _));
        Assert.Equal(days, expression.LongestGap());
    }
}
