using NixGen.Changes;
using NixGen.Findings;

namespace NixGen.Tests.Findings;

/// <summary>Workflow commands, read again as the runner of GitHub does (actions/runner, ActionCommand.cs): a line each, and the same text.</summary>
public sealed class GitHubFindingWriterTests
{
    public static TheoryData<string> Awkward =>
    [
        "", "100%", "%0A %25 %2525", "a\nb\r\nc\r", "::error::x", "a:b,c=d", ",line=9", "größe 漢字", "\t\u001b[0m\u0085\u2028",
    ];

    [Theory]
    [MemberData(nameof(Awkward))]
    public void A_finding_comes_back(string text)
    {
        using var output = new StringWriter();
        var file = $"{text}.yaml";
        FindingWriter.GitHub.Write(output,
        [
            new Finding(Codes.UnknownKey, new SourceSpan(file, 3, 7), text, text),
            new Finding(Codes.StaleBaseline, new SourceSpan(file), text, text),
            new Finding(Codes.NixFailed, null, text, text),
        ]);
        var commands = Commands(output.ToString());
        Assert.Equal(["error", "notice", "error"], commands.Select(command => command.Name));
        Assert.All(commands, command => Assert.Equal($"{text}\n{text}", command.Data));
        Assert.Equal(
            new Dictionary<string, string> { ["file"] = file, ["line"] = "3", ["col"] = "7", ["title"] = $"NG1003 {Codes.UnknownKey.Title}" },
            commands[0].Properties);
        Assert.Equal(["file", "title"], commands[1].Properties.Keys.Order());
        Assert.Equal(["title"], commands[2].Properties.Keys);
    }

    [Theory]
    [MemberData(nameof(Awkward))]
    public void A_change_comes_back(string text)
    {
        using var output = new StringWriter();
        var lost = new Change("box", ChangeKind.Path, Effect.Lost, text, text);
        ChangeWriter.WriteGitHub(output, [lost, lost with { Effect = Effect.Added }]);
        var commands = Commands(output.ToString());
        Assert.Equal(["error", "notice"], commands.Select(command => command.Name));
        Assert.All(commands, command => Assert.Equal($"box: {text}", command.Data));
        Assert.Equal(["NG5001 backs up less than before", "backups added"], commands.Select(command => command.Properties["title"]));
    }

    private static List<(string Name, Dictionary<string, string> Properties, string Data)> Commands(string output)
    {
        Assert.EndsWith("\n", output);
        return [.. output[..^1].Split('\n', '\r').Select(line =>
        {
            Assert.StartsWith("::", line);
            var end = line.IndexOf("::", 2, StringComparison.Ordinal);
            var head = line[2..end].Split(' ', 2);
            var properties = head[1].Split(',').Select(pair => pair.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => Plain(pair[1].Replace("%3A", ":").Replace("%2C", ",")));
            return (head[0], properties, Plain(line[(end + 2)..]));
        })];
    }

    private static string Plain(string text) => text.Replace("%0D", "\r").Replace("%0A", "\n").Replace("%25", "%");
}
