using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NixGen.Tests.Evaluation;

/// <summary>
/// Backrest reads its configuration as protojson and drops, without a word, what it does not know: a mistyped field, an enum by
/// another name. So every name is held against the fields of its messages (proto/v1/config.proto, Backrest 1.13 to 1.14), and every
/// value against the rules by which it refuses to start (internal/config/validate.go).
/// </summary>
public sealed partial class BackrestSchemaTests
{
    // A field's message in the table, or a kind of value; [] is a list. `backup_flags` really is spelled like that in the JSON.
    private static readonly Dictionary<string, Dictionary<string, string>> Messages = new()
    {
        ["Config"] = new()
        {
            ["modno"] = "number", ["version"] = "number", ["instance"] = "text", ["repos"] = "Repo[]", ["plans"] = "Plan[]", ["auth"] = "Auth", ["sync"] = "Multihost",
        },
        ["Repo"] = new()
        {
            ["id"] = "text", ["uri"] = "text", ["guid"] = "text", ["password"] = "text", ["env"] = "text[]", ["flags"] = "text[]",
            ["prunePolicy"] = "PrunePolicy", ["checkPolicy"] = "CheckPolicy", ["forgetPolicy"] = "ForgetPolicy", ["hooks"] = "Hook[]",
            ["autoUnlock"] = "truth", ["autoInitialize"] = "truth", ["commandPrefix"] = "CommandPrefix", ["shared"] = "truth", ["originInstanceId"] = "text",
        },
        ["Plan"] = new()
        {
            ["id"] = "text", ["repo"] = "text", ["paths"] = "text[]", ["excludes"] = "text[]", ["iexcludes"] = "text[]", ["schedule"] = "Schedule",
            ["retention"] = "Retention", ["hooks"] = "Hook[]", ["backup_flags"] = "text[]", ["skipIfUnchanged"] = "truth",
        },
        ["Schedule"] = new()
        {
            ["disabled"] = "truth", ["cron"] = "text", ["maxFrequencyDays"] = "number", ["maxFrequencyHours"] = "number", ["clock"] = "text",
        },
        ["Retention"] = new() { ["policyKeepLastN"] = "number", ["policyKeepAll"] = "truth" },
        ["PrunePolicy"] = new() { ["schedule"] = "Schedule", ["maxUnusedBytes"] = "number", ["maxUnusedPercent"] = "number" },
        ["CheckPolicy"] = new() { ["schedule"] = "Schedule", ["structureOnly"] = "truth", ["readDataSubsetPercent"] = "number" },
        ["ForgetPolicy"] = new() { ["schedule"] = "Schedule", ["retention"] = "Retention" },
        ["Auth"] = new() { ["disabled"] = "truth", ["users"] = "User[]" },
        ["User"] = new() { ["name"] = "text", ["passwordBcrypt"] = "text" },
        ["Multihost"] = new() { ["identity"] = "Identity" },
        ["Identity"] = new() { ["keyId"] = "text", ["ed25519priv"] = "text", ["ed25519pub"] = "text" },
    };

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Hosts.Names), MemberType = typeof(Hosts))]
    public void Every_field_is_one_that_Backrest_reads(string name)
    {
        if (Configuration(name) is { } configuration)
            Assert.Empty(Problems(configuration, "Config", ""));
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Hosts.Names), MemberType = typeof(Hosts))]
    public void Nothing_is_there_for_which_Backrest_would_refuse_to_start_or_write_the_file(string name)
    {
        if (Configuration(name) is not { } configuration)
            return;
        // Another version is migrated and rewritten; so is one without an identity, which is added at boot.
        Assert.Equal(6, configuration["version"]!.GetValue<int>());
        Assert.Matches(Id(), configuration["instance"]!.GetValue<string>());
        Assert.True(configuration["instance"]!.GetValue<string>().Length <= 50);
        Assert.Null(configuration["auth"]);
        Assert.Null(configuration["sync"]);

        var repositories = configuration["repos"]!.AsArray();
        Assert.NotEmpty(repositories);
        Assert.All(repositories, repository =>
        {
            Assert.Matches(Id(), repository!["id"]!.GetValue<string>());
            Assert.Equal(64, repository["guid"]!.GetValue<string>().Length);
            Assert.NotEmpty(repository["uri"]!.GetValue<string>());
            Assert.All(repository["env"]!.AsArray(), variable => Assert.Contains('=', variable!.GetValue<string>()));
            Assert.Null(repository["autoInitialize"]);
            Assert.All(["forgetPolicy", "prunePolicy", "checkPolicy"], policy =>
                Assert.True(repository[policy]!["schedule"]!["disabled"]!.GetValue<bool>()));
        });
        AssertDistinct(repositories, "id");
        AssertDistinct(repositories, "guid");

        var plans = configuration["plans"]!.AsArray();
        Assert.NotEmpty(plans);
        Assert.All(plans, plan =>
        {
            Assert.Matches(Id(), plan!["id"]!.GetValue<string>());
            Assert.NotEmpty(plan["paths"]!.AsArray());
            Assert.Contains(plan["repo"]!.GetValue<string>(), repositories.Select(repository => repository!["id"]!.GetValue<string>()));
            Assert.True(plan["schedule"]!["disabled"]!.GetValue<bool>());
            Assert.Equal("{\"policyKeepAll\":true}", plan["retention"]!.ToJsonString());
        });
        AssertDistinct(plans, "id");
    }

    /// <summary>The walk itself finds what Backrest would drop.</summary>
    [Theory]
    [InlineData("{\"plan\": []}", "plan")]
    [InlineData("{\"plans\": [{\"backupFlags\": []}]}", "plans[0].backupFlags")]
    [InlineData("{\"repos\": [{\"flags\": \"--x\"}]}", "repos[0].flags")]
    [InlineData("{\"repos\": [{\"prunePolicy\": {\"schedule\": {\"disabled\": \"yes\"}}}]}", "repos[0].prunePolicy.schedule.disabled")]
    [InlineData("{\"multihost\": {}}", "multihost")]
    public void Slips_are_found(string configuration, string place) =>
        Assert.Equal([place], Problems(JsonNode.Parse(configuration)!, "Config", ""));

    private static JsonNode? Configuration(string name)
    {
        var host = Hosts.Get(name);
        return host.Plan.Backrest is null ? null : JsonNode.Parse(host.File("backrest.json"));
    }

    private static IEnumerable<string> Problems(JsonNode? node, string kind, string place)
    {
        if (kind.EndsWith("[]", StringComparison.Ordinal))
        {
            return node is JsonArray items
                ? items.SelectMany((item, index) => Problems(item, kind[..^2], $"{place}[{index}]"))
                : [place];
        }

        if (!Messages.TryGetValue(kind, out var fields))
        {
            return kind == (node?.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.String => "text",
                System.Text.Json.JsonValueKind.Number => "number",
                System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "truth",
                _ => "",
            }) ? [] : [place];
        }

        return node is not JsonObject message
            ? [place]
            : message.SelectMany(member =>
            {
                var at = place.Length == 0 ? member.Key : $"{place}.{member.Key}";
                return fields.TryGetValue(member.Key, out var field) ? Problems(member.Value, field, at) : [at];
            });
    }

    private static void AssertDistinct(JsonArray items, string member) =>
        Assert.Equal(items.Count, items.Select(item => item![member]!.GetValue<string>()).Distinct().Count());

    // Enforced by its web interface only; a comma would split the tag of a snapshot, _…_ is reserved.
    [GeneratedRegex("^(?!_.*_$)[A-Za-z0-9_.-]+$")]
    private static partial Regex Id();
}
