using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning;

/// <summary>Excludes as written, relative to the service's paths or absolute, become absolute patterns: none reaches another service.</summary>
internal static class ServiceExcludes
{
    public static IReadOnlyList<string> Resolve(ServiceDeclaration service, FindingList findings)
    {
        var patterns = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (pattern, at) in service.BackupExcludes ?? [])
        {
            if (!ResticPattern.IsValid(pattern, out var problem))
                findings.Report(Codes.BadExclude, at, $"exclude '{pattern}': {problem}");
            else
                patterns.UnionWith(Absolute(service, new Placed<string>(pattern, at), findings));
        }

        return [.. patterns];
    }

    private static IEnumerable<string> Absolute(ServiceDeclaration service, Placed<string> exclude, FindingList findings)
    {
        var paths = (service.BackupPaths ?? []).Select(path => path.Path).ToList();
        var pattern = exclude.Value.TrimEnd('/');
        if (!pattern.StartsWith('/') && paths.Count > 0)
            return paths.Select(path => $"{ResticPattern.Escape(path)}/{pattern}");
        if (paths.Any(path => ResticPattern.Below(pattern, path) is not null))
            return [pattern];
        // Where paths could not be read, or are missing altogether, that is the finding.
        if (service.IsBroken || (paths.Count == 0 && service.NoBackup is null))
            return [];
        var whole = paths.Any(path => ResticPattern.Escape(path) == pattern);
        findings.Report(
            Codes.ForeignExclude,
            exclude.At,
            whole
                ? $"exclude '{exclude.Value}' is a backup path of service '{service.Name}' as a whole"
                : $"exclude '{exclude.Value}' lies in no backup path of service '{service.Name}'",
            whole ? "Remove the backup path instead." : null);
        return [];
    }
}
