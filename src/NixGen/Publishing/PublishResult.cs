namespace NixGen.Publishing;

/// <summary>What became of a file.</summary>
public enum FileChange
{
    /// <summary>It was right already and was not written.</summary>
    Unchanged,

    /// <summary>It was not there.</summary>
    Created,

    /// <summary>It held another text.</summary>
    Changed,

    /// <summary>The inventory no longer asks for it.</summary>
    Removed,
}

/// <summary>A file and what became of it.</summary>
/// <param name="Path">Relative to the output folder, with forward slashes.</param>
/// <param name="Change">What became of it.</param>
public sealed record PublishedFile(string Path, FileChange Change);

/// <summary>A finished run: the files in the output folder are what the inventory says.</summary>
/// <param name="Files">Every file of the run, by path. The manifest, which NixGen keeps for itself, is not among them.</param>
public sealed record PublishResult(IReadOnlyList<PublishedFile> Files)
{
    /// <summary>How many files met this fate.</summary>
    public int Count(FileChange change) => Files.Count(file => file.Change == change);
}
