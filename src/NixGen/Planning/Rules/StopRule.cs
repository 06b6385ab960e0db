using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>A service that is stopped for its backup says which units that are, and needs no copies.</summary>
internal static class StopRule
{
    public static void Check(IEnumerable<ServiceDeclaration> services, FindingList findings)
    {
        foreach (var service in services)
        {
            if (service.Stop is not { Value: true, At: var at })
                continue;
            if (service is { Units: not { Count: > 0 }, IsBroken: false })
                findings.Report(Codes.StopWithoutUnits, at, $"service '{service.Name}' is to be stopped, but has no units");
            if (service.Databases is { Count: > 0 })
                findings.Report(Codes.StopAndCopy, at, $"service '{service.Name}' is stopped for its backup and copies its databases");
        }
    }
}
