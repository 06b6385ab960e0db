using System.Text.RegularExpressions;

namespace NixGen.Tests.EndToEnd;

/// <summary>A block of commands of a page.</summary>
/// <param name="Chapter">The number of its chapter.</param>
/// <param name="Heading">The nearest heading above it.</param>
/// <param name="Text">The commands.</param>
internal sealed record GuideBlock(int Chapter, string Heading, string Text);

/// <summary>A <c>RESTORE.md</c>, read for its commands.</summary>
internal static partial class Guide
{
    /// <summary>Every block, in order. A page with a fence that is not one of commands, or above the first chapter, is refused.</summary>
    public static IReadOnlyList<GuideBlock> Read(string page)
    {
        var blocks = new List<GuideBlock>();
        List<string>? open = null;
        var (chapter, heading) = (0, "");
        foreach (var line in page.Split('\n'))
        {
            if (open is not null)
            {
                if (line != "```")
                {
                    open.Add(line);
                    continue;
                }

                blocks.Add(new GuideBlock(chapter, heading, string.Concat(open.Select(command => command + "\n"))));
                open = null;
            }
            else if (line.Contains("```", StringComparison.Ordinal))
            {
                Assert.Equal("```sh", line);
                Assert.True(chapter > 0, "commands before the first chapter");
                open = [];
            }
            else if (Heading().Match(line) is { Success: true } match)
            {
                heading = match.Groups["text"].Value.Replace("\\", "", StringComparison.Ordinal);
                if (match.Groups["level"].Length == 2)
                    chapter = match.Groups["number"].Success ? int.Parse(match.Groups["number"].Value) : 0;
            }
        }

        Assert.Null(open);
        return blocks;
    }

    /// <summary>Fills in what the reader has to. What nobody has a value for is an error, so that no new one goes unnoticed.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values, ISet<string> used) => Placeholder().Replace(
        text,
        match =>
        {
            used.Add(match.Groups[1].Value);
            return values.TryGetValue(match.Groups[1].Value, out var value)
                ? $"'{value}'"
                : throw new Xunit.Sdk.XunitException($"nobody knows what to put in for {match.Value}");
        });

    [GeneratedRegex("^(?<level>##+) (?:(?<number>[0-9])[.] )?(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("'<([^'>]+)>'")]
    private static partial Regex Placeholder();
}
