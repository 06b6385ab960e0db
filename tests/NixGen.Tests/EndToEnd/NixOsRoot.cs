using System.Diagnostics;
using NixGen.Tests.Shell;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// The root directory of a machine in which absolute paths are real: <c>/var/lib/x</c> in a unit is <c>/var/lib/x</c> here, and a folder
/// below a temporary one outside. Programs are those of the machine that runs the test, which it sees as <c>/host</c>.
/// A mount namespace of its own, gone with the process that holds it, even if the test is killed.
/// </summary>
internal sealed class NixOsRoot : IDisposable
{
    // What the packages hold that the modules name. The first five are in the PATH of every unit.
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["coreutils"] = Machine.Coreutils,
        ["findutils"] = ["find", "xargs"],
        ["gnugrep"] = ["grep"],
        ["gnused"] = ["sed"],
        ["systemd"] = [],
        ["attr"] = ["getfattr", "setfattr"],
        ["bash"] = ["bash"],
        ["diffutils"] = ["cmp", "diff"],
        ["getent"] = ["getent"],
        ["jq"] = ["jq"],
        ["restic"] = ["restic"],
        ["sqlite"] = ["sqlite3"],
        ["util-linux"] = ["exch", "findmnt", "flock", "setpriv"],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Process? _keeper;

    public NixOsRoot()
    {
        foreach (var folder in new[] { "host", "etc", "home", "root", "run", "srv", "store", "tmp", "mnt", "var/cache", "var/lib", "var/tmp" })
            Directory.CreateDirectory(At("/" + folder));
        foreach (var name in new[] { "bin", "dev", "lib", "lib32", "lib64", "nix", "proc", "sbin", "sys", "usr" })
        {
            if (Directory.Exists("/" + name))
                File.CreateSymbolicLink(At("/" + name), "/host/" + name);
        }

        foreach (var file in new[] { "/etc/passwd", "/etc/group" })
            File.Copy(file, At(file));
        foreach (var (package, programs) in Packages)
        {
            Directory.CreateDirectory(At($"/store/{package}/bin"));
            foreach (var program in programs.Where(program => Tool.Find(program) is not null))
                File.CreateSymbolicLink(At($"/store/{package}/bin/{program}"), Host(program));
        }

        var keeper = Process.Start(new ProcessStartInfo(
            Tool.Require("unshare"),
            ["--mount", Tool.Require("bash"), "-c", """chmod 1777 "$1/tmp" "$1/var/tmp" && mount --bind "$1" "$1" && mount --rbind / "$1/host" && echo ready && exec chroot "$1" "$2" """, "-", At(""), Host("cat")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", keeper.StandardOutput.ReadLine());
        // Until chroot is done, an entering process would see the root of the host.
        for (var clock = Stopwatch.StartNew(); new FileInfo($"/proc/{keeper.Id}/root").LinkTarget == "/" && clock.Elapsed < TimeSpan.FromSeconds(10);)
            Thread.Sleep(5);
        _keeper = keeper;
    }

    /// <summary>Where something in the root directory is to this process, also below a mount of its own.</summary>
    public string At(string path) => (_keeper is null ? _folder.At("root") : $"/proc/{_keeper.Id}/root") + path;

    /// <summary>A program of the host as the root directory sees it.</summary>
    public static string Host(string program) =>
        "/host" + ToolProcess.Run("realpath", [Tool.Require(program)]).Succeeded().Output.TrimEnd('\n');

    /// <summary>Writes a file.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Writes a program, which another process puts in place: see <see cref="Machine"/>.</summary>
    public void WriteProgram(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.Delete(At(path));
        var staged = _folder.WriteProgram("staged", text);
        ToolProcess.Run("cp", ["-T", staged, At(path)]).Succeeded();
    }

    public string Read(string path) => File.ReadAllText(At(path));

    /// <summary>Runs bash in the root directory, with all rights.</summary>
    /// <param name="script">What it runs; arguments are <c>$1</c> and so on.</param>
    public ToolResult Bash(string script, params string[] arguments) =>
        ToolProcess.Run(Tool.Require("nsenter"), [.. Enter, Host("bash"), "-c", script, "-", .. arguments], environment: Clean);

    /// <summary>The arguments of <c>nsenter</c> before a program.</summary>
    public IReadOnlyList<string> Enter =>
        ["--target", _keeper!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), "--mount", "--root", "--wd", "--"];

    public static readonly Dictionary<string, string?> Clean = new() { ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin" };

    public void Dispose()
    {
        _keeper!.Kill(entireProcessTree: true);
        _keeper.WaitForExit();
        _keeper.Dispose();
        // What belongs to others, or has names that .NET cannot write.
        ToolProcess.Run("rm", ["-rf", "--one-file-system", _folder.Path]);
        _folder.Dispose();
    }
}
