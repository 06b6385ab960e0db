using NixGen.Inventory;
using NixGen.Languages.Systemd;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>secrets.nix</c> says: references, never a value.</summary>
internal static class SecretsModule
{
    /// <summary>Where the units put what they fetched, below a folder for each consumer.</summary>
    public static string Current(string consumer) => $"/run/homelab-secrets/{consumer}/current";

    /// <summary>
    /// Begins the names of a consumer's variables where several consumers share an environment. No name of a variable begins with a
    /// digit: systemd passes over such a line, and a shell takes it for a command.
    /// </summary>
    public static string Prefix(string consumer) => (char.IsAsciiDigit(consumer[0]) ? "_" : "") + consumer.Replace('-', '_');

    /// <summary>The unit that fetches the secrets of a consumer, without <c>.service</c>.</summary>
    public static string Unit(string consumer) => $"homelab-secrets-{consumer}";

    /// <summary>How 1Password's program names a secret.</summary>
    public static string Reference(SecretsPlan set, OnePasswordSource source, SecretVariable variable) =>
        $"op://{set.Vault}/{source.Item.Value}/{variable.Reference}";

    // Twice a day is far below 1Password's limits, and fresh enough that a night never waits for it twice.
    private const int RemoteFreshFor = 12 * 60 * 60;

    public static ScriptObject Compose(HostPlan plan)
    {
        var sets = plan.Secrets.ToList();
        return Model.Of(
            ("one_password", sets.Any(set => set.Declaration.Source is OnePasswordSource)),
            ("files", sets.Any(set => set.Declaration.Source is FileSource)),
            ("backrest", plan.Backrest is not null),
            ("sets", Model.List(sets.Select(set => Set(plan, set)))));
    }

    private static ScriptObject Set(HostPlan plan, SecretsPlan set)
    {
        var (provider, freshFor, credentials, reference) = Provide(plan, set);
        return Model.Of(
            ("name", set.Consumer),
            ("prefix", Prefix(set.Consumer)),
            ("unit", Unit(set.Consumer)),
            ("provider", provider),
            ("fresh_for", freshFor),
            ("credentials", Model.List(credentials)),
            ("variables", Model.Map(Sorted(set), variable => variable.Name, reference)));
    }

    // A further provider is a case here, a block in the template that defines read_reference, and a key of the inventory.
    private static (string Provider, int FreshFor, IEnumerable<string> Credentials, Func<SecretVariable, object> Reference) Provide(
        HostPlan plan,
        SecretsPlan set) => set.Declaration.Source switch
    {
        OnePasswordSource source => (
            "readFromOnePassword",
            RemoteFreshFor,
            ["op-token:" + SystemdWord.Value(plan.TokenFile!.Value.Value)],
            variable => Reference(set, source, variable)),
        // systemd reads the files as root; the unit itself has no right to.
        FileSource => (
            "readFromFiles",
            0,
            Sorted(set).Select(variable => $"{variable.Name}:{SystemdWord.Value(variable.Reference)}"),
            variable => variable.Name),
        var other => throw new InvalidOperationException($"No module knows the provider {other.GetType().Name}."),
    };

    private static IEnumerable<SecretVariable> Sorted(SecretsPlan set) =>
        set.Declaration.Source.Variables.OrderBy(variable => variable.Name, StringComparer.Ordinal);
}
