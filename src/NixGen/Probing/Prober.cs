using System.IO.Enumeration;
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
    /// <param name="excludes">At the root.</param>
    public static PathProbe Probe(string path, ResticExcludes excludes)
    {
        var look = FileLook.At(path);
        var walk = new Walk(look);
        switch (look.Kind)
        {
            case FileKind.Missing:
                return walk.Result(path, PathState.Missing);
            case FileKind.Unreadable:
                return walk.Result(path, PathState.Unreadable);
            case FileKind.Link:
                return walk.Result(path, PathState.Symlink, new FileInfo(path).LinkTarget);
            case FileKind.Folder:
                walk.Folder(path, excludes.At(path));
                return walk.Result(path, walk.HoldsFile ? PathState.Data : walk.UnreadableCount > 0 ? PathState.Unreadable : PathState.Empty);
            default:
                walk.File(path, look);
                return walk.Result(path, walk.UnreadableCount > 0 ? PathState.Unreadable : PathState.Data);
        }
    }

    /// <summary>A sum that stays at what a number can hold: sparse files can claim anything.</summary>
    internal static long Plus(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    private sealed class Walk(FileLook top)
    {
        private readonly SortedSet<string> _unreadable = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _mounts = new(StringComparer.Ordinal);
        private readonly List<FoundDatabase> _databases = [];
        private readonly SortedSet<SizedEntry> _largest = new(
            Comparer<SizedEntry>.Create((a, b) => a.Bytes != b.Bytes ? b.Bytes.CompareTo(a.Bytes) : string.CompareOrdinal(a.Path, b.Path)));
        private readonly HashSet<(ulong FileSystem, ulong Number)> _linked = [];
        private readonly Stack<(string Path, ulong FileSystem, ResticExcludes Excludes)> _folders = new();
        private long _files;
        private long _bytes;
        private long _leftOut;

        public long UnreadableCount { get; private set; }

        /// <summary>Whether there is one at all: the preflight of the backup takes what is left out for a file, too, and no symlink.</summary>
        public bool HoldsFile { get; private set; }

        public PathProbe Result(string path, PathState state, string? target = null) => new(
            path,
            state,
            target,
            _files,
            _bytes,
            _leftOut,
            [.. _unreadable],
            UnreadableCount,
            [.. _databases.OrderBy(database => database.Path, StringComparer.Ordinal)],
            [.. _mounts],
            [.. _largest]);

        public void Folder(string path, ResticExcludes excludes)
        {
            foreach (var name in Names(path, excludes.IsLeftOut))
            {
                var before = _bytes;
                Visit(path, name, top.FileSystem, excludes);
                // What stays out is walked, too: how much it is says whether an exclude does what was meant.
                while (_folders.TryPop(out var folder))
                {
                    foreach (var inner in Names(folder.Path, folder.Excludes.IsLeftOut))
                        Visit(folder.Path, inner, folder.FileSystem, folder.Excludes);
                }

                if (_bytes > before)
                    AddTo(_largest, new SizedEntry($"{path}/{name}", _bytes - before));
            }
        }

        private List<string> Names(string folder, bool isLeftOut)
        {
            var names = new List<string>();
            try
            {
                names.AddRange(new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.FileName.ToString(), Everything));
            }
            catch (DirectoryNotFoundException)
            {
                // Gone meanwhile.
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                if (!isLeftOut)
                    NotRead(folder);
            }

            return names;
        }

        private void Visit(string folder, string name, ulong fileSystem, ResticExcludes excludes)
        {
            var path = $"{folder}/{name}";
            var look = FileLook.At(path);
            if (look.Kind == FileKind.Folder)
            {
                var below = excludes.Into(name);
                if (look.FileSystem != fileSystem && !below.IsLeftOut)
                    AddTo(_mounts, path);
                _folders.Push((path, look.FileSystem, below));
            }
            else if (excludes.LeaveOutEntry(name))
            {
                _leftOut = Plus(_leftOut, look.Size);
                HoldsFile |= look.Kind == FileKind.File;
            }
            else
            {
                File(path, look);
            }
        }

        public void File(string path, FileLook look)
        {
            if (look.Kind == FileKind.Unreadable)
                NotRead(path);
            // Symlinks and pipes have no content. What is missing is gone meanwhile.
            if (look.Kind != FileKind.File)
                return;
            _files++;
            HoldsFile = true;
            // restic stores content once, whatever names it has.
            if (look.Names == 1 || _linked.Add((look.FileSystem, look.Number)))
                _bytes = Plus(_bytes, look.Size);
            var folder = Path.GetDirectoryName(path)!;
            // Every database of a PostgreSQL server has a PG_VERSION, too.
            if (path.EndsWith("/global/pg_control", StringComparison.Ordinal))
                _databases.Add(new FoundDatabase(Path.GetDirectoryName(folder)!, DatabaseKind.PostgreSql));
            else if (path.EndsWith("/ibdata1", StringComparison.Ordinal))
                _databases.Add(new FoundDatabase(folder, DatabaseKind.MariaDb));
            if (look.Size == 0)
                return;
            var isSqlite = FileLook.Begins(path, look.Size % LeastPage == 0 ? SqliteHeader : []);
            if (isSqlite is null)
                NotRead(path);
            else if (isSqlite == true && look.Size % LeastPage == 0)
                _databases.Add(new FoundDatabase(path, DatabaseKind.Sqlite));
        }

        private void NotRead(string path)
        {
            UnreadableCount++;
            AddTo(_unreadable, path);
        }

        private static void AddTo<T>(SortedSet<T> examples, T example)
        {
            examples.Add(example);
            if (examples.Count > Examples)
                examples.Remove(examples.Max!);
        }
    }
}
