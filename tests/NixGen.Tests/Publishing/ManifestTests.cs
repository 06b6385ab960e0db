using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

/// <summary>Anybody can put anything into a manifest.</summary>
public sealed class ManifestTests : IDisposable
{
    private const string Hash = "b9e68e1bea3e5b19ca6b2f98b73a54b73daafaa250484902e09982e07a12e733";

    private readonly Playground _play = new();

    public void Dispose() => _play.Dispose();

    public static TheoryData<string> Damaged { get; } =
    [
        "",
        "{",
        "null x",
        "\"\\ud800\"x",
        """{ "format": 1, "generator": "NixGen 1" }""",
        """{ "format": 0, "generator": "NixGen 1", "files": {} }""",
        """{ "format": "1", "generator": "NixGen 1", "files": {} }""",
        """{ "format": 1.5, "generator": "NixGen 1", "files": {} }""",
        """{ "format": 1, "generator": "NixGen 1", "files": [] }""",
        """{ "format": 1, "generator": "NixGen 1", "files": {}, "more": 1 }""",
        """{ "format": 1, "generator": "NixGen 1", "files": { "a/x": 1 } }""",
        """{ "format": 1, "generator": "NixGen 1", "files": { "a/x": "12" } }""",
        WithPath("/etc/passwd"),
        WithPath("../victim"),
        WithPath("a/../../victim"),
        WithPath("a/./x"),
        WithPath("./x"),
        WithPath("a//x"),
        WithPath("a/"),
        WithPath(""),
        WithPath("a\\\\..\\\\..\\\\victim"),
        WithPath("C:/victim"),
        WithPath(".git/config"),
        WithPath("a/.restic.nix.nixgen-new"),
        WithPath("a/x\\u0000"),
        WithPath("a/x\\n"),
        WithPath("manifest.json"),
        WithPath("~/x"),
        WithPath("é"),
        WithPath("a/x").Replace("}", $", \"a/x\": \"{Hash}\" }}", StringComparison.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Refuses_a_damaged_one(string manifest) => AssertRefused(manifest, Codes.BrokenManifest);

    [Fact]
    public void Refuses_bytes_that_are_no_text()
    {
        Directory.CreateDirectory(_play.Output);
        File.WriteAllBytes(_play.At("manifest.json"), [.. "{ \"generator\": \""u8, 0xff, 0xfe, .. "\" }"u8]);
        Assert.Equal([Codes.BrokenManifest], _play.TryPublish(Inventories.A).Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void Refuses_merge_conflicts_and_says_where()
    {
        _play.Publish(Inventories.A);
        var lines = _play.Read("manifest.json").Split('\n').ToList();
        lines.Insert(5, "<<<<<<< HEAD");
        var finding = AssertRefused(string.Join('\n', lines), Codes.BrokenManifest);
        Assert.Equal(6, finding.At!.Value.Line);
    }

    [Theory]
    [InlineData("""{ "format": 2, "generator": "NixGen 9", "files": "in another form" }""")]
    [InlineData("""{ "generator": "NixGen 9", "format": 3000000000 }""")]
    public void Refuses_a_newer_one(string manifest) => AssertRefused(manifest, Codes.NewerManifest);

    [Theory]
    [InlineData("""{ "name": "My web application", "icons": [] }""")]
    [InlineData("""{ "generator": "Another" }""")]
    [InlineData("[]")]
    public void Refuses_a_manifest_of_something_else(string manifest) => AssertRefused(manifest, Codes.ForeignFile);

    [Fact]
    public void Cannot_make_NixGen_remove_what_it_did_not_write()
    {
        _play.Write("homelab/hardware.nix", "mine\n");
        _play.Write("manifest.json", WithPath("homelab/hardware.nix"));

        Assert.Equal([Codes.LeftOverKept], _play.Publish(Inventories.A).Findings.Select(finding => finding.Code));
        Assert.Equal("mine\n", _play.Read("homelab/hardware.nix"));
    }

    [Fact]
    public void A_hostile_journal_is_ignored()
    {
        File.WriteAllText(Path.Combine(_play.Top, "victim"), "text\n");
        _play.Write(".manifest.json.nixgen-new", WithPath("../victim"));
        _play.Publish(Inventories.A);
        Assert.True(File.Exists(Path.Combine(_play.Top, "victim")));
        Assert.Equal(Playground.SnapshotOf(Inventories.A), _play.Snapshot());
    }

    [Fact]
    public void Another_version_is_drift_of_the_manifest_alone()
    {
        _play.Publish(Inventories.A);
        var (drifts, findings) = _play.Check(Inventories.A, version: "2");
        Assert.Equal("manifest.json", Assert.Single(drifts).Path);
        Assert.Equal("written by NixGen 1; this is 2", Assert.Single(findings).Message);

        _play.Publish(Inventories.A, version: "2");
        Assert.Empty(_play.Check(Inventories.A, version: "2").Findings);
    }

    private static string WithPath(string path) =>
        $$"""{ "format": 1, "generator": "NixGen 1", "files": { "{{path}}": "{{Hash}}" } }""";

    private Finding AssertRefused(string manifest, FindingCode code)
    {
        File.WriteAllText(Path.Combine(_play.Top, "victim"), "text\n");
        _play.Write("manifest.json", manifest);
        var before = _play.Snapshot();

        var finding = Assert.Single(_play.TryPublish(Inventories.B).Findings);
        Assert.Equal(code, finding.Code);
        Assert.Equal(finding, Assert.Single(_play.Check(Inventories.B).Findings));
        Assert.Equal(before, _play.Snapshot());
        Assert.Equal("text\n", File.ReadAllText(Path.Combine(_play.Top, "victim")));
        return finding;
    }
}
