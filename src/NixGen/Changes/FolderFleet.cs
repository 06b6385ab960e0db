using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Changes;

/// <summary>What the hosts of an output folder on disk back up.</summary>
/// <param name="folder">The folder, as the user named it.</param>
public sealed class FolderFleet(string folder)
{
    /// <summary>How long to wait for a run that writes to the folder.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether this run holds the folder already.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Findings: NG5002 and NG5005 for a host, NG4001, NG4003, NG4008 to NG4010 as in <see cref="Publisher.Publish"/>.</summary>
    /// <param name="scope">Which hosts the run is about.</param>
    /// <param name="isRequired">Whether there must be something; otherwise it may be the first run.</param>
    /// <param name="findings">What is found is added.</param>
    /// <returns>Null where nothing can be told of any host, after an error.</returns>
    public Fleet? Read(PublishScope scope, bool isRequired, FindingList findings)
    {
        var disk = new Disk(folder);
        using var hold = IsHeld ? DirectoryLock.None : Access.ForReading(disk, Patience, findings);
        if (hold is null || WrittenFiles.Read(disk, findings) is not { } written)
            return null;

        var reading = new FleetReading(scope, findings);
        foreach (var host in reading.Hosts(written.Utf8 is null ? Present() : written.Manifest.Files.Keys))
            Read(disk, written, host, reading, findings);
        if (!reading.Fleet.IsEmpty || !isRequired)
            return reading.Fleet;
        findings.Report(Codes.CannotCompare, new SourceSpan(disk.Show("")), "there are no files of NixGen here to compare with", "Name the folder of the generated files, or a revision of git.");
        return null;
    }

    private static void Read(Disk disk, WrittenFiles written, string host, FleetReading reading, FindingList findings)
    {
        var path = FleetReading.FileOf(host);
        var file = ComparedFile.Of(disk, path, expected: null, written.Manifest.Files.GetValueOrDefault(path));
        switch (file.State)
        {
            // The run that was interrupted had been allowed to remove it.
            case FileState.Missing when written.Interrupted?.Files.ContainsKey(path) == false:
                break;
            case FileState.Missing:
                reading.Missing(host, written.Manifest.Files.ContainsKey(path), disk.Show(path));
                break;
            case FileState.InTheWay or FileState.Unreadable or FileState.Foreign:
                reading.Unreadable(host);
                file.ReportRefusal(disk, findings);
                break;
            // Edited ones, too: git merges them without NixGen.
            default:
                reading.Add(host, file.OnDisk!, disk.Show(path));
                break;
        }
    }

    // Somebody may have deleted the manifest.
    private IEnumerable<string> Present() => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateDirectories(folder)
            .Select(each => FleetReading.FileOf(Path.GetFileName(each)))
            .Where(path => PlainPath.Is(path) && File.Exists(Path.Combine(folder, path)))
            .Order(StringComparer.Ordinal);
}
