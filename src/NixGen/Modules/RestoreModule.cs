using NixGen.Inventory;
using NixGen.Languages.Systemd;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>restore.nix</c> says: the command that brings the data of a service back.</summary>
internal static class RestoreModule
{
    /// <returns>Null where nothing is backed up.</returns>
    public static ScriptObject? Compose(HostPlan plan)
    {
        var services = plan.Services.Where(service => service.HasData).ToList();
        return plan.Jobs.Count == 0 || services.Count == 0
            ? null
            : Model.Of(
                ("jobs", Model.Map(plan.Jobs, job => job.Name, job => job.Destination.Id)),
                ("max_age", Model.Map(plan.Jobs, job => job.Name, job => MaxAge(job))),
                ("drill", Drill(plan)),
                ("services", Model.List(services.Select(service => Service(plan, service)))),
                ("postgresql", services.Any(service => Has(service, DatabaseKind.PostgreSql))),
                ("mariadb", services.Any(service => Has(service, DatabaseKind.MariaDb))));
    }

    private static ScriptObject Service(HostPlan plan, ServicePlan service) => Model.Of(
        ("name", service.Name),
        ("title", service.Title),
        ("jobs", Model.List(plan.Jobs.Where(job => job.Services.Any(other => other.Name == service.Name)).Select(job => job.Name))),
        ("paths", Model.List(Outermost(service.Paths.Select(path => path.Path).ToList()))),
        ("required", Model.List(service.Paths.Where(path => !path.Optional).Select(path => path.Path).Concat(Copies(service)))),
        ("copies", service.Copies),
        ("sqlite", Of(service, DatabaseKind.Sqlite)),
        ("postgresql", Of(service, DatabaseKind.PostgreSql)),
        ("mariadb", Of(service, DatabaseKind.MariaDb)),
        ("units", Model.List(service.Units)),
        ("drill", IsDrilled(plan, service)));

    /// <summary>Whether a service is ever restored for a test.</summary>
    public static bool IsDrilled(HostPlan plan, ServicePlan service) => plan.Drill.Schedule is not null && service.MayBeDrilled;

    private static ScriptObject Drill(HostPlan plan) => Model.Of(
        ("services", plan.Drill.Services),
        ("scratch", plan.Drill.Scratch.Value),
        ("timer", plan.Services.Any(service => service.HasData && IsDrilled(plan, service)) ? ResticModule.When(plan.Drill.Schedule) : null),
        ("destinations", Model.List(plan.Destinations.Select(destination => destination.Id))),
        ("local", Model.List(plan.Destinations
            .Where(destination => destination.Kind == RepositoryKind.Local)
            .Select(destination => SystemdWord.Setting(destination.Repository)).Distinct())),
        ("remote", plan.Destinations.Any(destination => destination.Kind != RepositoryKind.Local)),
        ("token_setting", plan.TokenFile is { } token ? SystemdWord.Setting(token.Value) : null));

    // In days. Three missed runs, but a host that was off for a week has nothing to be blamed for.
    private static int MaxAge(JobPlan job) => Math.Max(8, 3 * job.Schedule.Calendar.LongestGap());

    /// <summary>Without those inside another one, which come back with it.</summary>
    public static IEnumerable<string> Outermost(IReadOnlyList<string> paths) =>
        paths.Where(path => !paths.Any(other => path.StartsWith(other + "/", StringComparison.Ordinal)));

    private static IEnumerable<string> Copies(ServicePlan service) => service.Copies is { } copies ? [copies] : [];

    private static bool Has(ServicePlan service, DatabaseKind kind) => service.Databases.Any(database => database.Kind == kind);

    private static ScriptArray Of(ServicePlan service, DatabaseKind kind) =>
        Model.List(service.Databases.Where(database => database.Kind == kind).Select(database => database.Source));
}
