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
            foreach (var kind in databases.GroupBy(database => database.Kind).OrderBy(kind => kind.Key))
                Add(lines, 4, kind.Key.Key(), [.. kind.Select(database => database.Name)]);
        }

        Add(lines, 2, "destinations", destinations ?? []);
        return lines.ToString();
    }

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
