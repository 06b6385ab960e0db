using NixGen.Auditing;
using NixGen.Catalogue;
using NixGen.Inventory;
using NixGen.Languages.Yaml;

namespace NixGen.Tests.Auditing;

/// <summary>What is imported is valid and leaves no gap.</summary>
public sealed class ImporterTests
{
    [ToolFact(Nix.Program)]
    public Task The_inventory_of_the_host() => Verifier.Verify(Importer.Import(Nas.System, null, StateCatalogue.BuiltIn).Text, "yaml");

    [ToolFact(Nix.Program)]
    public void It_is_valid_and_leaves_no_gap()
    {
        var imported = Importer.Import(Nas.System, null, StateCatalogue.BuiltIn);
        Assert.DoesNotContain(Nas.Audit(imported.Text).Items, item => item.Key.StartsWith("gap", StringComparison.Ordinal));
        var plan = Nas.Plan(imported.Text);
        Assert.Equal(["b2:bucket:nas", "rest:https://backup.lan:8000/nas"], plan.Destinations.Select(destination => destination.Repository));
        // `--keep-within` has no counterpart: nothing may be forgotten because of that.
        Assert.All(plan.Jobs, job => Assert.Equal(job.Destination.Id == "legacy", job.Retention.KeepsAll));
        Assert.Contains(imported.NotExpressed, line => line.Contains("--keep-within 1y"));
        Assert.Contains(imported.NotExpressed, line => line.Contains("*.tmp"));
        Assert.Contains("/srv/ledger/cache", plan.Services.Single(service => service.Name == "ledger").Excludes);
    }

    /// <summary>Any part of the host, under nasty names, too.</summary>
    [ToolFact(Nix.Program)]
    public void Of_any_host_it_is_valid_and_leaves_no_gap()
    {
        var whole = Nas.System;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            T[] Some<T>(IEnumerable<T> things) => [.. things.Where(_ => random.Next(3) > 0)];
            string[] odd = ["/srv/a b", "/srv/it's #1: \"x\"", "/srv/-", "/srv/no", "/srv/[ab]*", "/srv/é\\n", "/srv/x/", "/srv//y/./z", "/srv/x/..", "relative", "/proc/1", "/"];
            var system = whole with
            {
                Units = Some(whole.Units).Append(KeyValuePair.Create("odd@näme.x", whole.Units["feeds"] with { ReadWritePaths = Some(odd) })).ToDictionary(),
                Enabled = Some(whole.Enabled),
                Users = Some(whole.Users).ToDictionary(),
                Containers = [.. Some(whole.Containers), new ContainerFacts("web", "podman-x y", [.. Some(odd).Select(path => path + ":/x")], "/var/lib/docker/volumes")],
                Machines = Some(whole.Machines),
                Moved = Some(whole.Moved).ToDictionary(),
                PostgreSql = whole.PostgreSql with { Databases = ["immich", .. Some(["a b", "x-1", "miniflux", "-x"])] },
                BackupPaths = Some(odd),
                BackupExcludes = Some(["/srv/[", "!x", "/srv/x/cache/"]),
                Jobs = [.. Some(whole.Jobs).Select(job => job with { Paths = Some(odd), Excludes = Some(["/srv/a b/*", "/srv/a b/c", "x"]) })],
                Mounts = Some(whole.Mounts),
            };
            var imported = Importer.Import(system, null, StateCatalogue.BuiltIn);
            var gaps = Nas.Audit(imported.Text, system).Items.Where(item => item.Key.StartsWith("gap", StringComparison.Ordinal));
            // What cannot be said in an inventory is listed, never dropped.
            Assert.All(gaps, gap => Assert.Contains(imported.NotExpressed, line => line.Contains($"'{gap.Place.Split(' ', 2)[^1]}'") || line.Contains($"'{gap.Place}'")));
        }
    }

    [Theory]
    [InlineData("/var/lib/x", "/var/lib/x")]
    [InlineData("no", "\"no\"")]
    [InlineData("1.10", "\"1.10\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("", "\"\"")]
    public void Scalars_are_quoted_where_they_mean_something(string text, string expected) => Assert.Equal(expected, YamlScalar.Write(text));

    [Fact]
    public void Scalars_read_back() => Assert.All(
        ["/srv/{a,b}", "~", "null", "03:00", "#x", "- x", "é", "😀", "%x", "@x", "x # y", "*a", "&a", "!t", "[x]", "0x1F", "=", "<<", " x "],
        text =>
        {
            var findings = new NixGen.Findings.FindingList();
            var tree = NixGen.Inventory.Reading.InventoryReader.ReadText("x.yaml", $"list: [{YamlScalar.Write(text)}]\nkey: {YamlScalar.Write(text)}\n", findings)!;
            Assert.Empty(findings);
            Assert.Equal(text, Assert.IsType<NixGen.Inventory.Reading.YamlText>(tree.Find("key")).Value);
        });
}
