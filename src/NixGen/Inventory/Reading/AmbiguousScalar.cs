using System.Text.RegularExpressions;

namespace NixGen.Inventory.Reading;

/// <summary>
/// Plain words that YAML 1.1 readers (PyYAML, Ruby, Ansible, old Go) and YAML 1.2 readers take for different things.
/// The types are those of https://yaml.org/type/; <c>true</c>, <c>false</c> and decimal integers mean the same to all.
/// </summary>
internal static partial class AmbiguousScalar
{
    /// <summary>What other readers take the plain <paramref name="value"/> for; null when all agree.</summary>
    public static string? OtherReading(string value)
    {
        if (value.Length == 0)
            return null;
        return value[0] switch
        {
            >= '0' and <= '9' or '+' or '-' or '.' => NumberReading(value),
            '=' when value.Length == 1 => "the default value of a map",
            '<' when value == "<<" => "a merge",
            _ => IsBoolean(value) ? "a boolean" : null,
        };
    }

    /// <summary>A plain word that means nothing at all, in YAML 1.1 and 1.2.</summary>
    public static bool IsNull(string value) => value is "" or "~" or "null" or "Null" or "NULL";

    private static bool IsBoolean(string value)
    {
        if (value.Length > 5 || value is "true" or "false")
            return false;
        Span<char> lower = stackalloc char[5];
        return lower[..value.AsSpan().ToLowerInvariant(lower)] is "y" or "yes" or "n" or "no" or "on" or "off" or "true" or "false";
    }

    private static string? NumberReading(string value)
    {
        if (DecimalInteger().IsMatch(value))
            return null;
        if (Based().IsMatch(value))
            return BasedReading(value);
        if (Base60().IsMatch(value))
            return "a number in base 60";
        if (Float().IsMatch(value))
            return "a number with a fraction or an exponent";
        return Timestamp().IsMatch(value) ? "a date" : null;
    }

    private static string BasedReading(string value) =>
        value.TrimStart('+', '-') switch
        {
            ['0', 'x', ..] => "a hexadecimal number",
            ['0', 'b', ..] => "a binary number",
            ['0', _, ..] => "an octal number",
            _ => "a number, written in an unusual way",
        };

    // [0-9] and \z: \d also matches other scripts' digits, and $ also matches before a last line break.
    [GeneratedRegex(@"^(0|-?[1-9][0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalInteger();

    [GeneratedRegex(@"^[-+]?([0-9][0-9_]*|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Based();

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Base60();

    [GeneratedRegex(@"^([-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Float();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Timestamp();
}
