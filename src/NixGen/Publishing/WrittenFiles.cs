using NixGen.Findings;

namespace NixGen.Publishing;

/// <summary>
/// What NixGen wrote into the folder before: the manifest, brought up to date with what an interrupted run left.
/// <para>
/// A run first writes the new manifest as a temporary file and renames it last, so the temporary file is the journal of a run
/// that was interrupted: what is on disk as it says, that run had written. Without it such files would seem edited by hand, and
/// new ones would be nobody's.
/// </para>
/// </summary>
/// <param name="Manifest">What NixGen wrote, as far as it can be known.</param>
/// <param name="Utf8">The manifest file as it is on disk; null when there is none.</param>
/// <param name="Recovered">Whether the journal knew more than the manifest on disk.</param>
/// <param name="Folders">Every folder where files of NixGen, temporary ones included, may be.</param>
internal sealed record WrittenFiles(Manifest Manifest, byte[]? Utf8, bool Recovered, IReadOnlySet<string> Folders)
{
    /// <summary>The manifest of a run that was interrupted; null if there was none.</summary>
    public Manifest? Interrupted { get; private init; }

    /// <returns>Null after an error, which was reported.</returns>
    public static WrittenFiles? Read(Disk disk, FindingList findings)
    {
        // Nothing is expected and nothing was written: the comparison only tells whether a plain file can be read.
        var file = ComparedFile.Of(disk, Manifest.Path, expected: null, written: null);
        if (file.State is FileState.InTheWay or FileState.Unreadable)
        {
            file.ReportRefusal(disk, findings);
            return null;
        }

        var manifest = Manifest.Empty;
        if (file.OnDisk is not null)
        {
            var reading = ManifestReading.Of(file.OnDisk);
            if (reading.Manifest is null)
            {
                findings.Report(reading.Code!, new SourceSpan(disk.Show(Manifest.Path), reading.Line), reading.Reason);
                return null;
            }
            manifest = reading.Manifest;
        }

        var journal = ReadJournal(disk);
        var recovered = Recover(disk, manifest, journal);
        var folders = manifest.Files.Keys.Concat(journal.Files.Keys).Select(Disk.Parent).ToHashSet(StringComparer.Ordinal);
        return new(recovered ?? manifest, file.OnDisk, recovered is not null, folders)
        {
            Interrupted = journal.Generator.Length > 0 ? journal : null,
        };
    }

    /// <returns>An empty one when there is no journal, or none that can be used: it may have been cut off.</returns>
    private static Manifest ReadJournal(Disk disk)
    {
        var journal = ComparedFile.Of(disk, Disk.Temporary(Manifest.Path), expected: null, written: null);
        return journal.OnDisk is null ? Manifest.Empty : ManifestReading.Of(journal.OnDisk).Manifest ?? Manifest.Empty;
    }

    private static Manifest? Recover(Disk disk, Manifest manifest, Manifest journal)
    {
        Manifest? recovered = null;
        foreach (var (path, hash) in journal.Files)
        {
            if (manifest.Files.GetValueOrDefault(path) == hash)
                continue;
            if (ComparedFile.Of(disk, path, expected: null, hash).State != FileState.Stale)
                continue;
            recovered ??= new(journal.Generator, new(manifest.Files, StringComparer.Ordinal));
            recovered.Files[path] = hash;
        }
        return recovered;
    }
}
