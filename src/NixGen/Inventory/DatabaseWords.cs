namespace NixGen.Inventory;

/// <summary>What kinds of databases are called.</summary>
public static class DatabaseWords
{
    /// <summary>For people.</summary>
    public static string Title(this DatabaseKind kind) => kind switch
    {
        DatabaseKind.PostgreSql => "PostgreSQL",
        DatabaseKind.MariaDb => "MariaDB",
        _ => "SQLite",
    };

    /// <summary>In the inventory.</summary>
    public static string Key(this DatabaseKind kind) => kind switch
    {
        DatabaseKind.PostgreSql => "postgresql",
        DatabaseKind.MariaDb => "mariadb",
        _ => "sqlite",
    };
}
