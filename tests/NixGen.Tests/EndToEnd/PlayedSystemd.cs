namespace NixGen.Tests.EndToEnd;

/// <summary>As much of systemd as a guide asks for: timers that are active or not, services that run or not, and units that run once.</summary>
internal sealed class PlayedSystemd(BackedUpHost host)
{
    /// <summary>The timers that will elapse.</summary>
    public HashSet<string> Timers { get; } = [];

    /// <summary>The services that run, none of which the generated modules have.</summary>
    public HashSet<string> Services { get; } = [];

    public HashSet<string> Failed { get; } = [];

    /// <summary>What happened, for messages.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Starts all timers, as a boot does.</summary>
    public void StartTimers() => Timers.UnionWith(host.Units.Files.Keys.Where(unit => unit.EndsWith(".timer", StringComparison.Ordinal)));

    public (int Status, string Output) Call(string[] arguments)
    {
        switch (arguments)
        {
            case ["--failed"]:
                return (0, string.Concat(Failed.Select(unit => unit + "\n")) + $"{Failed.Count} loaded units listed.\n");
            case ["stop", "restic-*.timer"]:
                Timers.RemoveWhere(timer => timer.StartsWith("restic-", StringComparison.Ordinal));
                return (0, "");
            case ["start", "timers.target"]:
                StartTimers();
                return (0, "");
            case ["is-active", "--quiet", var unit]:
                return (Services.Contains(unit) ? 0 : 3, "");
            case ["stop", .. var units]:
                Assert.All(units, unit => Assert.DoesNotContain(unit, host.Units.Files.Keys));
                Services.ExceptWith(units);
                return (0, "");
            case ["start", .. var units]:
                return (units.Select(Start).Max(), "");
            default:
                return (1, $"nobody expected: systemctl {string.Join(' ', arguments)}\n");
        }
    }

    /// <summary>Starts a unit, and waits until it ends if it runs once.</summary>
    public int Start(string name)
    {
        var unit = name.EndsWith(".service", StringComparison.Ordinal) ? name : name + ".service";
        if (!host.Units.Files.ContainsKey(unit))
        {
            Services.Add(unit);
            return 0;
        }

        var result = host.Units.Start(unit[..^".service".Length]);
        Log.Add($"{unit}: {result.Result} {result.Status} {result.Failed}\n{result.Log}");
        if (result.Result == "success")
            Failed.Remove(unit);
        else
            Failed.Add(unit);
        return result.Result == "success" ? 0 : 1;
    }
}
