using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning;

/// <summary>Services declared once for several hosts. What a host says of a service of the same name goes before.</summary>
internal sealed class SharedServices(IReadOnlyList<ServiceDeclaration> services, FindingList findings)
{
    private readonly Dictionary<string, ServiceDeclaration> _services = services.ToDictionary(service => service.Name, StringComparer.Ordinal);

    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    public ServiceDeclaration Complete(ServiceDeclaration service)
    {
        if (!_services.TryGetValue(service.Name, out var shared))
            return service;
        Used.Add(service.Name);
        // Each key as a whole: half of a list from here and half from there would be nobody's intention. Backing up on one
        // host what elsewhere is not backed up, and the other way round, is one decision in two keys.
        var decidesItself = service.BackupPaths is not null || service.NoBackup is not null;
        return service with
        {
            Title = service.Title ?? shared.Title,
            Covers = service.Covers ?? shared.Covers,
            BackupPaths = decidesItself ? service.BackupPaths : shared.BackupPaths,
            NoBackup = decidesItself ? service.NoBackup : shared.NoBackup,
            BackupExcludes = service.BackupExcludes ?? (decidesItself && service.NoBackup is not null ? null : shared.BackupExcludes),
            Databases = service.Databases ?? shared.Databases,
            Units = service.Units ?? shared.Units,
            Stop = service.Stop ?? shared.Stop,
            Destinations = service.Destinations ?? shared.Destinations,
            Schedule = service.Schedule ?? shared.Schedule,
            Retention = service.Retention ?? shared.Retention,
            Drill = service.Drill ?? shared.Drill,
            Catalogue = service.Catalogue ?? shared.Catalogue,
            AcceptExcludes = service.AcceptExcludes ?? shared.AcceptExcludes,
            IsBroken = service.IsBroken || shared.IsBroken,
            Accept = service.Accept with { Items = [.. service.Accept.Items, .. shared.Accept.Items] },
        };
    }

    /// <summary>Reports a service that says neither what to back up nor that there is nothing.</summary>
    public void CheckDecided(ServiceDeclaration service, CataloguedServices catalogued)
    {
        if (service is { BackupPaths: null or { Count: 0 }, Databases: null or { Count: 0 }, NoBackup: null, IsBroken: false })
        {
            var meant = Suggestion.For(service.Name, _services.Keys.Where(name => name != service.Name));
            findings.Report(
                Codes.NoPaths,
                service.At,
                service.BackupPaths is null
                    ? $"service '{service.Name}' says neither backupPaths nor noBackup"
                    : $"service '{service.Name}' has an empty list of backupPaths, and no reason for it (noBackup)",
                meant is not null ? $"Did you mean the shared service '{meant}'? Otherwise: {Codes.NoPaths.Remedy}"
                : catalogued.Meant(service.Name) is { } known ? $"Did you mean '{known}', which the catalogue knows? Otherwise: {Codes.NoPaths.Remedy}"
                : null);
        }
    }
}
