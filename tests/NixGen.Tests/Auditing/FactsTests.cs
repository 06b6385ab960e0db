using System.Text;
using System.Text.Json.Nodes;
using NixGen.Auditing;
using NixGen.Catalogue;
using NixGen.Findings;

namespace NixGen.Tests.Auditing;

/// <summary>The expression, evaluated by Nix, and the reader of what it says.</summary>
public sealed class FactsTests
{
    [ToolFact(Nix.Program)]
    public void What_throws_costs_no_other_value()
    {
        var system = Nas.System;
        Assert.Equal(
            ["services.gitea-actions-runner.instances", "services.grafana.dataDir", "services.kanidm", "systemd.services.grafana.serviceConfig.StateDirectory", "systemd.services.old-cloud.serviceConfig"],
            system.Unreadable.Order(StringComparer.Ordinal));
        Assert.Equal("nas", system.Host);
        Assert.True(system.Units.ContainsKey("grafana"));
        Assert.DoesNotContain("switched-off", system.Units.Keys);
        Assert.Contains(new EnabledOption("services.authelia.instances.*.enable", "main"), system.Enabled);
        Assert.DoesNotContain(system.Enabled, enabled => enabled.Instance == "old" || enabled.Option == "services.lidarr.enable");
        Assert.Equal(new MovedOption("/srv/jellyfin", "/var/lib/jellyfin"), system.Moved["services.jellyfin.dataDir"]);
    }

    [ToolFact(Nix.Program)]
    public void No_login_and_no_store_path_with_context_comes_out()
    {
        Assert.DoesNotContain("joe", Nas.Json);
        Assert.DoesNotContain("secret@", Nas.Json);
        Assert.Equal("rest:https://backup.lan:8000/nas", Nas.System.Jobs.Single(job => job.Name == "legacy").Repository);
        var odd = Nas.Read(Nas.Evaluate("[ { services.restic.backups.odd = { repository = \"s3:https://a:b/c@d@host/x\"; paths = [ ]; }; } ]"));
        Assert.Equal("s3:https://host/x", odd.Jobs.Single(job => job.Name == "odd").Repository);
    }

    /// <summary>Without PostgreSQL, NixOS has no default for its folder, and reading it throws.</summary>
    [ToolFact(Nix.Program)]
    public void A_server_that_is_off_is_not_asked()
    {
        var json = Nas.Evaluate("[ { services.mysql = { _type = \"override\"; priority = 50; content = { enable = false; dataDir = { }; }; }; } ]");
        var system = Nas.Read(json);
        Assert.Equal((false, null), (system.MariaDb.IsEnabled, system.MariaDb.Folder));
        Assert.True(system.PostgreSql.IsEnabled);
    }

    [Fact]
    public void Every_option_of_the_catalogue_is_asked_for()
    {
        var expression = FactsExpression.For(StateCatalogue.BuiltIn);
        Assert.DoesNotContain("catalogue = { };", expression);
        Assert.All(
            StateCatalogue.BuiltIn.Entries.SelectMany(entry => entry.State)
                .SelectMany(place => place.Parts.Select(part => part.MovedBy).Append(place.MovedBy))
                .Concat(StateCatalogue.BuiltIn.Entries.Select(entry => entry.EnabledBy))
                .OfType<string>(),
            option => Assert.Contains($"\"{option}\"", expression));
    }

    public static TheoryData<string, string> Damages() => new()
    {
        { "", "not the JSON" },
        { "{", "not the JSON" },
        { "[]", "not a map" },
        { "{\"generator\":\"other\"}", "not made by" },
        { "{\"generator\":\"nixgen audit\"}", "no `format`" },
        { "{\"generator\":\"nixgen audit\",\"format\":\"1\"}", "no whole number" },
        { "{\"generator\":\"nixgen audit\",\"format\":1,\"format\":1}", "not the JSON" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_is_not_the_JSON_of_the_expression_is_refused(string text, string expected)
    {
        var findings = new FindingList();
        Assert.Null(FactsReader.Read("facts.json", Encoding.UTF8.GetBytes(text), findings));
        var finding = Assert.Single(findings);
        Assert.Equal(Codes.BadFacts, finding.Code);
        Assert.Contains(expected, finding.Message);
    }

    /// <summary>Each value in turn is replaced by one of another kind: never an exception, never a guess at names.</summary>
    [ToolFact(Nix.Program)]
    public void Damage_anywhere_is_a_finding_and_no_exception()
    {
        var count = 0;
        foreach (var (parent, key) in Places(JsonNode.Parse(Nas.Json)!).ToList())
        {
            foreach (var other in new JsonNode?[] { JsonValue.Create(7), JsonValue.Create("a\u0007b"), new JsonArray(new JsonObject()), new JsonObject { ["x"] = 1 }, null })
            {
                var original = parent[key];
                parent[key] = other;
                var findings = new FindingList();
                var system = FactsReader.Read("facts.json", Encoding.UTF8.GetBytes(parent.Root.ToJsonString()), findings);
                Assert.Equal(system is null, findings.HasErrors);
                if (system is not null)
                    Auditor.Audit(Nas.Plan(Nas.Inventory()), system, StateCatalogue.BuiltIn);
                parent[key] = original;
                count++;
            }
        }

        Assert.True(count > 100);
    }

    // The values at the top, and those of one of each kind below.
    private static IEnumerable<(JsonObject Parent, string Key)> Places(JsonNode root)
    {
        foreach (var top in root.AsObject().ToList())
        {
            yield return (root.AsObject(), top.Key);
            if (top.Value is not JsonObject map || map.Count == 0)
                continue;
            var first = map.First();
            yield return (map, first.Key);
            if (first.Value is JsonObject inner)
            {
                foreach (var key in inner.Select(member => member.Key).ToList())
                    yield return (inner, key);
            }
        }
    }

    [Fact]
    public void A_newer_format_says_so()
    {
        var findings = new FindingList();
        Assert.Null(FactsReader.Read("facts.json", "{\"generator\":\"nixgen audit\",\"format\":2}"u8.ToArray(), findings));
        Assert.Equal(Codes.FactsOfAnotherFormat, Assert.Single(findings).Code);
    }

    [Fact]
    public void What_is_ordinary_has_a_reason()
    {
        Assert.NotEmpty(OrdinaryState.BuiltIn.Units);
        Assert.All(OrdinaryState.BuiltIn.Paths.Concat(OrdinaryState.BuiltIn.Units), entry => Assert.NotEmpty(entry.Value));
        Assert.True(OrdinaryState.BuiltIn.HasPath("/var/lib/systemd/timesync"));
        Assert.True(OrdinaryState.BuiltIn.HasUnit("acme-example.org"));
        Assert.False(OrdinaryState.BuiltIn.HasUnit("acmed"));
        Assert.False(OrdinaryState.BuiltIn.HasPath("/var/lib/systemd2"));
        // What the catalogue knows as state is not ordinary, but for what is made again.
        Assert.Equal(
            ["/var/lib/NetworkManager", "/var/lib/acme", "/var/lib/systemd", "/var/lib/unbound"],
            StateCatalogue.BuiltIn.Places.Select(place => place.Path).Where(OrdinaryState.BuiltIn.Paths.ContainsKey).Order(StringComparer.Ordinal));
    }
}
