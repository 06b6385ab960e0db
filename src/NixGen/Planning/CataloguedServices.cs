using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning;

/// <summary>Services that the catalogue knows. What the inventory does not say of them, their entry says, key by key.</summary>
/// <param name="catalogue">Null after an error in the user's own: what would ask it is broken then.</param>
/// <param name="findings">Where to report.</param>
internal sealed class CataloguedServices(StateCatalogue? catalogue, FindingList findings)
{
    private readonly List<(SourceSpan At, string Message)> _suggestions = [];

    public ServiceDeclaration Complete(ServiceDeclaration service)
    {
        if (service.IsBroken)
            return service;
        if (Asks(service) && catalogue is null)
            return service with { IsBroken = true };
        if (Entry(service) is not { } entry)
        {
            if (service.AcceptExcludes is { Value: true, At: var at } && service.Catalogue is null)
                findings.Report(Codes.NothingSuggested, at, $"service '{service.Name}' takes nothing from the catalogue");
            // With a name that is unknown or not usable, that is the finding, and not what is missing because of it.
            return service.Catalogue is null ? service : service with { IsBroken = true };
        }

        if (Hindrance(entry) is { } hindrance)
        {
            findings.Report(Codes.NotFromCatalogue, service.Catalogue?.At ?? service.At, hindrance.Message, hindrance.Help);
            return service with { IsBroken = true };
        }

        // Half of the state would be backed up, and nobody told.
        if (service is { Databases: null, NoBackup: null } && LacksDatabase(entry))
        {
            findings.Report(
                Codes.NotFromCatalogue,
                service.Catalogue?.At ?? service.At,
                $"the catalogue cannot know which database '{service.Name}' has: {entry.OtherDatabases}",
                $"Say it, and take the rest from the catalogue: catalogue: {entry.Name}, databases: {{ postgresql: [NAME] }}. Or databases: {{}} if none is to be copied.");
            return service with { IsBroken = true };
        }

        var completed = Complete(service, entry);
        Tell(completed, entry);
        return completed;
    }

    /// <summary>A name of the catalogue that may have been meant.</summary>
    public string? Meant(string name) =>
        Suggestion.For(name, (catalogue?.Entries ?? []).Where(entry => Hindrance(entry) is null).Select(entry => entry.Name));

    private CatalogueEntry? Entry(ServiceDeclaration service)
    {
        if (!Asks(service) || catalogue is null)
            return null;
        if (service.Catalogue is { } named)
        {
            if (catalogue.Find(named.Value) is { } entry)
                return entry;
            var meant = Suggestion.For(named.Value, catalogue.Names);
            findings.Report(
                Codes.UnknownReference,
                named.At,
                $"there is no '{named.Value}' in the catalogue",
                meant is null ? "`nixgen catalogue` lists what there is." : $"Did you mean '{meant}'?");
            return null;
        }

        return catalogue.Find(service.Name);
    }

    // Who says anything of what is backed up says all of it, unless an entry is named.
    private static bool Asks(ServiceDeclaration service) =>
        service.Catalogue is not null || service is { BackupPaths: null, Databases: null, NoBackup: null };

    /// <summary>Why nobody can take the entry by its name alone.</summary>
    internal static (string Message, string Help)? Hindrance(CatalogueEntry entry)
    {
        if (entry.Serves is { } kind)
        {
            return (
                $"'{entry.Name}' keeps the databases of other services: a copy of its live files could not be trusted",
                $"Remove it, and name each database in the service that uses it: databases: {{ {kind.Key()}: [NAME] }}.");
        }

        if (!entry.HasInstances)
            return null;
        return (
            $"there may be several '{entry.Name}' on a host, and the catalogue does not know their names",
            $"Write out, with the name instead of {{name}}: backupPaths: [{string.Join(", ", entry.State.Select(place => place.Path))}], units: [{string.Join(", ", entry.Units)}].");
    }

    private static ServiceDeclaration Complete(ServiceDeclaration service, CatalogueEntry entry)
    {
        var isBackedUp = service.NoBackup is null;
        var takesPaths = isBackedUp && service.BackupPaths is null && entry.State.Count > 0;
        // What is read while its service is stopped needs no copy.
        var copied = entry.Databases.Where(database => database.Kind != DatabaseKind.Sqlite || service.Stop is not { Value: true }).ToList();
        var takesDatabases = isBackedUp && service.Databases is null && copied.Count > 0;
        var takesUnits = service.Units is null && entry.Units.Count > 0;
        var paths = takesPaths ? [.. entry.State.Select(place => new BackupPath(place.Path, false, service.At))] : service.BackupPaths;
        var accepted = isBackedUp && service.AcceptExcludes is { Value: true } ? Suggested(entry, (paths ?? []).Select(path => path.Path)) : [];
        return service with
        {
            Title = service.Title ?? entry.Title,
            BackupPaths = paths,
            // Files are relative to the first place of the entry; where the data was moved, to where it is now.
            Databases = takesDatabases
                ? [.. copied.Select(database => database with { Name = takesPaths ? Absolute(database, entry) : database.Name, At = service.At })]
                : service.Databases,
            Units = takesUnits ? [.. entry.Units.Select(unit => new Placed<string>(unit, service.At))] : service.Units,
            BackupExcludes = accepted.Count > 0
                ? [.. service.BackupExcludes ?? [], .. accepted.Select(pattern => new Placed<string>(pattern, service.AcceptExcludes!.Value.At))]
                : service.BackupExcludes,
            FromCatalogue = new CatalogueUse(entry, takesPaths, takesDatabases, takesUnits, accepted),
        };
    }

    /// <summary>Whether it has a database, but which one depends on more than its module.</summary>
    internal static bool LacksDatabase(CatalogueEntry entry) => entry is { Databases.Count: 0, OtherDatabases: not null };

    internal static string Absolute(Database database, CatalogueEntry entry) =>
        database.Kind == DatabaseKind.Sqlite && !database.Name.StartsWith('/') ? $"{entry.State[0].Path}/{database.Name}" : database.Name;

    // Caches elsewhere are in the catalogue, too: they need no exclude.
    internal static List<string> Suggested(CatalogueEntry entry, IEnumerable<string> paths) =>
    [
        .. entry.SuggestedExcludes.Where(pattern =>
            paths.Any(path => !pattern.StartsWith('/') || ResticPattern.Below(pattern, path) is not null)),
    ];

    private void Tell(ServiceDeclaration service, CatalogueEntry entry)
    {
        var use = service.FromCatalogue!;
        if (!entry.Verified && (use.Paths || use.Databases))
        {
            findings.Report(
                Codes.UnverifiedEntry,
                service.At,
                $"the module of '{entry.Name}' was not read, or not in full, for the catalogue: {entry.Source}",
                $"Look on the host whether its data is where the catalogue says (`nixgen catalogue {entry.Name}`). Then write backupPaths, or `{entry.Name}: {{ verified: true }}` below `services` in a {CatalogueSource.FileName} of your own.");
        }

        var suggested = Suggested(entry, (service.BackupPaths ?? []).Select(path => path.Path));
        if (service.AcceptExcludes is { Value: true, At: var at } && suggested.Count == 0)
            findings.Report(Codes.NothingSuggested, at, $"the catalogue suggests nothing to leave out of service '{service.Name}'");
        else if (service is { AcceptExcludes: null, BackupExcludes: null } && suggested.Count > 0)
            _suggestions.Add((service.At, $"what the catalogue suggests to leave out of '{service.Name}' is backed up: {string.Join(", ", suggested)}"));
    }

    /// <summary>Says what might be left out; after the errors, which it would bury.</summary>
    public void Suggest()
    {
        foreach (var (at, message) in _suggestions)
            findings.Report(Codes.ExcludesSuggested, at, message);
    }
}
