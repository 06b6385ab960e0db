namespace NixGen.Languages.Systemd;

/// <summary>A field of a calendar expression, such as its hours: a list of elements, or <c>*</c>.</summary>
internal sealed class CalendarField
{
    public static readonly CalendarField Any = new([]);

    private readonly CalendarElement[] _elements;

    private CalendarField(CalendarElement[] elements) => _elements = elements;

    public bool IsAny => _elements.Length == 0;

    public IReadOnlyList<CalendarElement> Elements => _elements;

    /// <summary>The one value that the field admits, if it is no more than that.</summary>
    public int? Single => _elements is [{ IsSingle: true } only] ? only.Start : null;

    /// <summary>The elements as they were written.</summary>
    public static CalendarField Of(params IEnumerable<CalendarElement> elements) => new([.. elements]);

    public static CalendarField Of(int value) => new([new CalendarElement(value)]);

    /// <summary>systemd sorts a list and drops what is in it twice; it does not merge what overlaps.</summary>
    public CalendarField Normalize() => new([.. _elements.Select(element => element.Normalize()).Order().Distinct()]);

    /// <summary>The smallest value not below <paramref name="from"/>; a step without an end leads past any limit.</summary>
    public long? First(int from) => IsAny ? from : _elements.Min(element => element.First(from));

    /// <summary>Every value from <paramref name="from"/> to <paramref name="to"/>, in order.</summary>
    public IEnumerable<int> Values(int from, int to)
    {
        for (var value = First(from); value <= to; value = First((int)value.Value + 1))
        {
            yield return (int)value.Value;
        }
    }

    public CalendarField FromMonthEnd(int days) => new([.. _elements.Select(element => element.FromMonthEnd(days))]);
}
