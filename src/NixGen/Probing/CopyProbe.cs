using NixGen.Inventory;
using NixGen.Planning;

namespace NixGen.Probing;

/// <summary>How large the copy of a declared database is, which is what is backed up of it.</summary>
/// <param name="Database">The database.</param>
/// <param name="Path">Where its copy stands after a night.</param>
/// <param name="State">What stands where an SQLite database was declared; of another one, at its copy.</param>
/// <param name="Link">The symlink that leads to an SQLite database, and that a night would not follow; null without one.</param>
/// <param name="Bytes">The size; null where nothing tells it: a server keeps its data for itself, and there was no night yet.</param>
/// <param name="IsCopy">Whether it is that of the copy; otherwise it is that of the live file, which the copy will hardly exceed.</param>
public sealed record CopyProbe(DatabasePlan Database, string Path, PathState State, string? Link, long? Bytes, bool IsCopy)
{
    /// <param name="database">The database.</param>
    /// <param name="copies">The folder of the copies of its service.</param>
    public static CopyProbe Of(DatabasePlan database, string copies)
    {
        var path = $"{copies}/{database.Copy}";
        var copy = FileLook.At(path);
        var live = database.Kind == DatabaseKind.Sqlite ? FileLook.At(database.Source) : copy;
        var link = database.Kind == DatabaseKind.Sqlite
            ? HiddenPlaces.Upward(database.Source).FirstOrDefault(place => FileLook.At(place).Kind == FileKind.Link)
            : null;
        var state = live.Kind switch
        {
            _ when link is not null => PathState.Symlink,
            FileKind.File => PathState.Data,
            FileKind.Unreadable => PathState.Unreadable,
            _ => PathState.Missing,
        };
        var isCopy = copy.Kind == FileKind.File;
        return new CopyProbe(database, path, state, link, isCopy ? copy.Size : state == PathState.Data ? live.Size : null, isCopy);
    }
}
