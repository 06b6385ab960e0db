using NixGen.Findings;

namespace NixGen.Publishing;

/// <summary>Writes generated files into the output folder, all or none of them, and nothing that is not NixGen's own.</summary>
/// <param name="folder">The output folder, as the user named it; made when it is not there.</param>
/// <param name="version">The version of NixGen, for the manifest.</param>
public sealed class Publisher(string folder, string version)
{
    /// <summary>How long to wait for another run on the same folder.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="Disk.BeforeStep"/>.</summary>
    internal Action<string>? BeforeStep { get; init; }

    /// <summary>
    /// Compares, and writes what differs. Files that are right already are not written, and when all are, nothing is.
    /// Findings: NG4001 and NG4002 when the system refuses, NG4003 for what is in the way, NG4008 and NG4010 for the manifest,
    /// NG4009 while another run does not end; NG4011 and NG4012 (warnings) for files edited by hand.
    /// </summary>
    /// <param name="files">All files of the hosts in <paramref name="scope"/>; others are ignored.</param>
    /// <param name="scope">Which hosts the run is about.</param>
    /// <param name="findings">Must hold no error; what is found is added.</param>
    /// <param name="mayReplace">Asked while nobody else can write to the folder; false leaves everything as it is.</param>
    /// <returns>What became of each file; null after an error.</returns>
    /// <exception cref="ArgumentException">A path is not plain, or there twice: a bug in the caller.</exception>
    public PublishResult? Publish(IReadOnlyList<GeneratedFile> files, PublishScope scope, FindingList findings, Func<bool>? mayReplace = null)
    {
        if (findings.HasErrors)
            return null;
        var disk = new Disk(folder) { BeforeStep = BeforeStep };
        try
        {
            using var hold = Access.ForWriting(disk, Patience, findings);
            return hold is null || mayReplace?.Invoke() == false ? null : Replace(disk, files, scope, findings);
        }
        catch (DiskException e)
        {
            findings.Report(Codes.CannotWrite, new SourceSpan(disk.Show(e.Path)), $"cannot be written: {e.Reason}");
            return null;
        }
    }

    private PublishResult? Replace(Disk disk, IReadOnlyList<GeneratedFile> files, PublishScope scope, FindingList findings)
    {
        if (Survey.Take(disk, version, files, scope, findings) is not { } survey)
            return null;
        survey.ReportRefusals(disk, findings);
        if (findings.HasErrors)
            return null;

        new Replacement(disk, survey).Run();
        foreach (var file in survey.Files.Concat(survey.LeftOvers))
            Warn(disk, file, findings);
        return new(survey.Files.Concat(survey.LeftOvers.Where(file => file.State == FileState.Stale)).Select(Outcome).ToList());
    }

    private static void Warn(Disk disk, ComparedFile file, FindingList findings)
    {
        var at = new SourceSpan(disk.Show(file.Path));
        if (file.Expected is null && file.State is FileState.Edited)
            findings.Report(Codes.LeftOverKept, at, "no longer asked for, but edited by hand; it was left in place");
        else if (file.Expected is null && file.State is FileState.InTheWay)
            findings.Report(
                Codes.LeftOverKept,
                at,
                $"no longer asked for, but not as NixGen left it: {disk.Show(file.Place)} {file.Reason}"
            );
        else if (file.State is FileState.Edited)
            findings.Report(Codes.EditReplaced, at, "the edit by hand was replaced");
        else if (file.State is FileState.Unlisted)
            findings.Report(
                Codes.EditReplaced,
                at,
                "replaced; the manifest does not list it, so it may have been edited by hand"
            );
    }

    private static PublishedFile Outcome(ComparedFile file) =>
        new(
            file.Path,
            file switch
            {
                { Expected: null } => FileChange.Removed,
                { State: FileState.Same } => FileChange.Unchanged,
                { State: FileState.Missing } => FileChange.Created,
                _ => FileChange.Changed,
            }
        );
}
