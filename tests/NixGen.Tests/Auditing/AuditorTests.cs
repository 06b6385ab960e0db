using System.Text;
using NixGen.Auditing;
using NixGen.Catalogue;
using NixGen.Findings;

namespace NixGen.Tests.Auditing;

/// <summary>Every planted gap is found, and nothing else: on a host with more than thirty services that Nix evaluated.</summary>
public sealed class AuditorTests
{
    [ToolFact(Nix.Program)]
    public void A_host_that_is_covered_has_nothing_to_look_at()
    {
        var report = Nas.Audit(Nas.Inventory());
        Assert.Empty(report.Items.Select(item => item.Message));
        Assert.False(report.HasGaps);
        Assert.True(report.Services.Count >= 30);
        Assert.All(report.Services, service => Assert.True(service.Verdict is Verdict.Covered or Verdict.Excluded, service.Name));
        Assert.Equal(["home-javier", "networkmanager", "redis-paperless", "systemd", "unbound"], report.Services.Where(service => service.Verdict == Verdict.Excluded).Select(service => service.Name));
    }

    /// <param name="service">Which service the inventory says otherwise.</param>
    /// <param name="keys">What it says; null for nothing.</param>
    /// <param name="expected">Code and key of each thing found.</param>
    [ToolTheory(Nix.Program)]
    [InlineData("radarr", null, "NG6101 gap radarr /var/lib/radarr/.config/Radarr")]
    // A symlink of systemd's.
    [InlineData("prowlarr", "backupPaths: [/var/lib/prowlarr]", "NG6101 gap prowlarr /var/lib/private/prowlarr")]
    [InlineData("feeds", "backupPaths: [/var/lib/feeds]", "NG6101 gap feeds /var/lib/private/feeds")]
    // No DynamicUser in this release, whatever the catalogue says; the place that it knows does not exist.
    [InlineData("ntfy-sh", "backupPaths: [/var/lib/private/ntfy-sh]", "NG6101 gap ntfy-sh /var/lib/ntfy-sh", "NG6106 nobody ntfy-sh /var/lib/private/ntfy-sh")]
    // Moved by an option: as a whole, as the folder around, as a name.
    [InlineData("jellyfin", "backupPaths: [/var/lib/jellyfin]", "NG6101 gap jellyfin /srv/jellyfin", "NG6106 nobody jellyfin /var/lib/jellyfin")]
    [InlineData("transmission", "backupPaths: [/var/lib/transmission/.config/transmission-daemon]", "NG6101 gap transmission /tank/transmission/.config/transmission-daemon")]
    [InlineData("audiobookshelf", "backupPaths: [/var/lib/audiobookshelf]", "NG6101 gap audiobookshelf /var/lib/books", "NG6106 nobody audiobookshelf /var/lib/audiobookshelf")]
    // Only a part of it is elsewhere.
    [InlineData("paperless", "backupPaths: [/var/lib/paperless], databases: { sqlite: [db.sqlite3] }", "NG6102 gap paperless /tank/documents")]
    // Elsewhere since another stateVersion.
    [InlineData("vaultwarden", "backupPaths: [/var/lib/vaultwarden]", "NG6101 gap vaultwarden /var/lib/bitwarden_rs", "NG6106 nobody vaultwarden /var/lib/vaultwarden")]
    [InlineData("immich", "backupPaths: [/var/lib/immich]", "NG6102 gap immich postgresql immich")]
    // The files of a server that runs are no copy.
    [InlineData("miniflux", "backupPaths: [/var/lib/postgresql]", "NG6101 gap miniflux postgresql miniflux")]
    [InlineData("shop", null, "NG6101 gap postgresql postgresql shop")]
    [InlineData("wiki", null, "NG6101 gap mysql mariadb wiki")]
    [InlineData("redis-paperless", null, "NG6101 gap redis-paperless /var/lib/redis-paperless")]
    [InlineData("dash", "backupPaths: [/srv/dash]", "NG6102 gap dash /var/lib/containers/storage/volumes/dash-data/_data")]
    [InlineData("dash", "backupPaths: [/var/lib/containers/storage/volumes]", "NG6102 gap dash /srv/dash")]
    [InlineData("dash", null, "NG6101 gap dash /srv/dash", "NG6101 gap dash /var/lib/containers/storage/volumes/dash-data/_data")]
    [InlineData("web", "backupPaths: [/srv/web]", "NG6102 gap web /var/lib/nixos-containers/web")]
    [InlineData("web", "backupPaths: [/var/lib/nixos-containers]", "NG6102 gap web /srv/web")]
    [InlineData("zwave-js", "backupPaths: [/var/lib/private/zwave-js]", "NG6101 gap zwave-js /var/cache/private/zwave-js", "NG6106 nobody zwave-js /var/lib/private/zwave-js")]
    [InlineData("authelia-main", null, "NG6101 gap authelia-main /var/lib/authelia-main")]
    [InlineData("sync", null, "NG6101 gap sync@ /var/lib/sync")]
    // Of a unit that no catalogue knows: what it may write to, what is bound into it, the home of its user.
    [InlineData("ledger", null, "NG6101 gap ledger /srv/ledger", "NG6101 gap ledger /srv/receipts", "NG6101 gap ledger /var/lib/ledger")]
    [InlineData("ledger", "backupPaths: [/srv/receipts, /var/lib/ledger]", "NG6102 gap ledger /srv/ledger")]
    [InlineData("photos", "backupPaths: [/var/lib/photos/originals]", "NG6102 gap photos /var/lib/photos")]
    [InlineData("photos", "backupPaths: [/var/lib/photos], backupExcludes: [\"*\", \"**\"], databases: { sqlite: [a.db] }", "refused")]
    // What another one leaves out.
    [InlineData("radarr", "backupPaths: [/var/lib/radarr], backupExcludes: [.config/Radarr]", "NG6101 gap radarr /var/lib/radarr/.config/Radarr")]
    [InlineData("radarr", "backupPaths: [/var/lib/radarr], backupExcludes: [\"**/Radarr/*\"]", "NG6101 gap radarr /var/lib/radarr/.config/Radarr")]
    // The same folder by its other name.
    [InlineData("sonarr", "backupPaths: [/var/lib/sonarr]")]
    [InlineData("sonarr", null, "NG6101 gap sonarr /var/lib/sonarr/.config/NzbDrone")]
    [InlineData("grafana", null, "NG6101 gap grafana /var/lib/grafana")]
    // Not gaps.
    [InlineData("lidarr", "backupPaths: [/var/lib/lidarr]", "NG6103 not-running lidarr")]
    [InlineData("gone", "backupPaths: [/srv/gone], units: [gone]", "NG6103 not-running gone")]
    [InlineData("typo", "backupPaths: [/srv/typo]", "NG6106 nobody typo /srv/typo")]
    [InlineData("twice", "backupPaths: [/srv/ledger/2024], units: [ledger]", "NG6104 overlap twice /srv/ledger/2024")]
    [InlineData("transmission", "backupPaths: [/tank/transmission], backupExcludes: [.incomplete]", "NG6105 media transmission /tank/transmission/Downloads")]
    [InlineData("radarr", "noBackup: Rebuilt from the indexers")]
    public void What_is_planted_is_found_and_nothing_else(string service, string? keys, params string[] expected)
    {
        if (expected is ["refused"])
        {
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Nas.Plan(Nas.Inventory((service, keys))));
            return;
        }

        var report = Nas.Audit(Nas.Inventory((service, keys)));
        Assert.Equal(expected.Order(StringComparer.Ordinal), report.Items.Select(item => $"{item.Code.Id} {item.Key}").Order(StringComparer.Ordinal));
        Assert.Equal(expected.Any(item => item.Contains(" gap ")), report.HasGaps);
    }

    [ToolFact(Nix.Program)]
    public void The_home_of_a_person_is_a_gap_unless_somebody_says_otherwise()
    {
        var item = Assert.Single(Nas.Audit(Nas.Inventory(never: "/etc/NetworkManager/system-connections: none")).Items);
        Assert.Equal("gap home-javier /home/javier", item.Key);
    }

    /// <summary>Nobody is asked for certificates and leases; what makes a machine itself is said, and fails nothing.</summary>
    [ToolTheory(Nix.Program)]
    [InlineData("ssh", "machine ssh /etc/ssh")]
    [InlineData("nixos", "machine nixos /var/lib/nixos")]
    public void What_belongs_to_the_machine_is_a_note(string service, string key)
    {
        var report = Nas.Audit(Nas.Inventory((service, null)));
        var item = Assert.Single(report.Items);
        Assert.Equal((Codes.MachineState, key), (item.Code, item.Key));
        Assert.False(report.HasGaps);
        Assert.Equal(Verdict.Excluded, report.Services.Single(each => each.Name == service).Verdict);
    }

    /// <summary>What was let go with a date is a reason; for a service as a whole, a path, and not for one destination of several.</summary>
    [ToolTheory(Nix.Program)]
    [InlineData("service: radarr", Verdict.Excluded)]
    [InlineData("path: /var/lib/radarr", Verdict.Excluded)]
    [InlineData("path: /var/lib/radarr, destination: old", Verdict.NotCovered)]
    [InlineData("service: radarr, destination: old", Verdict.NotCovered)]
    [InlineData("service: other", Verdict.NotCovered)]
    public void What_is_retired_is_excluded_with_its_reason(string entry, Verdict expected)
    {
        var inventory = Nas.Inventory(("radarr", null)).Replace("    destinations: [disk]", $$"""
                destinations: [disk]
                retired: [{ {{entry}}, date: "2026-01-31", reason: Films are at the cinema }]
            """, StringComparison.Ordinal);
        var report = Nas.Audit(inventory);
        var radarr = report.Services.Single(service => service.Name == "radarr");
        Assert.Equal(expected, radarr.Verdict);
        Assert.Equal(expected != Verdict.Excluded, report.HasGaps);
        if (expected == Verdict.Excluded)
            Assert.Equal("Films are at the cinema", Assert.Single(radarr.Places).Why);
    }

    /// <summary>Whoever pastes the lines has closed the gap.</summary>
    [ToolTheory(Nix.Program)]
    [InlineData("dash", "backupPaths: [/srv/dash]")]
    [InlineData("feeds", "backupPaths: [/var/lib/feeds]")]
    [InlineData("immich", "backupPaths: [/var/lib/immich]")]
    [InlineData("ledger", null)]
    [InlineData("photos", "backupPaths: [/var/lib/photos/originals]")]
    [InlineData("sync", null)]
    [InlineData("wiki", null)]
    public void The_lines_of_a_gap_close_it(string service, string? keys)
    {
        var gap = Nas.Audit(Nas.Inventory((service, keys))).Items.First(item => item.Code.Severity == Severity.Error);
        var indented = string.Concat(gap.Lines!.Split('\n').Select(line => $"\n      {line}"));
        var closed = Nas.Inventory((service, null)).Replace("    services:", "    services:" + indented, StringComparison.Ordinal);
        Assert.False(Nas.Audit(closed).HasGaps);
    }

    [ToolFact(Nix.Program)]
    public void A_symlink_and_a_job_by_hand_are_said()
    {
        Assert.Contains("/var/lib/feeds is a symlink to it", Nas.Audit(Nas.Inventory(("feeds", "backupPaths: [/var/lib/feeds]"))).Items[0].Message);
        Assert.Contains("services.restic.backups.legacy takes it", Nas.Audit(Nas.Inventory(("ledger", null))).Items[0].Message);
    }

    [ToolFact(Nix.Program)]
    public void What_modules_declare_is_covered_by_the_nightly_job()
    {
        var system = Nas.System;
        var inventory = Nas.Inventory(("radarr", null));
        Assert.True(Nas.Audit(inventory, system).HasGaps);
        Assert.False(Nas.Audit(inventory, system with { BackupPaths = ["/var/lib/radarr"] }).HasGaps);
        Assert.True(Nas.Audit(inventory, system with { BackupPaths = ["/var/lib/radarr"], BackupExcludes = ["Radarr"] }).HasGaps);
    }

    [ToolFact(Nix.Program)]
    public void A_server_of_which_nothing_is_known_needs_some_database()
    {
        var system = Nas.System with { MariaDb = new ServerFacts(true, "/var/lib/mysql", []) };
        Assert.False(Nas.Audit(Nas.Inventory(), system).HasGaps);
        Assert.Equal("gap mysql mariadb (any)", Assert.Single(Nas.Audit(Nas.Inventory(("wiki", null)), system).Items).Key);
    }

    [ToolFact(Nix.Program)]
    public void A_baseline_lets_only_new_gaps_through()
    {
        var report = Nas.Audit(Nas.Inventory(("radarr", null)));
        var findings = new FindingList();
        var text = Baseline.Empty.With(report).Text();
        var baseline = Baseline.Read("baseline.json", Encoding.UTF8.GetBytes(text), findings)!;
        Assert.Equal(text, baseline.With(report).Text());
        var accepted = baseline.Apply(report, "baseline.json", findings);
        Assert.Empty(accepted.Items);
        Assert.Single(accepted.Accepted);
        Assert.Empty(findings);

        var other = baseline.Apply(Nas.Audit(Nas.Inventory(("ledger", null))), "baseline.json", findings);
        Assert.Equal(3, other.Items.Count);
        Assert.Equal(Codes.StaleBaseline, Assert.Single(findings).Code);
    }

    [Fact]
    public void A_baseline_keeps_reasons_and_other_hosts()
    {
        var findings = new FindingList();
        var text = """{"format":1,"accepted":[{"host":"pi","key":"gap a /a"},{"host":"nas","key":"gap b /b","reason":"Rebuilt"},{"host":"nas","key":"gap gone /c"}]}""";
        var baseline = Baseline.Read("baseline.json", Encoding.UTF8.GetBytes(text), findings)!;
        var item = new AuditItem(Codes.NotCovered, "gap b /b", "b", "/b", "b", "Do.", null, new SourceSpan("inventory.yaml"));
        var written = baseline.With(new AuditReport("nas", new SourceSpan("inventory.yaml"), [], [item], [])).Text();
        Assert.Contains("Rebuilt", written);
        Assert.Contains("\"pi\"", written);
        Assert.DoesNotContain("gone", written);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\n  \"format\": 1,\n  oops", 3)]
    [InlineData("""{"format":2,"accepted":[]}""", 0)]
    [InlineData("""{"format":1}""", 0)]
    [InlineData("""{"format":1,"accepted":[{"key":"gap"}]}""", 0)]
    [InlineData("""{"format":1,"accepted":[{"host":"a","key":"b"},{"host":"a","key":"b"}]}""", 0)]
    public void A_damaged_baseline_is_refused(string text, int line)
    {
        var findings = new FindingList();
        Assert.Null(Baseline.Read("baseline.json", Encoding.UTF8.GetBytes(text), findings));
        var finding = Assert.Single(findings);
        Assert.Equal((Codes.BadBaseline, line), (finding.Code, finding.At!.Value.Line));
    }
}
