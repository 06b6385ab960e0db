using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>
/// A drill does not restore into the data of a service: a restore of that service would swap the folder away. The folder that nobody
/// chose is left out of the backup instead.
/// </summary>
internal static class DrillRule
{
    public static void Check(HostPlan plan, FindingList findings)
    {
        var scratch = plan.Drill.Scratch;
        if (scratch.At == default)
            return;
        foreach (var service in plan.Services)
        {
            foreach (var path in service.Paths.Where(path => HiddenPlaces.Contains(path.Path, scratch.Value)))
            {
                findings.Report(
                    Codes.BadPath,
                    scratch.At,
                    $"`scratch`: '{scratch.Value}' lies in '{path.Path}' of service '{service.Name}'",
                    "Name a folder that is not backed up.");
            }
        }
    }
}
