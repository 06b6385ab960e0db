using NixGen.Catalogue;
using System.Globalization;
using NixGen.Inventory;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>BACKUPS.md</c> says: the backups of a host, for people.</summary>
internal static class BackupsPage
{
    public static ScriptObject Compose(HostPlan plan)
    {
        var services = plan.Services.Where(service => service.HasData).ToList();
        return Model.Of(
            ("services", Model.List(services.Select(Service))),
            ("has_details", services.Any(HasDetails)),
            ("left_out", PageParts.LeftOut(plan)),
            ("never", PageParts.Never(plan)),
            ("retired", Model.List(plan.Retired.Select(Retired))),
            ("accepted", Model.List(plan.Accepted.Select(accepted =>
                Model.Of(("code", accepted.Code.Id), ("what", accepted.Message), ("reason", accepted.Reason))))),
            ("secrets_live_in", string.Join(", ", plan.Secrets.Select(set => Provider(set.Declaration.Source)).Distinct())),
            ("jobs", Model.List(plan.Jobs.Select(Job))),
            ("destinations", Model.List(plan.Destinations.Select(Destination))),
            ("drill", plan.Drill.Schedule is { } drill && services.Any(service => service.MayBeDrilled) ? Drill(plan, drill, services) : null),
            ("restores", "/var/lib/backrest-restores/Downloads"),
            ("refuses", plan.Missing == MissingPaths.Refuse),
            ("backrest", plan.Backrest is { } backrest ? Backrest(backrest) : null));
    }

    private static ScriptObject Drill(HostPlan plan, Schedule schedule, List<ServicePlan> services) => Model.Of(
        ("when", schedule.Words),
        ("services", plan.Drill.Services),
        ("scratch", plan.Drill.Scratch.Value),
        ("never", Model.List(services.Where(service => !service.MayBeDrilled).Select(service => service.Title))));

    private static ScriptObject Retired(RetiredDeclaration entry) => Model.Of(
        ("kind", entry.Kind == RetiredKind.Retention ? "Longer retention of" : entry.Kind.ToString()),
        ("name", entry.Name),
        ("destination", entry.Destination ?? ""),
        ("date", entry.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("reason", entry.Reason));

    private static bool HasDetails(ServicePlan service) =>
        service.Catalogue?.Keys.Any() == true || service.Stops || service.Excludes.Count > 0 || service.Databases.Count > 0 || service.Paths.Any(path => path.Optional);

    private static ScriptObject Service(ServicePlan service) => Model.Of(
        ("title", service.Title),
        ("covers", service.Covers ?? ""),
        ("paths", Model.List(service.Paths.Select(path => path.Path))),
        // Of a live file there is a copy: to call it left out would frighten who looks for it.
        ("excludes", Model.List(service.LeftOut)),
        ("optional", Model.List(service.Paths.Where(path => path.Optional).Select(path => path.Path))),
        ("databases", Model.List(service.Databases.Select(PageParts.Database))),
        // Not below a path of the service.
        ("elsewhere", Model.List(service.Databases.Where(database => database.Kind != DatabaseKind.Sqlite).Select(PageParts.Database))),
        ("stops", service.Stops),
        ("units", Model.List(service.Units)),
        ("catalogue", service.Catalogue is { } use && use.Keys.Any() ? Catalogue(use) : null));

    private static ScriptObject Catalogue(CatalogueUse use) => Model.Of(
        ("entry", use.Entry.Name),
        ("verified", use.Entry.Verified),
        ("keys", Model.List(use.Keys)));

    private static ScriptObject Job(JobPlan job) => Model.Of(
        ("name", job.Name),
        ("destination", job.Destination.Id),
        ("when", job.Schedule.Words),
        ("keeps", job.Retention.Words),
        ("services", string.Join(", ", job.Services.Select(service => service.Title))
            + (job.IsNightly ? ", and what hand-written modules add" : "")));

    private static ScriptObject Destination(DestinationPlan destination)
    {
        var (declared, here) = (destination.Declaration.Maintenance, destination.IsMaintainedHere);
        var elsewhere = destination.Maintainer is { } host ? $"on host {host}" : "on no host of this inventory";
        return Model.Of(
            ("id", destination.Id),
            ("repository", destination.Repository),
            ("append_only", destination.Declaration.AppendOnly),
            ("reclaim", !here ? elsewhere : declared.Reclaim is { } reclaim ? reclaim.Words : "never"),
            ("check", !here ? elsewhere : declared.Check is { } check ? $"{check.Words}, all of it {(declared.CheckSlices == 1 ? "each time" : $"in {declared.CheckSlices} runs")}" : "never"),
            ("secrets", Model.List(destination.Variables
                .Select(variable => Model.Of(("variable", variable.Name), ("place", destination.Secrets.Place(variable)))))));
    }

    private static ScriptObject Backrest(BackrestPlan backrest) => Model.Of(
        ("listen", new System.Net.IPEndPoint(backrest.Listen.Address, backrest.Listen.Port).ToString()),
        ("user", backrest.User),
        ("password", backrest.Secrets.Place(backrest.Password)));

    private static string Provider(SecretSource source) => source switch
    {
        OnePasswordSource => "1Password",
        _ => "files of the host",
    };
}
