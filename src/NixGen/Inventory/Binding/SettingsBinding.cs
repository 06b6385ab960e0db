using NixGen.Findings;
using NixGen.Inventory.Reading;
using NixGen.Languages.Systemd;

namespace NixGen.Inventory.Binding;

/// <summary>What can stand in <c>defaults</c>, for a host, a service or a destination alike.</summary>
internal static class SettingsBinding
{
    public static Settings Settings(KeyReader keys, FindingList findings)
    {
        var errors = findings.Errors;
        var settings = new Settings(
            Destinations(keys, findings),
            Schedule(keys, "schedule", findings),
            Retention(keys, findings),
            keys.Choice("missing", ("continue", MissingPaths.Continue), ("refuse", MissingPaths.Refuse)),
            keys.Flag("declareOptions"),
            OnePassword(keys, findings),
            Backrest(keys, findings),
            Drill(keys, findings));
        return settings with { IsBroken = findings.Errors > errors || keys.HasBroken };
    }

    public static IReadOnlyList<Placed<string>>? Destinations(KeyReader keys, FindingList findings) =>
        keys.List("destinations", node => Scalars.Text(node, "destinations", findings));

    public static Schedule? Schedule(KeyReader keys, string key, FindingList findings)
    {
        switch (keys.Find(key))
        {
            case null:
                return null;
            case YamlMap map:
                var inner = new KeyReader(map, $"`{key}`", findings);
                var calendar = inner.RequiredText("calendar") is { } expression ? Scalars.Calendar(expression, findings) : null;
                var delay = Delay(inner, findings);
                inner.Done();
                return calendar is null ? null : new Schedule(calendar, delay, map.At);
            case var node:
                return Scalars.Text(node, key, findings) is { } text && Scalars.Calendar(text, findings) is { } parsed
                    ? new Schedule(parsed, null, text.At)
                    : null;
        }
    }

    /// <summary>The counts of snapshots to keep, or the word keep-all.</summary>
    public static Retention? Retention(KeyReader keys, FindingList findings)
    {
        const int most = 10_000;
        switch (keys.Find("retention"))
        {
            case null:
                return null;
            case YamlMap map:
                var inner = new KeyReader(map, "`retention`", findings);
                var errors = findings.Errors;
                int Count(string key) => inner.Number(key, 0, most) ?? 0;
                var retention = new Retention(
                    Count("last"), Count("hourly"), Count("daily"), Count("weekly"), Count("monthly"), Count("yearly"), map.At);
                inner.Done();
                if (!retention.KeepsAll)
                    return retention;
                if (findings.Errors == errors)
                    findings.Report(Codes.KeepsNothing, map.At, "this retention would keep nothing");
                return null;
            case YamlText { Value: "keep-all" } word:
                return new Retention(0, 0, 0, 0, 0, 0, word.At);
            case var node:
                Nodes.WrongKind(node, "`retention` is a map of counts", "Write { daily: 7, weekly: 4, monthly: 6 }, or keep-all.", findings);
                return null;
        }
    }

    private static TimeSpan? Delay(KeyReader keys, FindingList findings)
    {
        if (keys.Text("randomizedDelay") is not { } text)
            return null;
        if (TimeSpanExpression.TryParse(text.Value, out var delay, out _) && delay < TimeSpan.FromDays(1))
            return delay;
        findings.Report(Codes.BadDuration, text.At, $"`randomizedDelay` cannot be '{text.Value}'", "Write a time span below one day: 90s, 30m, 1h.");
        return null;
    }

    private static OnePasswordSettings OnePassword(KeyReader keys, FindingList findings)
    {
        if (keys.Keys("onePassword", "`onePassword`") is not { } inner)
            return new OnePasswordSettings(null, null);
        var token = inner.Find("tokenFile") is { } node ? Scalars.Path(node, "tokenFile", findings) : null;
        var vault = inner.Text("vault");
        inner.Done();
        return new OnePasswordSettings(token, vault);
    }

    private static BackrestSettings? Backrest(KeyReader keys, FindingList findings)
    {
        if (keys.Keys("backrest", "`backrest`") is not { } inner)
            return null;
        var enable = inner.Flag("enable");
        var listen = inner.Text("listen") is { } text ? Scalars.Listen(text, findings) : null;
        var user = inner.Text("user");
        var secrets = inner.Text("secrets");
        inner.Done();
        if (user is { } name && !(Names.IsUsable(name.Value) && name.Value != IndexUser))
            findings.Report(Codes.BadName, name.At, $"'{name.Value}' is no name for Backrest's user", $"Use letters, digits, - and _; '{IndexUser}' is taken by the index trigger.");
        return new BackrestSettings(inner.At, enable, listen, user?.Value, secrets);
    }

    private static DrillSettings? Drill(KeyReader keys, FindingList findings)
    {
        if (keys.Find("drill") is YamlText)
            return keys.Flag("drill") is { } enable ? new DrillSettings(enable, null, null, null) : null;
        if (keys.Keys("drill", "`drill`") is not { } inner)
            return null;
        var schedule = Schedule(inner, "schedule", findings);
        var services = inner.Number("services", 1, 1000);
        var scratch = inner.Find("scratch") is { } node ? Scratch(node, findings) : null;
        inner.Done();
        return new DrillSettings(true, schedule, services, scratch);
    }

    // tmpfiles.d makes it, and a unit may write to it: plain characters mean the same to all of them.
    private static Placed<string>? Scratch(YamlNode node, FindingList findings)
    {
        if (Scalars.Path(node, "scratch", findings) is not { } path)
            return null;
        if (HiddenPlaces.Around(path.Value) is { } hidden)
        {
            findings.Report(Codes.BadPath, path.At, $"`scratch`: '{path.Value}' lies in {hidden}, where nothing can be restored to", "Name a folder on a disk with room for the largest service.");
            return null;
        }

        if (path.Value.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-'))
            return path;
        findings.Report(Codes.BadPath, path.At, $"`scratch` cannot be '{path.Value}'", "Use letters, digits, dots, - and _ between the slashes.");
        return null;
    }

    /// <summary>The machine user that tells Backrest to look for new snapshots.</summary>
    internal const string IndexUser = "index";
}
