using System.Text.RegularExpressions;

namespace NixGen.Tests.Documentation;

/// <summary>What tests want to know of a page of the documentation.</summary>
internal sealed partial class MarkdownPage(string path)
{
    private readonly string _text = File.ReadAllText(RepositoryRoot.At(path));

    /// <summary>A fenced block.</summary>
    /// <param name="Language">The words after the fence: <c>yaml</c>, <c>yaml fragment</c>.</param>
    /// <param name="Text">What stands between the fences.</param>
    /// <param name="Line">The line of the opening fence, for messages.</param>
    internal sealed record Block(string Language, string Text, int Line);

    /// <summary>All fenced blocks.</summary>
    public IReadOnlyList<Block> Blocks =>
        [.. Fence().Matches(_text).Select(match => new Block(match.Groups[1].Value, match.Groups[2].Value, LineAt(match.Index)))];

    /// <summary>
    /// The tables with a comment such as <c>&lt;!-- keys of: /hosts/*, /defaults --&gt;</c> right above them: the patterns, and what the
    /// first column names in backquotes.
    /// </summary>
    public IReadOnlyList<(IReadOnlyList<string> Patterns, IReadOnlyList<string> Names)> Tables(string what) =>
        [.. Table().Matches(_text)
            .Where(match => match.Groups["what"].Value == what)
            .Select(match => (
                (IReadOnlyList<string>)match.Groups["patterns"].Value.Split(',', StringSplitOptions.TrimEntries),
                (IReadOnlyList<string>)[.. match.Groups["row"].Captures.SelectMany(row => NamesIn(row.Value))]))];

    /// <summary>The targets of links to other files and to headings of the page itself.</summary>
    public IEnumerable<string> Links =>
        Link().Matches(Fence().Replace(_text, "")).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://"));

    /// <summary>What a link to a heading says after the #.</summary>
    public IReadOnlySet<string> Anchors => Heading().Matches(Fence().Replace(_text, ""))
        .Select(match => NotInAnchors().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))
        .ToHashSet();

    /// <summary>Whether a place such as /hosts/*/schedule is meant by a pattern such as **/schedule.</summary>
    public static bool IsMeant(string pattern, string place) =>
        pattern.StartsWith("**", StringComparison.Ordinal)
            ? place.EndsWith(pattern[2..], StringComparison.Ordinal)
            : pattern == place;

    private static IEnumerable<string> NamesIn(string row) =>
        Code().Matches(row.Split('|', StringSplitOptions.RemoveEmptyEntries)[0]).Select(match => match.Groups[1].Value);

    private int LineAt(int index) => 1 + _text.AsSpan(0, index).Count('\n');

    [GeneratedRegex(@"^```([^\n]*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"<!-- (?<what>[a-z ]+): (?<patterns>[^\n]+) -->\n\|[^\n]*\n\|[-|]+\|\n(?<row>\|[^\n]*\n)+", RegexOptions.ExplicitCapture)]
    private static partial Regex Table();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^a-z0-9 _-]")]
    private static partial Regex NotInAnchors();
}
