using System.Text;
using NixGen.Auditing;
using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;
using NixGen.Planning;

namespace NixGen.Tests.Auditing;

/// <summary>The host of host.nix, evaluated once by Nix with the real expression, and an inventory that covers it.</summary>
internal static class Nas
{
    private static readonly Lazy<string> Evaluated = new(() => Evaluate());

    /// <summary>By service, its keys: together they leave no gap.</summary>
    public static readonly IReadOnlyDictionary<string, string> Covering = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["adguardhome"] = "backupPaths: [/var/lib/private/AdGuardHome]",
        ["audiobookshelf"] = "backupPaths: [/var/lib/books]",
        ["authelia-main"] = "backupPaths: [/var/lib/authelia-main]",
        ["backrest"] = "backupPaths: [/var/lib/backrest]",
        ["dash"] = "backupPaths: [/var/lib/containers/storage/volumes/dash-data, /srv/dash]",
        ["feeds"] = "backupPaths: [/var/lib/private/feeds]",
        ["grafana"] = "backupPaths: [/var/lib/grafana]",
        ["home-assistant"] = "backupPaths: [/var/lib/hass], backupExcludes: [tts, \"**/*.log\"]",
        ["immich"] = "catalogue: immich, acceptExcludes: true",
        ["jellyfin"] = "backupPaths: [/srv/jellyfin]",
        ["ledger"] = "backupPaths: [/srv/ledger, /srv/receipts, /var/lib/ledger]",
        ["miniflux"] = "databases: { postgresql: [miniflux] }",
        ["mosquitto"] = "backupPaths: [/var/lib/mosquitto]",
        ["nixos"] = "",
        ["node-red"] = "backupPaths: [/var/lib/node-red]",
        ["ntfy-sh"] = "backupPaths: [/var/lib/ntfy-sh]",
        ["paperless"] = "backupPaths: [/var/lib/paperless, /tank/documents], databases: { sqlite: [/var/lib/paperless/db.sqlite3] }",
        ["photos"] = "backupPaths: [/var/lib/photos], units: [photos, photos-import]",
        ["prowlarr"] = "backupPaths: [/var/lib/private/prowlarr]",
        ["radarr"] = "backupPaths: [/var/lib/radarr]",
        ["redis-paperless"] = "noBackup: Only a queue",
        ["shop"] = "databases: { postgresql: [shop] }",
        ["sonarr"] = "backupPaths: [/tank/sonarr]",
        ["ssh"] = "",
        ["sync"] = "backupPaths: [/var/lib/sync]",
        ["syncthing"] = "backupPaths: [/var/lib/syncthing/.config/syncthing]",
        ["transmission"] = "backupPaths: [/tank/transmission/.config/transmission-daemon]",
        ["uptime-kuma"] = "backupPaths: [/var/lib/private/uptime-kuma]",
        ["vaultwarden"] = "backupPaths: [/var/lib/bitwarden_rs]",
        ["web"] = "backupPaths: [/var/lib/nixos-containers/web, /srv/web]",
        ["wiki"] = "databases: { mariadb: [wiki] }",
        ["zigbee2mqtt"] = "",
        ["zwave-js"] = "backupPaths: [/var/cache/private/zwave-js]",
    };

    public static string Json => Evaluated.Value;

    public static EvaluatedSystem System => Read(Json);

    /// <summary>What the expression says of the host with further modules.</summary>
    public static string Evaluate(string extra = "[ ]")
    {
        using var folder = new TemporaryFolder();
        var expression = folder.Write("facts.nix", FactsExpression.For(StateCatalogue.BuiltIn));
        return Nix.EvaluateFile(
            RepositoryRoot.At("tests", "NixGen.Tests", "Auditing", "host.nix"),
            new Dictionary<string, string> { ["apply"] = $"import {expression}", ["extra"] = extra }).GetRawText();
    }

    public static EvaluatedSystem Read(string json)
    {
        var findings = new FindingList();
        var system = FactsReader.Read("nas.json", Encoding.UTF8.GetBytes(json), findings);
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        return system!;
    }

    /// <summary>An inventory of the host.</summary>
    /// <param name="change">A service and what it says instead; null for not there.</param>
    /// <param name="never">Lines of neverBackUp.</param>
    public static string Inventory((string Service, string? Keys)? change = null, string never = "/home/javier: Synchronised with another machine, /etc/NetworkManager/system-connections: None by hand")
    {
        var services = Covering.Where(service => service.Key != change?.Service);
        if (change is { Keys: { } keys })
            services = services.Append(new KeyValuePair<string, string>(change.Value.Service, keys));
        return $$"""
            hosts:
              nas:
                destinations: [disk]
                services:
            {{string.Join('\n', services.Select(service => $"      {service.Key}: {{ {service.Value} }}"))}}
            neverBackUp: { {{never}} }
            destinations:
              disk:
                repository: /mnt/backup/restic
                secrets: disk
                schedule: "03:00"
                retention: { daily: 7 }
            secrets:
              disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
            """;
    }

    public static HostPlan Plan(string inventory)
    {
        var findings = new FindingList();
        var tree = InventoryReader.ReadText("inventory.yaml", inventory, findings);
        var plan = tree is null ? null : Planner.Plan(InventoryBinding.Bind(tree, findings), global::NixGen.Catalogue.StateCatalogue.BuiltIn, findings);
        Assert.True(!findings.HasErrors, string.Join('\n', findings.Select(finding => $"{finding.At} {finding.Message}")) + "\n" + inventory);
        return Assert.Single(plan!);
    }

    public static AuditReport Audit(string inventory, EvaluatedSystem? system = null) => Auditor.Audit(Plan(inventory), system ?? System, StateCatalogue.BuiltIn);
}
