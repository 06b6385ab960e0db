using System.Collections.Concurrent;
using System.Text;
using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

/// <summary>An output folder for a test, in a folder that goes away afterwards.</summary>
internal sealed class Playground : IDisposable
{
    private static readonly ConcurrentDictionary<IReadOnlyList<GeneratedFile>, string> Snapshots = new();

    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory("nixgen-publishing-");

    public string Top => _top.FullName;

    public string Output => Path.Combine(Top, "generated");

    public string At(string path) => Path.Combine(Output, path);

    public string Read(string path) => File.ReadAllText(At(path));

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Publishes where nothing may stand against it; warnings are returned.</summary>
    public (PublishResult Result, IReadOnlyList<Finding> Findings) Publish(
        IReadOnlyList<GeneratedFile> files,
        PublishScope? scope = null,
        Action<string>? beforeStep = null,
        string version = "1"
    )
    {
        var (result, findings) = TryPublish(files, scope, beforeStep, version);
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        return (result!, findings);
    }

    public (PublishResult? Result, IReadOnlyList<Finding> Findings) TryPublish(
        IReadOnlyList<GeneratedFile> files,
        PublishScope? scope = null,
        Action<string>? beforeStep = null,
        string version = "1"
    )
    {
        var findings = new FindingList();
        var publisher = new Publisher(Output, version) { BeforeStep = beforeStep, Patience = TimeSpan.FromMilliseconds(100) };
        var result = publisher.Publish(files, scope ?? PublishScope.All, findings);
        Assert.Equal(findings.HasErrors, result is null);
        return (result, [.. findings]);
    }

    public (IReadOnlyList<Drift> Drifts, IReadOnlyList<Finding> Findings) Check(
        IReadOnlyList<GeneratedFile> files,
        PublishScope? scope = null,
        string version = "1"
    )
    {
        var before = Snapshot();
        var findings = new FindingList();
        var checker = new Checker(Output, version) { Patience = TimeSpan.FromMilliseconds(100) };
        var drifts = checker.Check(files, scope ?? PublishScope.All, findings);
        Assert.Equal(before, Snapshot());
        return (drifts, [.. findings]);
    }

    public void AssertClean(IReadOnlyList<GeneratedFile> files) => Assert.Empty(Check(files).Findings);

    /// <summary>Everything in the output folder, one entry a line, with content; two are equal if nothing differs.</summary>
    public string Snapshot()
    {
        var text = new StringBuilder();
        if (!Directory.Exists(Output))
            return "";
        foreach (
            var entry in new DirectoryInfo(Output)
                .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
                .OrderBy(e => e.FullName, StringComparer.Ordinal)
        )
        {
            text.Append(Path.GetRelativePath(Output, entry.FullName)).Append(": ");
            if (entry.LinkTarget is not null)
                text.Append("-> ").Append(entry.LinkTarget);
            else if (entry is FileInfo { Length: > 0 })
                text.Append(File.ReadAllText(entry.FullName));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>What a folder of its own holds after a first run.</summary>
    public static string SnapshotOf(IReadOnlyList<GeneratedFile> files) =>
        Snapshots.GetOrAdd(
            files,
            static files =>
            {
                using var other = new Playground();
                other.Publish(files);
                return other.Snapshot();
            }
        );

    public void Dispose() => _top.Delete(recursive: true);
}
