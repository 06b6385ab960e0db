using System.Diagnostics;
using NixGen.Inventory.Reading;

namespace NixGen.Tests.Inventory.Reading;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: b", "{a: b}")]
    [InlineData("---\na: b\n...\n", "{a: b}")]
    [InlineData("{}", "{}")]
    [InlineData("a: {}\nb: []\nc: \"\"\n", "{a: {}, b: [], c: \"\"}")]
    [InlineData("a:\n- b\n- c: d\n  e: f\n- [g]\n", "{a: [b, {c: d, e: f}, [g]]}")]
    [InlineData("a: {b: c, \"d\":e, f: [g, {h: i},],}\n", "{a: {b: c, \"d\": e, f: [g, {h: i}]}}")]
    [InlineData("a: [b: c]\n", "{a: [{b: c}]}")]
    [InlineData("a: 'it''s'\nb: \"x\\\\y\\\"z\"\n", "{a: \"it's\", b: \"x\\y\"z\"}")]
    [InlineData("a: >-\n  one\n  two\nb: |-\n  three\n", "{a: \"one two\", b: \"three\"}")]
    [InlineData("a: one\n  two\n", "{a: one two}")]
    [InlineData("a: \"one\n  two\"\n", "{a: \"one two\"}")]
    [InlineData("a: b # c\n# d\n\ne: f#g\n", "{a: b, e: f#g}")]
    [InlineData("a:\tb\t# c\nd: e\t\n", "{a: b, d: e}")]
    [InlineData("a:\n\t\n  b: c\n \t# d\n  e: f\n", "{a: {b: c, e: f}}")]
    [InlineData("? a\n: b\n", "{a: b}")]
    [InlineData("a: \"{{ x }}\"\n", "{a: \"{{ x }}\"}")]
    [InlineData("a: x&y*z!\nb: http://x/y?z\n", "{a: x&y*z!, b: http://x/y?z}")]
    [InlineData("a: \"<<\"\n\"<<\": b\n", "{a: \"<<\", \"<<\": b}")]
    [InlineData("a: café 😀 שלום\n", "{a: café 😀 שלום}")]
    [InlineData("a:\r\n  b: c\r\nd: e", "{a: {b: c}, d: e}")]
    [InlineData("a:\r  b: c\rd: e", "{a: {b: c}, d: e}")]
    public void Reads(string text, string expected) => Assert.Equal(expected, Yaml.Show(Yaml.Good(text)));

    [Fact]
    public void Every_node_knows_its_place()
    {
        var root = Yaml.Good("# c\nhosts:\r\n  nas:\n    - \"x\"\n    -   {a: [1, 2: 3]}\nz: 😀\n");

        Assert.Equal("f.yaml:2:1", root.At.ToString());
        Assert.Equal("f.yaml:2:1", root.Entries[0].Key.At.ToString());
        var hosts = Assert.IsType<YamlMap>(root.Find("hosts"));
        Assert.Equal("f.yaml:3:3", hosts.At.ToString());
        var nas = Assert.IsType<YamlList>(hosts.Find("nas"));
        Assert.Equal("f.yaml:4:5", nas.At.ToString());
        Assert.Equal("f.yaml:4:7", nas.Items[0].At.ToString());
        var map = Assert.IsType<YamlMap>(nas.Items[1]);
        Assert.Equal("f.yaml:5:9", map.At.ToString());
        var list = Assert.IsType<YamlList>(map.Find("a"));
        Assert.Equal("f.yaml:5:13", list.At.ToString());
        Assert.Equal("f.yaml:5:14", list.Items[0].At.ToString());
        Assert.Equal("f.yaml:5:17", list.Items[1].At.ToString());
        Assert.Equal("f.yaml:6:4", root.Find("z")!.At.ToString());
        Assert.Same(root.At.File, list.Items[1].At.File);
    }

    [Fact]
    public void Only_texts_without_quotes_are_plain()
    {
        var root = Yaml.Good("a: 7\nb: \"7\"\nc: '7'\nd: >-\n  7\n");

        Assert.Equal([true, false, false, false], root.Entries.Select(e => ((YamlText)e.Value).Plain));
    }

    [Theory]
    [InlineData(3), InlineData(8), InlineData(9), InlineData(1000)]
    public void Finds_keys_in_maps_of_all_sizes(int count)
    {
        var root = Yaml.Good(string.Concat(Enumerable.Range(0, count).Select(i => $"k{i}: v{i}\n")));

        Assert.Equal(count, root.Entries.Count);
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal($"v{i}", Assert.IsType<YamlText>(root.Find($"k{i}")).Value));
        Assert.Null(root.Find("K1"));
        Assert.Equal($"NG1004 {count + 1}:1", Yaml.Places(string.Concat(Enumerable.Range(0, count).Select(i => $"k{i}: v{i}\n")) + "k1: x\n"));
    }

    [Theory]
    [InlineData(64, "")]
    [InlineData(65, "NG1010 1:67")]
    public void Depth_has_a_limit_to_the_level(int levels, string expected) =>
        Assert.Equal(expected, Yaml.Places($"a: {new string('[', levels - 1)}{new string(']', levels - 1)}\n"));

    public static TheoryData<string, string> Deep => new()
    {
        { new string('[', 100_000), "NG1016 1:1" },
        { "a: " + new string('[', 100_000), "NG1010 1:67" },
        { "a: " + new string('{', 100_000), "NG1013 1:4" },
        { "a: " + string.Concat(Enumerable.Repeat("{a: ", 100_000)), "NG1010 1:256" },
        { "a: " + string.Concat(Enumerable.Repeat("[{a: ", 100_000)), "NG1010 1:160" },
        { "a:\n" + string.Concat(Enumerable.Repeat("- ", 100_000)) + "b", "NG1010 2:127" },
        { "a:\n " + string.Concat(Enumerable.Repeat("? ", 100_000)) + "b", "NG1013 2:4" },
        { "a: " + string.Concat(Enumerable.Repeat("[\n", 100_000)), "NG1010 64:1" },
        { string.Concat(Enumerable.Range(0, 900).Select(i => new string(' ', i) + "a:\n")), "NG1010 65:65" },
        { string.Concat(Enumerable.Range(0, 3000).Select(i => new string(' ', i) + "a:\n")), "NG1010 1001:1001" },
        { "a: " + new string('[', 100_000) + new string(']', 100_000), "NG1010 1:67" },
        { "a: &x [" + string.Concat(Enumerable.Repeat("*x, ", 60)) + "]\n", "aliases" },
        { "a: " + string.Concat(Enumerable.Repeat("!x ", 100_000)), "one" },
        { string.Concat(Enumerable.Repeat("---\n", 100_000)), "NG1007 2:1" },
        { "a: " + string.Concat(Enumerable.Repeat("b: ", 100_000)), "NG1001 1:5" },
        { "a: [" + new string(',', 100_000), "NG1001 1:5" },
        { "a: " + new string(']', 100_000), "NG1001 1:4" },
        { "a: \"" + new string('x', 1_000_000), "NG1001 1:4" },
        { "a: [b: [" + new string('[', 2000) + "c", "one" },
    };

    [Theory]
    [MemberData(nameof(Deep))]
    public void Hostile_texts_are_cheap(string text, string expected)
    {
        var clock = Stopwatch.StartNew();
        var (_, findings) = Yaml.Read(text);
        clock.Stop();

        Assert.NotEmpty(findings);
        if (expected.StartsWith("NG", StringComparison.Ordinal))
            Assert.Equal(expected, Yaml.Show(findings));
        else if (expected == "one")
            Assert.Single(findings);
        else
            Assert.InRange(findings.Count, 1, FileFindings.Most);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}"); // a loop, not a slow machine
    }

    [Fact]
    public void A_file_reports_only_so_much()
    {
        var (tree, findings) = Yaml.Read(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"k{i}: no\n")));

        Assert.Null(tree);
        Assert.Equal(FileFindings.Most, findings.Count);
        Assert.Contains("was not read", findings.Last().Message);
    }
}
