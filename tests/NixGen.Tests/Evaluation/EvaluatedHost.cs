using System.Text.Json.Nodes;
using NixGen.Planning;

namespace NixGen.Tests.Evaluation;

/// <summary>A host whose modules have been evaluated.</summary>
/// <param name="Plan">What the inventory says.</param>
/// <param name="Modules">The modules, by file name.</param>
/// <param name="Result">What evaluate.nix says of them.</param>
/// <param name="Store">The text files that the configuration names, by path.</param>
internal sealed record EvaluatedHost(
    HostPlan Plan,
    IReadOnlyDictionary<string, string> Modules,
    JsonObject Result,
    IReadOnlyDictionary<string, string> Store)
{
    /// <summary>Everything, with defaults, and what NixOS makes of it.</summary>
    public JsonObject Config => Result["config"]!.AsObject();

    /// <summary>What the modules say themselves.</summary>
    public JsonObject Defined => Result["defined"]!.AsObject();

    /// <summary>The text of each unit file.</summary>
    public IReadOnlyDictionary<string, string> Units =>
        Result["units"]!.AsObject().ToDictionary(unit => unit.Key, unit => unit.Value!.GetValue<string>());

    public IEnumerable<string> FailedAssertions => Json.Texts(Result["failedAssertions"]);

    public JsonObject Service(string name) => Config.At("systemd", "services", name).AsObject();

    public JsonObject ServiceConfig(string name) => Service(name).At("serviceConfig").AsObject();

    /// <summary>The one file in the store with this name.</summary>
    public string File(string name) =>
        Assert.Single(Store, file => file.Key.EndsWith("-" + name, StringComparison.Ordinal)).Value;
}
