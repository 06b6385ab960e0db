using NixGen.Catalogue;
using NixGen.Findings;

namespace NixGen.Inventory.Reading;

/// <summary>A file of the inventory.</summary>
/// <param name="Name">As the user would write it, with forward slashes; for findings.</param>
/// <param name="Path">For the operating system.</param>
internal readonly record struct InventoryFile(string Name, string Path);

/// <summary>Which files make up the inventory.</summary>
internal static class InventoryFiles
{
    private static readonly string[] DefaultNames = ["inventory.yaml", "inventory.yml", "inventory"];

    // Links to folders are followed; one that leads back to a folder above would otherwise never end.
    private const int MaxFolders = 32;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The files, in the order in which they are read; empty after a finding.</summary>
    public static IReadOnlyList<InventoryFile> Find(string? option, string workingDirectory, FindingList findings)
    {
        if ((option ?? DefaultName(workingDirectory, findings)) is not { } name)
            return [];

        var path = Path.Combine(workingDirectory, name);
        if (name.Length > 0 && Directory.Exists(path))
            return InFolder(Shown(name), path, findings);
        if (name.Length > 0 && Path.Exists(path) || IsLink(path))
            return [new InventoryFile(Shown(name), path)];

        findings.Report(Codes.NoInventory, null, $"--inventory names '{name}', which does not exist");
        return [];
    }

    private static string? DefaultName(string workingDirectory, FindingList findings)
    {
        var present = DefaultNames.Where(name => Path.Exists(Path.Combine(workingDirectory, name))).ToArray();
        if (present.Length == 1)
            return present[0];

        var shown = present.Select(name => name == "inventory" ? "inventory/" : name);
        if (present.Length == 0)
            findings.Report(Codes.NoInventory, null, "there is neither inventory.yaml nor inventory/ here");
        else
            findings.Report(Codes.NoInventory, null, $"which inventory is meant? There are {string.Join(" and ", shown)}",
                "Keep one of them, or name one with --inventory.");
        return null;
    }

    private static IReadOnlyList<InventoryFile> InFolder(string name, string path, FindingList findings)
    {
        var files = new List<InventoryFile>();
        var before = findings.Count;
        var folders = new Stack<(string Prefix, string Path, int Depth)>();
        folders.Push((name is "." or "/" ? name.TrimStart('.') : name + "/", path, 1));
        while (folders.TryPop(out var folder))
        {
            try
            {
                foreach (var entry in new DirectoryInfo(folder.Path).EnumerateFileSystemInfos("*", Everything))
                {
                    if (entry.Name.StartsWith('.'))
                        continue;
                    // The user's catalogue is no part of the inventory.
                    if (folder.Depth == 1 && entry.Name == CatalogueSource.FileName)
                        continue;
                    if (entry is FileInfo && IsYaml(entry.Name))
                        files.Add(new InventoryFile(folder.Prefix + entry.Name, entry.FullName));
                    else if (entry is DirectoryInfo && folder.Depth < MaxFolders)
                        folders.Push((folder.Prefix + entry.Name + "/", entry.FullName, folder.Depth + 1));
                    else if (entry is DirectoryInfo)
                        throw new IOException($"more than {MaxFolders} folders deep; a link may lead back to a folder above");
                }
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                var reason = e is IOException ? e.Message.Split(" : '")[0] : "permission denied";
                findings.Report(Codes.CannotRead, new SourceSpan(folder.Prefix), $"the folder cannot be read: {reason}");
                break;
            }
        }

        if (files.Count == 0 && findings.Count == before)
            findings.Report(Codes.NoInventory, new SourceSpan(name + "/"), "the folder holds no .yaml file");
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    private static bool IsYaml(string name) =>
        Path.GetExtension(name.AsSpan()) is var extension
        && (extension.Equals(".yaml", StringComparison.OrdinalIgnoreCase) || extension.Equals(".yml", StringComparison.OrdinalIgnoreCase));

    // A link to nowhere does not "exist", but whoever named it should hear that it cannot be read.
    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static string Shown(string name)
    {
        var shown = name.Replace(Path.DirectorySeparatorChar, '/');
        while (shown.StartsWith("./", StringComparison.Ordinal) && shown.Length > 2)
            shown = shown[2..].TrimStart('/');
        return shown.Length > 1 ? shown.TrimEnd('/') : shown;
    }
}
