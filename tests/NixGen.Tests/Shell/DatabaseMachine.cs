using System.Diagnostics;
using NixGen.Tests.EndToEnd;

namespace NixGen.Tests.Shell;

/// <summary>
/// Runs what copies databases and what backs the copies up, with the capabilities of the unit: root without the right to write
/// everywhere.
/// </summary>
internal sealed class DatabaseMachine : Machine
{
    /// <summary>Who owns the databases; nobody on this machine has this number.</summary>
    public const string Owner = "64001";

    private static readonly string[] AsUnit =
    [
        "setpriv", "--no-new-privs", "--inh-caps=-all",
        "--bounding-set=-all,+chown,+dac_read_search,+fowner,+setgid,+setuid",
    ];

    private static readonly Lazy<GeneratedScripts> LazyCellar = new(() => GeneratedScripts.Generate(Inventories.Cellar, "cellar"));
    private static readonly Lazy<GeneratedScripts> LazyServers = new(() => GeneratedScripts.Generate(Inventories.Cellar, "servers"));

    public DatabaseMachine(GeneratedScripts scripts, params ReadOnlySpan<string> programs)
        : base(scripts, Inventories.Root, "/run/homelab-copy", "/run/homelab-stop", "/var/lib/homelab-copies")
    {
        Package(["restic", "flock", "jq", .. programs]);
        foreach (var program in new[] { "setpriv", "flock", "exch" })
            File.CreateSymbolicLink(At("path", program), Tool.Require(program));
        Write("password", CheapRepository.Password + "\n");
        CheapRepository.Create(At("repository"));
        // Owners of databases go through here.
        ToolProcess.Run("chmod", ["0711", At(".")]).Succeeded();
        Directory.CreateDirectory(Moved(Inventories.Root));
    }

    /// <summary>A host with SQLite databases and a service that is stopped.</summary>
    public static GeneratedScripts Cellar => LazyCellar.Value;

    /// <summary>A host with servers of databases.</summary>
    public static GeneratedScripts Servers => LazyServers.Value;

    /// <summary>A path in the data of the services.</summary>
    public string Data(string path) => Moved(Inventories.Root) + "/" + path;

    public string State(string service) => Moved("/var/lib/homelab-copies/") + service;

    /// <summary>A file of the copies of a service.</summary>
    public string Copied(string service, string copy) => State(service) + "/current/" + copy;

    public string CopyOfFile(string service, string path) => Copied(service, "sqlite" + Data(path));

    public bool IsStamped(string service) => File.Exists(StampFile(service));

    public DateTime Stamp(string service) => File.GetLastWriteTimeUtc(StampFile(service));

    private string StampFile(string service) => Moved("/run/homelab-copy/") + service + "/done";

    /// <summary>What a failed run or a killed one leaves behind beside the copies.</summary>
    public IEnumerable<string> Leftovers(string service) =>
        Directory.EnumerateFileSystemEntries(State(service)).Select(path => Path.GetFileName(path)).Where(name => name is not ("current" or "lock"));

    public ToolResult Copy(string service, params IEnumerable<(string Name, string Value)> environment) =>
        Run($"homelab-copy-{service}", [.. CopyEnvironment(service), .. environment], AsUnit);

    /// <summary>Starts a copy as the leader of a group of processes, which is what systemd kills.</summary>
    public Process StartCopy(string service) =>
        Start([Tool.Require("setsid"), .. AsUnit.Select(word => word == "setpriv" ? Tool.Require(word) : word), Bash, At("scripts", $"homelab-copy-{service}")], CopyEnvironment(service));

    /// <summary>A command line of the copy for a script of a test.</summary>
    public string CopyCommand(string service) => string.Join(
        ' ',
        AsUnit.Concat(["env", "-i"])
            .Concat(Environment().Concat(CopyEnvironment(service)).Select(variable => $"{variable.Name}={variable.Value}"))
            .Concat([Bash, At("scripts", $"homelab-copy-{service}")]));

    /// <summary>The folders that systemd makes.</summary>
    private IEnumerable<(string Name, string Value)> CopyEnvironment(string service)
    {
        var runtime = Moved("/run/homelab-copy/") + service;
        Directory.CreateDirectory(runtime);
        if (!Directory.Exists(State(service)))
        {
            Directory.CreateDirectory(State(service));
            ToolProcess.Run("chmod", ["0711", State(service)]).Succeeded();
        }

        return [("RUNTIME_DIRECTORY", runtime), ("STATE_DIRECTORY", State(service))];
    }

    /// <summary>Makes a database in a folder that is its owner's alone.</summary>
    public void MakeDatabase(string path, string sql)
    {
        var folder = Path.GetDirectoryName(Data(path))!;
        Directory.CreateDirectory(folder);
        ToolProcess.Run("chown", ["-R", $"{Owner}:{Owner}", Moved(Inventories.Root)]).Succeeded();
        ToolProcess.Run("chmod", ["0700", folder]).Succeeded();
        Sql(Data(path), sql);
        ToolProcess.Run("chmod", ["0640", Data(path)]).Succeeded();
    }

    /// <summary>Asks a database as its owner.</summary>
    public string Sql(string file, string sql) => AsOwner("sqlite3", "-bail", "-cmd", ".timeout 20000", file, sql).Succeeded().Output.Trim();

    /// <summary>Asks a copy, which only root reaches.</summary>
    public static string SqlOfCopy(string file, string sql) => ToolProcess.Run("sqlite3", ["-bail", "-readonly", file, sql]).Succeeded().Output.TrimEnd('\n');

    public static ToolResult AsOwner(params IEnumerable<string> command) =>
        ToolProcess.Run("setpriv", ["--reuid", Owner, "--regid", Owner, "--clear-groups", .. command], workingDirectory: "/");

    /// <summary>Owner, group and mode of files, as <c>stat</c> prints them.</summary>
    public static IEnumerable<string> Rights(params IEnumerable<string> files) =>
        ToolProcess.Run("stat", ["--format", "%u:%g %a", .. files]).Succeeded().Output.TrimEnd().Split('\n');

    /// <summary>Runs the commands that RESTORE.md has for the dumps, where its reader has restored the copies of this machine to.</summary>
    public void FollowGuide(string heading, (string Name, string Value) server)
    {
        Write("reader/inventory.yaml", Inventories.Cellar);
        var page = Outcome.Of(At("reader")).Files.Single(file => file.Path == "servers/RESTORE.md").Text;
        Directory.CreateDirectory(At("reader", "restored", "var", "lib"));
        Directory.CreateSymbolicLink(At("reader", "restored", "var", "lib", "homelab-copies"), Moved("/var/lib/homelab-copies"));
        var block = Guide.Read(page).Single(block => block.Heading == heading);
        ToolProcess.Run(
            Bash,
            ["-euo", "pipefail", "-c", block.Text],
            environment: new Dictionary<string, string?> { [server.Name] = server.Value },
            workingDirectory: At("reader")).Succeeded();
    }

    /// <summary>The night of a job as systemd runs it, after its prepare units.</summary>
    public ToolResult Night(GeneratedScripts scripts, string job)
    {
        var backup = scripts.Backups[job];
        var result = Execute([Bash, "-c", backup.Prepare.Replace("{{", At("scripts") + "/").Replace("}}", "")]);
        if (result.ExitCode != 0)
            return result;
        Write("paths", string.Concat(backup.Paths.Select(path => Here(path) + "\n")));
        Write("excludes", string.Join('\n', backup.Excludes.Select(Here)));
        result = Restic(["backup", "--quiet", "--files-from", At("paths"), "--exclude-file", At("excludes"), .. backup.Arguments]);
        foreach (var command in scripts.Units[$"restic-backups-{job}"].Commands)
        {
            if (result.ExitCode == 0)
                result = RunCommand(command);
        }

        return result;
    }

    public ToolResult Restic(params IEnumerable<string> arguments) => Execute([At("packages", "bin", "restic"), .. arguments]);

    private string Here(string path) =>
        path.Replace(Inventories.Root, Moved(Inventories.Root)).Replace("/var/lib/homelab-copies", Moved("/var/lib/homelab-copies"));

    protected override IEnumerable<(string Name, string Value)> Environment() => base.Environment().Concat(
    [
        ("RESTIC_REPOSITORY", At("repository")),
        ("RESTIC_PASSWORD_FILE", At("password")),
        ("RESTIC_CACHE_DIR", At("cache")),
        ("RESTIC_PROGRESS_FPS", "0.1"),
    ]);
}
