using System.Net;
using NixGen.Findings;
using NixGen.Inventory.Reading;
using NixGen.Languages.Systemd;

namespace NixGen.Inventory.Binding;

/// <summary>Values that are written as one text.</summary>
internal static class Scalars
{
    public static Placed<string>? Text(YamlNode node, string key, FindingList findings)
    {
        if (node is not YamlText text)
        {
            Nodes.WrongKind(node, $"`{key}` is a text", $"Write a single value: {key}: \"…\".", findings);
            return null;
        }

        if (text.Value.Length == 0)
        {
            findings.Report(Codes.NoValue, text.At, $"`{key}` is empty");
            return null;
        }

        return new Placed<string>(text.Value, text.At);
    }

    /// <summary>Why something is so. The … of a pasted remedy is no reason.</summary>
    public static Placed<string>? Reason(YamlNode node, string key, FindingList findings)
    {
        if (Text(node, key, findings) is not { } text)
            return null;
        if (text.Value.Any(char.IsLetterOrDigit))
            return text;
        findings.Report(Codes.BadValue, text.At, $"`{key}`: '{text.Value}' is no reason", "Say why, for whoever reads it in a year.");
        return null;
    }

    /// <summary>A path that means one place: absolute, without empty, . or .. parts, without a slash at the end.</summary>
    public static bool IsPlainPath(string path) =>
        path.Length > 1 && path[0] == '/' && path[1..].Split('/').All(part => part is not ("" or "." or ".."));

    public static Placed<string>? Path(YamlNode node, string key, FindingList findings)
    {
        if (Text(node, key, findings) is not { } text)
            return null;
        if (IsPlainPath(text.Value))
            return text;

        var trimmed = "/" + string.Join('/', text.Value.Split('/').Where(part => part is not ("" or ".")));
        var help = text.Value switch
        {
            "/" => "Name the folders that matter instead of everything.",
            ['~', ..] => "Write the home directory out: /home/…",
            _ when !text.Value.StartsWith('/') => "Write it absolute, beginning with /.",
            _ when IsPlainPath(trimmed) => $"Write {trimmed}",
            _ => Codes.BadPath.Remedy,
        };
        findings.Report(Codes.BadPath, text.At, $"`{key}`: '{text.Value}' is no plain absolute path", help);
        return null;
    }

    public static CalendarExpression? Calendar(Placed<string> text, FindingList findings)
    {
        if (!CalendarExpression.TryParse(text.Value, out var calendar, out var problem))
        {
            findings.Report(Codes.BadSchedule, text.At, $"schedule '{text.Value}': {problem}");
            return null;
        }

        // Without the rules of its zone on this machine, when it comes cannot be told.
        if (calendar.ZoneIsKnown && calendar.Next(DateTimeOffset.UtcNow) is null)
        {
            findings.Report(Codes.NeverElapses, text.At, $"schedule '{text.Value}' never comes");
            return null;
        }

        return calendar;
    }

    public static Placed<ListenAddress>? Listen(Placed<string> text, FindingList findings)
    {
        // A bare number would make Backrest listen on all interfaces; IPEndPoint takes one for an address, hence the dot or bracket.
        if (text.Value.IndexOfAny(['.', '[']) >= 0
            && IPEndPoint.TryParse(text.Value, out var endPoint)
            && endPoint.Port != 0
            && text.Value == endPoint.ToString())
        {
            return new Placed<ListenAddress>(new ListenAddress(endPoint.Address, endPoint.Port), text.At);
        }

        findings.Report(Codes.BadListen, text.At, $"`listen` cannot be '{text.Value}'");
        return null;
    }
}
