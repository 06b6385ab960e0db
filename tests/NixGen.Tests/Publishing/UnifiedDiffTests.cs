using System.Diagnostics;
using System.Text;
using CsCheck;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void Hunks_have_three_lines_of_context()
    {
        var before = Lines(1, 30);
        var after = before.Replace("\n5\n", "\nfive\n").Replace("\n12\n", "\n").Replace("\n25\n", "\n25\n25a\n25b\n");
        Assert.Equal(
            """
            --- a/h/x.nix
            +++ b/h/x.nix
            @@ -2,14 +2,13 @@
             2
             3
             4
            -5
            +five
             6
             7
             8
             9
             10
             11
            -12
             13
             14
             15
            @@ -23,6 +22,8 @@
             23
             24
             25
            +25a
            +25b
             26
             27
             28

            """,
            Diff(before, after)
        );
    }

    [Theory]
    [InlineData("a\n", "a", "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n")]
    [InlineData("a", "a\n", "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n")]
    [InlineData("", "a\n", "@@ -0,0 +1 @@\n+a\n")]
    [InlineData("a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n")]
    [InlineData("a\r\n", "a\n", "@@ -1 +1 @@\n-a\r\n+a\n")]
    [InlineData("\ufeffa\n", "a\n", "@@ -1 +1 @@\n-\ufeffa\n+a\n")]
    [InlineData(" a\n", "a\n", "@@ -1 +1 @@\n- a\n+a\n")]
    public void Nothing_that_differs_is_left_out(string before, string after, string hunks) =>
        Assert.Equal("--- a/h/x.nix\n+++ b/h/x.nix\n" + hunks, Diff(before, after));

    [Fact]
    public void What_is_no_text_is_not_shown()
    {
        Assert.Equal("Binary files a/x and b/x differ\n", UnifiedDiff.Of("x", [0xff], "\ufffd"u8.ToArray()));
        Assert.Equal("Binary files a/x and /dev/null differ\n", UnifiedDiff.Of("x", [1, 0], null));
    }

    [Fact]
    public void Large_and_all_different_takes_no_time()
    {
        var watch = Stopwatch.StartNew();
        var diff = Diff(Lines(0, 200_000), string.Concat(Enumerable.Range(0, 200_000).Reverse().Select(i => $"{i}\n")));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), watch.Elapsed.ToString());
        Assert.Equal(3 + 400_000, diff.Count(c => c == '\n'));
    }

    [Needs("git")]
    public void Git_applies_what_it_prints()
    {
        var random = new Random(7);
        using var folder = new Playground();
        var patch = new StringBuilder();
        var wanted = new Dictionary<string, string?>();
        for (var i = 0; i < 200; i++)
        {
            var (before, after) = (RandomText(random), RandomText(random));
            if (before == after)
                continue;
            var path = $"h/f{i}.nix";
            // A file that comes or goes has no other side; an empty one is something else.
            var (from, to) = (i % 10 == 0 ? null : before, i % 10 == 1 ? null : after);
            if (from is "" or null && to is "" or null)
                continue;
            if (from is not null)
                folder.Write(path, from);
            wanted[path] = to;
            patch.Append(
                UnifiedDiff.Of(
                    path,
                    from is null ? null : Encoding.UTF8.GetBytes(from),
                    to is null ? null : Encoding.UTF8.GetBytes(to)
                )
            );
        }
        Directory.CreateDirectory(folder.Output);
        var file = Path.Combine(folder.Top, "patch");
        File.WriteAllText(file, patch.ToString());

        using var git = Process.Start(
            new ProcessStartInfo("git", ["apply", "--whitespace=nowarn", file])
            {
                WorkingDirectory = folder.Output,
                RedirectStandardError = true,
            }
        )!;
        var errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, errors);
        Assert.All(
            wanted,
            entry => Assert.Equal(entry.Value ?? "", File.Exists(folder.At(entry.Key)) ? folder.Read(entry.Key) : "")
        );
    }

    [Fact]
    public void Applying_it_to_the_one_gives_the_other()
    {
        var text = Gen.Select(Gen.Int[0, 7].Select(i => Words[i]).Array[0, 30], Gen.Bool)
            .Select((lines, newline) => string.Join('\n', lines) + (newline && lines.Length > 0 ? "\n" : ""));
        Gen.Select(text, text).Sample((before, after) => Apply(before, Diff(before, after)) == after, iter: 3000);
    }

    private static readonly string[] Words = ["a", "b", "c", "d", "", "\r", "-x", "+y"];

    private static string Diff(string before, string after) =>
        UnifiedDiff.Of("h/x.nix", Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after));

    private static string Lines(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i => $"{i}\n"));

    private static string RandomText(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(25)).Select(_ => $"{random.Next(6)}");
        return string.Join('\n', lines) + (random.Next(3) > 0 ? "\n" : "");
    }

    /// <summary>patch(1) in small: every line of context and every removed line must be there, and every count must be right.</summary>
    private static string Apply(string before, string diff)
    {
        var old = LineChunker.Instance.Chunk(before);
        var result = new StringBuilder();
        var (at, removed, added) = (0, 0, 0);
        var lines = diff.Split('\n');
        for (var i = 2; i < lines.Length - 1; i++)
        {
            var line = lines[i];
            var end = i + 1 < lines.Length && lines[i + 1].StartsWith('\\') ? "" : "\n";
            switch (line[0])
            {
                case '@':
                    Assert.Equal((0, 0), (removed, added));
                    var ranges = line.Split(' ')
                        .Skip(1)
                        .Take(2)
                        .Select(range => range[1..].Split(',').Select(int.Parse).ToArray())
                        .ToArray();
                    (removed, added) = (ranges[0].ElementAtOrDefault(1, 1), ranges[1].ElementAtOrDefault(1, 1));
                    var start = removed == 0 ? ranges[0][0] : ranges[0][0] - 1;
                    for (; at < start; at++)
                        result.Append(old[at]);
                    Assert.Equal(
                        LineChunker.Instance.Chunk(result.ToString()).Count,
                        added == 0 ? ranges[1][0] : ranges[1][0] - 1
                    );
                    break;
                case ' ':
                    Assert.Equal(old[at++], line[1..] + end);
                    result.Append(line[1..] + end);
                    (removed, added) = (removed - 1, added - 1);
                    break;
                case '-':
                    Assert.Equal(old[at++], line[1..] + end);
                    removed--;
                    break;
                case '+':
                    result.Append(line[1..] + end);
                    added--;
                    break;
            }
        }
        Assert.Equal((0, 0), (removed, added));
        for (; at < old.Count; at++)
            result.Append(old[at]);
        return result.ToString();
    }
}

file static class Elements
{
    public static int ElementAtOrDefault(this int[] numbers, int index, int otherwise) =>
        index < numbers.Length ? numbers[index] : otherwise;
}
