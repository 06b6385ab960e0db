namespace NixGen.Languages.Systemd;

/// <summary>One element of a list in a calendar expression: <c>5</c>, <c>1..7</c>, <c>0/15</c>, <c>1..7/2</c>.</summary>
/// <param name="Start">The first value; seconds are counted in microseconds.</param>
/// <param name="Stop">The last value, or null for a single value or a repetition without an end.</param>
/// <param name="Step">The distance between two values; 0 for a single value.</param>
internal readonly record struct CalendarElement(int Start, int? Stop = null, int Step = 0) : IComparable<CalendarElement>
{
    public bool IsSingle => Step == 0;

    /// <summary>systemd lets a range end on its last value, and makes a single value of one that holds no second.</summary>
    public CalendarElement Normalize()
    {
        if (Stop is not { } stop)
        {
            return this;
        }

        var last = stop > Start && Step > 0 ? stop - (stop - Start) % Step : stop;
        return last == Start ? new CalendarElement(Start) : this with { Stop = last };
    }

    /// <summary>The smallest value that is not below <paramref name="from"/>.</summary>
    public long? First(int from)
    {
        if (Start >= from)
        {
            return Start;
        }

        if (IsSingle)
        {
            return null;
        }

        var next = Start + ((long)from - Start + Step - 1) / Step * Step;
        return next <= (Stop ?? int.MaxValue) ? next : null;
    }

    /// <summary>The same days counted from the beginning of a month, for an element that counts from its end.</summary>
    public CalendarElement FromMonthEnd(int days) =>
        Stop is { } stop ? new CalendarElement(days + 1 - stop, days + 1 - Start, Step) : this with { Start = days + 1 - Start };

    public int CompareTo(CalendarElement other) =>
        (Start, Stop ?? -1, Step).CompareTo((other.Start, other.Stop ?? -1, other.Step));
}
