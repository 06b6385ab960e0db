using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NixGen.Changes;
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
        var changes = new Option<decimal>("--changes")
        {
            Description = "How much of the data is new in each snapshot that is kept, in percent [default: 2]",
            HelpName = "PERCENT",
            CustomParser = Percent,
            DefaultValueFactory = _ => UsualChanges,
        };
        var command = new Command("probe", "Look at the declared paths on this machine: what is there, how large, what it will cost. Writes nothing.");
        options.AddTo(command, hasOutput: false, renders: false);
        command.Options.Add(changes);
        command.SetAction(arguments => Program.Run(options, arguments, session => Probe(session, arguments.GetValue(changes))));
        return command;
    }

    private static decimal Percent(ArgumentResult argument)
    {
        var text = argument.Tokens.Single().Value;
        if (decimal.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
            return percent / 100;
        argument.AddError($"'{text}' is no percentage from 0 to 100.");
        return 0;
    }

    private static void Probe(Session session, decimal changes)
    {
        if (session.Plan() is not { } plans)
            return;
        var plan = OfThisMachine(plans);
        var probe = HostProbe.Of(plan, changes, session.Findings);
        session.Say($"{plan.Name}");
        foreach (var service in probe.Services)
        {
            session.Say($"  {service.Title}");
            foreach (var path in service.Paths)
            {
                session.Say($"    {path.Path}");
                session.Say($"      {State(path)}");
                if (path.Largest.Count > 1)
                    session.Say($"      largest: {string.Join(", ", path.Largest.Take(3).Select(entry => $"{entry.Path[(path.Path.Length + 1)..]} {Size(entry.Bytes)}"))}");
            }
        }

        foreach (var destination in probe.Destinations)
        {
            session.Say($"  to {destination.Id}: {Size(destination.Data)} now; the repository will hold {Size(destination.Least)} to {Size(destination.Most)}");
            if (destination.Prices is { } prices)
            {
                session.Say($"    {prices.Provider}, prices of {prices.AsOf}: ${Dollars(prices.Monthly(destination.Least))} to ${Dollars(prices.Monthly(destination.Most))} a month;");
                session.Say($"    reading all of it back once: up to ${Dollars(prices.Download(destination.Data))}");
            }
        }
    }

    private static HostPlan OfThisMachine(IReadOnlyList<HostPlan> plans)
    {
        if (plans.Count == 1)
            return plans[0];
        var name = Environment.MachineName;
        return plans.FirstOrDefault(plan => plan.Name == name)
            ?? throw new UsageException($"Which host is this machine? The inventory has none called '{name}': say --host NAME.");
    }

    private static string State(PathProbe path) => path.State switch
    {
        PathState.Missing => "is not there",
        PathState.Symlink => $"is a symlink to {path.LinkTarget}",
        PathState.Empty => "holds no file",
        PathState.Unreadable => "may not be read",
        _ => $"{Size(path.Bytes)} in {Text.Count(path.Files, "file")}{(path.LeftOut > 0 ? $"; excludes leave out {Size(path.LeftOut)}" : "")}",
    };

    // Powers of 1000, as who sells storage counts.
    private static string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var (value, unit) = ((decimal)bytes, 0);
        for (; value >= 999.95m && unit < units.Length - 1; unit++)
            value /= 1000;
        return unit == 0 ? $"{bytes} B" : $"{value.ToString("0.0", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    private static string Dollars(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
