using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>
/// A database that is backed up as files while it is written to. Who declares databases of a service, or stops it, has thought about
/// it; what the catalogue knows is then no reason to doubt.
/// </summary>
internal static class LiveDatabaseRule
{
    // Where NixOS keeps the data of servers: services.postgresql.dataDir, services.mysql.dataDir.
    private static readonly (string Folder, DatabaseKind Server)[] Servers =
        [("/var/lib/mysql", DatabaseKind.MariaDb), ("/var/lib/postgresql", DatabaseKind.PostgreSql)];

    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var service in plan.Services.Where(service => !service.Stops))
            CheckServers(plan, service, lints);
        foreach (var known in lints.Known(plan).Where(known => !known.Service.Stops && known.Service.Databases.Count == 0))
        {
            CheckFiles(plan, known, lints);
            if (known.IsNamed)
                CheckServed(plan, known, lints);
        }
    }

    private static void CheckFiles(HostPlan plan, KnownService known, Lints lints)
    {
        var root = known.Root;
        var files = known.Entry.Databases
            .Where(database => database.Kind == DatabaseKind.Sqlite)
            .Select(database => root is null || database.Name.StartsWith('/') ? database.Name : $"{root}/{database.Name}")
            .Where(file => !file.StartsWith('/') || (known.Reads(plan, file) && !IsCopied(plan, DatabaseKind.Sqlite, file)))
            .ToList();
        if (files.Count == 0)
            return;
        lints.Report(
            Codes.LiveDatabase,
            known.Service.At,
            $"service '{known.Service.Name}' is backed up while {known.Entry.Title} writes to SQLite: {string.Join(", ", files)}",
            plan.Declaration,
            known.Service.Declaration,
            help: $"If these are its databases: databases: {{ sqlite: [{string.Join(", ", files)}] }}. Or stop: true, with its units.");
    }

    private static void CheckServed(HostPlan plan, KnownService known, Lints lints)
    {
        foreach (var database in known.Entry.Databases.Where(database => database.Kind != DatabaseKind.Sqlite))
        {
            if (IsCopied(plan, database.Kind, database.Name))
                continue;
            lints.Report(
                Codes.LiveDatabase,
                known.Service.At,
                $"service '{known.Service.Name}' is backed up without the {database.Kind.Title()} database '{database.Name}' of {known.Entry.Title}",
                plan.Declaration,
                known.Service.Declaration,
                help: $"If that is its database: databases: {{ {database.Kind.Key()}: [{database.Name}] }}.");
        }
    }

    private static void CheckServers(HostPlan plan, ServicePlan service, Lints lints)
    {
        foreach (var path in service.Paths)
        {
            foreach (var (_, server) in Servers.Where(each => HiddenPlaces.Contains(each.Folder, path.Path)))
            {
                lints.Report(
                    Codes.LiveDatabase,
                    path.At,
                    $"'{path.Path}' of service '{service.Name}' holds the files of {server.Title()}, which writes to them meanwhile",
                    plan.Declaration,
                    service.Declaration,
                    help: $"Remove the path, and declare the databases of each service by name: databases: {{ {server.Key()}: [name] }}.");
            }
        }
    }

    private static bool IsCopied(HostPlan plan, DatabaseKind kind, string source) =>
        plan.Services.Any(service => service.Databases.Any(database => database.Kind == kind && database.Source == source));
}
