using NixGen.Languages.Systemd;

namespace NixGen.Tests.Languages.Systemd;

public sealed class CalendarHabitsTests
{
    [Theory]
    [InlineData("03:00", "03:00", true)]
    [InlineData("03:00", "Sun 03:00", true)]
    [InlineData("03:00:10", "03:00:50", true)]
    [InlineData("*-*-01 04:00", "Mon 04:00", true)]
    [InlineData("hourly", "05:00", true)]
    [InlineData("02,14:30", "*:0/15", true)]
    [InlineData("03:00 UTC", "Sun 03:00 UTC", true)]
    [InlineData("03:00", "03:01", false)]
    [InlineData("Sat 03:00", "Sun 03:00", false)]
    [InlineData("*-*-01 04:00", "*-*-15 04:00", false)]
    [InlineData("*-02-29 03:00", "*-12-24 03:00", false)]
    // Which zone the host is in, nobody knows here.
    [InlineData("03:00", "03:00 UTC", false)]
    public void Both_come_at_one_minute(string one, string other, bool meet)
    {
        Assert.Equal(meet, Read(one).MeetsAtAMinute(Read(other)));
        Assert.Equal(meet, Read(other).MeetsAtAMinute(Read(one)));
    }

    [Theory]
    [InlineData("hourly", true)]
    [InlineData("*:15", true)]
    [InlineData("0/6:00", true)]
    [InlineData("03,15:00", false)]
    [InlineData("03,04:00", false)]
    [InlineData("03:00", false)]
    [InlineData("Sun 03:00", false)]
    public void Some_come_every_few_hours(string expression, bool isFrequent) => Assert.Equal(isFrequent, Read(expression).IsFrequent);

    private static CalendarExpression Read(string text)
    {
        Assert.True(CalendarExpression.TryParse(text, out var expression, out var problem), problem);
        return expression;
    }
}
