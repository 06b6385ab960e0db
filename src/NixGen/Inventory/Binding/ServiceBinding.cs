using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Inventory.Binding;

/// <summary>Services, their paths and excludes.</summary>
internal static class ServiceBinding
{
    public static ServiceDeclaration? Bind(YamlEntry entry, FindingList findings)
    {
        if (Nodes.Named(entry, "service", findings) is not { } keys)
            return null;
        var errors = findings.Errors;
        var service = new ServiceDeclaration(
            entry.Key.Value,
            entry.Key.At,
            keys.Text("title")?.Value,
            keys.Text("covers")?.Value,
            Paths(keys, findings),
            keys.List("backupExcludes", node => Scalars.Text(node, "backupExcludes", findings)),
            DatabaseBinding.Bind(keys, findings),
            keys.List("units", node => Unit(node, findings)),
            keys.PlacedFlag("stop"),
            keys.Reason("noBackup"),
            SettingsBinding.Destinations(keys, findings),
            SettingsBinding.Schedule(keys, "schedule", findings),
            SettingsBinding.Retention(keys, findings),
            keys.Flag("drill"))
        {
            Accept = AcceptBinding.Bind(keys, findings),
            Catalogue = keys.Text("catalogue"),
            AcceptExcludes = keys.PlacedFlag("acceptExcludes"),
        };
        keys.Done();
        if (service is { NoBackup: { } reason, BackupPaths: not null })
            findings.Report(Codes.PathsAndNoBackup, reason.At, $"service '{service.Name}' has backupPaths and noBackup");
        return service with { IsBroken = findings.Errors > errors || Nodes.HasBroken(entry.Value) };
    }

    private static List<BackupPath>? Paths(KeyReader keys, FindingList findings) =>
        keys.Items("backupPaths")?.Select(node => Path(node, findings)).OfType<BackupPath>().ToList();

    private static BackupPath? Path(YamlNode node, FindingList findings)
    {
        if (node is not YamlMap map)
            return Checked(node, false, findings);
        var keys = new KeyReader(map, "a backup path", findings);
        var path = keys.Find("path");
        var optional = keys.Flag("optional") ?? false;
        keys.Done();
        if (path is not null)
            return Checked(path, optional, findings);
        keys.Missing("path");
        return null;
    }

    // systemd.unit(5): letters, digits and :-_.\@ before the kind. Without a kind, a service is meant, as for systemctl.
    internal static Placed<string>? Unit(YamlNode node, FindingList findings) =>
        Scalars.Text(node, "units", findings) is { } text ? Unit(text, findings) : null;

    internal static Placed<string>? Unit(Placed<string> text, FindingList findings)
    {
        var name = text.Value.Contains('.') ? text.Value : text.Value + ".service";
        if (name.All(character => char.IsAsciiLetterOrDigit(character) || character is ':' or '-' or '_' or '.' or '@')
            && name[0] is not ('.' or '-')
            && Kinds.Contains(name[(name.LastIndexOf('.') + 1)..]))
        {
            return text with { Value = name };
        }

        findings.Report(Codes.BadUnit, text.At, $"'{text.Value}' is no unit that can be stopped");
        return null;
    }

    private static readonly HashSet<string> Kinds = ["service", "socket", "timer", "target", "path"];

    private static BackupPath? Checked(YamlNode node, bool optional, FindingList findings)
    {
        if (Scalars.Path(node, "backupPaths", findings) is not { } path)
            return null;
        if (HiddenPlaces.Around(path.Value) is { } hidden)
        {
            findings.Report(Codes.HiddenPath, path.At, $"the backup does not see '{path.Value}': it lies in {hidden}");
            return null;
        }

        return new BackupPath(path.Value, optional, path.At);
    }
}
