using System.Text.RegularExpressions;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning.Rules;

/// <summary>
/// Excludes that mean something to another program, but nothing to restic; and those that another one makes needless. What lies
/// outside of the service's paths, or empties them, is an error elsewhere: ServiceExcludes, ShadowedPaths.
/// </summary>
internal static partial class IdleExcludeRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var service in plan.Services)
        {
            var excludes = (service.Declaration.BackupExcludes ?? []).Select(exclude => exclude with { Value = exclude.Value.TrimEnd('/') }).ToList();
            for (var i = 0; i < excludes.Count; i++)
            {
                if (Problem(service, excludes[i].Value) is { } problem)
                    Report(plan, service, excludes[i], problem, lints);
                else if (Covering(service, excludes, i) is { } other)
                    Report(plan, service, excludes[i], $"'{other}' leaves out everything that it could", lints, "Remove one of the two.");
            }
        }
    }

    private static void Report(HostPlan plan, ServicePlan service, Placed<string> exclude, string problem, Lints lints, string? help = null) => lints.Report(
        Codes.IdleExclude,
        exclude.At,
        $"exclude '{exclude.Value}' of service '{service.Name}': {problem}",
        plan.Declaration,
        service.Declaration,
        help: help);

    private static string? Problem(ServicePlan service, string pattern)
    {
        var name = pattern[(pattern.LastIndexOf('/') + 1)..];
        if (Extension().IsMatch(name))
            return $"it matches only what is called '{name}' in full, not what ends so";
        if (Braces().IsMatch(pattern))
            return "restic takes braces literally";
        if (pattern.StartsWith("~/", StringComparison.Ordinal))
            return "restic takes ~ literally, and no home folder for it";
        if (service.Paths.FirstOrDefault(path => ResticPattern.Below("/" + pattern, path.Path) is not null) is { } path)
            return $"it begins at '{path.Path}', and names that path once more";
        return null;
    }

    // Whether an earlier exclude matches the folders with which this one begins literally, or all of it. Of two that say the same,
    // the later one is needless.
    private static string? Covering(ServicePlan service, List<Placed<string>> excludes, int index)
    {
        // With several paths a relative pattern stands for several; one by one is enough to compare.
        string Absolute(string pattern) => pattern.StartsWith('/') || service.Paths is not [var first, ..] ? pattern : $"{ResticPattern.Escape(first.Path)}/{pattern}";
        var own = Absolute(excludes[index].Value);
        if (Literal(own) is not { } literal)
            return null;
        for (var i = 0; i < excludes.Count; i++)
        {
            // An absolute pattern is for one path alone.
            var isComparable = service.Paths.Count == 1 || excludes[i].Value.StartsWith('/') == excludes[index].Value.StartsWith('/');
            var other = Absolute(excludes[i].Value);
            if (i != index && isComparable && (other != own || i < index) && ResticPattern.LeavesOut(other, literal))
                return excludes[i].Value;
        }

        return null;
    }

    // The parts before the first with a wildcard, as a path; null if it begins with one.
    private static string? Literal(string pattern)
    {
        var parts = pattern.Split('/').Skip(1).TakeWhile(part => part.IndexOfAny(['*', '?', '[', '\\']) < 0).ToList();
        return parts.Count == 0 ? null : "/" + string.Join('/', parts);
    }

    // What files end with, and no folder is called.
    [GeneratedRegex(@"^\.(log|bak|pid|swp|part|old|orig|db3?|sqlite3?|gz|bz2|xz|zst|zip|iso|mkv|mp4|avi|mp3|flac|jpe?g|png)\z")]
    private static partial Regex Extension();

    [GeneratedRegex(@"\{[^{}/]*,[^{}/]*\}")]
    private static partial Regex Braces();
}
