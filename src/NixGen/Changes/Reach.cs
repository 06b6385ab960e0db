using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Changes;

/// <summary>A path or a database of a service, which its jobs take somewhere.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="Name">The path, or the database as <c>kind:name</c>.</param>
/// <param name="IsDatabase">Which of the two.</param>
internal sealed record Item(CoveredService Service, string Name, bool IsDatabase)
{
    private const string Sqlite = "sqlite:";

    /// <summary>The file of an SQLite database; null for everything else.</summary>
    public string? LiveFile => IsDatabase && Name.StartsWith(Sqlite, StringComparison.Ordinal) ? Name[Sqlite.Length..] : null;

    public static IEnumerable<Item> Of(CoveredService service) =>
        service.Paths.Select(path => new Item(service, path.Path, false)).Concat(service.Databases.Select(database => new Item(service, database, true)));
}

/// <summary>Which jobs of a coverage take an item, be it under another name or with a folder around it.</summary>
internal sealed class Reach
{
    private readonly Coverage _coverage;
    private readonly Dictionary<string, CoveredJob> _jobs;
    private readonly ILookup<string, CoveredService> _byPath;
    private readonly ILookup<string, CoveredService> _byDatabase;
    private readonly ILookup<string, string> _excludesByJob;

    public Reach(Coverage coverage)
    {
        _coverage = coverage;
        _jobs = coverage.Jobs.ToDictionary(job => job.Name, StringComparer.Ordinal);
        _byPath = Lookup(coverage.Services, service => service.Paths.Select(path => path.Path));
        _byDatabase = Lookup(coverage.Services, service => service.Databases);
        _excludesByJob = coverage.Services
            .SelectMany(service => service.Jobs.SelectMany(job => service.Excludes.Select(exclude => (job, exclude))))
            .ToLookup(pair => pair.job, pair => pair.exclude, StringComparer.Ordinal);
    }

    public IEnumerable<CoveredJob> JobsOf(CoveredService service) => service.Jobs.Select(name => _jobs[name]);

    /// <summary>All jobs that take an item, wherever to.</summary>
    public IReadOnlyList<CoveredJob> Jobs(Item item) => item.IsDatabase ? [.. Copying(item)] : [.. Reading(item.Name)];

    /// <summary>The jobs that take a path as such, or with what is around it, and leave nothing of it out on purpose.</summary>
    public IEnumerable<CoveredJob> Reading(string path)
    {
        if (_coverage.NeverBackUp.Keys.Any(never => HiddenPlaces.Contains(never, path)))
            return [];
        return HiddenPlaces.Upward(path)
            .SelectMany(folder => _byPath[folder])
            .SelectMany(JobsOf)
            .Distinct()
            .Where(job => !_excludesByJob[job.Name].Any(exclude => ResticPattern.Empties(exclude, path)));
    }

    // A file that nobody writes to while it is read needs no copy.
    private IEnumerable<CoveredJob> Copying(Item item) => _byDatabase[item.Name]
        .SelectMany(JobsOf)
        .Concat(item.LiveFile is { } file && _coverage.Services.FirstOrDefault(service => service.Name == item.Service.Name) is { Stops.Count: > 0 } stopped
            ? Reading(file).Intersect(JobsOf(stopped))
            : [])
        .Distinct();

    private static ILookup<string, CoveredService> Lookup(IEnumerable<CoveredService> services, Func<CoveredService, IEnumerable<string>> keys) =>
        services.SelectMany(service => keys(service).Select(key => (key, service))).ToLookup(pair => pair.key, pair => pair.service, StringComparer.Ordinal);
}
