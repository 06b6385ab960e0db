using System.Text;
using NixGen.Inventory;
using NixGen.Languages.Yaml;

namespace NixGen.Auditing;

/// <summary>Services as lines of an inventory.</summary>
internal static class InventoryLines
{
    /// <summary>One service; no line break at the end.</summary>
    public static string Service(
        string name,
        IReadOnlyList<string> paths,
        IReadOnlyList<string> excludes,
        IReadOnlyList<(DatabaseKind Kind, string Name)> databases,
        IReadOnlyList<string>? destinations = null)
    {
        var lines = new StringBuilder($"{YamlScalar.Write(name)}:");
        Add(lines, 2, "backupPaths", paths);
        Add(lines, 2, "backupExcludes", excludes);
        if (databases.Count > 0)
        {
            lines.Append("\n  databases:");
            Add(lines, 4, "sqlite", Of(databases, DatabaseKind.Sqlite));
            Add(lines, 4, "postgresql", Of(databases, DatabaseKind.PostgreSql));
            Add(lines, 4, "mariadb", Of(databases, DatabaseKind.MariaDb));
        }

        Add(lines, 2, "destinations", destinations ?? []);
        return lines.ToString();
    }

    private static List<string> Of(IReadOnlyList<(DatabaseKind Kind, string Name)> databases, DatabaseKind kind) =>
        [.. databases.Where(database => database.Kind == kind).Select(database => database.Name)];

    private static void Add(StringBuilder lines, int indent, string key, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        lines.Append('\n').Append(' ', indent).Append(key).Append(':');
        if (values.Count == 1)
        {
            lines.Append($" [{YamlScalar.Write(values[0])}]");
            return;
        }

        foreach (var value in values)
            lines.Append('\n').Append(' ', indent + 2).Append("- ").Append(YamlScalar.Write(value));
    }
}
