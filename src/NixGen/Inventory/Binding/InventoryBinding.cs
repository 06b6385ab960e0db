using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Inventory.Binding;

/// <summary>From the tree to declarations. Everything wrong with the form of a value is said here; what depends on other values, later.</summary>
internal static class InventoryBinding
{
    public static Declarations Bind(YamlMap root, FindingList findings)
    {
        var keys = new KeyReader(root, "the inventory", findings);
        var destinations = keys.Entries("destinations");
        var secrets = keys.Entries("secrets");
        var declarations = new Declarations(
            Defaults(keys, findings),
            Each(keys.Entries("hosts"), entry => Host(entry, findings)),
            Each(keys.Entries("services"), entry => ServiceBinding.Bind(entry, findings)),
            Each(destinations, entry => DestinationBinding.Bind(entry, findings)),
            Each(secrets, entry => SecretsBinding.Bind(entry, findings)),
            Never(keys, findings),
            RetiredBinding.Bind(keys, ofHost: false, findings))
        {
            BrokenDestinations = NamesOf(destinations),
            BrokenSecrets = NamesOf(secrets),
            Accept = AcceptBinding.Bind(keys, findings),
        };
        keys.Done();
        return declarations;
    }

    private static Settings Defaults(KeyReader keys, FindingList findings)
    {
        if (keys.Keys("defaults", "`defaults`") is not { } inner)
            return Settings.None with { IsBroken = keys.Find("defaults") is not null };
        var settings = SettingsBinding.Settings(inner, findings);
        return inner.Done() ? settings : settings with { IsBroken = true };
    }

    private static HostDeclaration? Host(YamlEntry entry, FindingList findings)
    {
        if (Nodes.Named(entry, "host", findings) is not { } keys)
            return null;
        var host = new HostDeclaration(
            entry.Key.Value,
            entry.Key.At,
            SettingsBinding.Settings(keys, findings),
            Each(keys.Entries("services"), service => ServiceBinding.Bind(service, findings)),
            Never(keys, findings),
            RetiredBinding.Bind(keys, ofHost: true, findings))
        {
            Accept = AcceptBinding.Bind(keys, findings),
        };
        return keys.Done() ? host : host with { Settings = host.Settings with { IsBroken = true } };
    }

    private static List<NeverDeclaration> Never(KeyReader keys, FindingList findings)
    {
        var entries = new List<NeverDeclaration>();
        foreach (var (key, value) in keys.Entries("neverBackUp"))
        {
            if (Scalars.Path(key, "neverBackUp", findings) is { } path && Scalars.Reason(value, path.Value, findings) is { } reason)
                entries.Add(new NeverDeclaration(path.Value, reason.Value, key.At));
        }

        return entries;
    }

    private static HashSet<string> NamesOf(IReadOnlyList<YamlEntry> entries) =>
        entries.Select(entry => entry.Key.Value).ToHashSet(StringComparer.Ordinal);

    // By name, so that the order in which the user wrote them, or the files were read, changes nothing.
    private static List<T> Each<T>(IReadOnlyList<YamlEntry> entries, Func<YamlEntry, T?> bind)
        where T : class =>
        entries.OrderBy(entry => entry.Key.Value, StringComparer.Ordinal).Select(bind).OfType<T>().ToList();
}
