using NixGen.Changes;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;
using NixGen.Languages.Yaml;
using NixGen.Planning;

namespace NixGen.Probing;

/// <summary>What was found for the services of a host, and what that comes to at each destination.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Changes">How much of the data is taken to be new in each further snapshot that is kept, from 0 to 1.</param>
/// <param name="Services">Those that are backed up.</param>
/// <param name="Destinations">Where to.</param>
public sealed record HostProbe(
    string Host,
    decimal Changes,
    IReadOnlyList<ServiceProbe> Services,
    IReadOnlyList<DestinationEstimate> Destinations)
{
    /// <summary>Looks at everything that is declared of a host on this machine.</summary>
    /// <param name="plan">What is declared.</param>
    /// <param name="changes">How much of the data is new in each further snapshot that is kept, from 0 to 1.</param>
    /// <param name="findings">What would make a backup fail, or worth less than it seems.</param>
    public static HostProbe Of(HostPlan plan, decimal changes, FindingList findings)
    {
        var services = plan.Services.Where(service => service.HasData).Select(service => Probe(plan, service, findings)).ToList();
        return new HostProbe(
            plan.Name,
            changes,
            services,
            [.. plan.Destinations.Select(destination => Estimate(plan, destination, services, changes))]);
    }

    private static ServiceProbe Probe(HostPlan plan, ServicePlan service, FindingList findings)
    {
        var paths = new List<PathProbe>();
        var copied = service.Databases.Select(database => database.Source).ToHashSet(StringComparer.Ordinal);
        // The modules leave out what must never be backed up.
        var excludes = ResticExcludes.Of([.. service.Excludes, .. plan.NeverBackUp.Select(never => ResticPattern.Exact(never.Path))]);
        foreach (var declared in service.Paths)
        {
            var probe = Prober.Probe(declared.Path, excludes);
            paths.Add(probe);
            Report(declared, probe, findings);
            foreach (var database in probe.Databases.Where(database => !service.Stops && !copied.Contains(database.Path)))
                Report(service, declared, database, findings);
        }

        var copies = service.Databases.Select(database => CopyProbe.Of(database, service.Copies!)).ToList();
        foreach (var copy in copies)
            Report(service, copy, findings);
        return new ServiceProbe(service.Name, service.Title, paths, copies, excludes);
    }

    // A copy that cannot be made ends the backup as failed, as a path does.
    private static void Report(ServicePlan service, CopyProbe copy, FindingList findings)
    {
        switch (copy.State)
        {
            case PathState.Missing when copy.Database.Kind == DatabaseKind.Sqlite:
                findings.Report(
                    Codes.ProbeMissing,
                    service.At,
                    $"'{copy.Database.Source}', a database of service '{service.Name}', does not exist on this machine",
                    "Correct its name in `databases`, or start the service once. Is this the machine that the host is?");
                break;
            case PathState.Symlink:
                findings.Report(
                    Codes.ProbeSymlink,
                    service.At,
                    $"'{copy.Database.Source}', a database of service '{service.Name}', is reached through the symlink '{copy.Link}'",
                    $"Declare it by what `readlink -f {copy.Database.Source}` prints.");
                break;
            case PathState.Unreadable:
                findings.Report(
                    Codes.ProbeUnreadable,
                    service.At,
                    $"'{(copy.Database.Kind == DatabaseKind.Sqlite ? copy.Database.Source : copy.Path)}' may not be read");
                break;
        }
    }

    private static void Report(BackupPath declared, PathProbe probe, FindingList findings)
    {
        switch (probe.State)
        {
            case PathState.Missing when !declared.Optional:
                findings.Report(Codes.ProbeMissing, declared.At, $"'{probe.Path}' does not exist on this machine");
                break;
            case PathState.Symlink:
                findings.Report(
                    Codes.ProbeSymlink,
                    declared.At,
                    $"'{probe.Path}' is a symlink to '{Text.Plain(probe.LinkTarget!)}'",
                    $"Declare {Text.Plain(Path.GetFullPath(probe.LinkTarget!, Path.GetDirectoryName(probe.Path)!))} instead.");
                break;
            case PathState.Empty when !declared.Optional:
                findings.Report(Codes.ProbeEmpty, declared.At, $"'{probe.Path}' holds no file");
                break;
            case PathState.Unreadable:
                findings.Report(Codes.ProbeUnreadable, declared.At, $"'{probe.Path}' may not be read");
                break;
        }

        if (probe.State != PathState.Unreadable && probe.UnreadableCount > 0)
        {
            var more = probe.UnreadableCount - probe.Unreadable.Count;
            findings.Report(
                Codes.ProbeUnreadable,
                declared.At,
                $"not to be read: {string.Join(", ", probe.Unreadable.Select(Text.Plain))}{(more > 0 ? $" and {more} more" : "")}");
        }
    }

    private static void Report(ServicePlan service, BackupPath declared, FoundDatabase database, FindingList findings)
    {
        var relative = database.Path.StartsWith(declared.Path + "/", StringComparison.Ordinal) ? database.Path[(declared.Path.Length + 1)..] : database.Path;
        findings.Report(
            Codes.ProbeDatabase,
            declared.At,
            $"'{Text.Plain(database.Path)}' is {(database.Kind == DatabaseKind.Sqlite ? "an SQLite database" : $"the data of a {database.Kind.Title()} server")}, copied while it may be written",
            database.Kind == DatabaseKind.Sqlite
                ? $"Add to service '{service.Name}': databases: {{ sqlite: {Quoted(relative)} }}. Or stop: true."
                : $"Declare its databases by name (databases: {{ {database.Kind.Key()}: [name] }}), and leave this folder out.");
    }

    // On disk, a name may hold what no inventory can say.
    private static string Quoted(string file) => file.Any(char.IsControl) ? "[…]" : YamlScalar.List([file]);

    private static DestinationEstimate Estimate(HostPlan plan, DestinationPlan destination, List<ServiceProbe> services, decimal changes)
    {
        var jobs = plan.Jobs.Where(job => job.Destination.Id == destination.Id).ToList();
        List<ServiceProbe> Of(JobPlan job) => [.. services.Where(service => job.Services.Any(member => member.Name == service.Name))];
        var all = jobs.SelectMany(Of).Distinct().ToList();
        // The repository holds once what several jobs read, but each job keeps snapshots of its own.
        var now = ServiceProbe.Total(all);
        var most = jobs.Sum(job => ServiceProbe.Total(Of(job)) * changes * Math.Max(0, Kept(job.Retention) - 1)) + now;
        return new DestinationEstimate(
            destination.Id,
            now,
            (long)(now * DestinationEstimate.BestCompression),
            (long)Math.Min(most, long.MaxValue),
            [.. all.SelectMany(service => service.Copies).Where(copy => copy.Bytes is null).Select(copy => copy.Database.Id)],
            Prices.For(destination.Kind, destination.Repository));
    }

    // Of `keep-all` it is those of a year.
    private static int Kept(Retention retention) => retention.KeepsAll ? 365 : retention.Counts.Sum(kept => kept.Count);
}

/// <summary>What was found for one service.</summary>
/// <param name="Name">Its name in the inventory.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Paths">Its backup paths.</param>
/// <param name="Copies">The copies of its databases.</param>
/// <param name="Excludes">What is left out of its paths, at the root.</param>
public sealed record ServiceProbe(
    string Name,
    string Title,
    IReadOnlyList<PathProbe> Paths,
    IReadOnlyList<CopyProbe> Copies,
    ResticExcludes Excludes)
{
    /// <summary>What would be backed up of it, in bytes, as far as it is known.</summary>
    public long Bytes => Total([this]);

    /// <summary>The same of several. What lies in a path of one of them counts there.</summary>
    internal static long Total(IReadOnlyList<ServiceProbe> services)
    {
        var roots = services.SelectMany(service => service.Paths, (service, root) => (root.Path, service.Excludes)).ToList();
        bool IsInAnother(string path) =>
            roots.Any(root => root.Path != path && HiddenPlaces.Contains(root.Path, path) && !root.Excludes.LeaveOut(path));
        var paths = services.SelectMany(service => service.Paths).Where(path => !IsInAnother(path.Path)).Select(path => path.Bytes);
        var copies = services.SelectMany(service => service.Copies).Where(copy => !copy.IsCopy || !IsInAnother(copy.Path)).Select(copy => copy.Bytes ?? 0);
        return paths.Concat(copies).Aggregate(0L, Prober.Plus);
    }
}

/// <summary>What a repository will hold, in bytes. An estimate: restic stores equal data once and compresses, by how much nobody knows before.</summary>
/// <param name="Id">The destination.</param>
/// <param name="Data">What is backed up now, without what is <paramref name="NotCounted"/>.</param>
/// <param name="Least">If it can be compressed to half, and nothing ever changes.</param>
/// <param name="Most">If nothing can be compressed, and every snapshot that is kept has new data of its own.</param>
/// <param name="NotCounted">Databases of which nothing says the size, each with its kind.</param>
/// <param name="Prices">What storing it costs; null where that is not known.</param>
public sealed record DestinationEstimate(string Id, long Data, long Least, long Most, IReadOnlyList<string> NotCounted, Prices? Prices)
{
    internal const decimal BestCompression = 0.5m;
}
