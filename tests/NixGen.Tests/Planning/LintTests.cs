using System.Text.RegularExpressions;
using NixGen.Findings;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;
using NixGen.Planning;
using NixGen.Rendering;

namespace NixGen.Tests.Planning;

/// <summary>
/// Each lint with inventories that cause it and inventories that nearly do. What is written here stands below the one host, below the
/// one destination, or at the top level. ACCEPT is where an error can be accepted; a warning is accepted at the top level.
/// </summary>
public sealed partial class LintTests
{
    private const string Disk = "{ repository: \"rest:http://nas/\", secrets: disk, schedule: \"03:00\", retention: { daily: 7 } }";

    /// <param name="Code">The lint.</param>
    /// <param name="Fires">Whether it is to be found.</param>
    /// <param name="Services">The services of the host.</param>
    /// <param name="Host">Further keys of the host.</param>
    /// <param name="Disk">The destination.</param>
    /// <param name="Top">Further keys at the top level.</param>
    /// <param name="Hosts">Further hosts.</param>
    /// <param name="Destinations">Further destinations.</param>
    /// <param name="Secrets">The set of secrets.</param>
    private sealed record Example(string Code, bool Fires, string Services, string Host = "", string Disk = Disk, string Top = "", string Hosts = "", string Destinations = "", string Secrets = Files)
    {
        public string Text => $$"""
            {{Top}}
            destinations:
              disk: {{Disk}}
              {{Destinations}}
            secrets:
              disk: {{Secrets}}
            hosts:
              box:
                destinations: [disk]
                services: { {{Services}} }
                {{Host}}
              {{Hosts}}
            """;
    }

    private const string Files = "{ files: { RESTIC_PASSWORD: /etc/secrets/restic } }";

    private const string Token = "onePassword: { tokenFile: /etc/token }";

    private const string Slack = "xoxb-1234567890-abcdefghijkl";

    private const string App = "app: { backupPaths: [/var/lib/app] }";

    private static readonly List<Example> Examples =
    [
        new("NG1105", true, "app: { ACCEPT backupPaths: [/var/lib/app], backupExcludes: [/var/lib/other/log] }"),
        new("NG1105", true, "app: { ACCEPT backupPaths: [/var/lib/app], backupExcludes: [/var/lib/ap*/log] }"),
        new("NG1105", true, "app: { ACCEPT databases: { postgresql: [app] }, backupExcludes: [cache] }"),
        new("NG1105", false, "app: { ACCEPT backupPaths: [/var/lib/app], backupExcludes: [/var/lib/app/log, \"*.tmp\"] }"),
        new("NG1110", true, App, Disk: Disk.Replace("{ repository: \"rest:http://", "{ ACCEPT repository: \"rest:http://me:secret@")),
        new("NG1110", true, App, Disk: Disk.Replace("{ repository: \"rest:http://", "{ ACCEPT repository: \"rest:http://me@")),
        new("NG1110", false, App, Disk: Disk.Replace("{ repository: \"rest:http://nas/", "{ ACCEPT repository: \"rest:http://nas/me@home/")),
        .. Addressed(true, "vault: V, item: \"Backblaze (B2)\"", "vault: V, item: \"Backblaze B2 \"", "vault: \"J/S\", item: I", "vault: Müller, item: I"),
        .. Addressed(false, "vault: V, item: Backblaze - B2.x_1", "vault: My  Vault, item: 3r2f4dlhvkcgyrzmtzljsgbrbq"),
        new("NG1112", true, App, Host: Token, Secrets: "{ ACCEPT onePassword: { vault: V, item: I, fields: { RESTIC_PASSWORD: a/b/c } } }"),
        new("NG1112", false, App, Host: Token, Secrets: "{ ACCEPT onePassword: { vault: V, item: I, fields: { RESTIC_PASSWORD: section/field } } }"),
        new("NG1112", true, App, Host: "ACCEPT\n" + Token.Replace(" }", ", vault: \"[x]\" }"), Secrets: "{ onePassword: { item: I, fields: { RESTIC_PASSWORD: a } } }"),
        new("NG2005", true, App + ", films: { ACCEPT backupPaths: [/srv/media/films] }", Host: "neverBackUp: { /srv/media: Too large }"),
        new("NG2005", true, "app: { ACCEPT backupPaths: [/var/lib/app, /srv/media] }", Host: "neverBackUp: { /srv/media: Too large }"),
        new("NG2005", false, App + ", films: { ACCEPT backupPaths: [/srv/media-lists] }", Host: "neverBackUp: { /srv/media: Too large }"),
        .. Twice(true, "rest:http://nas/", "rest:http://nas"),
        .. Twice(false, "rest:http://nas/other", "rest:https://nas/"),
        new("NG2009", true, App, Disk: "{ ACCEPT" + Disk[1..], Hosts: "shed: { destinations: [disk], services: { a: { backupPaths: [/srv/a] } } }"),
        new("NG2009", false, App, Disk: "{ ACCEPT" + Disk[1..]),
        new("NG2009", false, App, Disk: "{ ACCEPT" + Disk[1..^2] + ", maintenance: { host: shed } }", Hosts: "shed: { destinations: [disk], services: { a: { backupPaths: [/srv/a] } } }"),
        new("NG2011", true, App, Top: "services: { spare: { ACCEPT backupPaths: [/srv/spare] } }"),
        new("NG2011", false, "spare: {}", Top: "services: { spare: { ACCEPT backupPaths: [/srv/spare] } }"),
        new("NG2019", true, App, Disk: "{ ACCEPT" + Disk[1..^2] + ", maintenance: { host: nas } }"),
        new("NG2019", false, App, Disk: "{ ACCEPT" + Disk[1..^2] + ", maintenance: { host: box } }"),
        new("NG2020", true, App + ", more: { ACCEPT backupPaths: [/srv/more, /var/lib/app] }"),
        new("NG2020", true, "app: { ACCEPT backupPaths: [/var/lib/app, /var/lib/app] }"),
        new("NG2020", false, App + ", more: { ACCEPT backupPaths: [/srv/more] }"),
        new("NG2022", true, "app: { ACCEPT backupPaths: [/var/lib/app], backupExcludes: [\"*.db-wal\"] }"),
        new("NG2022", true, "app: { ACCEPT backupPaths: [/var/lib/app], backupExcludes: [data/app.sqlite-*] }"),
        new("NG2022", false, "app: { ACCEPT backupPaths: [/var/lib/app], backupExcludes: [cache-*] }"),
        new("NG2025", true, "all: { backupPaths: [/srv], backupExcludes: [git] }, git: { ACCEPT backupPaths: [/srv/git] }"),
        new("NG2025", true, App + ", git: { ACCEPT backupPaths: [/srv/git], backupExcludes: [\"*\"] }"),
        new("NG2025", true, "app: { ACCEPT backupPaths: [/var/lib/app, /srv/app], backupExcludes: [/srv/app] }"),
        new("NG2025", false, "all: { backupPaths: [/srv], backupExcludes: [git] }, git: { ACCEPT backupPaths: [/srv/git], schedule: \"12:00\" }"),
        new("NG2025", false, "all: { backupPaths: [/srv], backupExcludes: [git/old] }, git: { ACCEPT backupPaths: [/srv/git] }"),
        new("NG2111", true, App, Disk: "{ ACCEPT appendOnly: true," + Disk[1..]),
        new("NG2111", true, App, Disk: "{ ACCEPT appendOnly: true, repository: \"rest:http://nas/\", secrets: disk, schedule: \"03:00\", retention: keep-all, maintenance: { reclaim: monthly } }"),
        new("NG2111", false, App, Disk: "{ ACCEPT appendOnly: true, repository: \"rest:http://nas/\", secrets: disk, schedule: \"03:00\", retention: keep-all }"),
        new("NG2114", true, $"app: {{ ACCEPT backupPaths: [/var/lib/app], covers: {Slack} }}"),
        new("NG2114", true, "app: { ACCEPT backupPaths: [/var/lib/app], covers: \"\\x78oxb-1234567890-abcdefghijkl\" }"),
        new("NG2114", true, App, Host: $"ACCEPT\n# {Slack}"),
        new("NG2114", true, App, Top: $"ACCEPT\n# {Slack}"),
        new("NG2114", false, "app: { ACCEPT backupPaths: [/var/lib/app], covers: xoxb-1 }"),
        new("NG2012", true, App, Destinations: "old: { repository: \"rest:http://old/\", secrets: disk }"),
        new("NG2012", false, App),
        new("NG2018", true, App, Host: "backrest: { listen: \"0.0.0.0:9898\", secrets: web }"),
        new("NG2018", false, App, Host: "backrest: { listen: \"[::1]:9898\", secrets: web }"),
        // By name, by place, by the folder around it, moved.
        new("NG2102", true, "radarr: { backupPaths: [/var/lib/radarr/.config/Radarr] }"),
        new("NG2102", true, "films: { backupPaths: [/var/lib/radarr/.config/Radarr] }"),
        new("NG2102", true, "films: { backupPaths: [/var/lib/radarr] }"),
        new("NG2102", true, "radarr: { backupPaths: [/srv/radarr] }"),
        new("NG2102", true, "radarr: { backupPaths: [/var/lib/radarr], backupExcludes: [.config/Radarr/logs.db] }"),
        new("NG2102", true, "immich: { backupPaths: [/var/lib/immich/upload] }"),
        new("NG2102", true, "data: { backupPaths: [/var/lib/postgresql/16] }"),
        new("NG2102", false, "radarr: { backupPaths: [/var/lib/radarr/.config/Radarr], databases: { sqlite: [radarr.db] } }"),
        new("NG2102", false, "radarr: { backupPaths: [/var/lib/radarr], stop: true, units: [radarr] }"),
        new("NG2102", false, "radarr: { backupPaths: [/var/lib/radarr/.config/Radarr/Backups] }"),
        new("NG2102", false, "radarr: { backupPaths: [/var/lib/radarr], backupExcludes: [\".config/Radarr/*.db\"] }"),
        new("NG2102", false, "radarr: { noBackup: Made again by hand }, " + App),
        new("NG2102", false, "all: { backupPaths: [/var/lib] }"),
        new("NG2102", false, "forgejo: { backupPaths: [/var/lib/forgejo], databases: { postgresql: [forgejo] } }"),
        new("NG2102", false, "immich: { backupPaths: [/var/lib/immich/upload] }, data: { databases: { postgresql: [immich] } }"),
        new("NG2102", false, "data: { backupPaths: [/var/lib/postgresql], stop: true, units: [postgresql] }"),
        new("NG2103", true, "indexer: { backupPaths: [/var/lib/prowlarr] }"),
        new("NG2103", true, "zwave-js: { backupPaths: [/var/cache/zwave-js] }"),
        new("NG2103", false, "indexer: { backupPaths: [/var/lib/private/prowlarr] }"),
        new("NG2103", false, "radarr: { backupPaths: [/var/lib/radarr] }"),
        new("NG2104", true, "pihole-ftl: { backupPaths: [/var/lib/pihole] }"),
        new("NG2104", true, "dns: { backupPaths: [/var/lib/pihole] }"),
        new("NG2104", true, "zwave-js: { backupPaths: [/var/lib/zwave-js] }"),
        new("NG2104", false, "pihole-ftl: { backupPaths: [/var/lib/pihole, /etc/pihole] }"),
        new("NG2104", false, "pihole-ftl: { backupPaths: [/var/lib/pihole] }, etc: { backupPaths: [/etc] }"),
        new("NG2104", false, "pihole-ftl: { backupPaths: [/var/lib/pihole] }", Host: "neverBackUp: { /etc/pihole: Declared in Nix }"),
        new("NG2104", false, "radarr: { backupPaths: [/srv/radarr] }"),
        new("NG2104", false, "zwave-js: { backupPaths: [/var/cache/private/zwave-js] }"),
        new("NG2105", true, "vaultwarden: { backupPaths: [/var/lib/vaultwarden] }"),
        new("NG2105", true, "vaultwarden: { backupPaths: [/var/lib/bitwarden_rs] }"),
        new("NG2105", false, "vaultwarden: { backupPaths: [/var/lib/vaultwarden, { path: /var/lib/bitwarden_rs, optional: true }] }"),
        new("NG2105", false, "vaultwarden: { backupPaths: [/srv/vaultwarden] }"),
        new("NG2106", true, "transmission: { backupPaths: [/var/lib/transmission] }"),
        new("NG2106", true, "frigate: { backupPaths: [/srv/frigate] }"),
        new("NG2106", false, "transmission: { backupPaths: [/var/lib/transmission/.config/transmission-daemon] }"),
        new("NG2106", false, "transmission: { backupPaths: [/var/lib/transmission], backupExcludes: [Downloads, .incomplete, \"watch*\"] }"),
        // Photos are what Immich is for.
        new("NG2106", false, "immich: { backupPaths: [/var/lib/immich] }"),
        new("NG2106", false, "frigate: { backupPaths: [/srv/frigate], backupExcludes: [clips, exports] }", Host: "neverBackUp: { /srv/frigate/recordings: Too large }"),
        new("NG2107", true, "git: { backupPaths: [/srv/git, /srv/git/hooks] }"),
        new("NG2107", true, "all: { backupPaths: [/srv] }, git: { backupPaths: [/srv/x/git] }"),
        new("NG2107", false, "git: { backupPaths: [/srv/git, /srv/github] }"),
        new("NG2107", false, "all: { backupPaths: [/srv] }, git: { backupPaths: [/srv/git], schedule: \"12:00\" }"),
        .. Idle(true, ".log", "data/.sqlite", "*.{log,tmp}", "~/cache", "var/lib/app/log", "cache/, cache", "cache, cache/x", "cache, \"cache*\"", "**/tmp, a/tmp/b"),
        .. Idle(false, ".cache", "\"*.log\"", "**/.log-old", "x~", "lib/app", "cache, cache2", "a/cache, cache", "\"*.log\", \"*.txt\"", "{x}", "\"a*\", \"b*\""),
        new("NG2108", false, "app: { backupPaths: [/srv/a, /srv/b], backupExcludes: [/srv/a/log, log] }"),
        new("NG2109", true, "app: { backupPaths: [\"/home/*/notes\"] }"),
        new("NG2109", true, "app: { backupPaths: [\"/srv/{a,b}\"] }"),
        new("NG2109", true, "app: { backupPaths: [/srv/app], databases: { sqlite: [\"*.db\"] } }"),
        new("NG2109", true, App, Host: "neverBackUp: { \"/home/*/Downloads\": Large }"),
        new("NG2109", false, "app: { backupPaths: [\"/srv/Films [2019]\", \"/srv/{x}\"], backupExcludes: [\"*.log\"] }"),
        new("NG2110", true, App, Top: "defaults: { retention: { daily: 30 } }"),
        new("NG2110", true, App, Top: "defaults: { schedule: \"04:00\" }"),
        new("NG2110", true, App, Top: "defaults: { destinations: [disk] }"),
        new("NG2110", true, App, Top: "defaults: { onePassword: { tokenFile: /etc/token } }"),
        new("NG2110", true, App, Host: "schedule: \"04:00\""),
        new("NG2110", true, "app: { backupPaths: [/var/lib/app], retention: { last: 3 } }"),
        new("NG2110", true, App + ", none: { noBackup: Keeps no state, retention: { last: 3 } }"),
        new("NG2110", false, App, Disk: "{ repository: \"rest:http://nas/\", secrets: disk }", Top: "defaults: { schedule: \"04:00\", retention: { daily: 30 } }"),
        new("NG2110", false, App + ", more: { backupPaths: [/srv/more], retention: { last: 3 }, schedule: \"05:00\" }"),
        // The same as anyway is no other job, but it is used.
        new("NG2110", false, "app: { backupPaths: [/var/lib/app], schedule: \"03:00\" }, b: { backupPaths: [/srv/b] }"),
        new("NG2112", true, App, Disk: "{ repository: \"rest:http://nas/\", secrets: disk, schedule: \"03:00\", retention: { daily: 7 }, maintenance: { reclaim: \"Sun 03:00\" } }"),
        new("NG2112", true, App, Disk: "{ repository: \"rest:http://nas/\", secrets: disk, schedule: \"03:00\", retention: { daily: 7 }, maintenance: { check: \"Sun 05:00\" } }"),
        new("NG2112", true, App, Disk: "{ repository: \"rest:http://nas/\", secrets: disk, schedule: \"05:00\", retention: { daily: 7 } }"),
        new("NG2112", true, App, Disk: Disk[..^2] + ", maintenance: { host: box } }", Hosts: "shed: { destinations: [disk], services: { app: { backupPaths: [/srv/app] } } }"),
        new("NG2112", true, "app: { backupPaths: [/var/lib/app], destinations: [disk, cloud] }", Destinations: "cloud: { repository: \"rest:http://cloud/\", secrets: disk, schedule: \"03:00\", retention: { daily: 7 } }"),
        new("NG2112", false, App),
        new("NG2112", false, App, Disk: Disk[..^2] + ", maintenance: { reclaim: { calendar: \"Sun 03:00\", randomizedDelay: 2h } } }"),
        new("NG2112", false, App, Disk: "{ repository: \"rest:http://nas/\", secrets: disk, schedule: hourly, retention: { daily: 7 } }"),
        new("NG2112", false, App, Disk: Disk[..^2] + ", maintenance: { reclaim: \"Sun 03:00 UTC\" } }"),
        new("NG2112", false, App + ", own: { backupPaths: [/srv/own], retention: { last: 1 } }"),
        new("NG2112", false, App, Disk: "{ repository: \"/mnt/{host}\", secrets: disk, schedule: \"03:00\", retention: { daily: 7 } }", Hosts: "shed: { destinations: [disk], services: { app: { backupPaths: [/srv/app] } } }"),
        new("NG2112", false, "app: { backupPaths: [/var/lib/app], destinations: [disk, cloud] }", Destinations: "cloud: { repository: \"rest:http://cloud/\", secrets: disk, schedule: \"04:00\", retention: { daily: 7 } }"),
        .. Hour(true, "02:30", "02:00", "Sun 02:59:59", "02:30 Europe/Berlin", "01:30 Europe/London", "*-03-25..31 02:15"),
        .. Hour(false, "03:00", "01:59", "hourly", "*:0/15", "02:30 UTC", "Mon 02:30", "*-07-01 02:30", "03:30 Europe/Berlin", "02:30 Europe/London", "02:30 Asia/Tokyo"),
    ];

    private static IEnumerable<Example> Addressed(bool fires, params string[] items) => items.Select(each =>
        new Example("NG1112", fires, App, Host: Token, Secrets: $"{{ ACCEPT onePassword: {{ {each}, fields: {{ RESTIC_PASSWORD: password }} }} }}"));

    private static IEnumerable<Example> Twice(bool fires, params string[] repositories) => repositories.Select(each => new Example(
        "NG2008",
        fires,
        App + ", more: { backupPaths: [/srv/more], destinations: [other] }",
        Destinations: $"other: {{ ACCEPT repository: \"{each}\", secrets: disk, schedule: \"12:00\", retention: {{ daily: 7 }} }}"));

    private static IEnumerable<Example> Idle(bool fires, params string[] excludes) =>
        excludes.Select(each => new Example("NG2108", fires, $"app: {{ backupPaths: [/var/lib/app], backupExcludes: [{Quoted(each)}] }}"));

    // A list of patterns; what YAML would read otherwise in quotes.
    private static string Quoted(string list) => list.Contains('"') ? list
        : list.Contains('{') ? $"\"{list}\""
        : string.Join(", ", list.Split(", ").Select(each => $"\"{each}\""));

    private static IEnumerable<Example> Hour(bool fires, params string[] schedules) => schedules.Select(each => new Example(
        "NG2113", fires, App, Disk: $"{{ repository: \"rest:http://nas/\", secrets: disk, schedule: \"{each}\", retention: {{ daily: 7 }} }}"));

    /// <summary>The same days as before.</summary>
    [Theory]
    [InlineData("02:30", "02:30 UTC")]
    [InlineData("Sun 02:00", "Sun 02:00 UTC")]
    [InlineData("Sun 02:30 Europe/Berlin", "Sun 02:30 UTC")]
    public void A_skipped_hour_is_mended_by_what_is_said(string schedule, string mended)
    {
        var text = Hour(true, schedule).Single().Text;
        var help = Assert.Single(Plan(Accepting("", text)).Findings, finding => finding.Code == Codes.SkippedHour).Help;
        Assert.Contains($"or one in UTC: \"{mended}\".", help);
        Assert.DoesNotContain(Plan(Accepting("", text.Replace(schedule, mended, StringComparison.Ordinal))).Findings, finding => finding.Code == Codes.SkippedHour);
    }

    public static TheoryData<string, bool, string> All()
    {
        var data = new TheoryData<string, bool, string>();
        foreach (var example in Examples)
            data.Add(example.Code, example.Fires, example.Text);
        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_lint_is_found_where_it_is_and_nowhere_else(string code, bool fires, string text)
    {
        var (findings, _) = Plan(Accepting("", text));
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error && finding.Code.Id != code);
        Assert.True(fires == findings.Any(finding => finding.Code.Id == code), string.Join('\n', findings.Select(finding => $"{finding.Code.Id} {finding.Message}")) + "\n" + text);
    }

    private static string Accepting(string code, string text)
    {
        var accept = code.Length == 0 ? "" : $"accept: {{ {code}: It has to be so }}";
        return text.Contains("ACCEPT", StringComparison.Ordinal)
            ? text.Replace("ACCEPT ", accept.Length == 0 ? "" : accept + ", ", StringComparison.Ordinal)
                .Replace("ACCEPT\n", accept + "\n    ", StringComparison.Ordinal)
            : $"{accept}\n{text}";
    }

    /// <summary>
    /// Whatever a lint is about can be accepted, a warning everywhere, an error where it is; then modules are generated, and the host's
    /// page says so.
    /// </summary>
    [Theory]
    [MemberData(nameof(All))]
    public void A_lint_can_be_accepted(string code, bool fires, string text)
    {
        if (!fires)
            return;
        var (findings, plans) = Plan(Accepting(code, text));
        Assert.DoesNotContain(findings, finding => finding.Code.Id == code || finding.Code == Codes.AcceptsNothing || finding.Severity == Severity.Error);
        Assert.NotEmpty(Generator.Render(plans, TemplateSet.Load(null, new FindingList())!, new FindingList())!);
        Assert.Contains(plans.SelectMany(plan => plan.Accepted), accepted => accepted.Code.Id == code && accepted.Reason == "It has to be so");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_acceptance_of_nothing_is_found(string code, bool fires, string text)
    {
        if (fires)
            return;
        var (findings, plans) = Plan(Accepting(code, text));
        Assert.Single(findings, finding => finding.Code == Codes.AcceptsNothing);
        Assert.DoesNotContain(plans.SelectMany(plan => plan.Accepted), accepted => accepted.Code.Id == code);
    }

    [Fact]
    public void The_nearest_acceptance_counts_and_one_elsewhere_does_not()
    {
        const string text = """
            accept: { NG2102: everywhere }
            destinations:
              disk: { repository: /mnt/x, secrets: disk, schedule: "03:00", retention: { daily: 7 }, accept: { NG2102: not about a destination } }
            secrets:
              disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
            services:
              sonarr: { backupPaths: [/var/lib/sonarr], accept: { NG2102: shared } }
            hosts:
              a:
                destinations: [disk]
                services:
                  radarr: { backupPaths: [/var/lib/radarr], accept: { NG2102: own } }
                  sonarr: {}
              b:
                destinations: [disk]
                accept: { NG2102: host }
                services:
                  radarr: { backupPaths: [/var/lib/radarr] }
                  sonarr: { accept: { NG2102: before the shared one } }
              c:
                destinations: [disk]
                services:
                  radarr: { backupPaths: [/var/lib/radarr] }
            """;
        var (findings, plans) = Plan(text);
        Assert.Equal(["NG2101"], findings.Select(finding => finding.Code.Id));
        Assert.Equal(
            ["own", "shared", "host", "before the shared one", "everywhere"],
            plans.SelectMany(plan => plan.Accepted).Select(accepted => accepted.Reason));
    }

    [Fact]
    public void An_error_is_accepted_only_by_what_it_is_about()
    {
        const string text = """
            accept: { NG2022: everywhere }
            destinations:
              disk: { repository: /mnt/x, secrets: disk, schedule: "03:00", retention: { daily: 7 }, accept: { NG2022: to the disk } }
            secrets:
              disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
            hosts:
              box:
                destinations: [disk]
                accept: { NG2022: on the host }
                services:
                  app: { backupPaths: [/var/lib/app], backupExcludes: ["*.db-wal"] }
            """;
        var finding = Assert.Single(Plan(text).Findings);
        Assert.Equal("NG2022", finding.Code.Id);
        Assert.EndsWith("What host 'box' accepts does not hold for this: only `accept` of service 'app' does.", finding.Help);
    }

    /// <summary>What is accepted goes to what is never backed up, so every page, the audit and the next difference say the same.</summary>
    [Fact]
    public void An_emptied_path_that_is_accepted_is_not_backed_up()
    {
        var (findings, plans) = Plan(new Example(
            "NG2025",
            true,
            "all: { backupPaths: [/srv], backupExcludes: [git] }, git: { accept: { NG2025: Mirrors }, backupPaths: [/srv/git, /var/lib/git], backupExcludes: [tmp] }, "
            + "gone: { accept: { NG2025: Old }, backupPaths: [/srv/gone], backupExcludes: [\"*\"] }").Text);
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        var plan = Assert.Single(plans);
        Assert.Contains(plan.NeverBackUp, never => never is { Path: "/srv/git", Reason: "Mirrors" });
        var git = plan.Services.Single(service => service.Name == "git");
        Assert.Equal(["/var/lib/git"], git.Paths.Select(path => path.Path));
        Assert.Equal(["/var/lib/git/tmp"], git.Excludes);
        var gone = plan.Services.Single(service => service.Name == "gone");
        Assert.Equal("Old", gone.NoBackup);
        Assert.False(gone.HasData || gone.IsStandard || gone.Excludes.Count > 0);
        Assert.Equal(["all", "git"], Assert.Single(plan.Jobs).Services.Select(service => service.Name));
    }

    /// <summary>Taken for not backed up, it would be left out of that other backup, too.</summary>
    [Theory]
    [InlineData("all: { backupPaths: [/srv], backupExcludes: [git] }, own: { backupPaths: [/srv], schedule: \"12:00\" }, git: { ACCEPT backupPaths: [/srv/git] }")]
    [InlineData("all: { backupPaths: [/srv], backupExcludes: [git] }, git: { ACCEPT backupPaths: [/srv/git], destinations: [disk, more] }")]
    [InlineData("all: { backupPaths: [/srv], backupExcludes: [git] }, own: { backupPaths: [/srv/git/own], schedule: \"12:00\" }, git: { ACCEPT backupPaths: [/srv/git] }")]
    [InlineData("all: { backupPaths: [/var], backupExcludes: [lib] }, own: { databases: { postgresql: [own] }, schedule: \"12:00\" }, git: { ACCEPT backupPaths: [/var/lib] }")]
    // The copies of a database are not the service's to give up.
    [InlineData("all: { backupPaths: [/var/lib], backupExcludes: [homelab-copies] }, git: { ACCEPT databases: { postgresql: [git] } }")]
    public void An_emptied_path_that_is_backed_up_elsewhere_cannot_be_accepted(string services)
    {
        var (findings, _) = Plan(Accepting("NG2025", new Example(
            "NG2025", true, services, Destinations: "more: { repository: \"rest:http://more/\", secrets: disk, schedule: \"05:00\", retention: { daily: 7 } }").Text));
        Assert.Contains(findings, finding => finding.Code == Codes.ExcludedPath);
    }

    /// <summary>Nor are they somebody's who keeps a folder around them out of all backups.</summary>
    [Theory]
    [InlineData("/var/lib")]
    [InlineData("/var/lib/homelab-copies/app/current/postgresql")]
    public void The_copies_of_a_database_cannot_be_what_is_never_backed_up(string never)
    {
        var (findings, _) = Plan(Accepting("NG2005", new Example(
            "NG2005", true, "app: { ACCEPT databases: { postgresql: [app] } }", Host: $"neverBackUp: {{ {never}: Too large }}").Text));
        Assert.Contains(findings, finding => finding.Code == Codes.NeverBackedUp && finding.Message.Contains("/homelab-copies/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_destination_that_nothing_goes_to_any_more_is_none_of_the_host()
    {
        var (findings, plans) = Plan(Accepting("NG2025", new Example(
            "NG2025",
            true,
            App + ", git: { ACCEPT backupPaths: [/srv/git], backupExcludes: [\"*\"], destinations: [other] }",
            Host: "neverBackUp: { /srv/x: Outer, /srv/x/y: Inner }",
            Destinations: "other: { repository: \"rest:http://other/\", secrets: disk, schedule: \"12:00\", retention: { daily: 7 } }").Text));
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        var plan = Assert.Single(plans);
        Assert.Equal(["disk"], plan.Destinations.Select(destination => destination.Id));
        // And nothing else that is never backed up is forgotten.
        Assert.Equal(["/srv/git", "/srv/x", "/srv/x/y"], plan.NeverBackUp.Select(never => never.Path).Where(path => path.StartsWith("/srv/", StringComparison.Ordinal)));
    }

    /// <summary>One that is there twice in a service is one path, and must be there if it has to be once.</summary>
    [Fact]
    public void A_path_that_is_accepted_twice_is_backed_up_once()
    {
        var (findings, plans) = Plan(Accepting("NG2020", new Example("NG2020", true, "app: { ACCEPT backupPaths: [{ path: /srv/x, optional: true }, /srv/x] }").Text));
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        Assert.Equal([("/srv/x", false)], Assert.Single(plans).Services[0].Paths.Select(path => (path.Path, path.Optional)));
        // What is read back before the next run.
        var covered = Generator.Render(plans, TemplateSet.Load(null, new FindingList())!, new FindingList())!.Single(file => file.Path == "box/backups.json");
        Assert.Equal(covered.Text.IndexOf("/srv/x", StringComparison.Ordinal), covered.Text.LastIndexOf("/srv/x", StringComparison.Ordinal));
    }

    /// <summary>Two at once would destroy each other's repository, also from two hosts.</summary>
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void Only_one_of_the_destinations_of_a_repository_may_create_it(bool first, bool third, bool canBeAccepted)
    {
        static string Sets(bool initialize) => initialize ? "initialize: true" : "initialize: false";
        var (findings, _) = Plan(Accepting("NG2008", new Example(
            "NG2008",
            true,
            App,
            Disk: "{ ACCEPT" + Disk[1..],
            Hosts: """
                one: { destinations: [one], services: { a: { backupPaths: [/srv/a] } } }
                  two: { destinations: [two], services: { a: { backupPaths: [/srv/a] } } }
                """,
            Destinations: $$"""
                one: { ACCEPT repository: "rest:http://nas", secrets: disk, schedule: "12:00", retention: { daily: 7 }, {{Sets(first)}} }
                  two: { ACCEPT repository: "rest:http://nas/", secrets: disk, schedule: "14:00", retention: { daily: 7 }, {{Sets(third)}}, maintenance: { host: two } }
                """).Text.Replace("schedule: \"03:00\"", "maintenance: { host: box }, schedule: \"03:00\"", StringComparison.Ordinal)));
        Assert.Equal(canBeAccepted, findings.All(finding => finding.Code != Codes.SameRepository));
    }

    /// <summary>The page of a host does not depend on the order of what stands in the inventory.</summary>
    [Fact]
    public void What_is_accepted_has_one_order()
    {
        static string Text(string one, string other) => new Example(
            "NG2114", true, $"a: {{ accept: {{ NG2114: {one} }}, backupPaths: [/srv/a], covers: {Slack} }}, b: {{ accept: {{ NG2114: {other} }}, backupPaths: [/srv/b], covers: {Slack} }}").Text;
        string[] Reasons(string text) => [.. Assert.Single(Plan(text).Plans).Accepted.Select(accepted => accepted.Reason)];
        Assert.Equal(["One", "Two"], Reasons(Text("One", "Two")));
        Assert.Equal(["One", "Two"], Reasons(Text("Two", "One")));
    }

    /// <summary>A comment belongs to a block that it is indented like, and not to the one that happens to end there.</summary>
    [Theory]
    [InlineData("      # SECRET\n", "a")]
    [InlineData("      # SECRET\n    # last\n", "a")]
    [InlineData("      # first\n\n      # SECRET\n", "a")]
    [InlineData("    # SECRET\n", "box")]
    [InlineData("    # first\r\n\r\n    # SECRET\r\n", "box")]
    [InlineData("    # first\n      # SECRET\n", "box")]
    [InlineData("  # SECRET\n", "box")]
    [InlineData("# SECRET\n", "box")]
    [InlineData("      # SECRET\n", "b", true)]
    [InlineData("    # SECRET", "box", true)]
    [InlineData(" # SECRET", "", true)]
    public void A_secret_in_a_comment_is_accepted_by_what_it_stands_in(string comment, string scope, bool atEnd = false)
    {
        foreach (var place in new[] { "", "a", "b", "box" })
        {
            string At(string here) => here == place ? "accept: { NG2114: No secret }" : "drill: true";
            var text = $$"""
                {{(place.Length == 0 ? "accept: { NG2114: No secret }" : "# -")}}
                destinations:
                  disk: {{Disk}}
                secrets:
                  disk: {{Files}}
                hosts:
                 box:
                   {{At("box")}}
                   destinations: [disk]
                   services:
                    a:
                      backupPaths: [/srv/a]
                      {{At("a")}}
                COMMENT    b:
                      {{At("b")}}
                      backupPaths: [/srv/b]
                END
                """.Replace(atEnd ? "COMMENT" : "END", "", StringComparison.Ordinal).Replace(atEnd ? "END" : "COMMENT", comment.Replace("SECRET", Slack, StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal((place, place != scope), (place, Plan(text).Findings.Any(finding => finding.Code == Codes.PlainSecret)));
        }
    }

    /// <summary>One repository under two names, which is accepted, still has one maintainer.</summary>
    [Theory]
    [InlineData("", "", 1)]
    [InlineData(", maintenance: { host: box }", "", 0)]
    [InlineData("", ", maintenance: { host: shed }", 0)]
    [InlineData(", maintenance: { host: box }", ", maintenance: { host: shed }", 1)]
    public void A_repository_with_two_names_has_one_maintainer(string disk, string other, int errors)
    {
        var (findings, plans) = Plan(new Example(
            "NG2009",
            true,
            App,
            Disk: Disk[..^2] + disk + " }",
            Destinations: $"other: {{ repository: \"rest:http://nas\", secrets: disk, schedule: \"12:00\", retention: {{ daily: 7 }}, accept: {{ NG2008: So it is }}{other} }}",
            Hosts: "shed: { destinations: [other], services: { a: { backupPaths: [/srv/a] } } }").Text);
        Assert.Equal(errors, findings.Count(finding => finding.Severity == Severity.Error));
        Assert.Equal(errors, findings.Count(finding => finding.Code == Codes.NoMaintainer));
        if (errors == 0)
            Assert.Single(plans.SelectMany(plan => plan.Destinations), destination => destination.IsMaintainedHere);
    }

    /// <summary>A block may stand in several files; a catalogue is of everybody.</summary>
    [Theory]
    [InlineData("app", "services.yaml", "hosts: { box: { services: { app: { covers: SECRET } } } }", true)]
    [InlineData("app", "services.yaml", "# SECRET\nhosts: { box: { services: { app: { covers: C } } } }", false)]
    [InlineData("app", "services.yaml", "hosts: { box: { services: { more: { backupPaths: [/srv/more], covers: SECRET } } } }", false)]
    [InlineData("", "services.yaml", "# SECRET\nhosts: { box: { services: { app: { covers: C } } } }", true)]
    [InlineData("", "services.yaml", "hosts: { box: { services: { app: { covers: SECRET } } } }", false)]
    [InlineData("app", "catalogue.yaml", "# SECRET\nservices: {}", false)]
    [InlineData("", "catalogue.yaml", "# SECRET\nservices: {}", true)]
    public void A_secret_is_accepted_in_every_file_of_what_it_stands_in(string scope, string file, string text, bool isAccepted)
    {
        const string Accept = "accept: { NG2114: No secret }";
        using var folder = new TemporaryFolder();
        folder.Write("inventory/all.yaml", $$"""
            {{(scope.Length == 0 ? Accept : "")}}
            destinations:
              disk: {{Disk}}
            secrets:
              disk: {{Files}}
            hosts:
              box:
                destinations: [disk]
                services: { app: { backupPaths: [/srv/app]{{(scope.Length == 0 ? "" : ", " + Accept)}} } }
            """);
        folder.Write($"inventory/{file}", text.Replace("SECRET", Slack, StringComparison.Ordinal));
        var findings = new FindingList();
        var plans = Generator.Plan(null, folder.Path, findings);
        Assert.Equal((isAccepted, isAccepted), (plans is not null, findings.All(finding => finding.Code != Codes.PlainSecret)));
    }

    /// <summary>Findings stand in logs, also those that are about something else.</summary>
    [Theory]
    [InlineData("rest:http://me:hunter2hunter2@nas/", "hunter2")]
    [InlineData("rest:http://me:hunter2%hunter2@nas/", "hunter2")]
    [InlineData("rest:http://me:x@hunter2hunter2@nas/", "hunter2")]
    [InlineData("rest:http://me:hunter2/hunter2@nas/", "hunter2")]
    [InlineData("rest:http://me:hunter2 hunter2@nas/", "hunter2")]
    [InlineData("ops_eyJzaWduSW5BZGRyZXNzIjoiZXhhbXBsZS5jb20iLCJ4IjoxfQ", "eyJz")]
    [InlineData("xoxb-1234567890-abcdefghijkl", "1234567")]
    [InlineData("xoxb-1234567890-abcdefghijkl", "abcdefg")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1rZXktdjE", "b3Bl")]
    [InlineData("K001abcdefgh/ijklm+nopqrstuvwxy", "nopq")]
    public void No_finding_repeats_a_secret(string secret, string part)
    {
        // In the place of every text, key or list in turn.
        var whole = $$"""
            defaults: { missing: refuse, onePassword: { vault: V }, drill: { scratch: /srv/drill, schedule: "Mon 06:00" } }
            neverBackUp: { /srv/never: Reason }
            retired: [{ path: /srv/old, date: 2026-01-02, reason: Gone }]
            services: { shared: { backupPaths: [/srv/shared] } }
            destinations:
              disk: { repository: "rest:http://nas/", secrets: disk, schedule: { calendar: "03:00", randomizedDelay: 5m }, retention: { daily: 7 }, maintenance: { host: box, reclaim: weekly, check: monthly }, accept: { NG2018: Reason } }
            secrets:
              disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
              page: { onePassword: { item: I, fields: { BACKREST_PASSWORD: a } } }
            hosts:
              box:
                destinations: [disk]
                backrest: { listen: "[::1]:9898", secrets: page, user: me }
                services:
                  shared: { title: T, covers: C }
                  app: { backupPaths: [{ path: /srv/app }], backupExcludes: ["*.log"], databases: { sqlite: [x.db], postgresql: [p] }, units: [app], stop: true, catalogue: gitea }
                  none: { noBackup: Reason }
            """;
        var places = Words().Matches(whole);
        Assert.InRange(places.Count, 80, 200);
        foreach (Match place in places)
        {
            var quoted = $"\"{secret}\"";
            var text = whole[..place.Index] + quoted + whole[(place.Index + place.Length)..];
            var (findings, _) = Plan(text, mayStop: true);
            Assert.NotEmpty(findings);
            Assert.All(findings, finding => Assert.False((finding.Message + finding.Help).Contains(part, StringComparison.OrdinalIgnoreCase), $"{finding}\n{text}"));
        }
    }

    [GeneratedRegex(@"""[^""]*""|\[::1\]|[A-Za-z/*][A-Za-z0-9_/.*-]*")]
    private static partial Regex Words();

    [Fact]
    public void Every_lint_has_examples_for_and_against() => Assert.All(Codes.All.Where(code => code.IsLint), code =>
    {
        Assert.Contains(Examples, example => example.Code == code.Id && example.Fires);
        Assert.Contains(Examples, example => example.Code == code.Id && !example.Fires);
    });

    [Fact]
    public void The_page_lists_every_lint_and_nothing_else()
    {
        var rows = Row().Matches(File.ReadAllText(RepositoryRoot.At("docs/lints.md"))).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        Assert.Equal(
            Codes.All.Where(code => code.IsLint).Select(code => (code.Id, code.Severity.ToString().ToLowerInvariant())),
            rows.Select(row => (row.Key, row.Value)).OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    /// <summary>Each form, in a value, in a key, in a comment, over two lines and with escapes; the finding does not repeat it.</summary>
    [Theory]
    [InlineData("ops_eyJzaWduSW5BZGRyZXNzIjoiZXhhbXBsZS5jb20iLCJ4IjoxfQ")]
    [InlineData("K005abcdefghijklmnopqrstuvwxyzA")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----")]
    [InlineData("AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("https://admin:hunter2hunter2@wiki.lan")]
    public void Secrets_in_plain_text_are_found_and_not_repeated(string secret)
    {
        var escaped = $"\\x{(int)secret[0]:x2}{secret[1..]}";
        foreach (var text in new[] { $"x: '{secret}'", $"\"{secret}\": 1", $"# {secret}\nx: 1", $"x: \"{escaped}\"", $"x: [a, \"{secret}\"]" })
        {
            var findings = new FindingList();
            InventoryReader.ReadText("inventory.yaml", text, findings);
            Assert.Contains(findings, finding => finding.Code == Codes.PlainSecret);
            Assert.All(findings, finding => Assert.DoesNotContain(secret, finding.Message + finding.Help));
        }
    }

    [Theory]
    [InlineData("https://user@host/x")]
    [InlineData("op://vault/item/field")]
    [InlineData("s3:https://host:9000/bucket")]
    [InlineData("K001")]
    [InlineData("Backblaze - javiersc - Applycation key")]
    [InlineData("/etc/secrets/aws_secret_access_key")]
    [InlineData("AWS_SECRET_ACCESS_KEY: credential")]
    [InlineData("AWS_SECRET_ACCESS_KEY: /run/secrets/a-very-long-name-of-a-file-with-a-key")]
    [InlineData("3r2f4dlhvkcgyrzmtzljsgbrbq")]
    public void References_are_no_secrets(string text)
    {
        var findings = new FindingList();
        InventoryReader.ReadText("inventory.yaml", $"x: '{text}'\n# {text}\n", findings);
        Assert.Empty(findings);
    }

    [Theory]
    [InlineData("b2:x:{host}", "b2:x:box", true)]
    [InlineData("b2:x:{host}", "b2:x:shed", false)]
    [InlineData("s3:https://host/x", "s3:host/x/", true)]
    [InlineData("s3:http://host/x", "s3:host/x", false)]
    public void Two_destinations_are_one_repository_however_it_is_written(string one, string other, bool same)
    {
        var (findings, _) = Plan($$"""
            destinations:
              one: { repository: "{{one}}", secrets: s, schedule: "03:00", retention: { daily: 7 } }
              two: { repository: "{{other}}", secrets: s, schedule: "04:00", retention: { daily: 7 } }
            secrets:
              s: { files: { RESTIC_PASSWORD: /a, B2_ACCOUNT_ID: /b, B2_ACCOUNT_KEY: /c, AWS_ACCESS_KEY_ID: /d, AWS_SECRET_ACCESS_KEY: /e } }
            hosts:
              box: { destinations: [one, two], services: { app: { backupPaths: [/srv/app] } } }
            """);
        Assert.Equal(same, findings.Any(finding => finding.Code == Codes.SameRepository));
    }

    [Theory]
    [InlineData("retention: keep-all", 0)]
    [InlineData("retention: { daily: 7 }", 1)]
    [InlineData("retention: keep-all, maintenance: { reclaim: never }", 0)]
    [InlineData("retention: keep-all, maintenance: { reclaim: monthly }", 1)]
    public void Nothing_is_thinned_in_an_append_only_repository(string keys, int errors)
    {
        var (findings, plans) = Plan($$"""
            destinations:
              disk: { repository: "rest:http://nas/", secrets: disk, schedule: "03:00", appendOnly: true, {{keys}} }
            secrets:
              disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
            hosts:
              box: { destinations: [disk], services: { app: { backupPaths: [/srv/app] } } }
            """);
        Assert.Equal(errors, findings.Count(finding => finding.Code == Codes.ThinnedAppendOnly));
        if (errors == 0)
            Assert.All(plans.SelectMany(plan => plan.Destinations), destination => Assert.Null(destination.Declaration.Maintenance.Reclaim));
    }

    private static (IReadOnlyList<Finding> Findings, IReadOnlyList<HostPlan> Plans) Plan(string text, bool mayStop = false)
    {
        var findings = new FindingList();
        // Only where it is used: what nobody uses is a finding.
        if (text.Contains("secrets: web"))
            text = text.Replace("\nsecrets:\n", "\nsecrets:\n  web: { files: { BACKREST_PASSWORD: /etc/secrets/web } }\n");
        var tree = InventoryReader.ReadText("inventory.yaml", text, findings);
        Assert.True(mayStop || tree is not null);
        if (tree is null)
            return ([.. findings], []);
        var plans = Planner.Plan(InventoryBinding.Bind(tree, findings), global::NixGen.Catalogue.StateCatalogue.BuiltIn, findings);
        return ([.. findings], plans);
    }

    [GeneratedRegex(@"^\|[^|]*\| (NG[0-9]+) \| (warning|error) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
