using NixGen.Findings;

namespace NixGen.Inventory.Binding;

/// <summary>The databases of a service, by kind.</summary>
internal static class DatabaseBinding
{
    // PostgreSQL cuts names after 63 bytes, MariaDB refuses those over 64.
    private const int MaxLength = 63;

    public static List<Database>? Bind(KeyReader service, FindingList findings)
    {
        if (service.Keys("databases", "`databases`") is not { } keys)
            return null;
        var databases = new List<Database>();
        databases.AddRange(Each(keys, "sqlite", DatabaseKind.Sqlite, IsFile, findings));
        databases.AddRange(Each(keys, "postgresql", DatabaseKind.PostgreSql, IsName, findings));
        databases.AddRange(Each(keys, "mariadb", DatabaseKind.MariaDb, IsName, findings));
        keys.Done();
        return databases;
    }

    /// <summary>Whether a text names one database with its kind: <c>sqlite:/path</c>, <c>postgresql:name</c>, <c>mariadb:name</c>.</summary>
    public static bool IsId(string text) => text.Split(':', 2) switch
    {
        ["sqlite", ['/', ..] path] => IsFile(path),
        ["postgresql" or "mariadb", { Length: > 0 } name] => IsName(name),
        _ => false,
    };

    private static IEnumerable<Database> Each(
        KeyReader keys,
        string key,
        DatabaseKind kind,
        Func<string, bool> isUsable,
        FindingList findings)
    {
        foreach (var text in keys.List(key, node => Scalars.Text(node, key, findings)) ?? [])
        {
            if (isUsable(text.Value))
                yield return new Database(kind, text.Value, text.At);
            else
                findings.Report(Codes.BadDatabase, text.At, $"`{key}`: '{text.Value}' names no database");
        }
    }

    // Whoever reads it writes beside it, so it cannot lie in the root folder.
    private static bool IsFile(string path) =>
        path.StartsWith('/')
            ? Scalars.IsPlainPath(path) && path.LastIndexOf('/') > 0 && HiddenPlaces.Around(path) is null
            : Scalars.IsPlainPath("/" + path);

    // It becomes a file name and an argument of pg_dump and mariadb-dump.
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= MaxLength
        && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_')
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
