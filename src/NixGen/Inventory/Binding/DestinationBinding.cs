using NixGen.Findings;
using NixGen.Inventory.Reading;
using NixGen.Languages.Systemd;

namespace NixGen.Inventory.Binding;

/// <summary>Destinations and their maintenance.</summary>
internal static class DestinationBinding
{
    // One slice a week reads everything back within three months; more slices cost less a week.
    private const int DefaultCheckSlices = 12;

    public static DestinationDeclaration? Bind(YamlEntry entry, FindingList findings)
    {
        if (Nodes.Named(entry, "destination", findings) is not { } keys)
            return null;
        var errors = findings.Errors;
        var repository = Repository(keys, findings);
        var secrets = keys.RequiredText("secrets");
        var schedule = SettingsBinding.Schedule(keys, "schedule", findings);
        var retention = SettingsBinding.Retention(keys, findings);
        var initialize = keys.Flag("initialize") ?? false;
        var appendOnly = keys.Flag("appendOnly") ?? false;
        var maintenance = Maintenance(keys, appendOnly, findings);
        var accept = AcceptBinding.Bind(keys, findings);
        keys.Done();
        return repository is null || secrets is null
            ? null
            : new DestinationDeclaration(
                entry.Key.Value, entry.Key.At, repository, secrets.Value, schedule, retention, initialize, maintenance)
            {
                AppendOnly = appendOnly,
                Accept = accept,
                IsBroken = findings.Errors > errors || Nodes.HasBroken(entry.Value),
            };
    }

    private static Repository? Repository(KeyReader keys, FindingList findings)
    {
        if (keys.RequiredText("repository") is not { } text)
            return null;
        if (Inventory.Repository.TryParse(text.Value, text.At, out var repository, out var problem))
            return repository;
        findings.Report(problem.Value.Code, text.At, problem.Value.Message);
        return null;
    }

    private static MaintenanceDeclaration Maintenance(KeyReader keys, bool appendOnly, FindingList findings)
    {
        var inner = keys.Keys("maintenance", "`maintenance`");
        var maintenance = new MaintenanceDeclaration(
            inner?.Text("host"),
            // Nothing can be reclaimed where nothing can be deleted.
            When(inner, "reclaim", appendOnly ? null : "Sun 05:00", findings),
            When(inner, "check", "Sat 05:00", findings),
            inner?.Number("checkSlices", 1, 1000) ?? DefaultCheckSlices);
        inner?.Done();
        return maintenance;
    }

    private static Schedule? When(KeyReader? keys, string key, string? otherwise, FindingList findings)
    {
        if (keys?.Find(key) is YamlText { Value: "never" })
            return null;
        if (keys?.Find(key) is not null)
            return SettingsBinding.Schedule(keys, key, findings);
        return otherwise is not null && CalendarExpression.TryParse(otherwise, out var calendar, out _) ? new Schedule(calendar, null, default) : null;
    }
}
