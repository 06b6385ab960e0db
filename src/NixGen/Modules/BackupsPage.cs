using NixGen.Catalogue;
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
            ("left_out", Model.List(plan.Services
                .Where(service => service.NoBackup is not null)
                .Select(service => Model.Of(("title", service.Title), ("reason", service.NoBackup))))),
            ("never", Model.List(plan.NeverBackUp.Select(never => Model.Of(("path", never.Path), ("reason", never.Reason))))),
            ("secrets_live_in", string.Join(", ", plan.Secrets.Select(set => Provider(set.Declaration.Source)).Distinct())),
            ("jobs", Model.List(plan.Jobs.Select(Job))),
            ("destinations", Model.List(plan.Destinations.Select(Destination))),
            ("restores", "/var/lib/backrest-restores/Downloads"),
            ("backrest", plan.Backrest is { } backrest ? Backrest(backrest) : null));
    }

    private static bool HasDetails(ServicePlan service) =>
        service.Catalogue?.Keys.Any() == true || service.Stops || service.Excludes.Count > 0 || service.Databases.Count > 0 || service.Paths.Any(path => path.Optional);

    private static ScriptObject Service(ServicePlan service) => Model.Of(
        ("title", service.Title),
        ("covers", service.Covers ?? ""),
        ("paths", Model.List(service.Paths.Select(path => path.Path))),
        ("excludes", Model.List(service.Excludes)),
        ("optional", Model.List(service.Paths.Where(path => path.Optional).Select(path => path.Path))),
        ("databases", Model.List(service.Databases.Select(Database))),
        // Not below a path of the service.
        ("elsewhere", Model.List(service.Databases.Where(database => database.Kind != DatabaseKind.Sqlite).Select(Database))),
        ("stops", service.Stops),
        ("units", Model.List(service.Units)),
        ("catalogue", service.Catalogue is { } use && use.Keys.Any() ? Catalogue(use) : null));

    private static ScriptObject Catalogue(CatalogueUse use) => Model.Of(
        ("entry", use.Entry.Name),
        ("verified", use.Entry.Verified),
        ("keys", Model.List(use.Keys)));

    private static ScriptObject Database(DatabasePlan database) =>
        Model.Of(("kind", CataloguePage.Word(database.Kind)), ("name", database.Source));

    private static ScriptObject Job(JobPlan job) => Model.Of(
        ("name", job.Name),
        ("destination", job.Destination.Id),
        ("when", When(job.Schedule)),
        ("keeps", Keeps(job.Retention)),
        ("services", string.Join(", ", job.Services.Select(service => service.Title))
            + (job.IsNightly ? ", and what hand-written modules add" : "")));

    internal static string When(Schedule schedule) => schedule.RandomizedDelay is { TotalSeconds: > 0 and var seconds }
        ? $"{schedule.Calendar.Words}, up to {Span((long)seconds)} later"
        : schedule.Calendar.Words;

    private static string Span(long seconds) => seconds switch
    {
        _ when seconds % 3600 == 0 => $"{seconds / 3600} h",
        _ when seconds % 60 == 0 => $"{seconds / 60} min",
        _ => $"{seconds} s",
    };

    internal static string Keeps(Retention retention) => retention.KeepsAll
        ? "everything"
        : string.Join(", ", new (int Count, string Unit)[]
        {
            (retention.Last, "last"),
            (retention.Hourly, "hourly"),
            (retention.Daily, "daily"),
            (retention.Weekly, "weekly"),
            (retention.Monthly, "monthly"),
            (retention.Yearly, "yearly"),
        }
        .Where(kept => kept.Count > 0)
        .Select(kept => $"{kept.Count} {kept.Unit}"));

    private static ScriptObject Destination(DestinationPlan destination)
    {
        var (declared, here) = (destination.Declaration.Maintenance, destination.IsMaintainedHere);
        var elsewhere = $"on host {declared.Host?.Value}";
        return Model.Of(
            ("id", destination.Id),
            ("repository", destination.Repository),
            ("reclaim", !here ? elsewhere : declared.Reclaim is { } reclaim ? When(reclaim) : "never"),
            ("check", !here ? elsewhere : declared.Check is { } check ? $"{When(check)}, all of it in {declared.CheckSlices} runs" : "never"),
            ("secrets", Model.List(Places(destination.Secrets)
                .Where(secret => secret.Variable != Inventory.Binding.SecretsBinding.BackrestPassword)
                .Select(secret => Model.Of(("variable", secret.Variable), ("place", secret.Place))))));
    }

    private static ScriptObject Backrest(BackrestPlan backrest) => Model.Of(
        ("listen", new System.Net.IPEndPoint(backrest.Listen.Address, backrest.Listen.Port).ToString()),
        ("user", backrest.User),
        ("password", Places(backrest.Secrets).Single(secret => secret.Variable == Inventory.Binding.SecretsBinding.BackrestPassword).Place));

    private static string Provider(SecretSource source) => source switch
    {
        OnePasswordSource => "1Password",
        _ => "files of the host",
    };

    // Where people find a secret; never the secret.
    private static IEnumerable<(string Variable, string Place)> Places(SecretsPlan set) => set.Declaration.Source.Variables
        .OrderBy(variable => variable.Name, StringComparer.Ordinal)
        .Select(variable => (variable.Name, set.Declaration.Source switch
        {
            OnePasswordSource source => $"1Password: vault {set.Vault}, item {source.Item}, field {variable.Reference}",
            _ => $"file {variable.Reference}",
        }));
}
