using System.Globalization;
using NixGen.Tests.Evaluation;
using NixGen.Tests.Shell;
using Xunit.Abstractions;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// 400 nights of several jobs on one repository, each night the whole unit: preflight, backup, verdict, forget and prune. After each
/// one the repository holds exactly what <see cref="RetentionOracle"/> keeps, for each job. Simulated is only the time, which the backup
/// is told with <c>--time</c>, and how expensive it is to open the repository.
/// <para>
/// restic sleeps for 0.2 s whenever it locks, so the nights are cut into stretches that run at once. Each begins with the snapshots with
/// which the one before it must end, and that one proves that it does.
/// </para>
/// </summary>
public sealed class RetentionTests(ITestOutputHelper output)
{
    internal const int Nights = 400;
    private const int Stretches = 8;

    private const string Inventory = """
        destinations:
          disk:
            repository: /mnt/backup
            secrets: disk
            schedule: "03:00"
            retention: { daily: 7, weekly: 4, monthly: 6 }
        secrets:
          disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
        hosts:
          box:
            destinations: [disk]
            services:
        """;

    // A service joins the nightly job after a while, and another one leaves it: other paths, the same job.
    private static readonly string[][] Services = [["a"], ["a", "b"], ["a", "b", "c"], ["b", "c"]];

    [EndToEndFact]
    public void Four_hundred_nights_keep_what_the_policy_says()
    {
        var events = Enumerable.Range(0, Nights).SelectMany(Events).ToList();
        var hosts = Services.Select(services => BackedUpHost.Evaluate(Inventory + string.Concat(services.Append("d").Select(name =>
            $"\n      {name}: {{ backupPaths: [/srv/{name}]{(name == "d" ? ", schedule: \"12:00\"" : "")} }}")) + "\n")["box"]).ToList();

        var failures = new List<string>();
        var threads = Enumerable.Range(0, Stretches).Select(stretch => new Thread(() =>
        {
            try
            {
                Run(hosts, events, stretch * Nights / Stretches, (stretch + 1) * Nights / Stretches);
            }
            catch (Exception exception)
            {
                lock (failures)
                    failures.Add(exception.ToString());
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);

        var kept = After(events);
        Assert.Equal(8 * 4, kept.Count(made => !made.IsOurs));
        output.WriteLine(
            $"{Nights} nights simulated: {events.Count(e => e.Unit is not null)} runs of 2 jobs, {events.Count(e => e.Missing is not null)} of them incomplete, "
            + $"{events.Count(e => e.Unit is null)} manual backups; {kept.Count} snapshots at the end");
    }

    /// <summary>Runs some nights in a repository that holds what those before them leave.</summary>
    private static void Run(List<EvaluatedHost> hosts, List<Event> events, int from, int to)
    {
        using var host = new BackedUpHost(hosts[Configuration(from)]);
        // In memory, because restic waits for the disk after each file.
        foreach (var folder in new[] { "/mnt/backup", "/var/cache" })
            host.Root.Bash($"mount -t tmpfs tmpfs {folder}").Succeeded();
        host.CreateRepository("/mnt/backup");
        host.Root.Write("/etc/secrets/restic", CheapRepository.Password + "\n");
        foreach (var name in new[] { "a", "b", "c", "d" })
            host.Root.Write($"/srv/{name}/file", name);
        host.Units.Run("homelab-secrets-disk").Succeeded();

        var past = events.Where(e => e.Night < from).ToList();
        var known = new Dictionary<string, Made>();
        foreach (var made in After(past))
        {
            ByHand(made);
            Compare(null, made, "the beginning");
        }

        for (var night = from; night < to; night++)
        {
            host.Switch(hosts[Configuration(night)]);
            host.Root.Write("/srv/a/file", $"{night}");
            foreach (var e in events.Where(e => e.Night == night))
            {
                if (e.Unit is null)
                    ByHand(new Made(e.Time, e.Group!));
                else
                    ByUnit(e);
                past.Add(e);
                Compare(past, e.Group is null ? null : new Made(e.Time, e.Group), $"{e}");
            }
        }

        // What restic itself says of the repository, and of its data.
        Assert.Equal(
            After(past).Select(made => $"{made.Time:s} {made.Group}").Order(StringComparer.Ordinal),
            host.Snapshots("disk").Select(snapshot => $"{snapshot.Time:s} {snapshot.Host} {string.Join(',', snapshot.Tags)}").Order(StringComparer.Ordinal));
        host.Restic("disk", "check", "--read-data").Succeeded();

        void ByUnit(Event e)
        {
            host.Units.Rewrite = words => words is [_, "backup", ..] ? [.. words, "--time", Time(e.Time)] : words;
            if (e.Missing is not null)
                Directory.Move(host.Root.At(e.Missing), host.Root.At("/srv/away"));
            var result = host.Units.Run(e.Unit!);
            if (e.Missing is not null)
                Directory.Move(host.Root.At("/srv/away"), host.Root.At(e.Missing));
            if (e.Missing is null)
                result.Succeeded();
            else
                result.FailedWith("exit-code", 1, e.Group is null ? "there is nothing to back up" : "the backup is incomplete, so nothing is forgotten");
        }

        void ByHand(Made made)
        {
            var parts = made.Group.Split(' ');
            host.Restic("disk", [
                "backup", "--quiet", "/srv/a", "--group-by", "host,tags", "--time", Time(made.Time), "--host", parts[0],
                .. parts[1].Length > 0 ? ["--tag", parts[1]] : Array.Empty<string>(),
            ]).Succeeded();
        }

        // The file that a step adds is what that step made; so each file in the repository has its time and its group.
        void Compare(List<Event>? past, Made? added, string when)
        {
            var files = Directory.GetFiles(host.Root.At("/mnt/backup/snapshots"));
            var unknown = files.Where(file => !known.ContainsKey(file)).ToList();
            Assert.True(unknown.Count == (added is null ? 0 : 1), $"{when}: {unknown.Count} new snapshots");
            if (added is not null)
                known.Add(unknown[0], added);
            if (past is not null)
                Assert.Equal(Show(After(past)), Show(files.Select(file => known[file])));
        }
    }

    private static string Show(IEnumerable<Made> all) => string.Join('\n', all.Select(made => $"{made}").Order(StringComparer.Ordinal));

    private static int Configuration(int night) => night * Services.Length / Nights;

    /// <summary>What happens in one night and on the day after it.</summary>
    private static IEnumerable<Event> Events(int night)
    {
        var day = new DateTime(2024, 11, 3, 0, 0, 0, DateTimeKind.Unspecified).AddDays(night);
        var services = Services[Configuration(night)];
        // A machine that is off now and then, for a week even.
        if (night % 37 != 20 && night is < 200 or > 207)
        {
            var missing = night % 29 == 11 ? services[0] : null;
            yield return new Event(night, day.AddHours(3), "restic-backups-disk", missing is null ? null : $"/srv/{missing}", missing switch
            {
                null => "box created-by:box,plan:disk",
                // One path, and it is missing: nothing to back up.
                _ when services.Length == 1 => null,
                _ => "box created-by:box,incomplete,plan:disk",
            });
            // The other job has a rhythm of its own.
            if (night % 3 == 1)
                yield return night % 41 == 6
                    ? new Event(night, day.AddHours(12), "restic-backups-disk-d", "/srv/d", null)
                    : new Event(night, day.AddHours(12), "restic-backups-disk-d", null, "box created-by:box,plan:disk-d");
        }

        // By hand in Backrest, whose snapshots belong to its plan as well.
        if (night % 13 == 5)
            yield return new Event(night, day.AddHours(18), null, null, "box created-by:box,plan:disk");
        // Those of others stay for ever.
        if (night % 50 == 7)
        {
            foreach (var (hour, group) in new[] { (19, "other created-by:other,plan:disk"), (20, "other created-by:box,plan:disk"), (21, "box plan:disk"), (22, "box ") })
                yield return new Event(night, day.AddHours(hour), null, null, group);
        }
    }

    /// <summary>The snapshots that are there after some events, if the oracle is right and the job forgets after complete backups only.</summary>
    private static List<Made> After(List<Event> events)
    {
        var all = new List<Made>();
        foreach (var e in events)
        {
            if (e.Group is not null)
                all.Add(new Made(e.Time, e.Group));
            if (e.Unit is null || e.Missing is not null)
                continue;
            var job = e.Unit["restic-backups-".Length..];
            foreach (var group in all.Where(made => made.IsOurs && made.Group.EndsWith($"plan:{job}", StringComparison.Ordinal)).GroupBy(made => made.Group).ToList())
            {
                var kept = RetentionOracle.Keep([.. group.Select(made => made.Time)], 7, 4, 6);
                all.RemoveAll(made => made.Group == group.Key && !kept.Contains(made.Time));
            }
        }

        return all;
    }

    [Fact]
    public void The_oracle_counts_as_the_manual_says()
    {
        var start = new DateTime(2025, 1, 1, 3, 0, 0, DateTimeKind.Unspecified);
        DateTime[] nights = [.. Enumerable.Range(0, 365).Select(day => start.AddDays(day))];
        // 25 to 31 December; the Sundays 28, 21, 14 (31 is in the week of its own); the ends of July to November.
        Assert.Equal(
            ["07-31", "08-31", "09-30", "10-31", "11-30", "12-14", "12-21", "12-25", "12-26", "12-27", "12-28", "12-29", "12-30", "12-31"],
            RetentionOracle.Keep(nights, 7, 4, 6).Order().Select(time => time.ToString("MM-dd", CultureInfo.InvariantCulture)));
        // The oldest stays while months are missing, although February has newer ones.
        Assert.Contains(start, RetentionOracle.Keep(nights[..59], 7, 4, 6));
        Assert.Empty(RetentionOracle.Keep([], 7, 4, 6));
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Something that makes a snapshot, or should.</summary>
    /// <param name="Night">The number of the night.</param>
    /// <param name="Time">When.</param>
    /// <param name="Unit">The unit that runs; null if somebody does it by hand.</param>
    /// <param name="Missing">The backup path that is missing.</param>
    /// <param name="Group">Host and tags of the snapshot; null if there is none.</param>
    private sealed record Event(int Night, DateTime Time, string? Unit, string? Missing, string? Group);

    /// <param name="Time">When it was made.</param>
    /// <param name="Group">Host and tags, which restic counts for themselves.</param>
    private sealed record Made(DateTime Time, string Group)
    {
        public bool IsOurs => Group.StartsWith("box created-by:box,", StringComparison.Ordinal);
    }
}
