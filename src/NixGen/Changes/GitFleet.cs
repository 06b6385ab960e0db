using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Changes;

/// <summary>What the hosts of an output folder backed up in a revision of git. Asks git, and writes nothing.</summary>
/// <param name="revision">The revision, as the user named it.</param>
/// <param name="folder">The output folder, as the user named it; it need not exist any more.</param>
/// <param name="workingDirectory">A folder of the repository, which a relative folder is relative to.</param>
public sealed class GitFleet(string revision, string folder, string workingDirectory)
{
    // A file of this length is not one of ours.
    private const int Longest = 64 << 20;

    /// <summary>Findings: NG5002 for what git cannot tell, and for a host; NG5005, NG4008 and NG4010 as for a folder.</summary>
    /// <param name="scope">Which hosts the run is about.</param>
    /// <param name="findings">What is found is added.</param>
    /// <returns>Null where nothing can be told of any host, after an error.</returns>
    public Fleet? Read(PublishScope scope, FindingList findings)
    {
        try
        {
            return Read(FilesOf(Commit()), scope, findings);
        }
        catch (GitException problem)
        {
            findings.Report(Codes.CannotCompare, null, problem.Message, problem.Help);
            return null;
        }
    }

    private Fleet? Read(IReadOnlyDictionary<string, string> blobs, PublishScope scope, FindingList findings)
    {
        if (!blobs.TryGetValue(Manifest.Path, out var manifestBlob))
            throw Nothing();
        var manifest = ManifestReading.Of(Content(manifestBlob));
        if (manifest.Manifest is null)
        {
            findings.Report(manifest.Code!, new SourceSpan(Show(Manifest.Path), manifest.Line), manifest.Reason);
            return null;
        }

        var reading = new FleetReading(scope, findings);
        foreach (var host in reading.Hosts(manifest.Manifest.Files.Keys))
        {
            var path = FleetReading.FileOf(host);
            if (blobs.TryGetValue(path, out var blob))
                reading.Add(host, Content(blob), Show(path));
            else
                reading.Missing(host, manifest.Manifest.Files.ContainsKey(path), Show(path));
        }

        return reading.Fleet;
    }

    private string Show(string path) => $"{revision}:{folder.TrimEnd('/')}/{path}";

    private GitException Nothing() => new(
        $"revision '{revision}' has no files of NixGen in '{folder}'",
        "Name a revision in which they are committed, and the folder with --output. If this is the first time, there is nothing to lose: --accept-shrink.");

    private string Commit()
    {
        // --end-of-options: a revision cannot be taken for an option.
        var commit = Git("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
        if (commit.Code == 0)
            return Text(commit).Trim();
        var inside = Git("rev-parse", "--is-inside-work-tree");
        throw inside.Code == 0
            ? new GitException(
                $"git knows no revision '{revision}', and there is no folder of this name",
                "Correct the name. In CI the checkout may hold the newest commit alone: fetch the history (actions/checkout: fetch-depth: 0).")
            : new GitException($"'{revision}' is no folder, and here is no git repository", "Go into the repository, or name a folder of generated files.", Why(inside));
    }

    /// <returns>From paths below the output folder to the ids of plain files; links are none.</returns>
    private Dictionary<string, string> FilesOf(string commit)
    {
        // Named from the top of the repository, so that nothing depends on where this runs, and as part of the name of a tree: there
        // git knows no wildcards.
        var top = Text(Git("rev-parse", "--show-prefix")).TrimEnd('\n');
        var relative = Path.IsPathRooted(folder) ? Path.GetRelativePath(workingDirectory, folder) : folder;
        var path = Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/" + top, relative)));
        if (Climbs(top, relative))
            throw new GitException($"'{folder}' lies outside of the git repository", "Name a folder of the repository with --output.");
        var tree = Git("ls-tree", "-r", "-z", "--full-tree", $"{commit}:{(path == "." ? "" : path)}");
        if (tree.Code != 0)
            throw Nothing();
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Text(tree).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            // mode, kind and id, then the path after a tab.
            var (entry, name) = line.Split('\t', 2) is [var left, var right] ? (left.Split(' '), right) : ([], "");
            if (entry is ["100644" or "100755", "blob", var id])
                files[name] = id;
        }

        return files;
    }

    // Path.GetFullPath does not go above the root without a word.
    private static bool Climbs(string top, string relative)
    {
        var depth = 0;
        foreach (var part in (top + "/" + relative).Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
                return true;
        }

        return false;
    }

    private byte[] Content(string blob)
    {
        var content = Git("cat-file", "blob", blob);
        return content.Code == 0 ? content.Output : throw new GitException($"git cannot read revision '{revision}'", "Repair the repository: git fsck.", Why(content));
    }

    private static string Text((int Code, byte[] Output, string Error) answer) => Encoding.UTF8.GetString(answer.Output);

    private static string Why((int Code, byte[] Output, string Error) answer) =>
        Lines(answer).FirstOrDefault(line => line.StartsWith("fatal: ", StringComparison.Ordinal))?["fatal: ".Length..] ?? Lines(answer).LastOrDefault() ?? "";

    private static string[] Lines((int Code, byte[] Output, string Error) answer) => answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private (int Code, byte[] Output, string Error) Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        // Nobody is there to answer, and a partial clone may ask.
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            // Read at the same time: a full pipe would block the other one.
            var error = process.StandardError.ReadToEndAsync();
            var output = Read(process.StandardOutput.BaseStream);
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            throw new GitException($"'{revision}' is no folder, and there is no program git to ask for a revision of this name", "Install git, or name a folder of generated files.");
        }
    }

    private byte[] Read(Stream stream)
    {
        using var content = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (stream.Read(buffer) is > 0 and var count)
        {
            if (content.Length + count > Longest)
                throw new GitException($"revision '{revision}' holds a file that is too large to be one of NixGen's", "Name another revision.");
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }

    private sealed class GitException(string message, string help, string detail = "") : Exception(detail.Length > 0 ? $"{message} ({detail})" : message)
    {
        public string Help { get; } = help;
    }
}
