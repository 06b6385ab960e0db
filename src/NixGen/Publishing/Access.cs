using NixGen.Findings;

namespace NixGen.Publishing;

/// <summary>Opens the output folder to a run, and puts into findings what stands against it.</summary>
internal static class Access
{
    /// <summary>For a run that writes: makes the folder when it is not there, and holds it alone.</summary>
    /// <returns>The lock; null after an error, which was reported.</returns>
    /// <exception cref="DiskException">The folder cannot be made.</exception>
    public static DirectoryLock? ForWriting(Disk disk, TimeSpan patience, FindingList findings)
    {
        if (disk.Look("").Kind == EntryKind.Missing)
            disk.CreateFolder("");
        return Take(disk, exclusive: true, patience, findings);
    }

    /// <summary>For a run that reads. What is not there needs no lock.</summary>
    /// <returns>The lock; null after an error, which was reported.</returns>
    public static DirectoryLock? ForReading(Disk disk, TimeSpan patience, FindingList findings) =>
        Directory.Exists(disk.Root) || File.Exists(disk.Root)
            ? Take(disk, exclusive: false, patience, findings)
            : DirectoryLock.None;

    private static DirectoryLock? Take(Disk disk, bool exclusive, TimeSpan patience, FindingList findings)
    {
        var at = new SourceSpan(disk.Show(""));
        try
        {
            if (disk.Look("").Kind != EntryKind.Folder)
            {
                findings.Report(Codes.ForeignFile, at, "is a file, and the output folder belongs there");
                return null;
            }
            var hold = DirectoryLock.Take(disk.Root, exclusive, patience);
            if (hold is null)
                findings.Report(
                    Codes.Busy,
                    at,
                    $"another nixgen is at work here and did not finish within {patience.TotalSeconds:0.#} s"
                );
            return hold;
        }
        catch (DiskException e)
        {
            findings.Report(Codes.CannotRead, at, $"cannot be read: {e.Reason}");
            return null;
        }
    }
}
