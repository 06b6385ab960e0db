using System.Globalization;
using System.Text.Json;
using NixGen.Changes;
using NixGen.Inventory;
using NixGen.Languages.Systemd;
using NixGen.Tests.EndToEnd;
using NixGen.Tests.Shell;

namespace NixGen.Tests.Changes;

/// <summary>How many snapshots a shorter retention deletes: compared with every run of years, with the manual, and with restic.</summary>
public sealed class SnapshotHistoryTests
{
    private static readonly DateTimeOffset Now = Fleets.Now;

    [Theory]
    [InlineData("03:00", 0, 0, 7, 4, 6, 0)]
    [InlineData("hourly", 3, 24, 14, 8, 12, 2)]
    [InlineData("Sun 05:00", 0, 0, 3, 5, 4, 3)]
    [InlineData("*-*-01 04:00", 2, 0, 0, 0, 6, 4)]
    [InlineData("Mon..Fri *:0/20", 5, 10, 4, 2, 0, 1)]
    [InlineData("*-02-29 00:00", 3, 0, 0, 0, 0, 0)]
    public void What_is_held_is_what_all_runs_together_leave(string schedule, int last, int hourly, int daily, int weekly, int monthly, int yearly)
    {
        var retention = new Retention(last, hourly, daily, weekly, monthly, yearly, default);
        var calendar = Calendar(schedule);
        var runs = new List<DateTime>();
        for (var at = Now.AddYears(schedule.StartsWith("*-02", StringComparison.Ordinal) ? -20 : -6); calendar.Next(at, TimeZoneInfo.Utc) is { } next && next < Now; at = next)
            runs.Add(next.UtcDateTime);
        runs.Reverse();
        Assert.Equal(SnapshotHistory.Kept(runs, retention), SnapshotHistory.Held(calendar, retention, Now, TimeZoneInfo.Utc));
    }

    [Fact]
    public void What_is_kept_is_what_the_manual_says()
    {
        var random = new Random(5002);
        for (var round = 0; round < 500; round++)
        {
            var times = Enumerable.Range(0, random.Next(1, 60)).Select(_ => new DateTime(2025, 1, 1).AddHours(random.Next(20_000))).Distinct().OrderDescending().ToList();
            var retention = new Retention(0, 0, random.Next(9), random.Next(6), random.Next(1, 9), 0, default);
            Assert.Equal(
                RetentionOracle.Keep(times, retention.Daily, retention.Weekly, retention.Monthly).OrderDescending(),
                SnapshotHistory.Kept(times, retention));
        }
    }

    [Fact]
    public void A_zone_with_summer_time_ends_the_search()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var all = new Retention(50, 500, 400, 60, 24, 5, default);
        foreach (var schedule in new[] { "hourly", "02:30", "*:0/15" })
        {
            var held = SnapshotHistory.Held(Calendar(schedule), all, Now, zone);
            Assert.Equal(held.OrderDescending(), held);
            Assert.True(held.Count > 400, $"{schedule}: {held.Count}");
        }
    }

    [ToolFact("restic")]
    public void Restic_deletes_as_many()
    {
        using var folder = new TemporaryFolder();
        CheapRepository.Create(folder.At("repository"));
        folder.Write("data/file", "text");
        var (before, after) = (new Retention(0, 0, 5, 2, 3, 0, default), new Retention(1, 0, 2, 3, 1, 0, default));
        // As restic takes it: in the zone of the machine.
        var held = SnapshotHistory.Held(Calendar("03:00"), before, Now, TimeZoneInfo.Local);
        Assert.InRange(held.Count, 7, 10);
        foreach (var time in held)
            Restic("backup", "--quiet", folder.At("data"), "--time", time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        Assert.Equal((held.Count, 0), Forget(before));
        var kept = SnapshotHistory.Kept(held, after).Count;
        Assert.InRange(kept, 2, held.Count - 1);
        Assert.Equal((kept, held.Count - kept), Forget(after));

        (int Kept, int Removed) Forget(Retention retention)
        {
            var flags = retention.Counts.Where(rule => rule.Count > 0).SelectMany(rule => new[] { $"--keep-{rule.Unit}", $"{rule.Count}" });
            var group = JsonDocument.Parse(Restic(["forget", "--dry-run", "--json", .. flags])).RootElement[0];
            return (Count(group, "keep"), Count(group, "remove"));
        }

        static int Count(JsonElement group, string list) => group.GetProperty(list) is { ValueKind: JsonValueKind.Array } items ? items.GetArrayLength() : 0;

        string Restic(params string[] arguments) => ToolProcess.Run(
            "restic",
            ["--repo", folder.At("repository"), "--no-cache", .. arguments],
            environment: new Dictionary<string, string?> { ["RESTIC_PASSWORD"] = CheapRepository.Password, ["HOME"] = folder.Path }).Succeeded().Output;
    }

    private static CalendarExpression Calendar(string text) => CalendarExpression.TryParse(text, out var calendar, out _) ? calendar : throw new ArgumentException(text);
}
