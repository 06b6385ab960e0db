using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Probing;

/// <summary>
/// Looks at declared paths on the machine that it runs on. It reads the names and sizes of files and the first bytes of those that can
/// be a database, follows no symlink and writes nothing.
/// </summary>
public static class Prober
{
    /// <summary>How many examples a probe names of what there may be thousands of.</summary>
    public const int Examples = 5;

    // https://www.sqlite.org/fileformat.html: the header string, and pages of at least 512 bytes, all of one size.
    private static readonly byte[] SqliteHeader = "SQLite format 3\0"u8.ToArray();

    private const int LeastPage = 512;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <param name="path">Absolute.</param>
    /// <param name="excludes">Absolute restic patterns.</param>
    public static PathProbe Probe(string path, IReadOnlyList<string> excludes)
    {
        var walk = new Walk(excludes);
        try
        {
            var info = new FileInfo(path);
            if (info.LinkTarget is { } target)
                return walk.Result(path, PathState.Symlink, target);
            if (Directory.Exists(path))
                walk.Folder(new DirectoryInfo(path));
            else if (info.Exists)
                walk.File(info, path);
            else
                return walk.Result(path, CanBeSeen(path) ? PathState.Missing : PathState.Unreadable);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return walk.Result(path, PathState.Unreadable);
        }

        return walk.Result(path, walk.Files > 0 || walk.LeftOut > 0 ? PathState.Data : walk.UnreadableCount > 0 ? PathState.Unreadable : PathState.Empty);
    }

    // To .NET, what lies in a folder that may not be entered does not exist.
    private static bool CanBeSeen(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!Directory.Exists(folder))
                continue;
            try
            {
                foreach (var _ in Directory.EnumerateFileSystemEntries(folder, "*", Everything))
                    break;
                return true;
            }
            catch (UnauthorizedAccessException)
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Walk(IReadOnlyList<string> excludes)
    {
        private readonly SortedSet<string> _unreadable = new(StringComparer.Ordinal);
        private readonly List<FoundDatabase> _databases = [];
        private readonly Dictionary<string, long> _sizes = new(StringComparer.Ordinal);
        private long _bytes;

        public long Files { get; private set; }

        public long LeftOut { get; private set; }

        public long UnreadableCount { get; private set; }

        public PathProbe Result(string path, PathState state, string? target = null) => new(
            path,
            state,
            target,
            Files,
            _bytes,
            LeftOut,
            [.. _unreadable],
            UnreadableCount,
            [.. _databases.OrderBy(database => database.Path, StringComparer.Ordinal)],
            [
                .. _sizes.Select(size => new SizedEntry(size.Key, size.Value))
                    .OrderByDescending(size => size.Bytes)
                    .ThenBy(size => size.Path, StringComparer.Ordinal)
                    .Take(Examples),
            ]);

        public void Folder(DirectoryInfo top)
        {
            // What stays out is walked, too: how much it is says whether an exclude does what was meant.
            var folders = new Stack<(DirectoryInfo Folder, string? Entry, bool IsLeftOut)>();
            folders.Push((top, null, false));
            while (folders.TryPop(out var next))
            {
                try
                {
                    foreach (var info in next.Folder.EnumerateFileSystemInfos("*", Everything))
                    {
                        var entry = next.Entry ?? info.FullName;
                        var isLeftOut = next.IsLeftOut || excludes.Any(pattern => ResticPattern.LeavesOut(pattern, info.FullName));
                        if (info is DirectoryInfo folder && folder.LinkTarget is null)
                            folders.Push((folder, entry, isLeftOut));
                        else if (isLeftOut)
                            LeftOut += Size(info);
                        else
                            File(info, entry);
                    }
                }
                catch (Exception e) when (e is UnauthorizedAccessException or IOException)
                {
                    if (!next.IsLeftOut)
                        NotRead(next.Folder.FullName);
                }
            }
        }

        public void File(FileSystemInfo info, string entry)
        {
            Files++;
            var size = Size(info);
            _bytes += size;
            _sizes[entry] = _sizes.GetValueOrDefault(entry) + size;
            if (info is not FileInfo || info.LinkTarget is not null)
                return;
            var folder = Path.GetDirectoryName(info.FullName)!;
            // Every database of a PostgreSQL server has a PG_VERSION, too.
            if (info.Name == "pg_control" && Path.GetFileName(folder) == "global")
                _databases.Add(new FoundDatabase(Path.GetDirectoryName(folder)!, DatabaseKind.PostgreSql));
            else if (info.Name == "ibdata1")
                _databases.Add(new FoundDatabase(folder, DatabaseKind.MariaDb));
            Look(info.FullName, size);
        }

        private void Look(string file, long size)
        {
            // Of pipes and devices the size is 0; opening them could wait for ever.
            if (size == 0)
                return;
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                if (size % LeastPage != 0)
                    return;
                Span<byte> header = stackalloc byte[SqliteHeader.Length];
                if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header.SequenceEqual(SqliteHeader))
                    _databases.Add(new FoundDatabase(file, DatabaseKind.Sqlite));
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                NotRead(file);
            }
        }

        private static long Size(FileSystemInfo info) =>
            info is FileInfo { LinkTarget: null, Exists: true } file ? file.Length : 0;

        private void NotRead(string path)
        {
            UnreadableCount++;
            _unreadable.Add(path);
            if (_unreadable.Count > Examples)
                _unreadable.Remove(_unreadable.Max!);
        }
    }
}
