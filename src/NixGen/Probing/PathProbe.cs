using NixGen.Inventory;

namespace NixGen.Probing;

/// <summary>What stands at a declared path on the machine that the probe runs on.</summary>
public enum PathState
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A symlink: restic would store the link and nothing behind it.</summary>
    Symlink,

    /// <summary>A folder without a file in it; symlinks are none.</summary>
    Empty,

    /// <summary>A file or folder with data.</summary>
    Data,

    /// <summary>Something that may not even be looked at.</summary>
    Unreadable,
}

/// <summary>
/// What was found at a path. Sizes are in bytes, as files say them, sparse ones too; what excludes leave out is counted apart.
/// </summary>
/// <param name="Path">The path.</param>
/// <param name="State">What stands there.</param>
/// <param name="LinkTarget">Where a symlink leads, as it says it; null for all else.</param>
/// <param name="Files">How many files would be backed up; symlinks and pipes, which go along, are none.</param>
/// <param name="Bytes">Their size together; of several names for one file (hard links) the first counts.</param>
/// <param name="LeftOut">The size of what excludes leave out.</param>
/// <param name="Unreadable">What could not be read; the first <see cref="Prober.Examples"/>, by path.</param>
/// <param name="UnreadableCount">How much could not be read.</param>
/// <param name="Databases">Files of live databases that would be copied as they are, by path.</param>
/// <param name="Mounts">Folders in it that lie on another file system, which restic reads, too; the first of them, by path.</param>
/// <param name="Largest">The largest entries directly below the path, largest first.</param>
public sealed record PathProbe(
    string Path,
    PathState State,
    string? LinkTarget,
    long Files,
    long Bytes,
    long LeftOut,
    IReadOnlyList<string> Unreadable,
    long UnreadableCount,
    IReadOnlyList<FoundDatabase> Databases,
    IReadOnlyList<string> Mounts,
    IReadOnlyList<SizedEntry> Largest);

/// <summary>A database that was found by its content, not by its name.</summary>
/// <param name="Path">The file of an SQLite database; the folder of a server's.</param>
/// <param name="Kind">Such as <c>SQLite</c>.</param>
public sealed record FoundDatabase(string Path, DatabaseKind Kind);

/// <summary>A file or folder and the size of all in it, in bytes.</summary>
public sealed record SizedEntry(string Path, long Bytes);
