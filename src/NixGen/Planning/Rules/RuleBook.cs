using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Every rule that a plan has to pass, one a file. A rule reports; it changes nothing.</summary>
internal static class RuleBook
{
    /// <summary>Errors; those that go to the lints can be accepted.</summary>
    public static IReadOnlyList<Action<HostPlan, FindingList, Lints>> PerHost { get; } =
    [
        (plan, findings, _) => NothingToDoRule.Check(plan, findings),
        (plan, findings, _) => NeverBackUpRule.Check(plan, findings),
        (plan, _, lints) => SharedPathRule.Check(plan, lints),
        (plan, findings, _) => DrillRule.Check(plan, findings),
        (plan, findings, _) => RequiredVariablesRule.Check(plan, findings),
        (plan, findings, _) => RetiredRule.Check(plan, findings),
        (plan, _, lints) => AppendOnlyRule.Check(plan, lints),
    ];

    /// <inheritdoc cref="PerHost"/>
    public static IReadOnlyList<Action<Declarations, IReadOnlyList<HostPlan>, FindingList, Lints>> PerFleet { get; } =
    [
        (_, plans, findings, _) => NothingToDoRule.Check(plans, findings),
        (declarations, _, findings, _) => NameClashRule.Check(declarations, findings),
        (declarations, _, _, lints) => PasswordRule.Check(declarations, lints),
        (declarations, _, _, lints) => SecretReferenceRule.Check(declarations, lints),
        (declarations, plans, findings, lints) => SameRepositoryRule.Check(declarations, plans, findings, lints),
        (declarations, plans, _, lints) => MaintainerRule.Check(declarations, plans, lints),
    ];

    /// <summary>Warnings that can be accepted; docs/lints.md.</summary>
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
