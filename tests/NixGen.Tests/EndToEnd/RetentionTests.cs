using System.Globalization;
using NixGen.Tests.Shell;
using Xunit.Abstractions;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// 400 nights of several jobs on one repository, each night the whole unit: preflight, backup, verdict, forget and prune. After each
/// one the repository holds exactly what <see cref="RetentionOracle"/> keeps, for each job. Simulated is only the time, which the backup
/// is told with <c>--time</c>, and how expensive it is to open the repository.
/// </summary>
public sealed class RetentionTests(ITestOutputHelper output)
{
    private const int Nights = 400;

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

    [EndToEndFact]
    public void Four_hundred_nights_keep_what_the_policy_says()
    {
        // A service joins the nightly job after a while, and another one leaves it: other paths, the same job.
        var inventories = new[] { "a", "a, b", "a, b, c", "b, c" }
            .Select(services => BackedUpHost.Evaluate(Inventory + string.Concat(services.Split(", ").Append("d").Select(name =>
                $"\n      {name}: {{ backupPaths: [/srv/{name}]{(name == "d" ? ", schedule: \"12:00\"" : "")} }}")) + "\n")["box"])
            .ToList();
        using var host = new BackedUpHost(inventories[0]);
        host.CreateRepository("/mnt/backup");
        host.Root.Write("/etc/secrets/restic", CheapRepository.Password + "\n");
        foreach (var name in new[] { "a", "b", "c", "d" })
            host.Root.Write($"/srv/{name}/file", name);
        host.Units.Run("homelab-secrets-disk").Succeeded();

        var expected = new List<Made>();
        var known = new HashSet<string>();
        var first = new DateTime(2024, 11, 3, 0, 0, 0, DateTimeKind.Unspecified);
        var (incomplete, manual, most) = (0, 0, 0);
        for (var night = 0; night < Nights; night++)
        {
            host.Switch(inventories[night * inventories.Count / Nights]);
            var day = first.AddDays(night);
            host.Root.Write("/srv/a/file", $"{night}");

            // A machine that is off now and then, for a week even.
            var off = night % 37 == 20 || night is >= 200 and < 208;
            if (!off)
            {
                Night("restic-backups-disk", "disk", day.AddHours(3), night % 29 == 11 ? $"/srv/{(night >= Nights * 3 / 4 ? "b" : "a")}" : null);
                // The other job has a rhythm of its own.
                if (night % 3 != 1)
                    Night("restic-backups-disk-d", "disk-d", day.AddHours(12), night % 41 == 6 ? "/srv/d" : null);
            }

            if (night % 13 == 5)
            {
                // By hand in Backrest, whose snapshots belong to its plan as well.
                Manual(day.AddHours(18), "--host", "box", "--tag", "plan:disk", "--tag", "created-by:box");
                manual++;
            }

            if (night % 50 == 7)
            {
                // Those of others stay for ever.
                Manual(day.AddHours(19), "--host", "other", "--tag", "plan:disk,created-by:other");
                Manual(day.AddHours(20), "--host", "other", "--tag", "plan:disk,created-by:box");
                Manual(day.AddHours(21), "--host", "box", "--tag", "plan:disk");
                Manual(day.AddHours(22), "--host", "box");
            }

            most = Math.Max(most, expected.Count);
        }

        // What restic itself says of the repository agrees with what was noted.
        var listed = host.Snapshots("disk")
            .Select(snapshot => $"{snapshot.Id} {snapshot.Time:s} {snapshot.Host} {string.Join(',', snapshot.Tags)}")
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected.Select(made => $"{made.Id} {made.Time:s} {made.Group}").Order(StringComparer.Ordinal), listed);
        host.Restic("disk", "check", "--read-data").Succeeded();
        Assert.Equal(8 * 4, expected.Count(made => !made.IsOurs));
        output.WriteLine($"{Nights} nights simulated, 2 jobs, {manual} manual and {incomplete} incomplete backups; at most {most} snapshots, {expected.Count} at the end");

        // Runs a unit, with a path missing or not.
        void Night(string unit, string job, DateTime time, string? missing)
        {
            host.Units.Rewrite = words => words is [_, "backup", ..] ? [.. words, "--time", Time(time)] : words;
            if (missing is not null)
                Directory.Move(host.Root.At(missing), host.Root.At("/srv/away"));
            var result = host.Units.Run(unit);
            var group = $"box created-by:box,plan:{job}";
            if (missing is null)
            {
                result.Succeeded();
                Note(time, group);
                Forget(job);
            }
            else
            {
                Directory.Move(host.Root.At("/srv/away"), host.Root.At(missing));
                Assert.Equal(("exit-code", 1), (result.Result, result.Status));
                incomplete++;
                // With one path only, there is nothing to back up.
                if (job == "disk-d" || host.Paths("disk") == 1)
                    Assert.Contains("there is nothing to back up", result.Log);
                else
                    Note(time, $"box created-by:box,incomplete,plan:{job}");
            }

            Compare($"{unit} {time:s}");
        }

        void Manual(DateTime time, params string[] arguments)
        {
            host.Restic("disk", ["backup", "--quiet", "/srv/a", "--group-by", "host,tags", "--time", Time(time), .. arguments]).Succeeded();
            var tags = arguments.Select((argument, at) => at > 0 && arguments[at - 1] == "--tag" ? argument : null).OfType<string>();
            Note(time, $"{arguments[1]} {string.Join(',', tags.SelectMany(tag => tag.Split(',')).Order(StringComparer.Ordinal))}");
        }

        // One snapshot is there that was not there before.
        void Note(DateTime time, string group)
        {
            var id = Assert.Single(Ids(host), id => !known.Contains(id));
            known.Add(id);
            expected.Add(new Made(id, time, group));
        }

        void Forget(string job)
        {
            foreach (var group in expected.Where(made => made.IsOurs && made.Group.EndsWith($"plan:{job}", StringComparison.Ordinal)).GroupBy(made => made.Group).ToList())
            {
                var kept = RetentionOracle.Keep([.. group.Select(made => made.Time)], 7, 4, 6);
                expected.RemoveAll(made => made.Group == group.Key && !kept.Contains(made.Time));
            }
        }

        void Compare(string when)
        {
            var actual = Ids(host).ToHashSet();
            var lost = expected.Where(made => !actual.Contains(made.Id)).ToList();
            var left = actual.Except(expected.Select(made => made.Id)).ToList();
            Assert.True(lost.Count + left.Count == 0, $"{when}: lost {string.Join("; ", lost)}; left {string.Join("; ", left)}");
        }
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

    private static IEnumerable<string> Ids(BackedUpHost host) => Directory.GetFiles(host.Root.At("/mnt/backup/snapshots")).Select(file => Path.GetFileName(file));

    /// <param name="Id">As the repository names it.</param>
    /// <param name="Time">When it was made.</param>
    /// <param name="Group">Host and tags, which restic counts for themselves.</param>
    private sealed record Made(string Id, DateTime Time, string Group)
    {
        public bool IsOurs => Group.StartsWith("box created-by:box,", StringComparison.Ordinal);
    }
}
