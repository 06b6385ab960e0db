using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NixGen.Tests.Shell;

/// <summary>
/// A folder in which generated scripts run as systemd would run them: with an environment of their own and a PATH that holds what
/// a unit on NixOS finds there, and nothing else.
/// </summary>
internal class Machine : IDisposable
{
    // The packages in the PATH of every unit (nixpkgs, nixos/lib/systemd-lib.nix); systemctl is a stand-in that each test brings.
    internal static readonly string[] Coreutils =
    [
        "base64", "basename", "cat", "chmod", "chown", "cp", "cut", "date", "dd", "df", "dirname", "echo", "env", "false", "head", "id", "install",
        "ln", "ls", "mkdir", "mkfifo", "mktemp", "mv", "nohup", "od", "printf", "readlink", "realpath", "rm", "rmdir", "seq", "sha256sum", "shuf", "sleep",
        "sort", "stat", "sync", "tac", "tail", "tee", "test", "timeout", "touch", "tr", "true", "truncate", "uname", "uniq", "wc",
    ];

    private static readonly string[] OtherPackages = ["find", "xargs", "grep", "sed"];

    private readonly TemporaryFolder _folder = new();
    private readonly GeneratedScripts _scripts;

    /// <param name="scripts">What can run.</param>
    /// <param name="places">Paths in the scripts that are moved into the folder.</param>
    public Machine(GeneratedScripts scripts, params ReadOnlySpan<string> places)
    {
        _scripts = scripts;
        foreach (var folder in new[] { "path", "packages/bin", "run", "state", "credentials", "tmp", "staged" })
            Directory.CreateDirectory(At(folder));
        foreach (var program in Coreutils.Concat(OtherPackages).Where(program => Tool.Find(program) is not null))
            File.CreateSymbolicLink(At("path", program), Tool.Require(program));

        foreach (var (name, text) in scripts.Texts)
        {
            if (!GeneratedScripts.IsScript(name))
            {
                Write($"staged/scripts/{name}", text);
                continue;
            }

            var moved = new StringBuilder(text).Replace(GeneratedScripts.Place, At("packages"));
            foreach (var place in places)
                moved.Replace(place, At("root") + place);
            foreach (var other in scripts.Texts.Keys)
                moved.Replace("{{" + other + "}}", At("scripts", other));
            _folder.WriteProgram($"staged/scripts/{name}", $"#!{Bash}\n{moved}");
        }

        Unstage("scripts", At("scripts"));
    }

    public static string Bash { get; } = Tool.Require("bash");

    public string At(params string[] parts) => _folder.At(parts);

    /// <summary>Where a path of a script has been moved to.</summary>
    public string Moved(string path) => At("root") + path;

    public string Write(string path, string text) => _folder.Write(path, text);

    public string Read(string path) => File.Exists(At(path)) ? File.ReadAllText(At(path)) : "";

    /// <summary>Makes a real program what the scripts find in its package.</summary>
    public void Package(params ReadOnlySpan<string> programs)
    {
        foreach (var program in programs)
            File.CreateSymbolicLink(At("packages", "bin", program), Tool.Require(program));
    }

    /// <summary>Puts a bash program into a package or, as <c>path/NAME</c>, into PATH; <c>$machine</c> is the folder.</summary>
    public void Stub(string path, string text)
    {
        var name = Path.GetFileName(path);
        _folder.WriteProgram($"staged/{name}", $"#!{Bash}\nmachine={_folder.Path}\n{text}\n");
        Unstage(name, path.Contains('/') ? At(path) : At("packages", "bin", path));
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">Its name, as the module gives it.</param>
    /// <param name="environment">Further variables.</param>
    /// <param name="through">What starts it, such as <c>setsid</c> with its arguments.</param>
    public ToolResult Run(string script, IEnumerable<(string Name, string Value)>? environment = null, params ReadOnlySpan<string> through) =>
        Execute([Bash, At("scripts", script)], environment, through);

    /// <summary>Runs a command line of a unit, which may name a program or a script.</summary>
    public ToolResult RunCommand(string command, IEnumerable<(string Name, string Value)>? environment = null)
    {
        var words = command.Replace("%%", "%").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return GeneratedScripts.Script(command) is { Length: > 0 } script
            ? Run(script, environment)
            : Execute([words[0].Replace(GeneratedScripts.Place, At("packages")), .. words[1..]], environment, []);
    }

    public ToolResult Execute(
        IEnumerable<string> command,
        IEnumerable<(string Name, string Value)>? environment = null,
        params ReadOnlySpan<string> through)
    {
        string[] words = [.. through, .. Clean(environment), .. command];
        return ToolProcess.Run(words[0], words[1..], timeout: TimeSpan.FromSeconds(60), workingDirectory: At("tmp"));
    }

    /// <summary>Starts a program that the caller ends; what it prints goes nowhere.</summary>
    public Process Start(params IEnumerable<string> command) => Start(command, null);

    /// <summary>The same with further variables.</summary>
    public Process Start(IEnumerable<string> command, IEnumerable<(string Name, string Value)>? environment)
    {
        string[] words = [.. Clean(environment), .. command];
        return Process.Start(new ProcessStartInfo(Tool.Require(words[0]), words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private IEnumerable<string> Clean(IEnumerable<(string Name, string Value)>? environment) =>
        ["env", "-i", .. Environment().Concat(environment ?? []).Select(variable => $"{variable.Name}={variable.Value}")];

    /// <summary>What systemd gives to the unit.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Environment() =>
    [
        ("PATH", At("path")),
        ("TMPDIR", At("tmp")),
        ("RUNTIME_DIRECTORY", At("run")),
        ("STATE_DIRECTORY", At("state")),
        ("CREDENTIALS_DIRECTORY", At("credentials")),
    ];

    /// <summary>The permissions of a file or folder, like 0400.</summary>
    public string Mode(params string[] parts) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(At(parts)), 8).PadLeft(4, '0');

    protected static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    // Another program writes it: while this process starts one for another test, the child would hold a file of ours open for
    // writing for a moment, and the kernel starts no program that is open for writing.
    private void Unstage(string staged, string target)
    {
        if (File.Exists(target))
            File.Delete(target);
        ToolProcess.Run("cp", ["-rT", At("staged", staged), target]).Succeeded();
    }
}
