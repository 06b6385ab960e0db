using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning;

/// <summary>Excludes as written, relative to the service's paths or absolute, become absolute patterns: none reaches another service.</summary>
internal static class ServiceExcludes
{
    public static IReadOnlyList<string> Resolve(ServiceDeclaration service, HostDeclaration host, FindingList findings, Lints lints)
    {
        var patterns = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (pattern, at) in service.BackupExcludes ?? [])
        {
            if (!ResticPattern.IsValid(pattern, out var problem))
                findings.Report(Codes.BadExclude, at, $"exclude '{pattern}': {problem}");
            else
                patterns.UnionWith(Absolute(service, new Placed<string>(pattern, at), host, lints));
        }

        return [.. patterns];
    }

    /// <summary>A relative pattern at each path.</summary>
    public static IEnumerable<string> Below(IEnumerable<string> paths, string pattern) => paths.Select(path => $"{ResticPattern.Escape(path)}/{pattern}");

    private static IEnumerable<string> Absolute(ServiceDeclaration service, Placed<string> exclude, HostDeclaration host, Lints lints)
    {
        var paths = (service.BackupPaths ?? []).Select(path => path.Path).ToList();
        var pattern = exclude.Value.TrimEnd('/');
        if (!pattern.StartsWith('/') && paths.Count > 0)
            return Below(paths, pattern);
        // One that is a path itself empties it: that is found later.
        if (paths.Any(path => ResticPattern.Below(pattern, path) is not null || ResticPattern.Escape(path) == pattern))
            return [pattern];
        // Where paths could not be read, or are missing altogether, that is the finding.
        if (service.IsBroken || (paths.Count == 0 && service.NoBackup is null && service.Databases is null or []))
            return [];
        // Accepted or not, it must not reach what belongs to another service.
        lints.Report(Codes.ForeignExclude, exclude.At, $"exclude '{exclude.Value}' lies in no backup path of service '{service.Name}'", host, service);
        return [];
    }
}
