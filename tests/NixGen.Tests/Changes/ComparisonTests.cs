using NixGen.Changes;
using VerifyXunit;

namespace NixGen.Tests.Changes;

/// <summary>Each kind of change is seen, is what it says, and is not seen where nothing of it changes.</summary>
public sealed class ComparisonTests
{
    private const string Base = """
        neverBackUp: { /var/lib/media: too large }
        destinations:
          nas:
            repository: rest:http://nas.lan:8000/{host}
            secrets: nas
            schedule: "03:00"
            retention: { daily: 7, weekly: 4, monthly: 6 }
          cloud:
            repository: b2:bucket:{host}
            secrets: cloud
            schedule: "04:00"
            retention: keep-all
        secrets:
          nas: { files: { RESTIC_PASSWORD: /etc/secrets/nas } }
          cloud: { files: { RESTIC_PASSWORD: /etc/secrets/cloud, B2_ACCOUNT_ID: /etc/secrets/id, B2_ACCOUNT_KEY: /etc/secrets/key } }
          web: { files: { BACKREST_PASSWORD: /etc/secrets/web } }
        hosts:
          box:
            destinations: [nas, cloud]
            backrest: { secrets: web }
            services:
              photos: { backupPaths: [/srv/photos, /srv/albums], backupExcludes: [thumbs] }
              notes: { backupPaths: [/srv/notes], databases: { sqlite: [notes.db] }, units: [notes] }
              wiki: { databases: { postgresql: [wiki] } }
              films: { backupPaths: [/srv/films], destinations: [nas] }
              mail: { backupPaths: [/srv/mail], destinations: [nas], schedule: hourly, retention: { hourly: 24, daily: 30 } }
              cache: { noBackup: Made again }
          shed:
            destinations: [nas]
            services:
              cams: { backupPaths: [/srv/cams] }
        """;

    // What is changed, from what to what: none is without effect on the text.
    private static readonly (string Title, (string From, string To)[] Edits)[] All =
    [
        ("a host", [("  shed:\n    destinations: [nas]\n    services:\n      cams: { backupPaths: [/srv/cams] }", "")]),
        ("a host, retired", [("  shed:\n    destinations: [nas]\n    services:\n      cams: { backupPaths: [/srv/cams] }", "retired: [{ host: shed, date: \"2026-11-01\", reason: sold }]")]),
        ("a new host", [("  shed:", "  barn: { destinations: [nas], services: { cams: { backupPaths: [/srv/cams] } } }\n  shed:")]),
        ("a service", [("      photos: { backupPaths: [/srv/photos, /srv/albums], backupExcludes: [thumbs] }\n", "")]),
        ("a service, retired", [("      photos: { backupPaths: [/srv/photos, /srv/albums], backupExcludes: [thumbs] }\n", ""), Retire("service: photos")]),
        ("a service, retired path by path", [("      photos: { backupPaths: [/srv/photos, /srv/albums], backupExcludes: [thumbs] }\n", ""), Retire("path: /srv/photos"), Retire("path: /srv/albums")]),
        ("a service, of which one path is retired", [("      photos: { backupPaths: [/srv/photos, /srv/albums], backupExcludes: [thumbs] }\n", ""), Retire("path: /srv/photos")]),
        ("a service, retired at one of two destinations", [("      photos: { backupPaths: [/srv/photos, /srv/albums], backupExcludes: [thumbs] }\n", ""), Retire("service: photos, destination: nas")]),
        ("a service that is not backed up any more", [("films: { backupPaths: [/srv/films], destinations: [nas] }", "films: { noBackup: Bought again }")]),
        ("a service with another name", [("films: {", "movies: {")]),
        ("a new service", [("      cache:", "      new: { backupPaths: [/srv/new], backupExcludes: [x] }\n      cache:")]),
        ("a path", [("[/srv/photos, /srv/albums]", "[/srv/photos]")]),
        ("a path, retired", [("[/srv/photos, /srv/albums]", "[/srv/photos]"), Retire("path: /srv/albums")]),
        ("a path, with the folder around it retired instead", [("[/srv/photos, /srv/albums]", "[/srv/photos]"), Retire("path: /srv")]),
        ("a narrower path", [("[/srv/photos, /srv/albums]", "[/srv/photos/raw, /srv/albums]")]),
        ("a wider path", [("[/srv/films]", "[/srv]")]),
        ("a wider path that leaves out what was backed up", [("backupPaths: [/srv/cams]", "backupPaths: [/srv], backupExcludes: [cams]")]),
        ("a wider path of which everything is left out", [("backupPaths: [/srv/cams]", "backupPaths: [/srv], backupExcludes: [\"cams/**/*\"]")]),
        ("a wider path with a place that is never backed up", [("backupPaths: [/srv/cams]", "backupPaths: [/srv]"), ("{ /var/lib/media: too large }", "{ /var/lib/media: too large, /srv/cams: private }")]),
        ("a path in another service, to fewer destinations", [(", /srv/albums]", "]"), ("[/srv/films]", "[/srv/films, /srv/albums]")]),
        ("a new path", [("[/srv/films]", "[/srv/films, /srv/shorts]")]),
        ("a database", [(", databases: { sqlite: [notes.db] }", "")]),
        ("a database, retired", [(", databases: { sqlite: [notes.db] }", ""), Retire("database: \"sqlite:/srv/notes/notes.db\"")]),
        ("a database whose service is stopped instead", [(", databases: { sqlite: [notes.db] }, units: [notes]", ", units: [notes], stop: true")]),
        ("a database outside of all paths", [("[wiki]", "[wiki2]")]),
        ("a new database", [("[wiki]", "[wiki, wiki2]")]),
        ("a destination", [("destinations: [nas, cloud]", "destinations: [nas]")]),
        ("a destination, retired", [("destinations: [nas, cloud]", "destinations: [nas]"), Retire("destination: cloud")]),
        ("a destination that only part of it is retired of", [("destinations: [nas, cloud]", "destinations: [nas]"), Retire("service: wiki, destination: cloud")]),
        ("a destination of one service", [("[/srv/photos, /srv/albums]", "[/srv/photos, /srv/albums], destinations: [nas]")]),
        ("a destination of one service, retired", [("[/srv/photos, /srv/albums]", "[/srv/photos, /srv/albums], destinations: [nas]"), Retire("service: photos, destination: cloud")]),
        ("another destination of one service", [("[/srv/films], destinations: [nas]", "[/srv/films], destinations: [cloud]")]),
        ("one more destination of one service", [("[/srv/films], destinations: [nas]", "[/srv/films], destinations: [nas, cloud]")]),
        ("a new destination", [("secrets:\n", "  disk: { repository: /mnt/disk, secrets: nas, schedule: \"05:00\", retention: keep-all }\nsecrets:\n"), ("destinations: [nas, cloud]", "destinations: [nas, cloud, disk]")]),
        ("a destination with another name", [("  cloud:\n    repo", "  b2:\n    repo"), ("[nas, cloud]", "[nas, b2]")]),
        ("a shorter retention", [("{ daily: 7, weekly: 4, monthly: 6 }", "{ daily: 3, weekly: 4, monthly: 2 }")]),
        ("a shorter retention, retired", [("{ daily: 7, weekly: 4, monthly: 6 }", "{ daily: 3, weekly: 4, monthly: 2 }"), Retire("retention: nas"), ("      cams: ", "      cams: "), ("  shed:\n", "  shed:\n    retired: [{ retention: nas, date: \"2026-11-02\", reason: full }]\n")]),
        ("a retention instead of everything", [("keep-all", "{ daily: 14, yearly: 3 }")]),
        ("a longer retention", [("monthly: 6", "monthly: 12")]),
        ("everything instead of a retention", [("{ daily: 7, weekly: 4, monthly: 6 }", "keep-all")]),
        ("a service that joins a job with a shorter retention", [(", schedule: hourly, retention: { hourly: 24, daily: 30 }", "")]),
        ("a service that gets a job of its own", [("films: { backupPaths: [/srv/films]", "films: { schedule: \"12:00\", backupPaths: [/srv/films]")]),
        ("another repository", [("b2:bucket:{host}", "b2:other:{host}")]),
        ("another schedule", [("schedule: \"03:00\"", "schedule: { calendar: \"02:30\", randomizedDelay: 10m }")]),
        ("another exclude", [("[thumbs]", "[\"**/*.tmp\"]")]),
        ("something that is never backed up", [("{ /var/lib/media: too large }", "{ /srv/notes/trash: thrown away }")]),
        ("a path that may be absent", [("[/srv/films]", "[{ path: /srv/films, optional: true }]")]),
        ("a stop", [("films: { backupPaths: [/srv/films]", "films: { units: [films], stop: true, backupPaths: [/srv/films]")]),
        ("no drill", [("    backrest:", "    drill: false\n    backrest:")]),
        ("a drill at another time, of more services", [("    backrest:", "    drill: { schedule: \"Wed 12:00\", services: 2 }\n    backrest:")]),
        ("a service that is not drilled", [("films: {", "films: { drill: false,")]),
        ("what is done about missing paths", [("    backrest:", "    missing: refuse\n    backrest:")]),
        ("secrets from another place", [("/etc/secrets/nas", "/run/agenix/nas")]),
        ("no web interface", [("    backrest: { secrets: web }\n", ""), ("  web: { files: { BACKREST_PASSWORD: /etc/secrets/web } }\n", "")]),
        ("a web interface elsewhere", [("{ secrets: web }", "{ secrets: web, user: me }")]),
        // What changes nothing of what is backed up.
        ("nothing", []),
        ("titles and reasons", [("films: {", "films: { title: Films, covers: \"All of them\","), ("Made again", "Made again at any time")]),
        ("units that are not stopped", [("units: [notes]", "units: [notes, notes2]")]),
        ("what is said for the host instead of the services", [("schedule: \"03:00\"\n    retention: { daily: 7, weekly: 4, monthly: 6 }", "schedule: \"03:00:00\"\n    retention: { monthly: 6, weekly: 4, daily: 7, last: 0 }")]),
    ];

    private static (string, string) Retire(string what) =>
        ("  box:\n    destinations: ", $"  box:\n    retired: [{{ {what}, date: \"2026-11-02\", reason: full }}]\n    destinations: ");

    [Fact]
    public Task Every_change_says_what_it_means() => Verifier.Verify(string.Concat(All.Select(each => $"== {each.Title}\n{Report(each.Edits)}\n")));

    [Fact]
    public void Every_kind_is_seen_and_every_kind_is_once_not_seen()
    {
        var seen = All.Select(each => Fleets.Compare(Base, Edit(each.Edits))).ToList();
        Assert.All(Enum.GetValues<ChangeKind>(), kind =>
        {
            Assert.Contains(seen, changes => changes.Any(change => change.Kind == kind));
            Assert.Contains(seen, changes => changes.Count > 0 && changes.All(change => change.Kind != kind));
        });
        Assert.All(Enum.GetValues<Effect>(), effect => Assert.Contains(seen, changes => changes.Any(change => change.Effect == effect)));
        Assert.All(All[^4..], each => Assert.Empty(Fleets.Compare(Base, Edit(each.Edits))));
    }

    /// <summary>What the help of a loss proposes is accepted, and explains it.</summary>
    [Fact]
    public void The_proposed_entry_retires_the_loss()
    {
        foreach (var (title, edits) in All)
        {
            var after = Edit(edits);
            var lost = Fleets.Compare(Base, after).Where(change => change.Effect == Effect.Lost).ToList();
            var entries = lost.Select(change => $"{{ {Entry(change)}, date: \"2026-11-23\", reason: meant }}").ToList();
            if (lost.Count == 0 || after.Contains("retired"))
                continue;
            // At the top level they hold for a host that is gone, too; what another host still has must not be named there.
            var text = lost.Any(change => change.Kind == ChangeKind.Host)
                ? $"retired: [{string.Join(", ", entries)}]\n{after}"
                : lost.GroupBy(change => change.Host).Aggregate(after, (inventory, host) => Replace(
                    inventory,
                    $"  {host.Key}:\n    destinations: ",
                    $"  {host.Key}:\n    retired: [{string.Join(", ", host.Select(change => $"{{ {Entry(change)}, date: \"2026-11-23\", reason: meant }}"))}]\n    destinations: "));
            var changes = Fleets.Compare(Base, text);
            Assert.True(changes.All(change => change.Effect != Effect.Lost), $"{title}\n{text}\n{string.Join('\n', ChangeWriter.Lines(changes))}");
            Assert.Equal(lost.Count, changes.Count(change => change.Effect == Effect.Retired));
        }
    }

    [Fact]
    public void An_entry_for_a_retention_counts_once()
    {
        var retire = Retire("retention: nas");
        var box = Replace(Base, "{ daily: 7, weekly: 4, monthly: 6 }", "{ daily: 7, weekly: 4, monthly: 3 }");
        var first = Replace(box, retire.Item1, retire.Item2);
        Assert.Equal(Effect.Retired, Retention(Base, first));
        Assert.Equal(Effect.Lost, Retention(first, Replace(first, "monthly: 3", "monthly: 1")));
        Assert.Equal(Effect.Retired, Retention(first, Replace(Replace(first, "monthly: 3", "monthly: 1"), "2026-11-02", "2026-11-03")));

        static Effect Retention(string before, string after) =>
            Fleets.Compare(before, after).Single(change => change is { Host: "box", Kind: ChangeKind.Retention }).Effect;
    }

    /// <summary>Where it is accepted, the repository does not tell two destinations apart; their names do.</summary>
    [Fact]
    public void Two_destinations_of_one_repository_are_two()
    {
        var twins = Replace(Base, "b2:bucket:{host}", "rest:http://nas.lan:8000/{host}");
        twins = Replace(twins, "nas:\n    repository", "nas:\n    accept: { NG2008: One for each purpose }\n    repository");
        twins = Replace(twins, "[/srv/films], destinations: [nas]", "[/srv/films], destinations: [cloud]");
        Assert.Empty(Fleets.Compare(twins, twins));
        var moved = Assert.Single(Fleets.Compare(twins, Replace(twins, "[/srv/films], destinations: [cloud]", "[/srv/films], destinations: [nas]")), change => change.Effect == Effect.Lost);
        Assert.Contains("no longer goes to 'cloud'", moved.Words);
    }

    /// <summary>The old one may hold what the new one must not.</summary>
    [Fact]
    public void A_change_repeats_no_secret()
    {
        var before = Replace(Base, "repository: b2:bucket:{host}", "accept: { NG1110: Once }\n    repository: rest:http://me:hunter2@nas/{host}");
        var changes = Fleets.Compare(before, Base);
        Assert.Contains(changes, change => change.Kind == ChangeKind.Repository && change.Words.Contains("://(secret)@nas/box", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", string.Join('\n', ChangeWriter.Lines(changes)));
    }

    private static string Entry(Change change)
    {
        var entry = change.Remedy!;
        return $"{entry.Kind.ToString().ToLowerInvariant()}: \"{entry.Name}\"{(entry.Destination is null ? "" : $", destination: {entry.Destination}")}";
    }

    private static string Report((string From, string To)[] edits) =>
        string.Concat(ChangeWriter.Lines(Fleets.Compare(Base, Edit(edits))).Select(line => line + "\n"));

    private static string Edit((string From, string To)[] edits)
    {
        var text = Base;
        var entries = new List<string>();
        foreach (var (from, to) in edits)
        {
            if (from.StartsWith("  box:\n", StringComparison.Ordinal))
                entries.Add(to.Split('[', ']')[1]);
            else
                text = Replace(text, from, to);
        }

        return entries.Count == 0 ? text : Replace(text, "  box:\n", $"  box:\n    retired: [{string.Join(", ", entries)}]\n");
    }

    private static string Replace(string text, string from, string to)
    {
        Assert.Contains(from, text);
        return text.Replace(from, to, StringComparison.Ordinal);
    }
}
