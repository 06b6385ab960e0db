using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>
/// What must never be backed up: a place inside a path becomes an exclude (the modules do that, for hand-written paths too) and is said.
/// A path inside is refused by <see cref="ShadowedPaths"/>, and that of the token here, whatever is accepted.
/// </summary>
internal static class NeverBackUpRule
{
    public static void Check(HostPlan plan, FindingList findings)
    {
        foreach (var service in plan.Services)
        {
            foreach (var path in service.Paths)
                Check(plan, service, path, findings);
        }
    }

    private static void Check(HostPlan plan, ServicePlan service, BackupPath path, FindingList findings)
    {
        foreach (var never in plan.NeverBackUp)
        {
            if (HiddenPlaces.Contains(never.Path, path.Path))
            {
                if (never.Path == plan.TokenFile?.Value)
                    findings.Report(Codes.TokenInBackup, path.At, $"'{path.Path}' of service '{service.Name}' must never be backed up: {never.Reason}");
            }
            else if (HiddenPlaces.Contains(path.Path, never.Path))
            {
                findings.Report(Codes.NeverExcluded, path.At, $"'{never.Path}' is left out of '{path.Path}' on host '{plan.Name}': {never.Reason}");
            }
        }
    }
}
