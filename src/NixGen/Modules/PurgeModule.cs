using NixGen.Inventory;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>purge.nix</c> says: the commands that take excluded data out of older snapshots, and give its space back.</summary>
internal static class PurgeModule
{
    /// <summary>How much may stay unused, and how much is moved in one run: the same for the weekly unit and the command.</summary>
    public const string ReclaimOptions = "--max-unused 10% --max-repack-size 2G";

    /// <returns>Null where nothing is backed up.</returns>
    public static ScriptObject? Compose(HostPlan plan) => plan.Jobs.Count == 0
        ? null
        : Model.Of(
            ("jobs", Model.List(plan.Jobs.Select(Job))),
            ("maintainers", Model.Map(plan.Destinations, destination => destination.Id, destination => destination.Maintainer ?? "")),
            ("reclaim_options", ReclaimOptions));

    private static ScriptObject Job(JobPlan job)
    {
        var databases = job.Services
            .SelectMany(service => service.Databases.Select(database => (Database: database, Copy: $"{service.Copies}/{database.Copy}")))
            .Where(item => item.Database.Kind == DatabaseKind.Sqlite)
            .ToList();
        return Model.Of(
            ("name", job.Name),
            ("destination", job.Destination.Id),
            ("databases", Model.Map(
                databases.SelectMany(item => ServiceDatabases.Files(item.Database).Select(file => (File: file, item.Copy)))
                    .DistinctBy(item => item.File),
                item => item.File,
                item => item.Copy)),
            ("live", Model.List(databases.SelectMany(item => ServiceDatabases.LiveFiles(item.Database)))));
    }
}
