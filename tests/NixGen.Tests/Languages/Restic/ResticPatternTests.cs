using System.Globalization;
using System.Text.Json;
using NixGen.Inventory;
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

    /// <summary>
    /// Random patterns, each with a tree of its own, in one run: restic and we leave out the same files of all trees. Of several ** in an
    /// absolute pattern, restic until 0.19.1 does not take a later one for no folder: it may leave out less, as its manual does not say
    /// (restic#21948).
    /// </summary>
    [ToolTheory("restic")]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Random_patterns_leave_out_what_restic_leaves_out(int seed, bool anywhere)
    {
        const int Patterns = 300;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var environment = new Dictionary<string, string?> { ["RESTIC_PASSWORD"] = "x", ["RESTIC_REPOSITORY"] = folder.At("r"), ["RESTIC_CACHE_DIR"] = folder.At("c") };
        var patterns = new List<string>();
        var files = new HashSet<string>(StringComparer.Ordinal);
        while (patterns.Count < Patterns)
        {
            // Names that no other tree has keep a pattern from all others, wherever it begins.
            var tree = $"{folder.At("d")}/tree{patterns.Count}";
            var pattern = (anywhere ? $"/**/tree{patterns.Count}" : tree) + Repeat(random, 1, 4, () => "/" + PatternPart(random));
            if (!ResticPattern.IsValid(pattern, out _))
                continue;
            patterns.Add(pattern);
            for (var i = 0; i < 9; i++)
            {
                var parent = tree + Repeat(random, 0, 3, () => "/" + Name(random));
                // What is a file already cannot be a folder.
                if (HiddenPlaces.Upward(parent).Any(files.Contains))
                    continue;
                Directory.CreateDirectory(parent);
                var file = $"{parent}/{Name(random)}";
                if (!Directory.Exists(file) && files.Add(file))
                    File.WriteAllText(file, "");
            }
        }

        ToolProcess.Run("restic", ["init", "--quiet"], environment: environment).Succeeded();
        var list = folder.Write("excludes", string.Join('\n', patterns) + "\n");
        var said = ToolProcess.Run("restic", ["backup", "--dry-run", "--json", "--verbose=2", "--exclude-file", list, folder.At("d")], environment: environment).Succeeded().Output;
        var kept = said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("message_type").GetString() == "verbose_status" && line.GetProperty("action").GetString() == "new")
            .Select(line => line.GetProperty("item").GetString()!)
            .ToHashSet(StringComparer.Ordinal);

        var leftOut = 0;
        var all = ResticExcludes.Of(patterns);
        foreach (var file in files)
        {
            var parent = Path.GetDirectoryName(file)!;
            var pattern = patterns[int.Parse(file.Split('/').First(part => part.StartsWith("tree", StringComparison.Ordinal))[4..], CultureInfo.InvariantCulture)];
            var isLeftOut = ResticPattern.LeavesOut(pattern, file);
            Assert.Equal((file, isLeftOut), (file, all.At(parent).LeaveOutEntry(Path.GetFileName(file))));
            leftOut += isLeftOut ? 1 : 0;
            var empty = HiddenPlaces.Upward(parent).Where(place => ResticPattern.Empties(pattern, place)).ToList();
            Assert.All(empty, place => Assert.StartsWith(ResticPattern.LiteralStart(pattern), place, StringComparison.Ordinal));
            Assert.True(isLeftOut || empty.Count == 0, $"{pattern} does not empty what {file} lies in");
            if (!kept.Contains(file))
                Assert.True(isLeftOut, $"{pattern} leaves out {file}");
            else if (pattern.Split('/').Count(part => part == "**") < 2)
                Assert.False(isLeftOut, $"{pattern} keeps {file}");
        }

        // Neither nothing nor all, or nothing would be tested.
        Assert.InRange(leftOut, files.Count / 10, files.Count * 9 / 10);
    }

    private static readonly string[] Letters = ["a", "b", "c", "-", "^", "]", "[", "*", "?", "\\", " ", "é", "🦉", "Ω", "\n", "."];

    private static string Repeat(Random random, int least, int most, Func<string> what) =>
        string.Concat(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => what()));

    // Few letters, and a, b and c most of the time, so that a pattern often matches.
    private static string Letter(Random random) => Letters[random.Next(2) == 0 ? random.Next(3) : random.Next(Letters.Length)];

    private static string Name(Random random)
    {
        var name = Repeat(random, 1, 3, () => Letter(random));
        return name is "." or ".." ? "a" : name;
    }

    private static string PatternPart(Random random) => random.Next(5) switch
    {
        0 => "**",
        1 => "*",
        _ => Repeat(random, 1, 3, () => random.Next(6) switch
        {
            0 => "*",
            1 => "?",
            2 => $"[{(random.Next(2) == 0 ? "^" : "")}{Repeat(random, 1, 2, () => random.Next(2) == 0 ? ClassLetter(random) : $"{ClassLetter(random)}-{ClassLetter(random)}")}]",
            _ => Literal(random),
        }),
    };

    private static string ClassLetter(Random random) => Letter(random) switch
    {
        "\n" => "c",
        var letter when letter is "-" or "]" or "\\" or "^" || random.Next(4) == 0 => "\\" + letter,
        var letter => letter,
    };

    private static string Literal(Random random) => Letter(random) switch
    {
        "\n" => "c",
        var letter when letter is "[" or "*" or "?" or "\\" || random.Next(4) == 0 => "\\" + letter,
        var letter => letter,
    };

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
