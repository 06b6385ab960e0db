using NixGen.Findings;

namespace NixGen.Publishing;

/// <summary>Compares the output folder with what the inventory says and writes nothing at all.</summary>
/// <param name="folder">The output folder, as the user named it; need not exist.</param>
/// <param name="version">The version of NixGen, for the manifest.</param>
public sealed class Checker(string folder, string version)
{
    /// <summary>How long to wait for a run that writes to the same folder.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Findings: NG4004 to NG4007, one for each drift; NG4001, NG4003, NG4008 to NG4010 as in <see cref="Publisher.Publish"/>.
    /// The manifest is compared like every other file.
    /// </summary>
    /// <param name="files">All files of the hosts in <paramref name="scope"/>; others are ignored.</param>
    /// <param name="scope">Which hosts the check is about.</param>
    /// <param name="findings">What is found is added.</param>
    /// <returns>What differs, by path, the manifest last; what could not be compared is only in the findings.</returns>
    /// <exception cref="ArgumentException">A path is not plain, or there twice: a bug in the caller.</exception>
    public IReadOnlyList<Drift> Check(IReadOnlyList<GeneratedFile> files, PublishScope scope, FindingList findings)
    {
        var disk = new Disk(folder);
        using var hold = Access.ForReading(disk, Patience, findings);
        return hold is null ? [] : Compare(disk, files, scope, findings);
    }

    private List<Drift> Compare(Disk disk, IReadOnlyList<GeneratedFile> generated, PublishScope scope, FindingList findings)
    {
        if (Survey.Take(disk, version, generated, scope, findings) is not { } survey)
            return [];

        survey.ReportRefusals(disk, findings);
        var drifts = new List<Drift>();
        var files = survey.Files.Concat(survey.LeftOvers).Where(file => !file.Refused);
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            if (Describe(file) is var (kind, code, message))
                Add(kind, code, file.Path, message, UnifiedDiff.Of(file.Path, file.OnDisk, file.Expected));
        }
        foreach (var temporary in survey.Temporaries)
            Add(DriftKind.LeftOver, Codes.LeftOver, temporary, "left by a run that was interrupted", diff: "");
        if (survey.ManifestDiffers)
        {
            var (kind, code, message) = DescribeManifest(survey.Written);
            Add(kind, code, Manifest.Path, message, UnifiedDiff.Of(Manifest.Path, survey.Written.Utf8, survey.Manifest));
        }
        return drifts;

        void Add(DriftKind kind, FindingCode code, string path, string message, string diff)
        {
            drifts.Add(new(path, kind, diff));
            findings.Report(code, new SourceSpan(disk.Show(path)), message);
        }
    }

    private static (DriftKind, FindingCode, string)? Describe(ComparedFile file) =>
        (file.State, LeftOver: file.Expected is null) switch
        {
            (FileState.Stale, true) => (DriftKind.LeftOver, Codes.LeftOver, "the inventory no longer asks for it"),
            (FileState.Edited or FileState.InTheWay, true) => (
                DriftKind.LeftOver,
                Codes.LeftOver,
                "the inventory no longer asks for it; changed since, so `nixgen generate` leaves it in place and forgets it"
            ),
            // Already gone; the manifest drifts, which is reported.
            (_, true) => null,
            (FileState.Same, _) => null,
            (FileState.Missing, _) => (DriftKind.Missing, Codes.MissingFile, "the inventory asks for it, and it is not there"),
            (FileState.Edited, _) => (DriftKind.Edited, Codes.EditedByHand, "changed after it was generated"),
            (FileState.Unlisted, _) => (
                DriftKind.Stale,
                Codes.Drifted,
                "not what the inventory says, and not listed in the manifest"
            ),
            _ => (DriftKind.Stale, Codes.Drifted, "generated from something else than the inventory says now"),
        };

    private (DriftKind, FindingCode, string) DescribeManifest(WrittenFiles written)
    {
        if (written.Utf8 is null)
            return (DriftKind.Missing, Codes.MissingFile, "the manifest is not there");
        return (
            DriftKind.Stale,
            Codes.Drifted,
            written.Manifest.Generator == version
                ? "the manifest is not what the inventory says"
                : $"written by NixGen {written.Manifest.Generator}; this is {version}"
        );
    }
}
