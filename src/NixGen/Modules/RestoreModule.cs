using NixGen.Inventory;
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
        ("units", Model.List(service.Units)));

    // A path inside another one comes back with it.
    private static IEnumerable<string> Outermost(List<string> paths) =>
        paths.Where(path => !paths.Any(other => path.StartsWith(other + "/", StringComparison.Ordinal)));

    private static IEnumerable<string> Copies(ServicePlan service) => service.Copies is { } copies ? [copies] : [];

    private static bool Has(ServicePlan service, DatabaseKind kind) => service.Databases.Any(database => database.Kind == kind);

    private static ScriptArray Of(ServicePlan service, DatabaseKind kind) =>
        Model.List(service.Databases.Where(database => database.Kind == kind).Select(database => database.Source));
}
