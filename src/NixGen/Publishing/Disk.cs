namespace NixGen.Publishing;

/// <summary>What stands at a path, seen without following links.</summary>
internal enum EntryKind
{
    Missing,
    File,
    Folder,
    Link,
}

/// <param name="Kind">What stands there.</param>
/// <param name="Path">The path asked for, or the link or file above it that is in the way.</param>
/// <param name="Length">Of a file, in bytes.</param>
internal readonly record struct Entry(EntryKind Kind, string Path, long Length = 0);

/// <summary>
/// The output folder. Every step that changes something is one call that the tests can stop before; paths are relative with
/// forward slashes. Links below the folder are never followed (the folder itself may be one: the user named it). What somebody
/// swaps for a link between the look and the step is not guarded against: who can do that can write to the folder anyway.
/// What the system refuses is thrown as <see cref="DiskException"/>, and nothing else.
/// </summary>
internal sealed class Disk(string folder)
{
    /// <summary>As in <c>.restic.nix.nixgen-new</c>, which is beside its target and thus on the same file system.</summary>
    private const string TemporaryEnding = ".nixgen-new";

    /// <summary>Called before each step that changes something; the tests throw here to stop as a killed process does.</summary>
    public Action<string>? BeforeStep { get; init; }

    /// <summary>The output folder, absolute.</summary>
    public string Root { get; } = Path.GetFullPath(folder);

    /// <summary>A path as the user would write it.</summary>
    public string Show(string path) => folder.Replace('\\', '/').TrimEnd('/') + (path.Length > 0 ? "/" + path : "");

    public static string Parent(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    public static string Temporary(string path)
    {
        var parent = Parent(path);
        return parent.Length == 0 ? $".{path}{TemporaryEnding}" : $"{parent}/.{path[(parent.Length + 1)..]}{TemporaryEnding}";
    }

    /// <summary>Temporary files of ours in a folder; none when it is no folder.</summary>
    public List<string> Temporaries(string parent) =>
        Guard(
            parent,
            () =>
            {
                if (LookBelow(parent).Kind != EntryKind.Folder)
                    return [];
                var names = Directory.EnumerateFiles(Full(parent), ".*" + TemporaryEnding).Select(name => Path.GetFileName(name));
                return names
                    .Select(name => parent.Length == 0 ? name : $"{parent}/{name}")
                    .Order(StringComparer.Ordinal)
                    .ToList();
            }
        );

    /// <summary>What stands at a path; the empty path is the output folder itself.</summary>
    public Entry Look(string path) => Guard(path, () => LookBelow(path));

    /// <summary>Reads a file that <see cref="Look"/> saw.</summary>
    public byte[] Read(Entry file) =>
        // Pipes and devices have no length, and to open one may wait for ever.
        file.Length == 0
            ? []
            : Guard(file.Path, () => File.ReadAllBytes(Full(file.Path)));

    /// <summary>Writes the temporary file beside a target, and the folders above it.</summary>
    public void Stage(string path, byte[] content) =>
        Step(
            $"stage {path}",
            path,
            () =>
            {
                // CreateNew never writes through a link. No fsync: it costs seconds for a thousand files that git holds, too,
                // and what a power cut spoils, check finds and generate mends.
                using var file = File.OpenHandle(Full(Temporary(path)), FileMode.CreateNew, FileAccess.Write);
                BeforeStep?.Invoke($"fill {path}");
                RandomAccess.Write(file, content, 0);
            }
        );

    /// <summary>Renames the temporary file over its target: readers see the old or the new one.</summary>
    public void Swap(string path) => Swap(path, path);

    /// <summary>The same, where the temporary file was staged under another name.</summary>
    public void Swap(string staged, string path) =>
        Step($"swap {path}", path, () => File.Move(Full(Temporary(staged)), Full(path), overwrite: true));

    public void Delete(string path) => Step($"delete {path}", path, () => File.Delete(Full(path)));

    public void CreateFolder(string path) => Step($"create {path}", path, () => Directory.CreateDirectory(Full(path)));

    /// <summary>Removes a folder, and the ones above it, as far as they are empty; never the output folder itself.</summary>
    public void RemoveIfEmpty(string path)
    {
        for (; path.Length > 0; path = Parent(path))
        {
            var kind = Look(path).Kind;
            if (kind == EntryKind.Missing)
                continue;
            if (kind != EntryKind.Folder || Guard(path, () => Directory.EnumerateFileSystemEntries(Full(path)).Any()))
                return;
            Step($"remove {path}", path, () => Directory.Delete(Full(path), recursive: false));
        }
    }

    private Entry LookBelow(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var above = LookAt(path[..slash]);
            if (above.Kind != EntryKind.Folder)
                return above.Kind == EntryKind.Missing ? above with { Path = path } : above;
        }
        return LookAt(path);
    }

    private Entry LookAt(string path)
    {
        var info = new FileInfo(Full(path));
        var attributes = info.Attributes;
        if (attributes == (FileAttributes)(-1))
            return new(EntryKind.Missing, path);
        if (attributes.HasFlag(FileAttributes.ReparsePoint) && path.Length > 0)
            return new(EntryKind.Link, path);
        return attributes.HasFlag(FileAttributes.Directory)
            ? new(EntryKind.Folder, path)
            : new(EntryKind.File, path, info.Length);
    }

    private string Full(string path) => Path.Combine(Root, path);

    private void Step(string name, string path, Action action)
    {
        BeforeStep?.Invoke(name);
        Guard(
            path,
            () =>
            {
                action();
                return true;
            }
        );
    }

    private static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiskException(path, e);
        }
    }
}
