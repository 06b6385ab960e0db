using NixGen.Languages.Restic;

namespace NixGen.Tests.Languages.Restic;

public sealed class ResticPatternTests
{
    [Theory]
    [InlineData("cache")]
    [InlineData("*.log")]
    [InlineData("**/cache")]
    [InlineData("a/**/b")]
    [InlineData("[abc]x")]
    [InlineData("[^a-z]")]
    [InlineData("[\\]]")]
    [InlineData("[a-b-]", false)]
    [InlineData("\\*literal")]
    [InlineData("x[ ]")]
    [InlineData("a]b")]
    [InlineData("/var/lib/x/y")]
    [InlineData("", false)]
    [InlineData("!x", false)]
    [InlineData("x ", false)]
    [InlineData("x\u00a0", false)]
    [InlineData("a//b", false)]
    [InlineData("../x", false)]
    [InlineData("a/./b", false)]
    [InlineData("a**", false)]
    [InlineData("a/**b", false)]
    [InlineData("x\\", false)]
    [InlineData("x\\/y", false)]
    [InlineData("[", false)]
    [InlineData("[]", false)]
    [InlineData("[]a]", false)]
    [InlineData("[^]", false)]
    [InlineData("[a-", false)]
    [InlineData("[a-]", false)]
    [InlineData("[-a]", false)]
    [InlineData("[z-a]", false)]
    [InlineData("[a/b]", false)]
    public void Validity_is_that_of_Go(string pattern, bool valid = true)
    {
        Assert.Equal(valid, ResticPattern.IsValid(pattern, out var problem));
        Assert.Equal(valid, problem is null);
    }

    [Theory]
    [InlineData("/var/lib/hass/*.log", "/var/lib/hass", "*.log")]
    [InlineData("/srv/\\[a]/x", "/srv/[a]", "x")]
    [InlineData("/var/lib/hass", "/var/lib/hass", null)]
    [InlineData("/var/lib/hass2/x", "/var/lib/hass", null)]
    [InlineData("/var/*/hass/x", "/var/lib/hass", null)]
    public void Below_is_what_follows_the_literal_path(string pattern, string path, string? below) =>
        Assert.Equal(below, ResticPattern.Below(pattern, path));

    /// <summary>restic itself refuses what we refuse and takes what we take.</summary>
    [ToolTheory("restic")]
    [InlineData("[a-", false)]
    [InlineData("[]a]", false)]
    [InlineData("[^]", false)]
    [InlineData("[-a]", false)]
    [InlineData("x\\", false)]
    [InlineData("[\\]]", true)]
    [InlineData("[^a-z]b", true)]
    [InlineData("a]b", true)]
    public void Validity_is_that_of_restic(string pattern, bool valid)
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["RESTIC_PASSWORD"] = "x", ["RESTIC_REPOSITORY"] = folder.At("r"), ["RESTIC_CACHE_DIR"] = folder.At("c") };
        folder.Write("data/file", "x");
        ToolProcess.Run("restic", ["init", "--quiet"], environment: environment).Succeeded();
        var excludes = folder.Write("excludes", folder.At("data") + "/" + pattern + "\n");
        var result = ToolProcess.Run("restic", ["backup", "--quiet", "--exclude-file", excludes, folder.At("data")], environment: environment);
        Assert.Equal(valid, result.ExitCode == 0);
    }
}
