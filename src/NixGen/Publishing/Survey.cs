using NixGen.Findings;

namespace NixGen.Publishing;

/// <summary>The output folder beside what the inventory says: all that publish and check need to know. Writes nothing.</summary>
/// <param name="Files">What the inventory asks for, by path.</param>
/// <param name="LeftOvers">What NixGen wrote and the inventory no longer asks for, by path.</param>
/// <param name="Temporaries">Temporary files of an interrupted run.</param>
/// <param name="Written">What NixGen wrote before.</param>
/// <param name="Manifest">The manifest as it should be.</param>
internal sealed record Survey(
    IReadOnlyList<ComparedFile> Files,
    IReadOnlyList<ComparedFile> LeftOvers,
    IReadOnlyList<string> Temporaries,
    WrittenFiles Written,
    byte[] Manifest
)
{
    // Names that differ in case only are one file on the usual file systems of macOS and Windows: to remove the old one there
    // would remove the new one.
    private static readonly StringComparer Naming = OperatingSystem.IsLinux()
        ? StringComparer.Ordinal
        : StringComparer.OrdinalIgnoreCase;

    public bool ManifestDiffers => Written.Utf8 is null || !Written.Utf8.AsSpan().SequenceEqual(Manifest);

    /// <summary>Also when the manifest is right, but a journal is to be worked into it first.</summary>
    public bool WritesManifest => ManifestDiffers || Written.Recovered;

    /// <returns>Null after an error that left nothing to compare, which was reported.</returns>
    public static Survey? Take(
        Disk disk,
        string version,
        IReadOnlyList<GeneratedFile> generated,
        PublishScope scope,
        FindingList findings
    )
    {
        var asked = Sort(generated, scope);
        if (WrittenFiles.Read(disk, findings) is not { } written)
            return null;

        var known = written.Manifest.Files;
        var files = new ComparedFile[asked.Count];
        var hashes = new string[asked.Count];
        ForEach(
            asked.Count,
            i =>
            {
                var (path, expected) = (asked[i].Path, asked[i].Utf8);
                hashes[i] = Publishing.Manifest.Hash(expected);
                files[i] = ComparedFile.Of(disk, path, expected, known.GetValueOrDefault(path));
            }
        );

        var paths = asked.Select(file => file.Path).ToHashSet(Naming);
        var leftOvers = known
            .Where(entry => scope.Covers(entry.Key) && !paths.Contains(entry.Key))
            .Select(entry => ComparedFile.Of(disk, entry.Key, expected: null, entry.Value))
            .ToList();

        var next = Publishing.Manifest.NoFiles();
        foreach (var (path, hash) in known.Where(entry => !scope.Covers(entry.Key)))
            next.Add(path, hash);
        for (var i = 0; i < files.Length; i++)
            next.Add(files[i].Path, hashes[i]);

        var manifest = new Manifest(version, next).ToUtf8();
        return new(files, leftOvers, Temporary(disk, files, written, findings), written, manifest);
    }

    /// <summary>Reports what stands against writing; a link above ten files once.</summary>
    public void ReportRefusals(Disk disk, FindingList findings)
    {
        foreach (var file in Files.Concat(LeftOvers).Where(file => file.Refused).DistinctBy(file => file.Place))
            file.ReportRefusal(disk, findings);
    }

    private static List<GeneratedFile> Sort(IReadOnlyList<GeneratedFile> generated, PublishScope scope)
    {
        var asked = generated.Where(file => scope.Covers(file.Path)).OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        for (var i = 0; i < asked.Count; i++)
        {
            if (!PlainPath.Is(asked[i].Path) || (i > 0 && asked[i].Path == asked[i - 1].Path))
                throw new ArgumentException($"The path {asked[i].Path} is not plain, or there twice.", nameof(generated));
        }
        return asked;
    }

    private static List<string> Temporary(Disk disk, ComparedFile[] files, WrittenFiles written, FindingList findings)
    {
        var found = new List<string>();
        var folders = files.Select(file => Disk.Parent(file.Path)).Concat(written.Folders).Append("").Distinct();
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            try
            {
                found.AddRange(disk.Temporaries(folder));
            }
            catch (DiskException e)
            {
                findings.Report(Codes.CannotRead, new SourceSpan(disk.Show(folder)), $"cannot be read: {e.Reason}");
            }
        }
        return found;
    }

    private static void ForEach(int count, Action<int> action)
    {
        // Threads cost more than they save for the handful of files of a homelab.
        if (count < 64)
        {
            for (var i = 0; i < count; i++)
                action(i);
        }
        else
        {
            Parallel.For(0, count, action);
        }
    }
}
