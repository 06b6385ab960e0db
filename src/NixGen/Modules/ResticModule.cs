using NixGen.Inventory;
using NixGen.Languages.Systemd;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>restic.nix</c> says.</summary>
internal static class ResticModule
{
    public static ScriptObject Compose(HostPlan plan)
    {
        var standard = plan.Services.Where(service => service.IsStandard).ToList();
        var local = plan.Destinations.Where(destination => destination.Kind == RepositoryKind.Local).ToList();
        return Model.Of(
            ("never", Model.Map(plan.NeverBackUp, never => never.Path, never => never.Reason)),
            ("hidden", Model.List(HiddenPlaces.All)),
            ("token_setting", plan.TokenFile is { } token ? SystemdWord.Setting(token.Value) : null),
            ("services", Model.List(standard.Select(Service))),
            ("from_catalogue", Model.List(plan.Services.Where(service => service.Catalogue is { Paths: true }).SelectMany(FromCatalogue))),
            ("has_excludes", standard.Any(service => service.Excludes.Count > 0)),
            ("copies", plan.Jobs.Any(job => PrepareModule.Copies(job).Any())),
            ("stops", plan.Jobs.Any(job => PrepareModule.Stops(job).Any())),
            ("has_nightly", plan.Jobs.Any(job => job.IsNightly)),
            ("left_out", Model.List(plan.Services
                .Where(service => service.NoBackup is not null)
                .Select(service => Model.Of(("title", service.Title), ("reason", service.NoBackup))))),
            ("jobs", Model.List(plan.Jobs.Select(job => Job(plan, job)))),
            ("destinations", Model.List(plan.Destinations.Select(Destination))),
            ("reclaim_options", SystemdWord.Value(PurgeModule.ReclaimOptions)),
            ("may_create", Model.List(plan.Destinations
                .Where(destination => destination is { IsMaintainedHere: true, Declaration.Initialize: true })
                .Select(destination => destination.Id))),
            ("local", Model.Map(local, destination => destination.Id, destination => SystemdWord.Setting(destination.Repository))),
            ("local_folders", Model.List(local.Select(destination => destination.Repository).Distinct())));
    }

    private static ScriptObject Service(ServicePlan service) => Model.Of(
        ("title", service.Title),
        ("summary", What(service)),
        ("paths", Model.List(service.BackedUp)),
        ("excludes", Model.List(service.Excludes)));

    private static IEnumerable<ScriptObject> FromCatalogue(ServicePlan service)
    {
        var entry = service.Catalogue!.Entry;
        foreach (var place in entry.State)
        {
            if (place.MovedBy is { } option)
                yield return Movable(service, place.Path, option, place.Unmoved);
            foreach (var part in place.Parts)
            {
                var path = part.Folder == "." ? place.Path : $"{place.Path}/{part.Folder}";
                yield return Movable(service, path, part.MovedBy, path);
            }
        }
    }

    private static ScriptObject Movable(ServicePlan service, string path, string option, string unmoved) => Model.Of(
        ("service", service.Name),
        ("path", path),
        ("option", option),
        ("unmoved", Model.List(Unmoved(unmoved, service.Catalogue!.Entry.DynamicUser))));

    // The folder; the link that systemd makes to it; and its name, for options that hold one.
    private static IEnumerable<string> Unmoved(string folder, bool dynamicUser)
    {
        yield return folder;
        var link = dynamicUser ? folder.Replace("/private/", "/", StringComparison.Ordinal) : folder;
        if (link != folder)
            yield return link;
        if (link.StartsWith(StateFolder, StringComparison.Ordinal))
            yield return link[StateFolder.Length..];
    }

    private const string StateFolder = "/var/lib/";

    private static string What(ServicePlan service) =>
        service.Covers is { } covers ? $"{service.Title}: {covers}" : service.Title;

    private static ScriptObject Job(HostPlan plan, JobPlan job)
    {
        var own = job.Services.Where(service => !(job.IsNightly && service.IsStandard)).ToList();
        var secrets = SecretsModule.Current(job.Destination.Id);
        return Model.Of(
            ("name", job.Name),
            ("destination", job.Destination.Id),
            ("repository", job.Destination.Repository),
            ("environment_file", secrets + "/env"),
            ("password_file", secrets + "/RESTIC_PASSWORD"),
            ("when_missing", plan.Missing == MissingPaths.Refuse ? "refuse" : "continue"),
            ("nightly", job.IsNightly),
            ("summary", Summary(job)),
            ("own", Model.List(own.Select(What))),
            ("own_paths", Sorted(own.SelectMany(service => service.BackedUp))),
            ("copies", Model.List(PrepareModule.Copies(job))),
            ("stops", Model.List(PrepareModule.Stops(job))),
            ("own_excludes", Sorted(own.SelectMany(service => service.Excludes))),
            ("optional", Sorted(Optional(job))),
            ("calendar", job.Schedule.Calendar.Normalized),
            ("randomized_delay", Delay(job.Schedule)),
            ("keep", Model.List(Keep(job.Retention))),
            ("prunes", job.Destination.IsMaintainedHere));
    }

    // One that two services share may be absent only if both say so.
    private static IEnumerable<string> Optional(JobPlan job)
    {
        var paths = job.Services.SelectMany(service => service.Paths).ToList();
        return paths.Select(path => path.Path).Except(paths.Where(path => !path.Optional).Select(path => path.Path));
    }

    private static string Summary(JobPlan job)
    {
        var who = job.IsNightly ? "The services of this host" : string.Join(", ", job.Services.Select(service => service.Title));
        return $"{who}, {job.Schedule.Calendar.Words}, to {job.Destination.Id}.";
    }

    private static ScriptObject Destination(DestinationPlan destination)
    {
        var maintenance = destination.IsMaintainedHere ? destination.Declaration.Maintenance : null;
        return Model.Of(
            ("id", destination.Id),
            ("reclaim", When(maintenance?.Reclaim)),
            ("check", When(maintenance?.Check)),
            ("check_slices", maintenance?.CheckSlices ?? 0));
    }

    /// <summary>What a timer says; null for never.</summary>
    public static ScriptObject? When(Schedule? schedule) => schedule is null
        ? null
        : Model.Of(("calendar", schedule.Calendar.Normalized), ("randomized_delay", Delay(schedule)));

    private static string? Delay(Schedule schedule) =>
        schedule.RandomizedDelay is { TotalSeconds: > 0 and var seconds } ? $"{(long)seconds}s" : null;

    private static IEnumerable<string> Keep(Retention retention) =>
        new (string Unit, int Count)[]
        {
            ("last", retention.Last),
            ("hourly", retention.Hourly),
            ("daily", retention.Daily),
            ("weekly", retention.Weekly),
            ("monthly", retention.Monthly),
            ("yearly", retention.Yearly),
        }
        .Where(keep => keep.Count > 0)
        .Select(keep => $"--keep-{keep.Unit} {keep.Count}");

    private static ScriptArray Sorted(IEnumerable<string> items) => Model.List(items.Distinct().Order(StringComparer.Ordinal));
}
