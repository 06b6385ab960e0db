namespace NixGen.Publishing;

/// <summary>In what way a file in the output folder is not what the inventory says.</summary>
public enum DriftKind
{
    /// <summary>Generated from something else; NG4004.</summary>
    Stale,

    /// <summary>Not there; NG4005.</summary>
    Missing,

    /// <summary>There, but the inventory does not ask for it, or left by an interrupted run; NG4006.</summary>
    LeftOver,

    /// <summary>Changed after it was generated; NG4007.</summary>
    Edited,
}

/// <summary>A file in the output folder that is not what the inventory says.</summary>
/// <param name="Path">Relative to the output folder, with forward slashes.</param>
/// <param name="Kind">In what way.</param>
/// <param name="Diff">
/// A unified diff from what is on disk to what the inventory says, with <c>a/</c> and <c>b/</c> before the path: <c>patch -p1</c>
/// and <c>git apply</c> take it in the output folder. Lines are as on disk, control characters included. Empty for the temporary
/// file of an interrupted run.
/// </param>
public sealed record Drift(string Path, DriftKind Kind, string Diff);
