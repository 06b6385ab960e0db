using System.Text.Json;
using NixGen.Languages.Nix;

namespace NixGen.Tests.Evaluation;

/// <summary>
/// What hand-written modules add is checked by the generated ones when the system is evaluated: each assertion fires where it
/// should, alone, and not elsewhere.
/// </summary>
public sealed class RefusalTests
{
    // What Go's strings.TrimSpace drops and YAML may not hold included.
    private const string Blanks =
        " \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    private const string Plain = "must be absolute, without //, ., .., a slash at the end or control characters.";
    private const string Unseen = "the backup does not see";
    private const string Never = "must never be backed up (neverBackUp in the inventory).";
    private const string Exclude = "must start with / and hold no unclosed [, no \\ at the end of a part, no control characters and no blank at the end.";

    private static readonly (string Path, string? Refusal)[] Paths =
    [
        ("srv/relative", Plain), ("", Plain), ("~/x", Plain), ("/", Plain), ("/srv/x/", Plain), ("/srv//x", Plain),
        ("/srv/./x", Plain),
        ("/srv/../x", Plain), ("/srv/.", Plain), ("/srv/..", Plain), ("/srv/a\nb", Plain), ("/srv/a\tb", Plain),
        ("/srv/a\rb", Plain), ("/srv/a\u0001", Plain), ("/srv/\u007f", Plain), (" /srv/x", Plain),
        ("/tmp", Unseen), ("/tmp/x", Unseen), ("/var/tmp/x", Unseen), ("/dev/shm", Unseen), ("/nix", Unseen),
        ("/nix/store", Unseen), ("/proc/self", Unseen), ("/run/user", Unseen), ("/sys", Unseen),
        ("/var/lib/media", Never), ("/var/lib/media/films", Never), ("/etc/nixos", Never), ("/etc/homelab/op-token", Never),
        ("/srv/x", null), ("/srv/a b", null), ("/srv/...", null), ("/srv/..x", null), ("/srv/.x", null), ("/srv/a [b] *x", null),
        ("/tmpx", null), ("/var/tmpfiles", null), ("/nixos", null), ("/runner", null), ("/devices", null), ("/srv/tmp", null),
        ("/var/lib/media2", null), ("/var/lib/media films", null), ("/etc/nixos.old", null), ("/srv/ü", null), ("/srv/-", null),
        // Holds what must not be backed up; that is excluded then.
        ("/var", null), ("/var/lib", null), ("/etc", null),
        .. Blanks.Select(blank => ($"/srv/x{blank}", (string?)null)),
        .. Blanks.Select(blank => ($"/srv/[x] \\{blank}{blank}", (string?)null)),
    ];

    private static readonly (string Pattern, string? Refusal)[] Excludes =
    [
        ("*.log", Exclude), ("", Exclude), ("srv/x", Exclude), ("!/srv/x", Exclude), ("#/srv/x", Exclude), ("**/cache", Exclude),
        ("/srv/x\n/srv/y", Exclude), ("/srv/\t", Exclude), ("/srv/x\u0001", Exclude),
        .. Blanks.Select(blank => ($"/srv/x{blank}", (string?)Exclude)),
        ("/srv/*.log", null), ("/srv/**/cache", null), ("/srv/x[ ]", null), ("/srv/$HOME", null), ("/srv/a b", null),
        ("/srv/\\[x", null), ("/srv/!x", null), ("/srv/#x", null), ("/srv/[a-c]*", null), ("/srv/[\\]]", null),
        ("/srv/[a", Exclude), ("/srv/x\\", Exclude), ("/srv/[", Exclude),
        // What would leave nothing of a path but an empty folder.
        ("/var/lib/hass", Empties("/var/lib/hass", "/var/lib/hass")), ("/var/lib/ha*", Empties("/var/lib/ha*", "/var/lib/hass")),
        ("/**/Radarr", Empties("/**/Radarr", "/var/lib/radarr/.config/Radarr")),
        ("/var/lib/sonarr/.config", Empties("/var/lib/sonarr/.config", "/var/lib/sonarr/.config/NzbDrone")),
        .. new[] { "/var/lib/hass/*", "/var/lib/hass/**", "/var/lib/hass/**/*", "/var/lib/hass/*/**" }
            .Select(pattern => (pattern, (string?)Empties(pattern, "/var/lib/hass"))),
        ("/var/lib/hass/*/*", null), ("/var/lib/hass/\\*", null), ("/var/lib/hass/*x", null), ("/var/lib/hass2", null), ("/var/lib/has", null),
    ];

    private static string Empties(string pattern, string path) => $"{pattern} would leave {path} empty in the backup b2.";

    private static readonly (string Versions, string? Refusal)[] Versions =
    [
        ("restic = \"0.17.0\";", "The backup needs restic 0.17.1 or newer, this nixpkgs has 0.17.0."),
        ("restic = \"0.9.6\";", "The backup needs restic 0.17.1 or newer, this nixpkgs has 0.9.6."),
        ("restic = \"0.17.1\";", null),
        ("restic = \"1.0.0\";", null),
        ("backrest = \"1.12.1\";", "The configuration of Backrest needs Backrest 1.13.0 or newer, this nixpkgs has 1.12.1."),
        ("backrest = \"1.9.0\";", "The configuration of Backrest needs Backrest 1.13.0 or newer, this nixpkgs has 1.9.0."),
        ("backrest = \"2.0.0\";", "The configuration of Backrest was not tried with Backrest 2.0.0."),
        ("backrest = \"2\";", "The configuration of Backrest was not tried with Backrest 2."),
        ("backrest = \"1.13.0\";", null),
        ("backrest = \"1.99.9\";", null),
    ];

    [ToolFact(Nix.Program)]
    public void A_path_is_refused_where_restic_would_not_back_it_up_as_it_stands()
    {
        using var host = new HomelabFolder();
        var results = Nix.EvaluateJson([.. Paths.Select(path => $"({Adding("backupPaths", path.Path, host)}).failedAssertions")]);
        Assert.All(Paths.Zip(results), pair => Assert.True(
            Refuses(pair.Second, pair.First.Refusal, "homelab.backupPaths: "),
            $"{NixString.Quote(pair.First.Path)}: {pair.Second.GetRawText()} instead of {pair.First.Refusal}"));
    }

    [ToolFact(Nix.Program)]
    public void A_path_that_is_not_refused_reaches_restic_unchanged()
    {
        using var host = new HomelabFolder();
        var good = Paths.Where(path => path.Refusal is null).Select(path => path.Path).ToList();
        var results = Nix.EvaluateJson(
            [.. good.Select(path => $"({Adding("backupPaths", path, host)}).config.services.restic.backups.b2.paths")]);
        Assert.All(good.Zip(results), pair =>
        {
            var read = pair.Second.EnumerateArray().Select(line => Readers.FilesFromLine(line.GetString()!)).ToList();
            Assert.Contains(pair.First, read);
            Assert.Equal(host.Paths + 1, read.Count);
        });
    }

    [ToolFact(Nix.Program)]
    public void What_must_never_be_backed_up_is_excluded_from_a_path_that_holds_it()
    {
        using var host = new HomelabFolder();
        var excludes = Nix.EvaluateJson($"({Adding("backupPaths", "/var", host)}).config.services.restic.backups.b2.exclude");
        Assert.Contains("/var/lib/media", excludes.EnumerateArray().Select(pattern => pattern.GetString()));
        Assert.DoesNotContain("/etc/nixos", excludes.EnumerateArray().Select(pattern => pattern.GetString()));
    }

    [ToolFact(Nix.Program)]
    public void An_exclude_is_refused_where_it_would_mean_something_else()
    {
        using var host = new HomelabFolder();
        var results = Nix.EvaluateJson(
            [.. Excludes.Select(exclude => $"({Adding("backupExcludes", exclude.Pattern, host)}).failedAssertions")]);
        Assert.All(Excludes.Zip(results), pair => Assert.True(
            Refuses(pair.Second, pair.First.Refusal, "homelab.backupExcludes: "),
            $"{NixString.Quote(pair.First.Pattern)}: {pair.Second.GetRawText()} instead of {pair.First.Refusal}"));
    }

    [ToolFact(Nix.Program)]
    public void Versions_that_the_units_were_not_made_for_are_refused()
    {
        using var host = new HomelabFolder();
        var results = Nix.EvaluateJson(
            [.. Versions.Select(version =>
                $"({Hosts.Expression(host.Path, $"versions = {{ {version.Versions} }};")}).failedAssertions")]);
        Assert.All(Versions.Zip(results), pair => Assert.True(
            Refuses(pair.Second, pair.First.Refusal, ""),
            $"{pair.First.Versions} {pair.Second.GetRawText()} instead of {pair.First.Refusal}"));
    }

    [ToolFact(Nix.Program)]
    public void Paths_of_hand_written_modules_need_a_nightly_job()
    {
        using var folder = new TemporaryFolder();
        var inventory = RepositoryRoot.At("tests", "NixGen.Tests", "Evaluation", "Inventories", "destinations.yaml");
        foreach (var file in Hosts.Generate(inventory).Single(host => host.Plan.Name == "lonely").Files)
            folder.Write(file.Path, file.Text);
        var host = folder.At("lonely");
        var results = Nix.EvaluateJson(
        [
            $"({Hosts.Expression(host, extra: "{ homelab.backupPaths = [ \"/srv/x\" ]; }")}).failedAssertions",
            $"({Hosts.Expression(host)}).failedAssertions",
        ]);
        Assert.Equal(
            ["homelab.backupPaths: this host has no nightly job that would back them up (hosts.lonely in the inventory)."],
            results[0].EnumerateArray().Select(message => message.GetString()));
        Assert.Empty(results[1].EnumerateArray());
    }

    [ToolFact(Nix.Program)]
    public void A_Nix_path_is_refused_before_its_data_reach_the_store()
    {
        using var host = new HomelabFolder();
        var refused = Assert.Throws<NixException>(() => Nix.EvaluateJson(
            $"({Hosts.Expression(host.Path, extra: "{ homelab.backupPaths = [ /srv/x ]; }")}).failedAssertions"));
        Assert.Contains("`homelab.backupPaths' is not of type `list of string'", refused.Message);
    }

    [ToolFact(Nix.Program)]
    public void Nobody_else_says_what_the_jobs_back_up()
    {
        using var host = new HomelabFolder();
        var refused = Assert.Throws<NixException>(() => Nix.EvaluateJson(
            $"({Hosts.Expression(host.Path, extra: "{ homelab.backupJobs = { }; }")}).config.homelab.backupJobs"));
        Assert.Contains("read-only", refused.Message);
    }

    [ToolFact(Nix.Program)]
    public void Unfree_packages_are_allowed_only_where_packages_are_made_here()
    {
        using var host = new HomelabFolder();
        var config = Nix.EvaluateJson($"({Hosts.Expression(host.Path, "externalPackages = true;")}).defined");
        Assert.False(config.TryGetProperty("nixpkgs", out var nixpkgs) && nixpkgs.TryGetProperty("config", out _));
    }

    private static bool Refuses(JsonElement failed, string? refusal, string start)
    {
        var messages = failed.EnumerateArray().Select(message => message.GetString()!).ToList();
        return refusal is null
            ? messages.Count == 0
            : messages is [var message] && message.StartsWith(start, StringComparison.Ordinal)
                && message.Contains(refusal, StringComparison.Ordinal);
    }

    private static string Adding(string option, string text, HomelabFolder host) =>
        Hosts.Expression(host.Path, extra: $"{{ homelab.{option} = [ {NixString.Quote(text)} ]; }}");

    /// <summary>The modules of the repository's own homelab, as they would be generated now.</summary>
    private sealed class HomelabFolder : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public HomelabFolder()
        {
            var homelab = Hosts.Generate(RepositoryRoot.At("inventory.yaml")).Single();
            foreach (var file in homelab.Files)
                _folder.Write(file.Path, file.Text);
            Paths = homelab.Plan.Services.Sum(service => service.BackedUp.Count());
        }

        /// <summary>How many paths it backs up.</summary>
        public int Paths { get; }

        public string Path => _folder.At("homelab");

        public void Dispose() => _folder.Dispose();
    }
}
