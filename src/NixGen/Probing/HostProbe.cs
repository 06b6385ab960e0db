using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Yaml;
using NixGen.Planning;

namespace NixGen.Probing;

/// <summary>What was found for the services of a host, and what that comes to at each destination.</summary>
public sealed record HostProbe(IReadOnlyList<ServiceProbe> Services, IReadOnlyList<DestinationEstimate> Destinations)
{
    /// <summary>Looks at every declared path of a host on this machine.</summary>
    /// <param name="plan">What is declared.</param>
    /// <param name="changes">How much of the data is new in each further snapshot that is kept, from 0 to 1.</param>
    /// <param name="findings">What would make a backup fail, or worth less than it seems.</param>
    public static HostProbe Of(HostPlan plan, decimal changes, FindingList findings)
    {
        var services = plan.Services.Where(service => service.Paths.Count > 0).Select(service => Probe(service, findings)).ToList();
        return new HostProbe(services, [.. plan.Destinations.Select(destination => Estimate(plan, destination, services, changes))]);
    }

    private static ServiceProbe Probe(ServicePlan service, FindingList findings)
    {
        var paths = new List<PathProbe>();
        var copied = service.Databases.Select(database => database.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var declared in service.Paths)
        {
            var probe = Prober.Probe(declared.Path, service.Excludes);
            paths.Add(probe);
            Report(declared, probe, findings);
            foreach (var database in probe.Databases.Where(database => !service.Stops && !copied.Contains(database.Path)))
                Report(service, declared, database, findings);
        }

        return new ServiceProbe(service.Name, service.Title, paths);
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
                    $"'{probe.Path}' is a symlink to '{probe.LinkTarget}'",
                    $"Declare {Path.GetFullPath(probe.LinkTarget!, Path.GetDirectoryName(probe.Path)!)} instead.");
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
                $"not to be read: {string.Join(", ", probe.Unreadable)}{(more > 0 ? $" and {more} more" : "")}");
        }
    }

    private static void Report(ServicePlan service, BackupPath declared, FoundDatabase database, FindingList findings)
    {
        var relative = database.Path.StartsWith(declared.Path + "/", StringComparison.Ordinal) ? database.Path[(declared.Path.Length + 1)..] : database.Path;
        findings.Report(
            Codes.ProbeDatabase,
            declared.At,
            $"'{database.Path}' is {(database.Kind == DatabaseKind.Sqlite ? "an SQLite database" : $"the data of a {database.Kind.Title()} server")}, copied while it may be written",
            database.Kind == DatabaseKind.Sqlite
                ? $"Add to service '{service.Name}': databases: {{ sqlite: {Quoted(relative)} }}. Or stop: true."
                : $"Declare its databases by name (databases: {{ {database.Kind.Key()}: [name] }}), and leave this folder out.");
    }

    // On disk, a name may hold what no inventory can say.
    private static string Quoted(string file) => file.Any(char.IsControl) ? "[…]" : YamlScalar.List([file]);

    private static DestinationEstimate Estimate(HostPlan plan, DestinationPlan destination, List<ServiceProbe> services, decimal changes)
    {
        var now = 0L;
        var most = 0m;
        foreach (var job in plan.Jobs.Where(job => job.Destination.Id == destination.Id))
        {
            var names = job.Services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
            var bytes = services.Where(service => names.Contains(service.Name)).Sum(service => service.Bytes);
            now += bytes;
            most += bytes * (1 + changes * Math.Max(0, Kept(job.Retention) - 1));
        }

        return new DestinationEstimate(
            destination.Id,
            now,
            (long)(now * DestinationEstimate.BestCompression),
            (long)Math.Min(most, long.MaxValue),
            Prices.For(destination.Kind, destination.Repository));
    }

    // Of `keep-all` it is those of a year.
    private static int Kept(Retention retention) => retention.KeepsAll ? 365 : retention.Counts.Sum(kept => kept.Count);
}

/// <summary>What was found for one service.</summary>
public sealed record ServiceProbe(string Name, string Title, IReadOnlyList<PathProbe> Paths)
{
    /// <summary>What would be backed up of it, in bytes.</summary>
    public long Bytes => Paths.Sum(path => path.Bytes);
}

/// <summary>What a repository will hold, in bytes. An estimate: restic stores equal data once and compresses, by how much nobody knows before.</summary>
/// <param name="Id">The destination.</param>
/// <param name="Data">What is backed up now.</param>
/// <param name="Least">If it can be compressed to half, and nothing ever changes.</param>
/// <param name="Most">If nothing can be compressed, and every snapshot that is kept has new data of its own.</param>
/// <param name="Prices">What storing it costs; null where that is not known.</param>
public sealed record DestinationEstimate(string Id, long Data, long Least, long Most, Prices? Prices)
{
    internal const decimal BestCompression = 0.5m;
}
