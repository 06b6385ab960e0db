using NixGen.Findings;
using NixGen.Languages.Restic;

namespace NixGen.Planning.Rules;

/// <summary>
/// An exclude holds for a whole run of restic: one that leaves out a path that is to be backed up, of another service too, would
/// empty it without a word.
/// </summary>
internal static class ExcludedPathRule
{
    public static void Check(HostPlan plan, FindingList findings)
    {
        foreach (var job in plan.Jobs)
        {
            var paths = job.Services
                .SelectMany(service => service.Paths, (service, path) => (Service: service, path.Path, path.At))
                .Concat(job.Services.Where(service => service.Copies is not null).Select(service => (Service: service, Path: service.Copies!, service.At)))
                .OrderBy(each => each.Path, StringComparer.Ordinal)
                .ToList();
            foreach (var service in job.Services)
            {
                foreach (var exclude in service.Excludes)
                {
                    foreach (var hit in Candidates(paths, exclude).Where(each => ResticPattern.Empties(exclude, each.Path)))
                        Report(service, exclude, hit.Service, hit.Path, hit.At, findings);
                }
            }
        }
    }

    // Of sorted paths those that begin as the exclude does: a look at every path for every exclude would be too much.
    private static IEnumerable<(ServicePlan Service, string Path, SourceSpan At)> Candidates(
        List<(ServicePlan Service, string Path, SourceSpan At)> paths,
        string exclude)
    {
        var start = ResticPattern.LiteralStart(exclude);
        var (first, after) = (0, paths.Count);
        while (first < after)
        {
            var middle = (first + after) / 2;
            if (string.CompareOrdinal(paths[middle].Path, start) < 0)
                first = middle + 1;
            else
                after = middle;
        }

        return paths.Skip(first).TakeWhile(each => each.Path.StartsWith(start, StringComparison.Ordinal));
    }

    private static void Report(ServicePlan service, string exclude, ServicePlan owner, string path, SourceSpan at, FindingList findings) => findings.Report(
        Codes.ExcludedPath,
        at,
        $"'{path}' of service '{owner.Name}' would be empty in the backup: service '{service.Name}' excludes '{exclude}' in the same job");
}
