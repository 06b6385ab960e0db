using NixGen.Findings;
using NixGen.Inventory;
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
            var paths = job.Services.SelectMany(service => service.Paths, (service, path) => (Service: service, Path: path)).ToList();
            foreach (var service in job.Services)
            {
                foreach (var exclude in service.Excludes)
                {
                    foreach (var hit in paths.Where(each => ResticPattern.Empties(exclude, each.Path.Path)))
                        Report(service, exclude, hit.Service, hit.Path, findings);
                }
            }
        }
    }

    private static void Report(ServicePlan service, string exclude, ServicePlan owner, BackupPath path, FindingList findings) => findings.Report(
        Codes.ExcludedPath,
        path.At,
        $"'{path.Path}' of service '{owner.Name}' would be empty in the backup: service '{service.Name}' excludes '{exclude}' in the same job");
}
