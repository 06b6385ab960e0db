namespace NixGen.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public Task The_verified_file_lies_beside_the_source_file() => Verifier.Verify("{ }\n", "nix");

    [Fact]
    public async Task Folder_and_name_can_be_chosen()
    {
        folder.Write("sub/name_a.verified.nix", "{ }\n");
        await Verifier.Verify("{ }\n", "nix").UseDirectory(folder.At("sub")).UseFileName("name").UseTextForParameters("a");
        await Verifier.Verify("{ }\n"u8.ToArray(), "nix").UseDirectory(folder.At("sub")).UseFileName("name_a");
        await Verifier.VerifyFile(folder.Write("x.nix", "{ }\n")).UseDirectory(folder.At("sub")).UseFileName("name_a");
    }

    [Fact]
    public async Task What_came_is_written_down_when_there_is_no_verified_file()
    {
        var exception = await Assert.ThrowsAsync<SnapshotException>(
            async () => await Verifier.Verify("{ }\n", "nix").UseDirectory(folder.Path).UseFileName("new"));
        Assert.Contains("missing: ", exception.Message);
        Assert.Contains("tests/accept", exception.Message);
        Assert.Equal(["new.received.nix"], Files());
        Assert.Equal("{ }\n", File.ReadAllText(folder.At("new.received.nix")));
    }

    [Theory]
    [InlineData("a\n", "a", "\\ No newline at end of file")]
    [InlineData("a\n", "a\r\n", "+a␍")]
    [InlineData("a\n", "", "-a")]
    [InlineData("\n", "", "(1 bytes expected, 0 came)")]
    [InlineData("a\n", "a\n\n", "+")]
    [InlineData("a\nb\n", "a\nc\n", "-b\n+c")]
    [InlineData("a\n", "\ufeffa\n", "-a")]
    public void Any_byte_makes_a_difference_and_can_be_seen(string expected, string actual, string shown)
    {
        folder.Write("x.verified.nix", expected);
        var exception = Assert.Throws<SnapshotException>(() => Snapshot.VerifyFile(folder.At("x.nix"), actual));
        Assert.Contains(shown, exception.Message);
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(actual), File.ReadAllBytes(folder.At("x.received.nix")));
    }

    [Fact]
    public void Bytes_that_are_not_text_are_compared_as_well()
    {
        File.WriteAllBytes(folder.At("x.verified.bin"), [1, 2, 0xff]);
        Snapshot.VerifyFile(folder.At("x.bin"), [1, 2, 0xff]);
        var exception = Assert.Throws<SnapshotException>(() => Snapshot.VerifyFile(folder.At("x.bin"), [1, 3, 0xff]));
        Assert.Contains("the first 1 are the same", exception.Message);
    }

    [Fact]
    public void A_long_difference_is_cut()
    {
        folder.Write("x.verified.nix", "");
        var exception = Assert.Throws<SnapshotException>(
            () => Snapshot.VerifyFile(folder.At("x.nix"), string.Concat(Enumerable.Range(0, 1000).Select(line => $"{line}\n"))));
        Assert.Matches(@"\(and \d+ lines more\)", exception.Message);
        Assert.True(exception.Message.Length < 1500);
    }

    [Fact]
    public void A_stale_received_file_goes_when_all_is_well()
    {
        folder.Write("x.verified.nix", "a");
        folder.Write("x.received.nix", "b");
        Snapshot.VerifyFile(folder.At("x.nix"), "a");
        Assert.Equal(["x.verified.nix"], Files());
    }

    [Fact]
    public void A_folder_that_is_the_same_passes_and_other_files_do_not_matter()
    {
        folder.Write("inventory.yaml", "input");
        folder.Write("hosts/nas.verified.nix", "{ }\n");
        folder.Write("LICENSE.verified", "free\n");
        folder.Write(".env.verified.d", "A=1\n");
        folder.Write("hosts/.verified.env", "A=1\n");
        folder.Write("old.received.nix", "stale");
        Snapshot.VerifyFolder(folder.Path, new Dictionary<string, string>
        {
            ["hosts/nas.nix"] = "{ }\n",
            ["LICENSE"] = "free\n",
            [".env.d"] = "A=1\n",
            ["hosts/.env"] = "A=1\n",
        });
        Assert.DoesNotContain("old.received.nix", Files());
    }

    [Fact]
    public void Everything_wrong_with_a_folder_is_told_at_once_and_can_be_accepted_at_once()
    {
        folder.Write("same.verified.nix", "same\n");
        folder.Write("different.verified.nix", "before\n");
        folder.Write("sub/superfluous.verified.nix", "gone\n");
        folder.Write("SUPERFLUOUS.verified", "gone\n");
        var files = new Dictionary<string, string>
        {
            ["same.nix"] = "same\n",
            ["different.nix"] = "after\n",
            ["deep/er/missing.nix"] = "new\n",
            ["MISSING"] = "new\n",
        };
        var message = Assert.Throws<SnapshotException>(() => Snapshot.VerifyFolder(folder.Path, files)).Message;
        Assert.Contains($"missing: {folder.At("deep/er/missing.verified.nix")}", message);
        Assert.Contains($"missing: {folder.At("MISSING.verified")}", message);
        Assert.Contains($"different: {folder.At("different.verified.nix")}", message);
        Assert.Contains("-before\n+after", message);
        Assert.Contains($"superfluous, nothing produces it: {folder.At("sub/superfluous.verified.nix")}", message);
        Assert.DoesNotContain("same.verified.nix", message);

        ToolProcess.Run(RepositoryRoot.At("tests", "accept"), [folder.Path]).Succeeded();
        Snapshot.VerifyFolder(folder.Path, files);
        Assert.Equal(
            ["MISSING.verified", "deep/er/missing.verified.nix", "different.verified.nix", "same.verified.nix"], Files());
    }

    [Fact]
    public void A_name_that_leads_out_of_the_folder_is_refused() => Assert.Throws<ArgumentException>(
        () => Snapshot.VerifyFolder(folder.Path, new Dictionary<string, string> { ["../x.nix"] = "" }));

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder.Path, file)).Order(StringComparer.Ordinal)];
}
