using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Every rule that a plan has to pass, one a file. A rule reports; it changes nothing.</summary>
internal static class RuleBook
{
    public static IReadOnlyList<Action<HostPlan, FindingList>> PerHost { get; } =
    [
        NothingToDoRule.Check,
        NeverBackUpRule.Check,
        SharedPathRule.Check,
        ExcludedPathRule.Check,
        RequiredVariablesRule.Check,
        OpenListenerRule.Check,
        MediaRule.Check,
    ];

    public static IReadOnlyList<Action<Declarations, IReadOnlyList<HostPlan>, FindingList>> PerFleet { get; } =
    [
        (_, plans, findings) => NothingToDoRule.Check(plans, findings),
        (declarations, _, findings) => NameClashRule.Check(declarations, findings),
        (declarations, _, findings) => SameRepositoryRule.Check(declarations, findings),
        MaintainerRule.Check,
    ];
}
