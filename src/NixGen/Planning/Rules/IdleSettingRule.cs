using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Settings that hold for no backup: a retention that nothing applies is taken for a promise.</summary>
internal static class IdleSettingRule
{
    public static void Check(Declarations declarations, Lookup lookup, Lints lints)
    {
        foreach (var (key, at) in Settings(declarations.Defaults).Where(IsIdle))
            lints.Report(Codes.IdleSetting, at, $"no backup uses the {key} of `defaults`");
        foreach (var host in declarations.Hosts)
        {
            foreach (var (key, at) in Settings(host.Settings).Where(IsIdle))
                lints.Report(Codes.IdleSetting, at, $"no backup uses the {key} of host '{host.Name}'", host: host);
            foreach (var service in host.Services)
                Check(service, host);
        }

        foreach (var service in declarations.Services)
            Check(service, null);
        // Of a destination that nothing uses, that is the finding.
        foreach (var destination in declarations.Destinations.Where(destination => lookup.UsedDestinations.Contains(destination.Id)))
        {
            foreach (var (key, at) in Own(destination.Schedule, destination.Retention, null).Where(IsIdle))
                lints.Report(Codes.IdleSetting, at, $"no backup uses the {key} of destination '{destination.Id}'", destination: destination);
        }

        bool IsIdle((string Key, SourceSpan At) setting) => !lookup.UsedSettings.Contains(setting.At);

        void Check(ServiceDeclaration service, HostDeclaration? host)
        {
            foreach (var (key, at) in Own(service.Schedule, service.Retention, service.Destinations).Where(IsIdle))
                lints.Report(Codes.IdleSetting, at, $"no backup uses the {key} of service '{service.Name}'", host, service);
        }
    }

    private static IEnumerable<(string Key, SourceSpan At)> Settings(Settings settings) =>
        Own(settings.Schedule, settings.Retention, settings.Destinations)
            .Concat(settings.OnePassword.TokenFile is { } token ? [("token file", token.At)] : []);

    private static IEnumerable<(string Key, SourceSpan At)> Own(Schedule? schedule, Retention? retention, IReadOnlyList<Placed<string>>? destinations)
    {
        if (schedule is not null)
            yield return ("schedule", schedule.At);
        if (retention is not null)
            yield return ("retention", retention.At);
        // An empty list says that there are none.
        if (destinations is [var first, ..])
            yield return ("list of destinations", first.At);
    }
}
