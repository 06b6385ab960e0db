using NixGen.Findings;

namespace NixGen.Planning.Rules;

/// <summary>A generator that yields nothing must not look like success.</summary>
internal static class NothingToDoRule
{
    public static void Check(HostPlan plan, FindingList findings)
    {
        if (!findings.HasErrors && !plan.Services.Any(service => service.HasData))
            findings.Report(Codes.NothingToDo, plan.At, $"host '{plan.Name}' backs up nothing", "Give one of its services backupPaths, or remove the host.");
    }

    public static void Check(IReadOnlyList<HostPlan> plans, FindingList findings)
    {
        if (plans.Count == 0 && !findings.HasErrors)
            findings.Report(Codes.NothingToDo, null, "the inventory declares no host");
    }
}
