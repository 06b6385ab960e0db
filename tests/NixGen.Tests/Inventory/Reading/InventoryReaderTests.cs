using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Tests.Inventory.Reading;

public sealed class InventoryReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nixgen-reading-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("inventory.yaml"), InlineData("inventory.yml")]
    public void Takes_the_file_with_the_default_name(string name)
    {
        Write(name, "a: b\n");

        Assert.Equal(("{a: b}", ""), Read(null));
    }

    [Fact]
    public void Takes_the_folder_with_the_default_name()
    {
        Write("inventory/z.yaml", "a: {b: c}\nlist: []\n");
        Write("inventory/sub/y.yml", "a: {d: {e: f}}\n");
        Write("inventory/sub/X.YAML", "a: {d: {g: h}}\n");
        Write("inventory/.hidden.yaml", "[");
        Write("inventory/.git/x.yaml", "[");
        Write("inventory/readme.md", "[");

        Assert.Equal(("{a: {d: {g: h, e: f}, b: c}, list: []}", ""), Read(null));
    }

    [Fact]
    public void Two_defaults_are_one_too_many()
    {
        Write("inventory.yaml", "a: b\n");
        Write("inventory/x.yaml", "a: b\n");

        var (tree, findings) = Run(null);

        Assert.Null(tree);
        var finding = Assert.Single(findings);
        Assert.Equal(Codes.NoInventory, finding.Code);
        Assert.Contains("inventory.yaml and inventory/", finding.Message);
    }

    [Theory]
    [InlineData(null), InlineData("missing.yaml"), InlineData(""), InlineData("empty")]
    public void Nothing_found(string? option)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));

        Assert.Equal("NG1019", Assert.Single(Run(option).Findings).Code.Id);
    }

    [Theory]
    [InlineData("inv", "inv/b.yaml")]
    [InlineData("./inv/", "inv/b.yaml")]
    [InlineData("inv/b.yaml", "inv/b.yaml")]
    [InlineData("./inv/b.yaml", "inv/b.yaml")]
    [InlineData("inv/../inv", "inv/../inv/b.yaml")]
    public void Names_files_as_the_user_does(string option, string expected)
    {
        Write("inv/b.yaml", "x: no\n");

        Assert.Equal($"{expected}:1:4", Assert.Single(Run(option).Findings).At.ToString());
    }

    [Fact]
    public void Names_files_of_the_working_directory_without_a_dot()
    {
        Write("b.yaml", "x: no\n");

        Assert.Equal("b.yaml:1:4", Assert.Single(Run(".").Findings).At.ToString());
        Assert.Equal($"{_folder}/b.yaml:1:4", Assert.Single(Run(_folder).Findings).At.ToString());
    }

    [Theory]
    [InlineData("a: b", "a: b", "y.yaml:1:1", "x.yaml:1:1")]
    [InlineData("h:\n  m: {s: [x]}", "z: 1\nh: {m: {s: [v]}}", "y.yaml:2:9", "x.yaml:2:7")]
    [InlineData("h: {m: {}}", "h:\n  m: []", "y.yaml:2:3", "x.yaml:1:5")]
    [InlineData("h: x", "h: {}", "y.yaml:1:1", "x.yaml:1:1")]
    public void What_two_files_set_is_reported_at_the_later(string first, string second, string at, string named)
    {
        Write("inventory/x.yaml", first);
        Write("inventory/y.yaml", second);

        var (tree, findings) = Run(null);

        var finding = Assert.Single(findings);
        Assert.Equal(Codes.DuplicateKey, finding.Code);
        Assert.Equal($"inventory/{at}", finding.At.ToString());
        Assert.EndsWith($"inventory/{named}", finding.Message);
        Assert.NotNull(tree);
    }

    [Fact]
    public void All_files_are_read_whatever_is_in_the_first()
    {
        Write("inventory/a.yaml", "a: [\n");
        Write("inventory/b.yaml", "\tb: c\n");
        Write("inventory/c.yaml", "");
        WriteBytes("inventory/d.yaml", [0x61, 0x3a, 0x20, 0xff]);
        Write("inventory/e.yaml", "e: no\nf: 1:30\n");

        var (tree, findings) = Run(null);

        Assert.Null(tree);
        Assert.Equal("NG1001 1:4, NG1009 1:1, NG1002 1:1, NG1008 1:4, NG1011 1:4, NG1011 2:4", Yaml.Show(findings));
        Assert.Equal("a b c d e e", string.Join(' ', findings.Select(f => f.At!.Value.File["inventory/".Length..][0])));
    }

    [Fact]
    public void Values_that_cannot_be_used_keep_their_place_in_the_tree()
    {
        Write("inventory.yaml", "a: no\nb: ~\nc: *x\nd: \"\\a\"\ne: f\n");

        Assert.Equal("{a: !, b: !, c: !, d: !, e: f}", Read(null).Tree);
    }

    [Fact]
    public void A_link_to_nowhere_cannot_be_read()
    {
        Write("inventory/a.yaml", "a: b\n");
        File.CreateSymbolicLink(Path.Combine(_folder, "inventory/x.yaml"), "nowhere");

        var (tree, findings) = Run(null);

        Assert.Null(tree);
        var finding = Assert.Single(findings);
        Assert.Equal((Codes.CannotRead, "inventory/x.yaml"), (finding.Code, finding.At.ToString()));
    }

    [Fact]
    public void A_link_to_a_folder_above_does_not_turn_in_circles()
    {
        Write("inventory/a.yaml", "a: b\n");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "inventory/loop"), "..");

        var (tree, findings) = Run(null);

        Assert.Null(tree);
        Assert.Contains(findings, f => f.Code == Codes.CannotRead);
    }

    [Fact]
    public void A_file_of_64_MiB_is_read_and_one_byte_more_is_not()
    {
        var bytes = new byte[SourceText.MaxSize];
        bytes.AsSpan().Fill((byte)'#');
        "a: b\n"u8.CopyTo(bytes);
        WriteBytes("inventory.yaml", bytes);
        Assert.Equal(("{a: b}", ""), Read(null));

        WriteBytes("inventory.yaml", [.. bytes, (byte)'#']);
        Assert.Equal("NG1015 0:0", Read(null).Findings);
    }

    private void Write(string name, string text) => WriteBytes(name, System.Text.Encoding.UTF8.GetBytes(text));

    private void WriteBytes(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private (YamlMap? Tree, FindingList Findings) Run(string? option)
    {
        var findings = new FindingList();
        return (InventoryReader.Read(option, _folder, findings), findings);
    }

    private (string Tree, string Findings) Read(string? option)
    {
        var (tree, findings) = Run(option);
        return (Yaml.Show(tree), Yaml.Show(findings));
    }
}
