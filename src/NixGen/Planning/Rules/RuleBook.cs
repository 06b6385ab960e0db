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
        DrillRule.Check,
        ExcludedPathRule.Check,
        RequiredVariablesRule.Check,
        RetiredRule.Check,
        AppendOnlyRule.Check,
    ];

    public static IReadOnlyList<Action<Declarations, IReadOnlyList<HostPlan>, FindingList>> PerFleet { get; } =
    [
        (_, plans, findings) => NothingToDoRule.Check(plans, findings),
        (declarations, _, findings) => NameClashRule.Check(declarations, findings),
        SameRepositoryRule.Check,
        MaintainerRule.Check,
    ];

    /// <summary>What may be intended, and can be accepted; docs/lints.md.</summary>
    public static IReadOnlyList<Action<HostPlan, Lints>> HostLints { get; } =
    [
        OpenListenerRule.Check,
        LiveDatabaseRule.Check,
        LinkedPathRule.Check,
        StateElsewhereRule.Check,
        DatedPathRule.Check,
        MediaRule.Check,
        NestedPathRule.Check,
        IdleExcludeRule.Check,
        LiteralPathRule.Check,
        SkippedHourRule.Check,
    ];

    /// <inheritdoc cref="HostLints"/>
    public static IReadOnlyList<Action<Declarations, IReadOnlyList<HostPlan>, Lookup, Lints>> FleetLints { get; } =
    [
        (declarations, _, lookup, lints) => UnusedRule.Check(declarations, lookup, lints),
        (declarations, _, lookup, lints) => IdleSettingRule.Check(declarations, lookup, lints),
        (_, plans, _, lints) => CollisionRule.Check(plans, lints),
    ];
}
