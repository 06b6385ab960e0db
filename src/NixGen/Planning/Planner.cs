using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Planning.Rules;

namespace NixGen.Planning;

/// <summary>From declarations to what each host does: names looked up, defaults applied, services put into jobs; then the rules.</summary>
internal static class Planner
{
    /// <returns>One plan a host; incomplete ones when there are errors.</returns>
    public static IReadOnlyList<HostPlan> Plan(Declarations declarations, StateCatalogue? catalogue, FindingList findings)
    {
        var lookup = new Lookup(declarations, findings);
        var shared = new SharedServices(declarations.Services, findings);
        var catalogued = new CataloguedServices(catalogue, findings);
        var maintainers = new Maintainers(declarations);
        var lints = new Lints(declarations, catalogue, findings);
        PlainSecretRule.Check(declarations, findings, lints);
        var plans = declarations.Hosts
            .Select(host => new HostPlanner(declarations, host, lookup, shared, catalogued, maintainers, findings, lints).Plan())
            .Select(plan => ShadowedPaths.Settle(plan, findings, lints))
            .ToList();

        foreach (var plan in plans)
        {
            foreach (var rule in RuleBook.PerHost)
                rule(plan, findings, lints);
        }

        foreach (var rule in RuleBook.PerFleet)
            rule(declarations, plans, findings, lints);
        UnusedRule.Check(declarations, shared, lints);
        // What seems odd in an inventory with errors may only be half of it.
        if (findings.HasErrors || catalogue is null)
            return plans;

        catalogued.Suggest();
        foreach (var plan in plans)
        {
            foreach (var rule in RuleBook.HostLints)
                rule(plan, lints);
        }

        foreach (var rule in RuleBook.FleetLints)
            rule(declarations, plans, lookup, lints);
        lints.ReportIdle();
        return [.. plans.Select(plan => plan with { Accepted = lints.AcceptedOn(plan, plans) })];
    }
}
