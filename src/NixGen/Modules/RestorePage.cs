using NixGen.Inventory;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>RESTORE.md</c> says: how the data of a host comes back, for whoever has to do it.</summary>
internal static class RestorePage
{
    // Where the guide lets restic put whole snapshots: a folder below the one where the reader is.
    private const string Restored = "restored";

    public static ScriptObject Compose(HostPlan plan)
    {
        var services = plan.Services.Where(service => service.HasData).ToList();
        return Model.Of(
            ("services", Model.List(services.Select(service => Service(plan, service)))),
            ("without_units", Model.List(services.Where(service => service.Units.Count == 0).Select(service => service.Title))),
            ("left_out", PageParts.LeftOut(plan)),
            ("never", PageParts.Never(plan)),
            ("jobs", Model.List(plan.Jobs.Select(Job))),
            ("hand_written", Model.List(plan.Jobs.Where(job => job.IsNightly).Take(1).Select(Job))),
            ("destinations", Model.List(plan.Destinations.Select(destination => Destination(plan, destination)))),
            ("secrets_units", Model.List(plan.Secrets.Select(set => SecretsModule.Unit(set.Consumer)))),
            ("token", plan.TokenFile is { } token ? Token(plan, token.Value) : null),
            ("secret_files", Model.List(SecretFiles(plan))),
            ("backrest", plan.Backrest is { } backrest ? backrest.Secrets.Place(backrest.Password) : null),
            ("restored", Restored),
            ("sqlite", Model.List(Of(services, DatabaseKind.Sqlite).Select(pair => Sqlite(pair.Service, pair.Database)))),
            ("postgresql", Model.List(Of(services, DatabaseKind.PostgreSql).Select(pair => Dump(pair.Service, pair.Database)))),
            ("postgresql_roles", Model.List(services
                .Where(service => service.Databases.Any(database => database.Kind == DatabaseKind.PostgreSql))
                .Select(service => $"{Restored}{service.Copies}/postgresql/globals.sql"))),
            ("mariadb", Model.List(Of(services, DatabaseKind.MariaDb).Select(pair => Dump(pair.Service, pair.Database)))));
    }

    private static ScriptObject Service(HostPlan plan, ServicePlan service)
    {
        var jobs = plan.Jobs.Where(job => job.Services.Any(other => other.Name == service.Name)).ToList();
        var files = service.Databases.Where(database => database.Kind == DatabaseKind.Sqlite).Select(database => database.Source);
        return Model.Of(
            ("name", service.Name),
            ("title", service.Title),
            ("paths", Model.List(service.Paths.Select(path => path.Path))),
            ("databases", Model.List(service.Databases.Select(PageParts.Database))),
            ("units", Model.List(service.Units)),
            ("other_jobs", Model.List(jobs.Skip(1).Select(Job))),
            // Beside each of these, what was there before.
            ("replaced", Model.List(RestoreModule.Outermost([.. service.Paths.Select(path => path.Path), .. files]))));
    }

    private static ScriptObject Job(JobPlan job) => Model.Of(
        ("name", job.Name),
        ("destination", job.Destination.Id),
        ("services", string.Join(", ", job.Services.Select(service => service.Title))));

    private static ScriptObject Destination(HostPlan plan, DestinationPlan destination)
    {
        var variables = destination.Variables.ToList();
        return Model.Of(
            ("id", destination.Id),
            ("repository", destination.Repository),
            ("local", destination.Kind == RepositoryKind.Local),
            ("one_password", destination.Secrets.Declaration.Source is OnePasswordSource),
            // Once is enough.
            ("signs_in", destination == plan.Destinations.FirstOrDefault(other => other.Secrets.Declaration.Source is OnePasswordSource)),
            ("names", string.Join(' ', variables.Select(variable => variable.Name))),
            ("secrets", Model.List(variables.Select(variable => Model.Of(
                ("variable", variable.Name),
                ("place", destination.Secrets.Place(variable)),
                ("reference", destination.Secrets.Declaration.Source is OnePasswordSource source
                    ? SecretsModule.Reference(destination.Secrets, source, variable)
                    : null))))),
            ("jobs", Model.List(plan.Jobs.Where(job => job.Destination.Id == destination.Id).Select(Job))));
    }

    private static ScriptObject Token(HostPlan plan, string file) => Model.Of(
        ("file", file),
        ("folder", Folder(file)),
        ("vaults", string.Join(" and ", plan.Secrets
            .Where(set => set.Declaration.Source is OnePasswordSource)
            .Select(set => set.Vault)
            .Distinct())));

    private static IEnumerable<ScriptObject> SecretFiles(HostPlan plan) =>
        from set in plan.Secrets
        where set.Declaration.Source is FileSource
        from variable in set.Declaration.Source.Variables
        group (set.Consumer, variable.Name) by variable.Reference into file
        orderby file.Key
        select Model.Of(
            ("file", file.Key),
            ("folder", Folder(file.Key)),
            ("holds", string.Join(" and ", file.Select(use => $"{use.Name} of {use.Consumer}"))));

    private static string Folder(string file) => file.LastIndexOf('/') is > 0 and var end ? file[..end] : "/";

    private static IEnumerable<(ServicePlan Service, DatabasePlan Database)> Of(IEnumerable<ServicePlan> services, DatabaseKind kind) =>
        services.SelectMany(service => service.Databases.Where(database => database.Kind == kind).Select(database => (service, database)));

    private static ScriptObject Sqlite(ServicePlan service, DatabasePlan database) => Model.Of(
        ("copy", $"{Restored}{service.Copies}/{database.Copy}"),
        ("place", Restored + database.Source),
        ("folder", Restored + Folder(database.Source)));

    private static ScriptObject Dump(ServicePlan service, DatabasePlan database) => Model.Of(
        ("name", database.Source),
        ("copy", $"{Restored}{service.Copies}/{database.Copy}"));
}
