using System.Globalization;
using System.Text.RegularExpressions;

namespace NixGen.Tests.Evaluation;

/// <summary>The unit files that NixOS would write are to systemd's liking, and their timers come.</summary>
public sealed partial class UnitTests
{
    private const string SystemdAnalyze = "systemd-analyze";
    // Also for a copy, though it takes the capabilities to become the owner of a database.
    private const double MostExposure = 2.0;
    // Restores owners and set-group-ID folders, over the network.
    private const double MostExposureOfDrill = 2.3;

    public static TheoryData<string> Names => Hosts.Names;

    [ToolTheory(Nix.Program, SystemdAnalyze)]
    [MemberData(nameof(Names))]
    public void Systemd_has_no_complaint(string name)
    {
        using var folder = new TemporaryFolder();
        var units = Write(Hosts.Get(name), folder);
        var verified = ToolProcess.Run(SystemdAnalyze, ["verify", "--man=no", "--recursive-errors=no", .. units]);
        Assert.Equal("", verified.Error + verified.Output);
        Assert.Equal(0, verified.ExitCode);
    }

    [ToolTheory(Nix.Program, SystemdAnalyze)]
    [MemberData(nameof(Names))]
    public void Units_are_exposed_to_little(string name)
    {
        using var folder = new TemporaryFolder();
        var services = Write(Hosts.Get(name), folder).Where(unit => unit.EndsWith(".service", StringComparison.Ordinal)).ToList();
        var report = ToolProcess.Run(SystemdAnalyze, ["security", "--offline=true", .. services]).Succeeded().Output;
        var exposures = Exposure().Matches(report).ToDictionary(
            match => match.Groups[1].Value,
            match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.Equal(services.Select(Path.GetFileName).ToHashSet(), exposures.Keys.ToHashSet<string?>());
        Assert.All(exposures, unit => Assert.True(
            unit.Value <= (unit.Key == "restic-drill.service" ? MostExposureOfDrill : MostExposure),
            $"{unit.Key}: {unit.Value}"));
    }

    [ToolFact(Nix.Program, SystemdAnalyze)]
    public void Every_timer_elapses()
    {
        var calendars = Hosts.All
            .SelectMany(host => host.Units.Where(unit => unit.Key.EndsWith(".timer", StringComparison.Ordinal)))
            .Select(unit => Assert.Single(Calendar().Matches(unit.Value)).Groups[1].Value)
            .Distinct()
            .ToList();
        Assert.True(calendars.Count > 5);
        var report = ToolProcess.Run(SystemdAnalyze, ["calendar", .. calendars]).Succeeded().Output;
        Assert.Equal(calendars.Count, Elapse().Count(report));
        Assert.DoesNotContain("never", report);
    }

    // Writes the unit files and everything that they start, and returns the paths of the unit files.
    private static List<string> Write(EvaluatedHost host, TemporaryFolder folder)
    {
        var store = folder.At("store");
        var paths = new List<string>();
        foreach (var (name, text) in host.Units)
        {
            paths.Add(folder.Write($"units/{name}", text.Replace("/nix/store", store, StringComparison.Ordinal)));
            foreach (var program in Programs().Matches(text).Select(match => match.Groups[1].Value))
            {
                if (!File.Exists(folder.At("store", program)))
                    folder.WriteProgram(Path.Combine("store", program), "#!/bin/sh\n");
            }
        }

        return paths;
    }

    [GeneratedRegex(@"^Exec\w+=/nix/store/(\S+)", RegexOptions.Multiline)]
    private static partial Regex Programs();

    [GeneratedRegex(@"^OnCalendar=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Calendar();

    [GeneratedRegex(@"^ *Next elapse: \S", RegexOptions.Multiline)]
    private static partial Regex Elapse();

    [GeneratedRegex(@"Overall exposure level for (\S+): ([0-9.]+) ")]
    private static partial Regex Exposure();
}
