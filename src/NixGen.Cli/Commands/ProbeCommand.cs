using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NixGen.Changes;
using NixGen.Inventory;
using NixGen.Planning;
using NixGen.Probing;

namespace NixGen.Cli.Commands;

/// <summary>Looks at the declared paths on the host itself.</summary>
internal static class ProbeCommand
{
    // Of the data, between two snapshots that are kept. State of services changes little; what changes a lot says so with --changes.
    private const decimal UsualChanges = 0.02m;

    public static Command Create(CommonOptions options)
    {
        var changes = new Option<decimal?>("--changes")
        {
            Description = "How much of the data is new in each snapshot that is kept, in percent [default: 2]",
            HelpName = "PERCENT",
            CustomParser = Percent,
        };
        var host = new Option<string?>("--host")
        {
            Description = "The host that this machine is [default: the one of its name, or the only one]",
            HelpName = "NAME",
        };
        var command = new Command("probe", "Look at the declared paths on this machine: what is there, how large, what it will cost. Writes nothing.")
        {
            options.Inventory,
            options.Catalogue,
            host,
            changes,
            options.Format,
            options.Quiet,
            options.NoColor,
        };
        command.SetAction(arguments => Program.Run(
            options,
            arguments,
            session => Probe(session, arguments.GetValue(host), arguments.GetValue(changes) ?? UsualChanges)));
        return command;
    }

    private static decimal? Percent(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (decimal.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
            return percent / 100;
        argument.AddError($"'{text}' is no percentage from 0 to 100.");
        return 0;
    }

    private static void Probe(Session session, string? host, decimal changes)
    {
        if (!OperatingSystem.IsLinux())
            throw new UsageException("A probe looks at the disk of a host: run it there.");
        HostProbe? probe = null;
        session.Document = json => ProbeWriter.Json(json, probe, session.Findings);
        if (session.Plan() is not { } plans)
            return;
        var plan = HostOf(plans, host, Environment.MachineName);
        using (Progress.Start($"looking at the paths of {plan.Name}"))
            probe = HostProbe.Of(plan, changes, session.Findings);
        foreach (var line in Lines(probe, Screen.Width))
            session.Say(line);
    }

    internal static HostPlan HostOf(IReadOnlyList<HostPlan> plans, string? asked, string machine) =>
        asked is not null ? Session.Named(plans, asked)
        : plans.FirstOrDefault(plan => plan.Name == machine) ?? (plans is [var only] ? only : null)
        ?? throw new UsageException(
            $"No host of the inventory is called '{machine}', as this machine is. "
            + $"It has: {string.Join(", ", plans.Select(plan => plan.Name))}. Say which one with --host.");

    /// <summary>For people. Paths stay whole, or they could not be copied.</summary>
    internal static IEnumerable<string> Lines(HostProbe probe, int width)
    {
        yield return probe.Host;
        foreach (var line in probe.Services.SelectMany(service => Lines(service, width)))
            yield return line;
        foreach (var line in probe.Destinations.SelectMany(destination => Lines(destination, width)))
            yield return line;
    }

    private static IEnumerable<string> Lines(ServiceProbe service, int width)
    {
        yield return $"  {service.Title}";
        foreach (var path in service.Paths)
        {
            yield return $"    {path.Path}";
            foreach (var line in Screen.Beside("      ", State(path), width))
                yield return line;
            if (path.Largest is [var first, ..] && (path.Largest.Count > 1 || first.Bytes < path.Bytes))
            {
                var entries = path.Largest.Take(3).Select(entry => $"{Text.Plain(entry.Path[(path.Path.Length + 1)..])} {Size(entry.Bytes)}");
                foreach (var line in Screen.Beside("      largest: ", string.Join(", ", entries), width))
                    yield return line;
            }

            if (path.Mounts.Count > 0)
            {
                var mounts = path.Mounts.Select(mount => Text.Plain(mount[(path.Path.Length + 1)..])).ToList();
                foreach (var line in Screen.Beside("      other file systems in it: ", Few(mounts), width))
                    yield return line;
            }
        }

        foreach (var copy in service.Copies)
        {
            yield return $"    {copy.Database.Kind.Title()} {copy.Database.Source}";
            yield return $"      {Words(copy)}";
        }
    }

    private static string Words(CopyProbe copy) => copy switch
    {
        { Bytes: { } bytes, IsCopy: true } => $"{Size(bytes)}, its last copy",
        { Bytes: { } bytes } => $"{Size(bytes)}, of which a copy will be backed up",
        { State: PathState.Unreadable } => "may not be read",
        { State: PathState.Symlink } => "is reached through a symlink",
        { Database.Kind: DatabaseKind.Sqlite } => "is not there",
        _ => "known after the first night",
    };

    private static IEnumerable<string> Lines(DestinationEstimate destination, int width)
    {
        var sizes = $"{Size(destination.Data)} now; the repository will hold {Size(destination.Least)} to {Size(destination.Most)}";
        foreach (var line in Screen.Beside("  ", $"to {destination.Id}: {sizes}", width))
            yield return line;
        if (destination.NotCounted.Count > 0)
        {
            foreach (var line in Screen.Beside("    ", $"not counted: {string.Join(", ", destination.NotCounted)}", width))
                yield return line;
        }

        if (destination.Prices is not { } prices)
            yield break;
        var (least, most) = (Dollars(prices.Monthly(destination.Least)), Dollars(prices.Monthly(destination.Most)));
        var cost = $"{prices.Provider}, prices of {prices.AsOf}: {(least == most ? "" : $"${least} to ")}${most} a month";
        foreach (var line in Screen.Beside("    ", cost, width))
            yield return line;
        var download = FormattableString.Invariant(
            $"reading back is free up to {prices.FreeDownloads} times what is stored, in a month; then ${prices.PerGigabyteDownloaded} a GB");
        foreach (var line in Screen.Beside("    ", download, width))
            yield return line;
    }

    private static string Few(List<string> examples) =>
        string.Join(", ", examples) + (examples.Count == Prober.Examples ? ", perhaps more" : "");

    private static string State(PathProbe path) => path.State switch
    {
        PathState.Missing => "is not there",
        PathState.Symlink => $"is a symlink to {Text.Plain(path.LinkTarget!)}",
        PathState.Empty => "holds no file",
        PathState.Unreadable => "may not be read",
        _ => $"{Size(path.Bytes)} in {Text.Count(path.Files, "file")}{(path.LeftOut > 0 ? $"; {Size(path.LeftOut)} left out" : "")}",
    };

    // Powers of 1000, as who sells storage counts.
    private static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
        var (value, unit) = ((decimal)bytes, 0);
        for (; value >= 999.95m && unit < units.Length - 1; unit++)
            value /= 1000;
        return unit == 0 ? $"{bytes} B" : $"{value.ToString("0.0", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    private static string Dollars(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
