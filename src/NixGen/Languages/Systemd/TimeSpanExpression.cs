using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NixGen.Languages.Systemd;

/// <summary>
/// Time spans as in <c>RandomizedDelaySec=</c>: <c>1h 30min</c>, <c>90s</c>, <c>600</c>; systemd.time(7), "PARSING TIME SPANS".
/// </summary>
public static class TimeSpanExpression
{
    private const long Second = 1_000_000;
    private const long Month = 2_629_800 * Second;
    private const long Year = 31_557_600 * Second;

    /// <summary>What systemd skips (WHITESPACE in its string-util.h).</summary>
    private const string Blanks = " \t\n\r";

    // In microseconds; a longer name comes before one that it begins with. Units are told apart by case: M is a month.
    private static readonly (string Name, long Length)[] Units =
    [
        ("seconds", Second), ("second", Second), ("sec", Second), ("s", Second),
        ("minutes", 60 * Second), ("minute", 60 * Second), ("min", 60 * Second),
        ("months", Month), ("month", Month), ("M", Month),
        ("msec", 1_000), ("ms", 1_000),
        ("m", 60 * Second),
        ("hours", 3_600 * Second), ("hour", 3_600 * Second), ("hr", 3_600 * Second), ("h", 3_600 * Second),
        ("days", 86_400 * Second), ("day", 86_400 * Second), ("d", 86_400 * Second),
        ("weeks", 604_800 * Second), ("week", 604_800 * Second), ("w", 604_800 * Second),
        ("years", Year), ("year", Year), ("y", Year),
        ("usec", 1), ("us", 1),
        ("\u03bcs", 1), // Greek small letter mu
        ("\u00b5s", 1), // micro sign
    ];

    /// <param name="text">The time span; a number without a unit counts seconds.</param>
    /// <param name="value">How long it is.</param>
    /// <param name="problem">What is wrong with it, in a sentence for people.</param>
    public static bool TryParse(string text, out TimeSpan value, [NotNullWhen(false)] out string? problem)
    {
        value = TimeSpan.Zero;
        var rest = text.AsSpan().Trim(Blanks);
        if (rest.IsEmpty)
        {
            problem = "A time span says how long, such as 30min; this one is empty.";
            return false;
        }

        if (rest is "infinity")
        {
            problem = "A time span without an end is of no use here; write a number and a unit, such as 30min.";
            return false;
        }

        Int128 microseconds = 0;
        while (!rest.IsEmpty)
        {
            if (!ReadPart(ref rest, ref microseconds, out problem))
            {
                return false;
            }

            rest = rest.TrimStart(Blanks);
        }

        value = TimeSpan.FromTicks((long)microseconds * TimeSpan.TicksPerMicrosecond);
        problem = null;
        return true;
    }

    /// <summary>Reads a number with its unit and adds it.</summary>
    private static bool ReadPart(ref ReadOnlySpan<char> rest, ref Int128 microseconds, [NotNullWhen(false)] out string? problem)
    {
        if (rest[0] == '-')
        {
            problem = "A time span cannot be negative.";
            return false;
        }

        var part = rest;
        var hasPlus = rest[0] == '+';
        rest = hasPlus ? rest[1..] : rest;
        var digits = LeadingDigits(rest);
        rest = rest[digits.Length..];
        var fraction = ReadOnlySpan<char>.Empty;
        var hasPoint = !rest.IsEmpty && rest[0] == '.';
        if (hasPoint)
        {
            fraction = LeadingDigits(rest[1..]);
            rest = rest[(1 + fraction.Length)..];
        }

        if (hasPoint ? fraction.IsEmpty || (hasPlus && digits.IsEmpty) : digits.IsEmpty)
        {
            problem = $"A number is expected at '{part}'.";
            return false;
        }

        var afterNumber = rest;
        if (!TakeUnit(ref rest, out var unit) && rest.Length == afterNumber.Length && !rest.IsEmpty)
        {
            problem = $"'{rest}' does not begin with a unit of time, such as s, min, h or d.";
            return false;
        }

        long whole = 0;
        if (digits.IsEmpty || long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out whole))
        {
            microseconds += (Int128)whole * unit + Fraction(fraction, unit);
            if (microseconds <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond)
            {
                problem = null;
                return true;
            }
        }

        problem = "The time span is too long to be counted.";
        return false;
    }

    private static ReadOnlySpan<char> LeadingDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text : text[..end];
    }

    /// <summary>Takes blanks and the unit after them; a number without a unit counts seconds.</summary>
    private static bool TakeUnit(ref ReadOnlySpan<char> rest, out long length)
    {
        rest = rest.TrimStart(Blanks);
        foreach (var (name, microseconds) in Units)
        {
            if (rest.StartsWith(name))
            {
                rest = rest[name.Length..];
                length = microseconds;
                return true;
            }
        }

        length = Second;
        return false;
    }

    /// <summary>Digit by digit as parse_time() does: what is below a microsecond falls away at each digit.</summary>
    private static long Fraction(ReadOnlySpan<char> digits, long unit)
    {
        long sum = 0;
        foreach (var digit in digits)
        {
            unit /= 10;
            sum += (digit - '0') * unit;
        }

        return sum;
    }
}
