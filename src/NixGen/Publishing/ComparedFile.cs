using NixGen.Findings;

namespace NixGen.Publishing;

/// <summary>How a file on disk relates to what the inventory says and to what NixGen wrote last.</summary>
internal enum FileState
{
    /// <summary>As the inventory says.</summary>
    Same,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>As NixGen wrote it, but from something else.</summary>
    Stale,

    /// <summary>NixGen wrote it, but not this text.</summary>
    Edited,

    /// <summary>Says that NixGen wrote it, but the manifest does not know it: an older generation, or an edit.</summary>
    Unlisted,

    /// <summary>NixGen did not write it.</summary>
    Foreign,

    /// <summary>A link, a folder, or a file where a folder belongs.</summary>
    InTheWay,

    /// <summary>The system does not let us look.</summary>
    Unreadable,
}

/// <summary>One file after the comparison.</summary>
/// <param name="Path">Relative to the output folder.</param>
/// <param name="Expected">What the inventory says; null when it does not ask for the file.</param>
/// <param name="State">How it was found.</param>
/// <param name="OnDisk">What it holds; null when it is not there, could not be read, or is the same.</param>
/// <param name="Reason">What is wrong with it, for people, when it is in the way or unreadable.</param>
internal sealed record ComparedFile(string Path, byte[]? Expected, FileState State, byte[]? OnDisk = null, string Reason = "")
{
    /// <summary>Where <see cref="Reason"/> applies: the file, or what stands in the way above it.</summary>
    public string Place { get; private init; } = Path;

    /// <summary>Nothing can be written while it is as it is.</summary>
    public bool Refused =>
        State == FileState.Unreadable || (Expected is not null && State is FileState.Foreign or FileState.InTheWay);

    /// <param name="disk">The output folder.</param>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the inventory says; null when it does not ask for the file.</param>
    /// <param name="written">The SHA-256 of what NixGen wrote last; null when it wrote nothing that it knows of.</param>
    public static ComparedFile Of(Disk disk, string path, byte[]? expected, string? written)
    {
        try
        {
            var entry = disk.Look(path);
            if (entry.Kind == EntryKind.Missing)
                return new(path, expected, FileState.Missing);
            if (entry.Kind != EntryKind.File || entry.Path != path)
                return new(path, expected, FileState.InTheWay, Reason: Describe(entry)) { Place = entry.Path };

            var content = disk.Read(entry);
            return expected is not null && content.AsSpan().SequenceEqual(expected)
                ? new(path, expected, FileState.Same)
                : new(path, expected, StateOf(content, written), content);
        }
        catch (DiskException e)
        {
            return new(path, expected, FileState.Unreadable, Reason: $"cannot be read: {e.Reason}");
        }
    }

    /// <summary>Reports why nothing can be written while this file is as it is.</summary>
    public void ReportRefusal(Disk disk, FindingList findings) =>
        findings.Report(
            State == FileState.Unreadable ? Codes.CannotRead : Codes.ForeignFile,
            new SourceSpan(disk.Show(Place)),
            State == FileState.Foreign ? "a file that NixGen did not write is in the way" : Reason
        );

    private static FileState StateOf(byte[] content, string? written)
    {
        if (written is not null)
            return Manifest.Hash(content) == written ? FileState.Stale : FileState.Edited;
        return Header.IsIn(content) ? FileState.Unlisted : FileState.Foreign;
    }

    private static string Describe(Entry entry) =>
        entry.Kind switch
        {
            EntryKind.Link => "is a symbolic link, and NixGen follows none",
            EntryKind.Folder => "is a folder, and a file belongs there",
            _ => "is a file, and a folder belongs there",
        };
}
