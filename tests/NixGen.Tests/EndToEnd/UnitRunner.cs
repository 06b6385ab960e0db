using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// Plays systemd for one oneshot service at a time: <c>ExecStartPre=</c> and <c>ExecStart=</c> in order until the first failure, then
/// <c>ExecStopPost=</c>; with the unit's environment, folders, credentials, capabilities, private network and temporary folders, and a
/// file system that it may write to only where the unit says so.
/// Not played: system call filters, device and process restrictions, resource limits (<c>systemd.exec(5)</c>).
/// </summary>
internal sealed class UnitRunner(NixOsRoot root)
{
    private static readonly string[] Directories = ["Runtime", "State", "Cache"];

    private static readonly Dictionary<string, string> Parents = new()
    {
        ["Runtime"] = "/run/",
        ["State"] = "/var/lib/",
        ["Cache"] = "/var/cache/",
    };

    /// <summary>The unit files, by name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; set; } = new Dictionary<string, string>();

    /// <summary>Changes the words of a command before it runs, such as how long it waits.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>> Rewrite { get; set; } = words => words;

    /// <summary><c>TimeoutStartSec=</c>, shortened for tests.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs a service after those that it wants, as the start of its timer does: whatever becomes of them, which is what `Wants=` means.
    /// </summary>
    public UnitResult Start(string name)
    {
        var log = new StringBuilder();
        foreach (var wanted in new UnitFile(Files[name + ".service"]).Units("Wants").Where(Files.ContainsKey))
            log.Append(Run(wanted[..^".service".Length]).Log);
        var result = Run(name);
        return result with { Log = log + result.Log };
    }

    /// <summary>Runs a service alone.</summary>
    public UnitResult Run(string name)
    {
        var unit = new UnitFile(Files[name + ".service"]);
        if (Prepare(unit) is { } early)
            return early;
        var played = ToolProcess.Run(Tool.Require("nsenter"), Command(unit), environment: NixOsRoot.Clean, timeout: Timeout + TimeSpan.FromMinutes(1));
        CleanUp(unit);
        return Result(played);
    }

    /// <summary>Starts a service that the caller kills, as a power failure would: nothing runs after that.</summary>
    public RunningUnit Begin(string name)
    {
        var unit = new UnitFile(Files[name + ".service"]);
        Assert.Null(Prepare(unit));
        var process = Process.Start(new ProcessStartInfo(Tool.Require("nsenter"), Command(unit)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new RunningUnit(process);
    }

    private UnitResult? Prepare(UnitFile unit)
    {
        Assert.Equal("oneshot", unit.One("Type"));
        Assert.Contains(unit.One("User"), new[] { null, "root" });
        foreach (var (kind, path) in Folders(unit))
        {
            Directory.CreateDirectory(root.At(path));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(root.At(path), (UnixFileMode)Convert.ToInt32(unit.One(kind + "DirectoryMode") ?? "0755", 8));
        }

        foreach (var credential in unit.All("LoadCredential").Select(value => UnitFile.Words(value).Single().Split(':', 2)))
        {
            if (!File.Exists(root.At(credential[1])))
                return new UnitResult("exit-code", 243, null, $"Failed to set up credentials: {credential[1]}\n");
            Directory.CreateDirectory(root.At("/run/credentials"));
            File.Copy(root.At(credential[1]), root.At($"/run/credentials/{credential[0]}"), overwrite: true);
        }

        var missing = unit.All("EnvironmentFile").FirstOrDefault(file => !File.Exists(root.At(file)));
        return missing is null ? null : new UnitResult("resources", null, null, $"Failed to load environment files: {missing}\n");
    }

    private void CleanUp(UnitFile unit)
    {
        foreach (var (kind, path) in Folders(unit))
        {
            if (kind == "Runtime" && !unit.Is("RuntimeDirectoryPreserve"))
                Directory.Delete(root.At(path), recursive: true);
        }
    }

    private static IEnumerable<(string Kind, string Path)> Folders(UnitFile unit) =>
        from kind in Directories
        let name = unit.One(kind + "Directory")
        where name is not null
        select (kind, Parents[kind] + name);

    private List<string> Command(UnitFile unit)
    {
        var script = new StringBuilder("set -u\n");
        var writable = Folders(unit).Select(folder => (folder.Path, Required: true)).Concat(unit.Paths("ReadWritePaths"));
        if (unit.One("ProtectSystem") == "strict")
        {
            foreach (var (path, required) in writable.Where(place => place.Required || Path.Exists(root.At(place.Path))))
                script.Append(CultureInfo.InvariantCulture, $"mount --bind {Quote(path)} {Quote(path)} || exit 226\n");
            if (unit.Is("PrivateTmp"))
                script.Append("mount -t tmpfs tmpfs /tmp && mount -t tmpfs tmpfs /var/tmp || exit 226\n");
            script.Append("mount -o remount,bind,ro / || exit 226\n");
        }

        script.Append(CultureInfo.InvariantCulture, $"umask {unit.One("UMask") ?? "0022"}\n");
        script.Append("limits=(--no-new-privs --inh-caps=-all --bounding-set=-all");
        foreach (var capability in (unit.One("CapabilityBoundingSet") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            script.Append(",+").Append(capability["CAP_".Length..].ToLowerInvariant());
        script.Append(")\nenvironment=(");
        foreach (var (name, value) in Environment(unit))
            script.Append(Quote($"{name}={value}")).Append(' ');
        script.Append(CultureInfo.InvariantCulture, $$"""
            )
            status=0
            failed=
            end=$((SECONDS + {{(int)Timeout.TotalSeconds}}))
            step() {
              timeout --kill-after=5 $((end - SECONDS)) setpriv "${limits[@]}" -- env -i "${environment[@]}" "$@"
            }
            start() {
              [[ $status != 0 ]] && return
              step "$@" || { status=$?; failed=$*; }
            }

            """);
        foreach (var words in unit.Commands("ExecStartPre").Concat(unit.Commands("ExecStart")))
            script.Append("start ").AppendJoin(' ', Rewrite(words).Select(Quote)).Append('\n');
        script.Append("end=$((SECONDS + 60))\n");
        foreach (var words in unit.Commands("ExecStopPost"))
            script.Append(CultureInfo.InvariantCulture, $"step {NixOsRoot.Host("env")} EXIT_CODE=exited EXIT_STATUS=\"$status\" ").AppendJoin(' ', words.Select(Quote)).Append('\n');
        script.Append("""printf '\n%s\n%s' "$status" "$failed" """);
        return
        [
            .. root.Enter, NixOsRoot.Host("unshare"), "--mount", .. unit.Is("PrivateNetwork") ? ["--net"] : Array.Empty<string>(),
            NixOsRoot.Host("bash"), "-c", script.ToString(),
        ];
    }

    private IEnumerable<(string Name, string Value)> Environment(UnitFile unit)
    {
        var environment = new Dictionary<string, string>
        {
            ["LANG"] = "C.UTF-8",
            ["HOME"] = "/root",
            ["CREDENTIALS_DIRECTORY"] = "/run/credentials",
        };
        foreach (var (kind, path) in Folders(unit))
            environment[kind.ToUpperInvariant() + "_DIRECTORY"] = path;
        foreach (var (name, value) in unit.Environment.Concat(
            unit.All("EnvironmentFile").SelectMany(file => UnitFile.ReadEnvironment(root.Read(file)))))
            environment[name] = value;
        return environment.Select(pair => (pair.Key, pair.Value));
    }

    private static UnitResult Result(ToolResult played)
    {
        var output = played.Output;
        var second = output.LastIndexOf('\n');
        var first = second < 1 ? -1 : output.LastIndexOf('\n', second - 1);
        Assert.True(first >= 0 && played.ExitCode == 0, $"exit code {played.ExitCode}, {output}{played.Error}");
        var status = int.Parse(output.AsSpan(first + 1, second - first - 1), CultureInfo.InvariantCulture);
        var result = status switch
        {
            0 => "success",
            124 => "timeout",
            > 128 => "signal",
            _ => "exit-code",
        };
        return new UnitResult(result, status, output[(second + 1)..], played.Error + output[..first]);
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''")}'";
}

/// <summary>How a run of a unit ended.</summary>
/// <param name="Result">As <c>systemctl show --property Result</c> says it.</param>
/// <param name="Status">The exit status of the last command that ran; null if none did.</param>
/// <param name="Failed">The command that failed, or nothing.</param>
/// <param name="Log">What the commands and systemd said.</param>
internal sealed record UnitResult(string Result, int? Status, string? Failed, string Log)
{
    public UnitResult Succeeded() => Result == "success" ? this : throw new Xunit.Sdk.XunitException($"{Result} {Status} {Failed}\n{Log}");

    /// <summary>Fails with this status, and says so in the log.</summary>
    public void FailedWith(string result, int? status, string line)
    {
        Assert.True((result, status) == (Result, Status), $"{Result} {Status} {Failed}\n{Log}");
        Assert.Contains(line, Log);
    }
}

/// <summary>A unit that is killed before it ends.</summary>
internal sealed class RunningUnit(Process process) : IDisposable
{
    /// <summary>Nothing of it goes on, and nothing is cleaned up.</summary>
    public void Kill()
    {
        // The one that starts the commands must not start another one.
        Signal("STOP", process.Id);
        // Below `timeout`, which takes note of the end: to restic, a dead process that nobody took note of is alive.
        foreach (var command in Children(process.Id).SelectMany(Children))
        {
            Signal("KILL", command);
            while (Directory.Exists($"/proc/{command}"))
                Thread.Sleep(5);
        }

        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static void Signal(string signal, int process) =>
        ToolProcess.Run("bash", ["-c", """kill -"$1" "$2" """, "-", signal, Number(process)]).Succeeded();

    // proc(5): the number of the parent is the second word after the name, which stands in parentheses.
    private static List<int> Children(int parent) =>
    [
        .. Process.GetProcesses()
            .Select(child => child.Id)
            .Where(child => File.Exists($"/proc/{child}/stat")
                && File.ReadAllText($"/proc/{child}/stat").Split(") ")[^1].Split(' ')[1] == Number(parent)),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
