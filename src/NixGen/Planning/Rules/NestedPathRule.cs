using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>A path in another one of the same run. Runs of their own may well overlap: everything to a disk, a part of it to a cloud.</summary>
internal static class NestedPathRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var job in plan.Jobs)
        {
            var owners = new Dictionary<string, ServicePlan>(StringComparer.Ordinal);
            foreach (var service in job.Services)
            {
                foreach (var path in service.Paths)
                    owners.TryAdd(path.Path, service);
            }

            foreach (var service in job.Services)
            {
                foreach (var path in service.Paths)
                    Check(plan, service, path, owners, lints);
            }
        }
    }

    private static void Check(HostPlan plan, ServicePlan service, BackupPath path, Dictionary<string, ServicePlan> owners, Lints lints)
    {
        for (var end = path.Path.LastIndexOf('/'); end > 0; end = path.Path.LastIndexOf('/', end - 1))
        {
            var outer = path.Path[..end];
            if (!owners.TryGetValue(outer, out var owner))
                continue;
            lints.Report(
                Codes.NestedPath,
                path.At,
                owner == service
                    ? $"'{path.Path}' of service '{service.Name}' lies in its path '{outer}'"
                    : $"'{path.Path}' of service '{service.Name}' lies in '{outer}' of service '{owner.Name}'",
                plan.Declaration,
                service.Declaration);
            return;
        }
    }
}
