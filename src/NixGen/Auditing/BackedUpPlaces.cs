using NixGen.Inventory;
using NixGen.Languages.Restic;
using NixGen.Planning;

namespace NixGen.Auditing;

/// <summary>What the jobs of a host back up, with what they leave out.</summary>
internal sealed class BackedUpPlaces
{
    private sealed record Root(string Path, string By);

    private sealed record Job(IReadOnlyList<Root> Roots, IReadOnlyList<(string Pattern, string By)> Excludes);

    private readonly HostPlan _plan;
    private readonly EvaluatedSystem _system;
    private readonly List<Job> _jobs = [];

    public BackedUpPlaces(HostPlan plan, EvaluatedSystem system)
    {
        (_plan, _system) = (plan, system);
        foreach (var job in plan.Jobs)
        {
            var roots = job.Services.SelectMany(service => service.BackedUp.Select(path => new Root(path, service.Name))).ToList();
            var excludes = job.Services.SelectMany(service => service.Excludes.Select(pattern => (pattern, service.Name))).ToList();
            if (job.IsNightly)
            {
                var known = roots.Select(root => root.Path).ToHashSet(StringComparer.Ordinal);
                roots.AddRange(system.BackupPaths
                    .Select(UnitPlaces.Plain)
                    .OfType<string>()
                    .Where(path => !known.Contains(path))
                    .Select(path => new Root(path, Modules)));
                excludes.AddRange(system.BackupExcludes
                    .Where(pattern => ResticPattern.IsValid(pattern, out _))
                    // A relative one matches at any depth.
                    .Select(pattern => (pattern.StartsWith('/') ? pattern : "/**/" + pattern, Modules)));
            }

            _jobs.Add(new Job(roots, excludes));
        }
    }

    /// <summary>Who backs up what hand-written modules declare.</summary>
    public const string Modules = "homelab.backupPaths";

    /// <summary>Every backup path of the inventory and of modules, with whose it is.</summary>
    public IEnumerable<(string Path, string By)> Roots => _jobs.SelectMany(job => job.Roots).Select(root => (root.Path, root.By)).Distinct();

    /// <summary>What happens to a path. The same data may have two names, one of them by a bind mount.</summary>
    public AuditedPlace Of(StatePath place)
    {
        var own = Of(place.Path, place.Reason);
        if (own.Verdict is Verdict.Covered or Verdict.Excluded || Alias(place.Path) is not { } alias)
            return own;
        var bound = Of(alias, place.Reason);
        return bound.Verdict is Verdict.Covered or Verdict.Excluded ? bound with { Place = place.Path, Why = bound.Why ?? $"as {alias}" } : own;
    }

    private AuditedPlace Of(string path, string known)
    {
        if (_plan.NeverBackUp.FirstOrDefault(never => HiddenPlaces.Contains(never.Path, path)) is { } never)
            return new AuditedPlace(path, known, Verdict.Excluded, null, never.Reason);
        if (_plan.Retired.FirstOrDefault(entry => entry is { Kind: RetiredKind.Path, Destination: null } && HiddenPlaces.Contains(entry.Name, path)) is { } retired)
            return new AuditedPlace(path, known, Verdict.Excluded, null, retired.Reason);

        string? leftOut = null;
        foreach (var job in _jobs)
        {
            if (job.Roots.Where(root => HiddenPlaces.Contains(root.Path, path)).MaxBy(root => root.Path.Length) is not { } root)
                continue;
            var (pattern, by) = job.Excludes.FirstOrDefault(exclude => ResticPattern.Empties(exclude.Pattern, path));
            if (pattern is null)
                return new AuditedPlace(path, known, Verdict.Covered, root.By, null);
            leftOut ??= $"exclude {pattern} of {by} leaves it out";
        }

        if (leftOut is not null)
            return new AuditedPlace(path, known, Verdict.NotCovered, null, leftOut);
        var parts = Roots.Where(root => HiddenPlaces.Contains(path, root.Path)).ToList();
        return parts.Count > 0
            ? new AuditedPlace(path, known, Verdict.CoveredInPart, parts[0].By, $"only {string.Join(", ", parts.Select(part => part.Path).Distinct())}")
            : new AuditedPlace(path, known, Verdict.NotCovered, null, null);
    }

    /// <summary>The other name that a bind mount gives to a path.</summary>
    public string? Alias(string path) => _system.Mounts
        .Where(mount => mount.IsBind && mount.Device is not null && HiddenPlaces.Contains(mount.MountPoint, path))
        .MaxBy(mount => mount.MountPoint.Length) is { } bind
        ? UnitPlaces.Plain(bind.Device + path[bind.MountPoint.Length..])
        : null;
}
