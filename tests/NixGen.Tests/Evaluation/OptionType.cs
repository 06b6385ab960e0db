using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NixGen.Tests.Evaluation;

/// <summary>
/// Reads the types of NixOS options as its documentation prints them, as far as nixos-options.json has them, and tells whether
/// a value fits. A type that is not known is an error, not a value that fits. A package is its path in JSON, which only a text
/// can be.
/// </summary>
internal static partial class OptionType
{
    /// <exception cref="NotSupportedException">The type is not known.</exception>
    public static bool Fits(string type, JsonNode? value) => type switch
    {
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "signed integer" => IsNumber(value) && long.TryParse(value!.ToJsonString(), out _),
        "nonnegative integer or floating point number, meaning >=0" => IsNumber(value) && value!.GetValue<double>() >= 0,
        "string" or "strings concatenated with \"\\n\"" => IsText(value),
        "package" => IsText(value) && value!.GetValue<string>().StartsWith("/nix/store/", StringComparison.Ordinal),
        "absolute path" => IsText(value) && value!.GetValue<string>().StartsWith('/'),
        "(optionally newline-terminated) single-line string" => IsText(value)
            && !value!.GetValue<string>().TrimEnd('\n').Contains('\n'),
        // What a unit file can hold: one value, or one line for each of several.
        "systemd option" => IsSetting(value) || value is JsonArray settings && settings.All(IsSetting),
        "unspecified value" => true,
        // Its own options are listed and looked up one by one.
        "submodule" => value is JsonObject,
        _ when Inside(type, "(", ")") is { } inner => Fits(inner, value),
        _ when Inside(type, "null or ", "") is { } inner => value is null || Fits(inner, value),
        _ when Inside(type, "list of ", "") is { } inner => value is JsonArray list && list.All(item => Fits(inner, item)),
        _ when Inside(type, "attribute set of ", "") is { } inner => value is JsonObject map
            && map.All(member => Fits(inner, member.Value)),
        _ when Inside(type, "one of ", "") is { } inner => IsText(value)
            && inner.Split(", ").Contains(JsonSerializer.Serialize(value!.GetValue<string>())),
        _ when Inside(type, "string matching the pattern ", "") is { } pattern => IsText(value)
            && Regex.IsMatch(value!.GetValue<string>(), $@"^(?:{pattern})\z"),
        _ when Alternatives().Match(type) is { Success: true } or =>
            Fits(or.Groups[1].Value, value) || Fits(or.Groups[2].Value, value),
        _ => throw new NotSupportedException($"the type '{type}'"),
    };

    private static string? Inside(string type, string start, string end) =>
        type.StartsWith(start, StringComparison.Ordinal) && type.EndsWith(end, StringComparison.Ordinal)
            ? type[start.Length..^end.Length]
            : null;

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static bool IsNumber(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number;

    private static bool IsSetting(JsonNode? value) => IsText(value) || IsNumber(value) || Fits("boolean", value);

    // Of simple types only, the first as short as can be: "null or …" and sets are read before.
    [GeneratedRegex(@"^([a-z ]+?) or ([a-z ]+)\z")]
    private static partial Regex Alternatives();
}
