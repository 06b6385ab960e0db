using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Languages.Nix;
using NixGen.Tests.Evaluation;
using NixGen.Tests.Shell;

namespace NixGen.Tests.EndToEnd;

/// <summary>A host on which the modules that are generated from an inventory have been switched to.</summary>
internal sealed class BackedUpHost : IDisposable
{
    private readonly HashSet<string> _written = [];

    private EvaluatedHost _evaluated = null!;

    public BackedUpHost(EvaluatedHost evaluated) : this() => Switch(evaluated);

    /// <summary>A machine with an empty disk, for <see cref="Switch"/>.</summary>
    public BackedUpHost() => Units = new UnitRunner(Root);

    public NixOsRoot Root { get; } = new();

    public UnitRunner Units { get; }

    /// <summary>Switches to another configuration, as <c>nixos-rebuild</c> does.</summary>
    public void Switch(EvaluatedHost evaluated)
    {
        _evaluated = evaluated;
        Assert.Empty(evaluated.FailedAssertions);
        Units.Files = evaluated.Units.ToDictionary(unit => unit.Key, unit => Moved(unit.Value));
        var texts = Units.Files.Values.Concat(evaluated.Store.Values.Select(Moved)).ToList();
        foreach (var (path, text) in evaluated.Store.Where(file => _written.Add(file.Key)))
        {
            // A script in a package is named by the path of the package there.
            var name = $"{Moved(path)}/bin/{path[(path.LastIndexOf('/') + "/".Length + 33)..]}";
            Root.WriteProgram(texts.Any(other => other.Contains(name)) ? name : Moved(path), Moved(text));
        }

        // RequiresMountsFor= is for systemd; tmpfiles.d makes the folders of local repositories.
        foreach (var folder in (evaluated.Config["systemd"]?["tmpfiles"]?["settings"]?.AsObject() ?? []).SelectMany(file => file.Value!.AsObject()))
            Directory.CreateDirectory(Root.At(folder.Key));
    }

    /// <summary>How many paths a job backs up.</summary>
    public int Paths(string job) => _evaluated.Config.At("services", "restic", "backups", job, "paths").AsArray().Count;

    /// <summary>Evaluates the hosts of an inventory, as <see cref="Hosts"/> does for those that are files.</summary>
    public static IReadOnlyDictionary<string, EvaluatedHost> Evaluate(string inventory)
    {
        using var folder = new TemporaryFolder();
        var hosts = Hosts.Generate(folder.Write("inventory.yaml", inventory)).ToList();
        foreach (var file in hosts.SelectMany(host => host.Files))
            folder.Write($"modules/{file.Path}", file.Text);
        var results = Nix.EvaluateJson([.. hosts.Select(host => Hosts.Expression(folder.At("modules", host.Plan.Name), $"file = {TextFiles.Function};"))]);
        return hosts.Zip(results).ToDictionary(
            pair => pair.First.Plan.Name,
            pair =>
            {
                var files = new TextFiles();
                var result = files.Extract(JsonNode.Parse(pair.Second.GetRawText()))!.AsObject();
                return new EvaluatedHost(
                    pair.First.Plan, pair.First.Files.ToDictionary(file => file.Path, file => file.Text), result, files.Texts);
            });
    }

    /// <summary>Puts a repository that opens fast into a local folder.</summary>
    public void CreateRepository(string path) => CheapRepository.Create(Root.At(path));

    /// <summary>The wrapper that an administrator calls on the host.</summary>
    public ToolResult Restic(string job, params string[] arguments) =>
        Root.Bash("""exec /store/bash/bin/bash "$@" """, [Command($"restic-{job}"), .. arguments]);

    /// <summary>The script behind a command that an administrator has.</summary>
    public string Command(string name)
    {
        var package = Moved(Commands.Single(path => path.EndsWith($"-{name}", StringComparison.Ordinal)));
        // Where a unit calls it, too, it lies in the package as units name it.
        return Directory.Exists(Root.At(package)) ? $"{package}/bin/{name}" : package;
    }

    /// <summary>The packages of these commands.</summary>
    public IEnumerable<string> Commands => Json.Texts(_evaluated.Config.At("environment", "systemPackages"));

    public IReadOnlyList<HostSnapshot> Snapshots(string job) =>
    [
        .. JsonDocument.Parse(Restic(job, "snapshots", "--json", "--no-lock").Succeeded().Output).RootElement.EnumerateArray()
            .Select(snapshot => new HostSnapshot(
                snapshot.GetProperty("id").GetString()!,
                snapshot.GetProperty("time").GetDateTimeOffset(),
                snapshot.GetProperty("hostname").GetString()!,
                snapshot.TryGetProperty("tags", out var tags)
                    ? [.. tags.EnumerateArray().Select(tag => tag.GetString()!).Order(StringComparer.Ordinal)]
                    : [])),
    ];

    public void Dispose() => Root.Dispose();

    // The store of the host that runs the test may be a real one.
    private static string Moved(string text) => text.Replace("/nix/store/", "/store/");
}

/// <param name="Id">As the repository names it.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Host">Of which host it is.</param>
/// <param name="Tags">In order.</param>
internal sealed record HostSnapshot(string Id, DateTimeOffset Time, string Host, IReadOnlyList<string> Tags)
{
    public bool IsIncomplete => Tags.Contains("incomplete");
}
