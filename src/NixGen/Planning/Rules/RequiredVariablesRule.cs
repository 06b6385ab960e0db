using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Binding;

namespace NixGen.Planning.Rules;

/// <summary>A set of secrets holds what its consumer needs (restic manual, "Preparing a new repository"), and nothing of another's.</summary>
internal static class RequiredVariablesRule
{
    private const string Password = "RESTIC_PASSWORD";

    public static void Check(HostPlan plan, FindingList findings)
    {
        foreach (var destination in plan.Destinations)
            Check(destination.Secrets, $"destination '{destination.Id}'", Needed(destination.Kind), findings);
        if (plan.Backrest is { } backrest)
            Check(backrest.Secrets, "Backrest", [SecretsBinding.BackrestPassword], findings);
    }

    private static void Check(SecretsPlan set, string consumer, IReadOnlyList<string> needed, FindingList findings)
    {
        if (set.Declaration.IsBroken)
            return;
        var given = set.Declaration.Source.Variables.Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in needed.Where(name => !given.Contains(name)))
            findings.Report(Codes.MissingVariable, set.Declaration.At, $"{consumer} needs {name}, which the set '{set.Declaration.Name}' does not give", $"Add {name} to the set.");
    }

    // Azure, Google and Swift authenticate in several ways; what they have in common is the password of the repository.
    private static IReadOnlyList<string> Needed(RepositoryKind kind) => kind switch
    {
        RepositoryKind.B2 => ["B2_ACCOUNT_ID", "B2_ACCOUNT_KEY", Password],
        RepositoryKind.S3 => ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", Password],
        _ => [Password],
    };
}
