using System.Text.Json;

namespace NixGen.Tests.Shell;

/// <summary>Runs the scripts of the backup with the real restic, on a repository in a folder.</summary>
internal sealed class ResticMachine : Machine
{
    public ResticMachine(string missing = "continue", bool withRepository = true) : base(Scripts(missing), Inventories.Root)
    {
        Package("restic", "flock", "jq");
        Write("password", CheapRepository.Password + "\n");
        Directory.CreateDirectory(Moved(Inventories.Root));
        if (withRepository)
            CheapRepository.Create(Repository);
    }

    public static GeneratedScripts Scripts(string missing) => (missing == "refuse" ? Refuse : Continue).Value;

    private static readonly Lazy<GeneratedScripts> Continue = new(() => GeneratedScripts.Generate(Inventories.Attic("continue"), "attic"));

    private static readonly Lazy<GeneratedScripts> Refuse = new(() => GeneratedScripts.Generate(Inventories.Attic("refuse"), "attic"));

    public static readonly string[] Names =
        ["plain", "with  blanks", "it's \"quoted\"", "-rf", "$(touch pwned)`touch pwned`$HOME", "[glob]*?\\", "ünï"];

    public string Repository => At("repository");

    /// <summary>A declared path.</summary>
    public string Declared(string name) => Moved(Inventories.Root) + "/" + name;

    public void FillAll()
    {
        foreach (var name in Names.Append("maybe"))
            Fill(name);
    }

    public void Fill(string name)
    {
        Directory.CreateDirectory(Declared(name));
        File.WriteAllText(Declared(name) + "/file", name);
    }

    public ToolResult Preflight() => Run("restic-preflight-shelf");

    public ToolResult Open(string destination = "shelf") => Run($"restic-open-{destination}");

    /// <summary>The backup as <c>services.restic</c> runs it: the paths in a file, then our arguments.</summary>
    public ToolResult Backup()
    {
        var backup = Scripts("continue").Backups["shelf"];
        Write("paths", string.Concat(backup.Paths.Select(path => path.Replace(Inventories.Root, Moved(Inventories.Root)) + "\n")));
        return Restic(["backup", "--quiet", "--files-from", At("paths"), .. backup.Arguments]);
    }

    /// <summary>Everything that systemd starts at night, in its order, until something fails.</summary>
    public ToolResult Night()
    {
        // ExecStartPre runs the command through a shell; ExecStart= is the backup, then what the module adds.
        var result = Execute([Bash, "-c", Scripts("continue").Backups["shelf"].Prepare.Replace("{{", At("scripts") + "/").Replace("}}", "")]);
        if (result.ExitCode == 0)
            result = Backup();
        foreach (var command in Scripts("continue").Units["restic-backups-shelf"].Commands)
        {
            if (result.ExitCode == 0)
                result = RunCommand(command);
        }

        return result;
    }

    public ToolResult Restic(params IEnumerable<string> arguments) => Execute([At("packages", "bin", "restic"), .. arguments]);

    public IReadOnlyList<Snapshot> Snapshots(params IEnumerable<string> arguments) =>
    [
        .. JsonDocument.Parse(Restic(["snapshots", "--json", .. arguments]).Succeeded().Output).RootElement.EnumerateArray()
            .Select(snapshot => new Snapshot(
                snapshot.GetProperty("id").GetString()!,
                snapshot.GetProperty("hostname").GetString()!,
                [.. Tags(snapshot).Order(StringComparer.Ordinal)])),
    ];

    private static IEnumerable<string> Tags(JsonElement snapshot) =>
        snapshot.TryGetProperty("tags", out var tags) ? tags.EnumerateArray().Select(tag => tag.GetString()!) : [];

    protected override IEnumerable<(string Name, string Value)> Environment() => base.Environment().Concat(
    [
        ("RESTIC_REPOSITORY", Repository),
        ("RESTIC_PASSWORD_FILE", At("password")),
        ("RESTIC_CACHE_DIR", At("cache")),
        ("RESTIC_PROGRESS_FPS", "0.1"),
    ]);
}

internal sealed record Snapshot(string Id, string Host, IReadOnlyList<string> Tags)
{
    public bool IsIncomplete => Tags.Contains("incomplete");
}
