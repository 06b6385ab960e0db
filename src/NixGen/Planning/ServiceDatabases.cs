using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning;

/// <summary>Where the databases of a service are, where their copies go, and what of them is not backed up.</summary>
internal static class ServiceDatabases
{
    public static IReadOnlyList<DatabasePlan> Resolve(ServiceDeclaration service, FindingList findings) =>
    [
        .. (service.Databases ?? [])
            .Select(database => Resolve(service, database, findings))
            .OfType<DatabasePlan>()
            .DistinctBy(database => database.Copy)
            .OrderBy(database => database.Copy, StringComparer.Ordinal),
    ];

    /// <summary>The files that restic must not read while they change: the copy stands for all of them.</summary>
    public static IEnumerable<string> LiveFiles(DatabasePlan database) => Files(database).Select(ResticPattern.Exact);

    /// <summary>The same as paths.</summary>
    public static IEnumerable<string> Files(DatabasePlan database) => database.Kind != DatabaseKind.Sqlite
        ? []
        : SqliteSuffixes.Prepend("").Select(suffix => database.Source + suffix);

    /// <summary>What SQLite puts beside a database: https://www.sqlite.org/tempfiles.html.</summary>
    public static IReadOnlyList<string> SqliteSuffixes { get; } = ["-wal", "-shm", "-journal"];

    private static DatabasePlan? Resolve(ServiceDeclaration service, Database database, FindingList findings) => database.Kind switch
    {
        DatabaseKind.PostgreSql => new DatabasePlan(database.Kind, database.Name, $"postgresql/{database.Name}.dump"),
        DatabaseKind.MariaDb => new DatabasePlan(database.Kind, database.Name, $"mariadb/{database.Name}.sql"),
        _ => Absolute(service, database, findings) is { } path ? new DatabasePlan(database.Kind, path, "sqlite" + path) : null,
    };

    private static string? Absolute(ServiceDeclaration service, Database database, FindingList findings)
    {
        // restic ignores excludes for what it is told to back up by name, so the live file would go along.
        if (service.BackupPaths?.Any(path => path.Path == database.Name) == true)
        {
            findings.Report(Codes.BadDatabase, database.At, $"'{database.Name}' is a backup path itself", "Declare the folder that it lies in, or leave the path out: the copy is backed up.");
            return null;
        }

        if (database.Name.StartsWith('/'))
            return database.Name;
        if (service.BackupPaths is [var only])
            return $"{only.Path}/{database.Name}";
        if (!service.IsBroken)
        {
            findings.Report(
                Codes.BadDatabase,
                database.At,
                $"service '{service.Name}' has {service.BackupPaths?.Count ?? 0} backup paths: '{database.Name}' could be in any",
                "Write the path of the file in full.");
        }

        return null;
    }
}
