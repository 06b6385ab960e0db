using System.Globalization;
using NixGen.Languages.Systemd;

namespace NixGen.Tests.Languages.Systemd;

/// <summary>NixGen's reading of calendar expressions against that of systemd.</summary>
[Trait("Tool", SystemdAnalyze.Name)]
public sealed class CalendarExpressionDifferentialTests
{
    private const int Iterations = 3;
    private const int FirstWithoutMissingDays = 260;

    private static readonly DateTimeOffset Base = new(2025, 1, 31, 22, 47, 13, TimeSpan.Zero);

    [ToolFact(SystemdAnalyze.Name)]
    public void Tricky_expressions_mean_what_they_mean_to_systemd() => Compare(TrickyExpressions.All, Base);

    [ToolFact(SystemdAnalyze.Name)]
    public void Random_expressions_mean_what_they_mean_to_systemd()
    {
        var generator = new CalendarGenerator(seed: 20250131);
        Compare([.. Enumerable.Range(0, 3_000).Select(_ => generator.Next())], Base);
    }

    /// <summary>What systemd leaves out on a night when clocks are put forward, and only that, is said to be skipped.</summary>
    [ToolTheory(SystemdAnalyze.Name)]
    [InlineData("Europe/Berlin", "2025-03-29 12:00:00")]
    [InlineData("Europe/London", "2025-03-29 12:00:00")]
    [InlineData("America/New_York", "2025-03-08 17:00:00")]
    [InlineData("Australia/Lord_Howe", "2025-10-04 02:00:00")]
    [InlineData("Asia/Tokyo", "2025-03-29 03:00:00")]
    public void Systemd_leaves_out_what_is_called_skipped(string zone, string noonBefore)
    {
        var after = DateTimeOffset.Parse(noonBefore, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var expressions = (from hour in Enumerable.Range(0, 5) from minute in new[] { 0, 15, 29, 30, 59 } select $"{hour:00}:{minute:00} {zone}").ToList();
        var skipped = new List<string>();
        foreach (var verdict in SystemdAnalyze.Calendar(expressions, after, iterations: 1))
        {
            var isLeftOut = verdict.Elapses![0] - after > TimeSpan.FromHours(24);
            Assert.True(CalendarExpression.TryParse(verdict.Expression, out var calendar, out _));
            Assert.True(isLeftOut == calendar.IsSkippedInSpring, verdict.Expression);
            if (isLeftOut)
                skipped.Add(verdict.Expression);
        }

        Assert.Equal(zone == "Asia/Tokyo", skipped.Count == 0);
    }

    [ToolTheory(SystemdAnalyze.Name)]
    [InlineData("2024-02-28 23:59:59")]
    [InlineData("2025-03-30 00:10:00")] // summer time begins in Berlin
    [InlineData("2025-10-25 23:10:00")] // and ends
    [InlineData("2025-10-26 00:40:00")]
    [InlineData("2025-10-26 01:20:00")]
    [InlineData("2025-04-05 14:40:00")] // Lord Howe moves its clocks by half an hour
    [InlineData("2025-10-04 15:10:00")]
    [InlineData("2199-12-31 22:00:00")]
    public void Expressions_in_zones_elapse_when_systemd_says(string after)
    {
        // No days before the end of a month at 2:30: in the hour that comes twice, systemd then says a time that is past.
        string[] times =
        [
            "*:0/15", "hourly", "daily", "2:30", "2:00", "3:00", "1,2,3:15,45", "Sun 2:30", "*:*:0/20", "*-*~1 2:15",
            "*-3,10-25..31 2:30", "1/2:00",
        ];
        string[] zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"];
        Compare(
            [.. times.SelectMany(time => zones.Select(zone => $"{time} {zone}"))],
            DateTimeOffset.Parse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
    }

    /// <summary>Run by hand after a change: NIXGEN_FUZZ=100000 dotnet test --filter Fuzz.</summary>
    [ToolFact(SystemdAnalyze.Name)]
    public void Fuzz()
    {
        _ = int.TryParse(Environment.GetEnvironmentVariable("NIXGEN_FUZZ"), CultureInfo.InvariantCulture, out var count);
        var seed = Environment.TickCount;
        var generator = new CalendarGenerator(seed);
        var random = new Random(seed);
        foreach (var batch in Enumerable.Range(0, count).Select(_ => generator.Next()).Chunk(1_000))
        {
            var after = DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(
                Base.AddYears(-1).ToUnixTimeSeconds(), Base.AddYears(30).ToUnixTimeSeconds()));
            Compare(batch, after);
        }
    }

    private static void Compare(IReadOnlyList<string> expressions, DateTimeOffset after)
    {
        Tool.Require(SystemdAnalyze.Name);
        var missesDays = SystemdAnalyze.Version() < FirstWithoutMissingDays;
        var differences = SystemdAnalyze.Calendar(expressions, after, Iterations)
            .Select(verdict => Difference(verdict, after, missesDays))
            .OfType<string>()
            .ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join("\n", differences.Take(20))}");
    }

    private static string? Difference(CalendarVerdict systemd, DateTimeOffset after, bool missesDays)
    {
        var isAccepted = CalendarExpression.TryParse(systemd.Expression, out var expression, out var problem);
        if (isAccepted != systemd.IsAccepted)
        {
            return $"'{systemd.Expression}': {(systemd.IsAccepted ? $"refused ({problem})" : "accepted")}, unlike systemd";
        }

        if (expression is null || systemd.Elapses is null)
        {
            return null;
        }

        if (systemd.Normalized != expression.Normalized)
        {
            return $"'{systemd.Expression}': normalized {expression.Normalized}, systemd {systemd.Normalized}";
        }

        var elapses = Elapses(expression, after).Take(Iterations).ToList();
        return elapses.SequenceEqual(systemd.Elapses) || (missesDays && LacksDaysOfJanuary(expression, systemd.Elapses, after))
            ? null
            : $"'{systemd.Expression}' after {after:u}: elapses {Times(elapses)}, systemd {Times(systemd.Elapses)}";
    }

    /// <summary>
    /// Until version 260, systemd misses days in January: a step that leads past the end of December does not begin anew with the
    /// 1st, see https://github.com/systemd/systemd/issues/40260. It must have the other times and no more.
    /// </summary>
    private static bool LacksDaysOfJanuary(
        CalendarExpression expression, IReadOnlyList<DateTimeOffset> systemd, DateTimeOffset after)
    {
        var zone = expression.Zone is null ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(expression.Zone);
        var found = 0;
        foreach (var elapse in Elapses(expression, after).Take(5_000).TakeWhile(_ => found < Iterations))
        {
            var local = TimeZoneInfo.ConvertTime(elapse, zone);
            if (found < systemd.Count && elapse == systemd[found])
            {
                found++;
            }
            else if (local.Month != 1)
            {
                return false;
            }
        }

        return found == systemd.Count;
    }

    /// <summary>Without fractions, since systemd prints none; the search goes on from the time with its fraction.</summary>
    private static IEnumerable<DateTimeOffset> Elapses(CalendarExpression expression, DateTimeOffset after)
    {
        while (expression.Next(after) is { } next)
        {
            yield return DateTimeOffset.FromUnixTimeSeconds(next.ToUnixTimeSeconds());
            after = next.ToUniversalTime();
        }
    }

    private static string Times(IEnumerable<DateTimeOffset> times) =>
        string.Join(", ", times.Select(time => time.ToString("u", CultureInfo.InvariantCulture)));
}
