using System.CommandLine;
using System.Text.Json;
using NixGen.Changes;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Json;
using NixGen.Modules;
using NixGen.Planning;

namespace NixGen.Cli.Commands;

/// <summary>Says what the inventory comes to, with what the catalogue and defaults add to it.</summary>
internal static class ShowCommand
{
    public static Command Create(CommonOptions options)
    {
        var name = new Argument<string?>("service")
        {
            Description = "A service of the inventory; without one, all are shown",
            HelpName = "SERVICE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("show", "Show what is backed up of each service, where that was said, when and where to. Writes nothing.") { name };
        command.Options.Add(options.Inventory);
        command.Options.Add(options.Catalogue);
        command.Options.Add(options.Hosts);
        command.Options.Add(options.DocumentFormat);
        command.Options.Add(options.NoColor);
        command.SetAction(arguments => Program.Run(options, arguments, session =>
        {
            if (session.Plan() is not { } plans)
                return;
            var shown = plans.Select(plan => (Plan: plan, Services: Services(plan, arguments.GetValue(name)))).ToList();
            if (arguments.GetValue(name) is { } wanted && shown.All(host => host.Services.Count == 0))
                throw new UsageException(NoSuch(wanted, plans));
            shown.RemoveAll(host => host.Services.Count == 0);
            if (arguments.GetValue(options.DocumentFormat) == Format.Json)
                session.Output.Write(JsonText.Of(json => Write(json, shown)));
            else
                session.Output.Write(string.Join("\n", shown.Select(host => Page(host, arguments.GetValue(name) is null))));
        }));
        return command;
    }

    private static List<ServicePlan> Services(HostPlan plan, string? name) =>
        [.. plan.Services.Where(service => name is null || service.Name == name)];

    private static string NoSuch(string name, IReadOnlyList<HostPlan> plans)
    {
        var known = plans.SelectMany(plan => plan.Services).Select(service => service.Name).Distinct().ToList();
        var meant = Suggestion.For(name, known);
        return $"There is no service '{name}' in the inventory. {(meant is null ? $"It has: {string.Join(", ", known)}." : $"Did you mean '{meant}'?")}";
    }

    private static string Page((HostPlan Plan, List<ServicePlan> Services) host, bool isWhole) => string.Concat(
        Lines(host.Plan, host.Services, Screen.Width).Concat(isWhole ? Lines(host.Plan, Screen.Width) : []).Select(line => line + "\n"));

    // What is of no single service.
    private static IEnumerable<string> Lines(HostPlan plan, int width)
    {
        if (Drilled(plan).Any())
            yield return $"  drill: {plan.Drill.Schedule!.Words}, {Text.Count(plan.Drill.Services, "service")} a run";
        foreach (var line in Block("retired", plan.Retired.Select(entry => ChangeWriter.Words(entry)), width))
            yield return line;
        var accepted = plan.Accepted.Select(each => $"{each.Code.Id} {each.Message}: {each.Reason}");
        foreach (var line in Block("accepted", accepted, width))
            yield return line;
    }

    private static IEnumerable<string> Block(string title, IEnumerable<string> items, int width) => items
        .SelectMany(item => Screen.Beside("    ", item, width))
        .Select((line, number) => number == 0 ? $"  {title}:\n{line}" : line);

    private static IEnumerable<ServicePlan> Drilled(HostPlan plan) => plan.Services.Where(service => RestoreModule.IsDrilled(plan, service));

    /// <summary>A host, for people.</summary>
    internal static IEnumerable<string> Lines(HostPlan plan, IReadOnlyList<ServicePlan> services, int width)
    {
        yield return plan.Name;
        foreach (var service in services)
        {
            yield return $"  {service.Name}{(service.Title == service.Name ? "" : $": {service.Title}")}";
            foreach (var (label, items) in Facts(plan, service))
            {
                var shown = label;
                foreach (var (text, from) in items)
                {
                    foreach (var line in Line(shown, text, from, width))
                        yield return line;
                    shown = "";
                }
            }
        }
    }

    // Where it was said goes below what was said if there is no room beside.
    private static IEnumerable<string> Line(string label, string text, string? from, int width)
    {
        var line = $"    {label,-10}{text}";
        if (from is null)
            return [line];
        return line.Length + from.Length + 4 <= width ? [$"{line}  ({from})"] : [line, $"{"",-16}({from})"];
    }

    private static IEnumerable<(string Label, IEnumerable<(string Text, string? From)> Items)> Facts(HostPlan plan, ServicePlan service)
    {
        if (service.NoBackup is { } reason)
            yield return ("not", [(reason, null)]);
        yield return ("paths", service.Paths.Select(path => (path.Path + (path.Optional ? ", if there" : ""), (string?)PlaceOf(service, path))));
        yield return ("databases", service.Databases.Select(database => ($"{database.Kind.Title()} {database.Source}", From(service.Catalogue?.Databases))));
        yield return ("units", service.Units.Select(unit => (unit, From(service.Catalogue?.Units))));
        yield return ("left out", Excludes(service)
            // People know that what SQLite puts beside a database belongs to it.
            .Where(exclude => exclude.From != "database" || !ServiceDatabases.SqliteSuffixes.Any(suffix => exclude.Pattern.EndsWith(suffix, StringComparison.Ordinal)))
            .Select(exclude => (exclude.Pattern, Words(exclude.From))));
        if (service.Stops)
            yield return ("stopped", [("while it is backed up", null)]);
        if (service.HasData && !RestoreModule.IsDrilled(plan, service))
            yield return ("drill", [("never restored for a test", null)]);
        yield return ("jobs", Jobs(plan, service).Select(job => (
            $"{job.Name}: {job.Schedule.Words}, to {job.Destination.Id}; keeps {job.Retention.Words}", (string?)null)));
    }

    private static string PlaceOf(ServicePlan service, BackupPath path) => service.Catalogue is { Paths: true } ? "catalogue" : path.At.ToString()!;

    private static string? From(bool? catalogue) => catalogue == true ? "catalogue" : null;

    private static string? Words(string from) => from switch
    {
        "inventory" => null,
        "database" => "live, with -wal, -shm and -journal; its copy is backed up",
        _ => "suggested by the catalogue, accepted",
    };

    private static IEnumerable<JobPlan> Jobs(HostPlan plan, ServicePlan service) =>
        plan.Jobs.Where(job => job.Services.Any(member => member.Name == service.Name));

    private static IEnumerable<(string Pattern, string From)> Excludes(ServicePlan service)
    {
        var live = service.LiveFiles.ToHashSet(StringComparer.Ordinal);
        var accepted = (service.Catalogue?.Excludes ?? [])
            .SelectMany(pattern => pattern.StartsWith('/') ? [pattern] : ServiceExcludes.Below(service.Paths.Select(path => path.Path), pattern.TrimEnd('/')))
            .ToHashSet(StringComparer.Ordinal);
        return service.Excludes.Select(pattern => (pattern, live.Contains(pattern) ? "database" : accepted.Contains(pattern) ? "catalogue" : "inventory"));
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<(HostPlan Plan, List<ServicePlan> Services)> hosts) => json.WriteObjects(hosts, host =>
    {
        var (plan, services) = host;
        json.WriteString("host", plan.Name);
        json.WriteObjects("services", services, service => Write(json, plan, service));
        json.WriteObjects("jobs", plan.Jobs.Where(job => services.Any(service => job.Services.Any(member => member.Name == service.Name))), job => Write(json, job));
        WriteHost(json, plan);
    });

    private static void WriteHost(Utf8JsonWriter json, HostPlan plan)
    {
        if (plan.Drill.Schedule is { } schedule)
        {
            json.WriteStartObject("drill");
            Write(json, schedule);
            json.WriteNumber("services", plan.Drill.Services);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("drill");
        }

        ChangeWriter.WriteRetired(json, plan.Retired);
        json.WriteObjects("accepted", plan.Accepted, accepted =>
        {
            json.WriteString("code", accepted.Code.Id);
            json.WriteString("message", accepted.Message);
            json.WriteString("reason", accepted.Reason);
        });
    }

    private static void Write(Utf8JsonWriter json, Schedule schedule)
    {
        json.WriteString("calendar", schedule.Calendar.Normalized);
        json.WriteNumber("randomizedDelay", (long)(schedule.RandomizedDelay?.TotalSeconds ?? 0));
    }

    private static void Write(Utf8JsonWriter json, HostPlan plan, ServicePlan service)
    {
        json.WriteString("name", service.Name);
        json.WriteString("title", service.Title);
        json.WriteString("covers", service.Covers);
        json.WriteString("noBackup", service.NoBackup);
        json.WriteString("catalogue", service.Catalogue?.Entry.Name);
        json.WriteObjects("paths", service.Paths, path =>
        {
            json.WriteString("path", path.Path);
            json.WriteBoolean("optional", path.Optional);
            json.WriteString("from", service.Catalogue is { Paths: true } ? "catalogue" : "inventory");
            json.WriteString("at", path.At.ToString());
        });
        json.WriteObjects("databases", service.Databases, database =>
        {
            json.WriteString("kind", database.Kind.Title());
            json.WriteString("name", database.Source);
            json.WriteString("from", service.Catalogue is { Databases: true } ? "catalogue" : "inventory");
        });
        json.WriteStrings("units", service.Units);
        json.WriteBoolean("stops", service.Stops);
        json.WriteBoolean("drilled", service.HasData && RestoreModule.IsDrilled(plan, service));
        json.WriteObjects("excludes", Excludes(service), exclude =>
        {
            json.WriteString("pattern", exclude.Pattern);
            json.WriteString("from", exclude.From);
        });
        json.WriteStrings("jobs", Jobs(plan, service).Select(job => job.Name));
    }

    private static void Write(Utf8JsonWriter json, JobPlan job)
    {
        json.WriteString("name", job.Name);
        json.WriteString("destination", job.Destination.Id);
        json.WriteString("repository", job.Destination.Repository);
        Write(json, job.Schedule);
        json.WriteStartObject("retention");
        json.WriteBoolean("keepAll", job.Retention.KeepsAll);
        json.WriteNumber("last", job.Retention.Last);
        json.WriteNumber("hourly", job.Retention.Hourly);
        json.WriteNumber("daily", job.Retention.Daily);
        json.WriteNumber("weekly", job.Retention.Weekly);
        json.WriteNumber("monthly", job.Retention.Monthly);
        json.WriteNumber("yearly", job.Retention.Yearly);
        json.WriteEndObject();
    }
}
