using NixGen.Inventory;
using NixGen.Languages.Systemd;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>prepare.nix</c> says: what is done before restic reads, by units of their own.</summary>
internal static class PrepareModule
{
    /// <summary>The services whose databases are copied before a job. Their preflight asks whether that was done for this run.</summary>
    public static IEnumerable<string> Copies(JobPlan job) =>
        job.Services.Where(service => service.Copies is not null).Select(service => service.Name);

    /// <summary>The services that are stopped while a job reads.</summary>
    public static IEnumerable<string> Stops(JobPlan job) =>
        job.Services.Where(service => service.Stops).Select(service => service.Name);

    private static IEnumerable<string> Units(JobPlan job) =>
        Copies(job).Select(name => $"homelab-copy-{name}.service").Concat(Stops(job).Select(name => $"homelab-stop-{name}.service"));

    /// <returns>Null where no service needs any.</returns>
    public static ScriptObject? Compose(HostPlan plan)
    {
        var copied = plan.Services.Where(service => service.Copies is not null).ToList();
        var stopped = plan.Services.Where(service => service.Stops).ToList();
        return copied.Count + stopped.Count == 0
            ? null
            : Model.Of(
                ("copied", Model.List(copied.Select(Copied))),
                ("stopped", Model.List(stopped.Select(service => Model.Of(
                    ("name", service.Name),
                    ("unit", $"homelab-stop-{service.Name}"),
                    ("units", Model.List(service.Units)))))),
                ("jobs", Model.List(plan.Jobs.Where(job => Units(job).Any()).Select(job => Model.Of(
                    ("name", job.Name),
                    ("units", Model.List(Units(job))))))),
                ("sqlite", copied.Any(service => Of(service, DatabaseKind.Sqlite).Any())),
                ("postgresql", copied.Any(service => Of(service, DatabaseKind.PostgreSql).Any())),
                ("mariadb", copied.Any(service => Of(service, DatabaseKind.MariaDb).Any())));
    }

    private static ScriptObject Copied(ServicePlan service) => Model.Of(
        ("name", service.Name),
        ("unit", $"homelab-copy-{service.Name}"),
        ("sqlite", Model.List(Of(service, DatabaseKind.Sqlite))),
        ("postgresql", Model.List(Of(service, DatabaseKind.PostgreSql))),
        ("mariadb", Model.List(Of(service, DatabaseKind.MariaDb))),
        // The shared memory of a live database lies beside it, and reading takes part in its locks.
        ("writes", Model.List(Of(service, DatabaseKind.Sqlite)
            .Select(path => "-" + SystemdWord.Setting(path[..path.LastIndexOf('/')]))
            .Distinct()
            .Order(StringComparer.Ordinal))));

    private static IEnumerable<string> Of(ServicePlan service, DatabaseKind kind) =>
        service.Databases.Where(database => database.Kind == kind).Select(database => database.Source);
}
