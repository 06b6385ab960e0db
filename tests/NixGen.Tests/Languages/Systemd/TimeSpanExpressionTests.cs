using NixGen.Languages.Systemd;

namespace NixGen.Tests.Languages.Systemd;

public sealed class TimeSpanExpressionTests
{
    [Theory]
    [InlineData("600", 600)]
    [InlineData("30m", 1_800)]
    [InlineData("30min", 1_800)]
    [InlineData("1h 30min", 5_400)]
    [InlineData("1h30", 3_630)]
    [InlineData("90s", 90)]
    [InlineData(" 5 s ", 5)]
    [InlineData("1.5h", 5_400)]
    [InlineData(".5s", 0.5)]
    [InlineData("1d 2hr 3minutes", 93_780)]
    [InlineData("2M", 5_259_600)]
    [InlineData("1y", 31_557_600)]
    [InlineData("250ms", 0.25)]
    [InlineData("5\u00b5s", 0.000005)]
    [InlineData("0", 0)]
    [InlineData("+5", 5)]
    public void Reads_what_systemd_reads(string text, double seconds)
    {
        Assert.True(TimeSpanExpression.TryParse(text, out var value, out var problem), problem);
        Assert.Equal(TimeSpan.FromMicroseconds(Math.Round(seconds * 1_000_000)), value);
    }

    [Theory]
    [InlineData("", "A time span says how long, such as 30min; this one is empty.")]
    [InlineData("  ", "A time span says how long, such as 30min; this one is empty.")]
    [InlineData("infinity", "A time span without an end is of no use here; write a number and a unit, such as 30min.")]
    [InlineData("-5", "A time span cannot be negative.")]
    [InlineData("5min -3s", "A time span cannot be negative.")]
    [InlineData("soon", "A number is expected at 'soon'.")]
    [InlineData("5.s", "A number is expected at '5.s'.")]
    [InlineData("5H", "'H' does not begin with a unit of time, such as s, min, h or d.")]
    [InlineData("1,5h", "',5h' does not begin with a unit of time, such as s, min, h or d.")]
    [InlineData("40000y", "The time span is too long to be counted.")]
    [InlineData("99999999999999999999", "The time span is too long to be counted.")]
    public void Says_what_is_wrong(string text, string problem)
    {
        Assert.False(TimeSpanExpression.TryParse(text, out var value, out var actual));
        Assert.Equal(problem, actual);
        Assert.Equal(TimeSpan.Zero, value);
    }

    [ToolFact(SystemdAnalyze.Name)]
    [Trait("Tool", SystemdAnalyze.Name)]
    public void Random_spans_are_as_long_as_they_are_to_systemd()
    {
        Tool.Require(SystemdAnalyze.Name);
        var random = new Random(20250131);
        string[] pieces =
        [
            "0", "1", "5", "12", "30", "600", "007", "1.5", ".25", "3.", "0.0000015", "2.999999999", "9999999",
            " ", " ", "\t", "+", "-", ".", ",",
            "s", "sec", "second", "seconds", "m", "min", "minute", "minutes", "h", "hr", "hour", "hours", "d", "day", "days",
            "w", "week", "weeks", "M", "month", "months", "y", "year", "years", "ms", "msec", "us", "usec", "\u00b5s", "\u03bcs",
            "S", "mins", "ns", "infinity",
        ];
        var spans = Enumerable.Range(0, 800)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)])))
            .ToList();
        var differences = spans.Zip(SystemdAnalyze.TimeSpans(spans), Difference).OfType<string>().ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences\n{string.Join("\n", differences.Take(20))}");
    }

    private static string? Difference(string span, ulong? systemd)
    {
        // NixGen refuses what has no end or is longer than .NET can count.
        var expected = systemd <= (ulong)TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond ? systemd : null;
        var actual = TimeSpanExpression.TryParse(span, out var value, out _) ? (ulong?)value.TotalMicroseconds : null;
        return actual == expected ? null : $"'{span}': {actual}, systemd {systemd}";
    }
}
