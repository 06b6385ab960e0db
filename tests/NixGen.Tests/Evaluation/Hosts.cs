using System.Text.Json.Nodes;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Nix;
using NixGen.Planning;
using NixGen.Publishing;
using NixGen.Rendering;

namespace NixGen.Tests.Evaluation;

/// <summary>
/// Every host of every inventory at hand: the repository's own, those beside this file and those of the snapshot cases. One
/// process of Nix evaluates them all, once for all tests.
/// </summary>
internal static class Hosts
{
    private static readonly string Here = RepositoryRoot.At("tests", "NixGen.Tests", "Evaluation");

    private static readonly Lazy<SortedDictionary<string, Host>> Planned = new(Plan);

    private static readonly Lazy<IReadOnlyDictionary<string, EvaluatedHost>> Evaluated = new(Evaluate);

    /// <summary>For theories: <c>inventory/host</c>.</summary>
    public static TheoryData<string> Names => [.. Planned.Value.Keys];

    public static EvaluatedHost Get(string name) => Evaluated.Value[name];

    public static IEnumerable<EvaluatedHost> All => Planned.Value.Keys.Select(Get);

    /// <summary>Everything that <c>import</c> needs to know of evaluate.nix.</summary>
    /// <param name="folder">A host's folder.</param>
    /// <param name="arguments">More arguments of evaluate.nix, as Nix code.</param>
    /// <param name="extra">Further modules, as Nix code.</param>
    public static string Expression(string folder, string arguments = "", string extra = "") =>
        $$"""
        import {{NixString.Quote(Path.Combine(Here, "evaluate.nix"))}} {
          modules = [ {{NixString.Quote(folder)}} ];
          extra = [ {{extra}} ];
          {{arguments}}
        }
        """;

    /// <summary>Plans and renders an inventory that must have no errors.</summary>
    public static IEnumerable<(HostPlan Plan, IReadOnlyList<GeneratedFile> Files)> Generate(string inventory)
    {
        var findings = new FindingList();
        var plans = Generator.Plan(inventory, RepositoryRoot.Path, findings);
        Assert.True(plans is not null, $"{inventory}: {string.Join("; ", findings.Select(finding => finding.Message))}");
        return Render(plans);
    }

    private static List<(HostPlan Plan, IReadOnlyList<GeneratedFile> Files)> Render(IReadOnlyList<HostPlan> plans)
    {
        var findings = new FindingList();
        var templates = TemplateSet.Load(null, findings)!;
        return [.. plans.Select(plan => (plan, Generator.Render([plan], templates, findings)!))];
    }

    private sealed record Host(HostPlan Plan, IReadOnlyList<GeneratedFile> Files);

    private static SortedDictionary<string, Host> Plan()
    {
        var hosts = new SortedDictionary<string, Host>(StringComparer.Ordinal);
        var own = Directory.EnumerateFiles(Path.Combine(Here, "Inventories"), "*.yaml");
        foreach (var inventory in own.Append(RepositoryRoot.At("inventory.yaml")))
            Add(Path.GetFileNameWithoutExtension(inventory), Generate(inventory));
        foreach (var inventory in Cases())
        {
            // A case whose point is its findings has no modules.
            if (Generator.Plan(inventory, RepositoryRoot.Path, new FindingList()) is { } plans)
                Add($"Cases/{Path.GetFileName(Path.GetDirectoryName(inventory))}", Render(plans));
        }

        return hosts;

        void Add(string inventory, IEnumerable<(HostPlan Plan, IReadOnlyList<GeneratedFile> Files)> rendered)
        {
            foreach (var (plan, files) in rendered)
                hosts.Add($"{inventory}/{plan.Name}", new Host(plan, files));
        }
    }

    /// <summary>The servers of databases that the inventory takes for granted, as parts of <c>services</c>.</summary>
    public static IEnumerable<string> Servers(HostPlan plan) => plan.Services
        .SelectMany(service => service.Databases)
        .Where(database => database.Kind != DatabaseKind.Sqlite)
        .Select(database => database.Kind == DatabaseKind.PostgreSql ? "postgresql" : "mysql")
        .Distinct();

    // What the user's own modules say.
    private static IEnumerable<string> Extra(HostPlan plan)
    {
        if (!plan.DeclaresOptions)
            yield return NixString.Quote(Path.Combine(Here, "user-options.nix"));
        foreach (var server in Servers(plan))
            yield return $"{{ services.{server}.enable = true; }}";
    }

    private static IEnumerable<string> Cases()
    {
        var cases = RepositoryRoot.At("tests", "NixGen.Tests", "Cases");
        return Directory.Exists(cases)
            ? Directory.EnumerateDirectories(cases)
                .SelectMany(folder => new[] { Path.Combine(folder, "inventory.yaml"), Path.Combine(folder, "inventory") })
                .Where(Path.Exists)
            : [];
    }

    private static Dictionary<string, EvaluatedHost> Evaluate()
    {
        using var folder = new TemporaryFolder();
        var hosts = Planned.Value.ToList();
        foreach (var (name, host) in hosts)
        {
            foreach (var file in host.Files)
                folder.Write(Path.Combine(name, Path.GetFileName(file.Path)), file.Text);
        }

        Nix.Parse(Directory.EnumerateFiles(folder.Path, "*.nix", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        var results = Nix.EvaluateJson([.. hosts.Select(host => Expression(
            folder.At(host.Key),
            $"file = {TextFiles.Function};",
            string.Join(' ', Extra(host.Value.Plan))))]);
        return hosts.Zip(results).ToDictionary(
            pair => pair.First.Key,
            pair =>
            {
                var files = new TextFiles();
                var result = files.Extract(JsonNode.Parse(pair.Second.GetRawText()))!.AsObject();
                var modules = pair.First.Value.Files.ToDictionary(file => Path.GetFileName(file.Path), file => file.Text);
                return new EvaluatedHost(pair.First.Value.Plan, modules, result, files.Texts);
            },
            StringComparer.Ordinal);
    }
}
