using System.Globalization;
using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Inventory.Binding;

/// <summary>What is no longer backed up, on purpose.</summary>
internal static class RetiredBinding
{
    private static readonly (string Key, RetiredKind Kind)[] Kinds =
    [
        ("host", RetiredKind.Host),
        ("service", RetiredKind.Service),
        ("path", RetiredKind.Path),
        ("database", RetiredKind.Database),
        ("destination", RetiredKind.Destination),
        ("retention", RetiredKind.Retention),
    ];

    private static readonly string Keys = string.Join(", ", Kinds.Select(kind => kind.Key));

    /// <param name="owner">The inventory or a host.</param>
    /// <param name="ofHost">Which of the two: a host that says something is not retired.</param>
    /// <param name="findings">Where to report.</param>
    public static List<RetiredDeclaration> Bind(KeyReader owner, bool ofHost, FindingList findings) =>
        owner.Items("retired")?.Select(node => Entry(node, ofHost, findings)).OfType<RetiredDeclaration>().ToList() ?? [];

    public static string Key(RetiredKind kind) => Kinds.First(each => each.Kind == kind).Key;

    private static RetiredDeclaration? Entry(YamlNode node, bool ofHost, FindingList findings)
    {
        if (Nodes.Map(node, "an entry of `retired`", findings) is not { } map)
            return null;
        var keys = new KeyReader(map, "an entry of `retired`", findings);
        var errors = findings.Errors;
        var named = Kinds.Where(kind => keys.Find(kind.Key) is not null).ToList();
        // A destination beside something else says where that is retired alone.
        var (subjects, place) = named is [_, _] && named.Exists(CanBeBeside) && named.Exists(kind => kind.Kind == RetiredKind.Destination)
            ? (named.FindAll(CanBeBeside), keys.Text("destination"))
            : (named, null);
        var name = subjects is [var only] ? Name(keys, only, findings) : null;
        var date = Date(keys, findings);
        var reason = keys.RequiredReason("reason");
        keys.Done();
        if (subjects is [])
            findings.Report(Codes.MissingKey, map.At, "an entry of `retired` does not say what is retired", $"Add one of {Keys}.");
        else if (subjects is not [var (key, kind)])
            findings.Report(Codes.BadValue, map.At, "an entry of `retired` names several things", $"Write an entry for each. `destination` may stand beside service, path or database.");
        else if (kind == RetiredKind.Host && ofHost)
            findings.Report(Codes.BadValue, map.At, "a host that is declared is not retired", "Write it into `retired` at the top level, and remove the host.");
        else if (findings.Errors == errors && name is { } text && date is { } since && reason is { } why)
            return new RetiredDeclaration(kind, text.Value, place?.Value, since, why.Value, map.At);
        return null;
    }

    private static bool CanBeBeside((string Key, RetiredKind Kind) kind) =>
        kind.Kind is RetiredKind.Service or RetiredKind.Path or RetiredKind.Database;

    private static Placed<string>? Name(KeyReader keys, (string Key, RetiredKind Kind) subject, FindingList findings)
    {
        if (subject.Kind == RetiredKind.Path)
            return Scalars.Path(keys.Find("path")!, "path", findings);
        if (keys.Text(subject.Key) is not { } text)
            return null;
        if (subject.Kind == RetiredKind.Database ? DatabaseBinding.IsId(text.Value) : IsName(text.Value))
            return text;
        findings.Report(
            Codes.BadValue,
            text.At,
            $"`{subject.Key}` cannot be '{text.Value}'",
            subject.Kind == RetiredKind.Database ? "Write sqlite:/path/of/the/file, postgresql:name or mariadb:name." : "Write the name as the inventory had it.");
        return null;
    }

    // Of a destination, - and of a service for a job; each may be as long as names are.
    private static bool IsName(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private static DateOnly? Date(KeyReader keys, FindingList findings)
    {
        if (keys.RequiredText("date") is not { } text)
            return null;
        if (DateOnly.TryParseExact(text.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        findings.Report(Codes.BadValue, text.At, $"`date` cannot be '{text.Value}'", "Write year, month and day in quotes: \"2026-01-31\".");
        return null;
    }
}
