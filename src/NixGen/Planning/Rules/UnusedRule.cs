using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>What is declared but used by nobody: for a service an error, because somebody thinks that it is backed up.</summary>
internal static class UnusedRule
{
    public static void Check(Declarations declarations, Lookup lookup, SharedServices shared, FindingList findings)
    {
        foreach (var service in declarations.Services.Where(service => !shared.Used.Contains(service.Name)))
            findings.Report(Codes.UnusedService, service.At, $"service '{service.Name}' is on no host");
        // Where a name is mistyped, what it meant seems unused.
        if (findings.HasErrors)
            return;
        foreach (var destination in declarations.Destinations.Where(destination => !lookup.UsedDestinations.Contains(destination.Id)))
            findings.Report(Codes.Unused, destination.At, $"nothing is backed up to destination '{destination.Id}'");
        foreach (var set in declarations.Secrets.Where(set => !lookup.UsedSecrets.Contains(set.Name)))
            findings.Report(Codes.Unused, set.At, $"nothing uses the set of secrets '{set.Name}'");
    }
}
