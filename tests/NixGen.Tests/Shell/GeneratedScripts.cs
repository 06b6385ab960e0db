using System.Text.Json;
using System.Text.RegularExpressions;
using NixGen.Findings;
using NixGen.Rendering;

namespace NixGen.Tests.Shell;

/// <summary>
/// The shell scripts and command lines of a host, as Nix sees them in the generated modules. <see cref="Place"/> stands where the
/// packages would be, and a name like <c>{{restic-preflight-b2}}</c> where the path of a script would be.
/// </summary>
internal sealed partial class GeneratedScripts
{
    public const string Place = "/nixgen-test-packages";

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    private GeneratedScripts(string modules)
    {
        var evaluated = Nix.EvaluateFile(
            RepositoryRoot.At("tests", "NixGen.Tests", "Shell", "scripts.nix"),
            new Dictionary<string, string> { ["modules"] = modules, ["place"] = $"\"{Place}\"" });
        Backups = evaluated.GetProperty("backups").EnumerateObject().ToDictionary(backup => backup.Name, Backup);
        foreach (var program in evaluated.GetProperty("programs").EnumerateArray())
            Resolve(program.GetString()!);
        Units = evaluated.GetProperty("units").EnumerateObject().ToDictionary(unit => unit.Name, Unit);
    }

    /// <summary>The committed modules of the homelab.</summary>
    public static GeneratedScripts Homelab => LazyHomelab.Value;

    private static readonly Lazy<GeneratedScripts> LazyHomelab = new(() => new GeneratedScripts(RepositoryRoot.At("generated", "homelab")));

    /// <summary>Two destinations, one of them a folder; secrets in files; a missing path stops the backup.</summary>
    public static GeneratedScripts Workshop => LazyWorkshop.Value;

    private static readonly Lazy<GeneratedScripts> LazyWorkshop = new(() => Generate(Inventories.Workshop, "workshop"));

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    public IReadOnlyDictionary<string, GeneratedBackup> Backups { get; }

    public IReadOnlyDictionary<string, GeneratedUnit> Units { get; }

    /// <summary>The script that a unit runs first after what comes before it.</summary>
    public string Main(string unit) => Script(Units[unit].Commands[0]);

    /// <summary>The name of the script that a command line starts.</summary>
    public static string Script(string command) => ScriptName().Match(command).Groups[1].Value;

    /// <summary>Whether it is run; what is written with <c>writeText</c> is only read.</summary>
    public static bool IsScript(string name) => !name.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>Generates the modules of one host of an inventory.</summary>
    public static GeneratedScripts Generate(string inventory, string host)
    {
        using var folder = new TemporaryFolder();
        var findings = new FindingList();
        var file = folder.Write("inventory.yaml", inventory);
        var plans = Generator.Plan(file, folder.Path, findings);
        var rendered = plans is null ? null : Generator.Render(plans, TemplateSet.Load(null, findings)!, findings);
        Assert.True(rendered is not null, string.Join('\n', findings.Select(finding => finding.Message)));
        foreach (var module in rendered)
            folder.Write(module.Path, module.Text);
        return new GeneratedScripts(folder.At(host));
    }

    private GeneratedBackup Backup(JsonProperty backup) => new(
        Resolve(backup.Value.GetProperty("backupPrepareCommand").GetString()!),
        Lines(backup.Value, "paths"),
        Lines(backup.Value, "exclude"),
        Lines(backup.Value, "extraBackupArgs").SelectMany(arguments => arguments.Split(' ')).ToList());

    private GeneratedUnit Unit(JsonProperty unit) => new(
        Lines(unit.Value, "before"),
        Lines(unit.Value, "commands"),
        Lines(unit.Value, "after"),
        Lines(unit.Value, "credentials"));

    private List<string> Lines(JsonElement parent, string name) =>
        parent.GetProperty(name).EnumerateArray().Select(line => Resolve(line.GetString()!)).ToList();

    // A script within a script is JSON within JSON, so the inner marks are escaped where the outer ones are looked for.
    private string Resolve(string text) => Embedded().Replace(text, match =>
    {
        var script = JsonDocument.Parse(match.Groups[1].Value).RootElement;
        var name = script.GetProperty("name").GetString()!;
        _texts[name] = Resolve(script.GetProperty("text").GetString()!);
        return "{{" + name + "}}";
    });

    [GeneratedRegex(@"\x01([^\x01\x02]*)\x02")]
    private static partial Regex Embedded();

    [GeneratedRegex(@"\{\{(.*?)\}\}")]
    private static partial Regex ScriptName();
}

/// <summary>What <c>services.restic</c> is told.</summary>
/// <param name="Prepare">The shell command before the backup.</param>
/// <param name="Paths">The lines of its list of paths.</param>
/// <param name="Excludes">The lines of its list of excludes.</param>
/// <param name="Arguments">Further arguments of <c>restic backup</c>.</param>
internal sealed record GeneratedBackup(string Prepare, IReadOnlyList<string> Paths, IReadOnlyList<string> Excludes, IReadOnlyList<string> Arguments);

/// <summary>What systemd is told.</summary>
/// <param name="Before"><c>ExecStartPre=</c></param>
/// <param name="Commands"><c>ExecStart=</c></param>
/// <param name="After"><c>ExecStopPost=</c></param>
/// <param name="Credentials"><c>LoadCredential=</c></param>
internal sealed record GeneratedUnit(IReadOnlyList<string> Before, IReadOnlyList<string> Commands, IReadOnlyList<string> After, IReadOnlyList<string> Credentials);
