using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>What is declared but used by nobody: for a service an error, because somebody thinks that it is backed up.</summary>
internal static class UnusedRule
{
    public static void Check(Declarations declarations, SharedServices shared, Lints lints)
    {
        foreach (var service in declarations.Services.Where(service => !shared.Used.Contains(service.Name)))
            lints.Report(Codes.UnusedService, service.At, $"service '{service.Name}' is on no host", service: service);
    }

    public static void Check(Declarations declarations, Lookup lookup, Lints lints)
    {
        foreach (var destination in declarations.Destinations.Where(destination => !lookup.UsedDestinations.Contains(destination.Id)))
            lints.Report(Codes.Unused, destination.At, $"nothing is backed up to destination '{destination.Id}'", destination: destination);
        foreach (var set in declarations.Secrets.Where(set => !lookup.UsedSecrets.Contains(set.Name)))
            lints.Report(Codes.Unused, set.At, $"nothing uses the set of secrets '{set.Name}'", secrets: set);
    }
}
