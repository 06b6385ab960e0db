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

    [Theory]
    [InlineData("/srv/inner", "/srv/inner")]
    [InlineData("/srv/inner", "/srv/inner/deep/er")]
    [InlineData("/srv/inner", "/srv/inner2", false)]
    [InlineData("/srv/inner/deep", "/srv/inner", false)]
    [InlineData("/srv/*/cache", "/srv/b/cache/keep")]
    [InlineData("/srv/*/cache", "/srv/cache", false)]
    [InlineData("/srv/**/cache", "/srv/cache/x")]
    [InlineData("/srv/**/cache", "/srv/a/b/cache")]
    [InlineData("/srv/**", "/srv/a")]
    [InlineData("/srv/[a-c]?", "/srv/b1")]
    [InlineData("/srv/[^a-c]?", "/srv/b1", false)]
    [InlineData("/srv/\\*", "/srv/*")]
    [InlineData("/srv/\\*", "/srv/a", false)]
    [InlineData("/srv/[\\]]", "/srv/]")]
    [InlineData("/srv/?", "/srv/🦉")]
    [InlineData("/srv/*.d*b", "/srv/x.db.d.b")]
    [InlineData("/srv/*.db", "/srv/🦉.db")]
    [InlineData("/srv/*.db", "/srv/🦉", false)]
    [InlineData("/srv/*?b*[x-z]", "/srv/abbby")]
    [InlineData("/srv/*?b*[x-z]", "/srv/by", false)]
    [InlineData("/srv/*aaa*aaa*aaa*b", "/srv/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("/**/x/**/y/**", "/a/x/b/c/y/d")]
    [InlineData("/**/x/**/y", "/y/x", false)]
    [InlineData("/**/**/**/a/**/a", "/a/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b", false)]
    public void What_is_left_out_is_what_matches_and_all_below(string pattern, string path, bool leftOut = true)
    {
        Assert.True(ResticPattern.IsValid(pattern, out _));
        Assert.Equal(leftOut, ResticPattern.LeavesOut(pattern, path));
        // Among others, and name by name.
        var excludes = ResticExcludes.Of(["/elsewhere/**/x", pattern, "/srv/none"]);
        Assert.Equal(leftOut, excludes.At(Path.GetDirectoryName(path)!).LeaveOutEntry(Path.GetFileName(path)));
    }

    [Theory]
    [InlineData("/srv", "/srv/inner")]
    [InlineData("/srv/*", "/srv")]
    [InlineData("/srv/*", "/srv/inner")]
    [InlineData("/srv/**", "/srv")]
    [InlineData("/srv/**/*", "/srv")]
    [InlineData("/srv/*/**", "/srv")]
    [InlineData("/srv/*/*", "/srv", false)]
    [InlineData("/srv/*/*", "/srv/inner")]
    [InlineData("/srv/*x", "/srv", false)]
    [InlineData("/srv/\\*", "/srv", false)]
    public void What_is_emptied_has_nothing_left_in_it(string pattern, string path, bool emptied = true)
    {
        Assert.Equal(emptied, ResticPattern.Empties(pattern, path));
        Assert.True(!emptied || path.StartsWith(ResticPattern.LiteralStart(pattern), StringComparison.Ordinal));
    }

    /// <summary>The same question to restic: is a file in the path in the snapshot?</summary>
    [ToolFact("restic")]
    public void What_is_left_out_is_what_restic_leaves_out()
    {
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["RESTIC_PASSWORD"] = "x", ["RESTIC_REPOSITORY"] = folder.At("r"), ["RESTIC_CACHE_DIR"] = folder.At("c") };
        ToolProcess.Run("restic", ["init", "--quiet"], environment: environment).Succeeded();
        string[] paths = ["a", "a/b", "a/b/c", "a/bb", "ab/c", "a b/c", "x/cache/y", "cache", "[a]", "*", "é"];
        string[] patterns =
        [
            "a/b", "*/b", "**/c", "a/**", "a*", "[a-b]", "[^a-z]*", "\\[a\\]", "\\*", "?", "a/**/b",
            "a/*", "*/*", "a/**/*", "**/*",
        ];
        foreach (var path in paths)
            folder.Write($"d/{path}/file", "x");
        var root = folder.At("d");
        foreach (var pattern in patterns)
        {
            // Each path is named, as a job does it.
            string[] options = ["backup", "--dry-run", "--verbose=2", "--exclude", $"{root}/{pattern}"];
            var named = ToolProcess.Run("restic", [.. options, .. paths.Select(path => folder.At("d", path))], environment: environment).Succeeded().Output;
            // What empties a path leaves out the one file in it, at the least.
            Assert.All(
                paths.Where(path => ResticPattern.Empties($"{root}/{pattern}", $"{root}/{path}")),
                path =>
                {
                    Assert.StartsWith(ResticPattern.LiteralStart($"{root}/{pattern}"), $"{root}/{path}", StringComparison.Ordinal);
                    Assert.False(named.Contains($" {root}/{path}/file,", StringComparison.Ordinal), $"{pattern} does not empty {path}");
                });
            if (pattern.EndsWith("/*", StringComparison.Ordinal))
                continue; // the file is left out, but not the path
            Assert.All(paths, path => Assert.Equal(
                (pattern, path, !named.Contains($" {root}/{path}/file,", StringComparison.Ordinal)),
                (pattern, path, ResticPattern.LeavesOut($"{root}/{pattern}", $"{root}/{path}"))));
        }
    }

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
