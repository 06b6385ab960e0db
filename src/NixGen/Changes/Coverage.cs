using System.Net;
using NixGen.Inventory;
using NixGen.Planning;

namespace NixGen.Changes;

/// <summary>
/// What one host backs up, without how: what <c>backups.json</c> says, and what a change is measured by. What hand-written modules add
/// is not in it.
/// </summary>
/// <param name="Host">The host's name.</param>
/// <param name="Missing">What a backup does about missing paths: <c>continue</c> or <c>refuse</c>.</param>
/// <param name="Services">The services that are backed up, by name.</param>
/// <param name="NotBackedUp">From the names of the other services to the reason.</param>
/// <param name="NeverBackUp">From what no job may contain to the reason.</param>
/// <param name="Jobs">The jobs, by name.</param>
/// <param name="Destinations">Where to, by id.</param>
/// <param name="Backrest">The web interface; null where there is none.</param>
/// <param name="Retired">What is no longer backed up, on purpose.</param>
/// <param name="Drill">The restore drill; null where there is none.</param>
public sealed record Coverage(
    string Host,
    string Missing,
    IReadOnlyList<CoveredService> Services,
    SortedDictionary<string, string> NotBackedUp,
    SortedDictionary<string, string> NeverBackUp,
    IReadOnlyList<CoveredJob> Jobs,
    IReadOnlyList<CoveredDestination> Destinations,
    CoveredInterface? Backrest,
    IReadOnlyList<RetiredDeclaration> Retired,
    CoveredDrill? Drill)
{
    /// <summary>Below the folder of the host.</summary>
    public const string FileName = "backups.json";

    public static Coverage Of(HostPlan plan) => new(
        plan.Name,
        plan.Missing == MissingPaths.Refuse ? "refuse" : "continue",
        [.. plan.Services.Where(service => service.HasData).Select(service => Service(service, plan.Jobs))],
        Map(plan.Services.Where(service => service.NoBackup is not null).Select(service => (service.Name, service.NoBackup!))),
        Map(plan.NeverBackUp.Select(never => (never.Path, never.Reason))),
        [.. plan.Jobs.Select(Job)],
        [.. plan.Destinations.Select(Destination)],
        plan.Backrest is { } backrest
            ? new CoveredInterface(
                new IPEndPoint(backrest.Listen.Address, backrest.Listen.Port).ToString(),
                backrest.User,
                backrest.Secrets.Place(backrest.Password))
            : null,
        [.. plan.Retired.Select(entry => entry with { At = default })],
        Of(plan.Drill, plan.Services.Where(service => service.HasData).ToLookup(service => service.MayBeDrilled, service => service.Name)));

    private static CoveredDrill? Of(DrillPlan drill, ILookup<bool, string> services) => drill.Schedule is { } schedule && services.Contains(true)
        ? new CoveredDrill(schedule.Calendar.Normalized, Seconds(schedule), drill.Services, [.. services[false]])
        : null;

    private static CoveredService Service(ServicePlan service, IReadOnlyList<JobPlan> jobs) => new(
        service.Name,
        [.. jobs.Where(job => job.Services.Contains(service)).Select(job => job.Name)],
        [.. service.Paths.Select(path => new CoveredPath(path.Path, path.Optional))],
        // That the live files of a database stay out is no loss: its copy stands for them.
        [.. service.LeftOut.Order(StringComparer.Ordinal)],
        [.. service.Databases.Select(database => database.Id).Order(StringComparer.Ordinal)],
        service.Stops ? service.Units : []);

    private static CoveredJob Job(JobPlan job) => new(
        job.Name,
        job.Destination.Id,
        job.Schedule.Calendar.Normalized,
        Seconds(job.Schedule),
        job.Retention with { At = default });

    private static CoveredDestination Destination(DestinationPlan destination) => new(
        destination.Id,
        destination.Repository,
        Map(destination.Variables.Select(variable => (variable.Name, destination.Secrets.Place(variable)))));

    private static long Seconds(Schedule schedule) => (long)(schedule.RandomizedDelay?.TotalSeconds ?? 0);

    internal static SortedDictionary<string, string> Map(IEnumerable<(string Key, string Value)> entries)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
            map.Add(key, value);
        return map;
    }
}

/// <summary>A service that is backed up.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Jobs">The jobs that take its data.</param>
/// <param name="Paths">Its backup paths.</param>
/// <param name="Excludes">What of them stays out, as absolute patterns; without the live files of its databases.</param>
/// <param name="Databases">What is copied before the backup, as <c>kind:name</c>.</param>
/// <param name="Stops">The units that are stopped meanwhile; empty for none.</param>
public sealed record CoveredService(
    string Name,
    IReadOnlyList<string> Jobs,
    IReadOnlyList<CoveredPath> Paths,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<string> Databases,
    IReadOnlyList<string> Stops);

/// <summary>A backup path, and whether it may be absent.</summary>
public sealed record CoveredPath(string Path, bool Optional);

/// <summary>A job.</summary>
/// <param name="Name">Its name, which is the tag of its snapshots.</param>
/// <param name="Destination">The id of its destination.</param>
/// <param name="Calendar">When, as systemd normalizes it.</param>
/// <param name="RandomizedDelay">Up to how many seconds later.</param>
/// <param name="Retention">What is kept.</param>
public sealed record CoveredJob(string Name, string Destination, string Calendar, long RandomizedDelay, Retention Retention);

/// <summary>A destination: its repository, and from the variables of its secrets to where people find them.</summary>
public sealed record CoveredDestination(string Id, string Repository, SortedDictionary<string, string> Secrets);

/// <summary>The web interface: address, user, and where people find the password.</summary>
public sealed record CoveredInterface(string Listen, string User, string Password);

/// <summary>The restore drill of a host.</summary>
/// <param name="Calendar">When, as systemd normalizes it.</param>
/// <param name="RandomizedDelay">Up to how many seconds later.</param>
/// <param name="Services">How many services a run.</param>
/// <param name="Without">The services that are backed up and never restored for a test, by name.</param>
public sealed record CoveredDrill(string Calendar, long RandomizedDelay, int Services, IReadOnlyList<string> Without);
