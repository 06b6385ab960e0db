using System.Text.Json.Nodes;

namespace NixGen.Tests.Evaluation;

/// <summary>
/// Every option that the modules set exists in NixOS and takes the value. nixos-options.json has the options below
/// <see cref="Roots"/>: names, types and defaults, from nixpkgs 26.11 (2026-06).
/// </summary>
public sealed class OptionTests
{
    private static readonly string[] Roots =
        ["services.restic.backups", "systemd.services", "systemd.timers", "systemd.tmpfiles"];

    private static readonly string Data =
        File.ReadAllText(RepositoryRoot.At("tests", "NixGen.Tests", "Evaluation", "nixos-options.json"));

    private static readonly IReadOnlyDictionary<string, string> Types =
        JsonNode.Parse(Data)!["options"]!.AsArray()
            .ToDictionary(option => option!["name"].Text(), option => option!["type"].Text());

    public static TheoryData<string> Names => Hosts.Names;

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Every_option_that_is_set_exists_and_takes_the_value(string name)
    {
        var defined = Hosts.Get(name).Defined;
        var complaints = new List<string>();
        var count = 0;
        foreach (var root in Roots)
        {
            var node = root.Split('.').Aggregate((JsonNode?)defined, (inner, part) => inner?[part]);
            if (node is not null)
                Check([.. root.Split('.')], node, complaints, ref count);
        }

        Assert.Empty(complaints);
        Assert.True(count > 20, $"only {count} options");
    }

    [Fact]
    public void Every_type_is_known_to_the_checker() =>
        Assert.All(Types.Values.Distinct(), type => OptionType.Fits(type, null));

    [Theory]
    [InlineData("boolean", "true", "\"true\"", "1", "null")]
    [InlineData("signed integer", "-3", "\"3\"", "1.5", "null")]
    [InlineData("string", "\"\"", "1", "[\"\"]", "null")]
    [InlineData("null or string", "null", "1", "false", "[]")]
    [InlineData("null or (list of string)", "[\"a\"]", "[1]", "\"a\"", "[null]")]
    [InlineData("null or (nonnegative integer or floating point number, meaning >=0)", "0.5", "-1", "\"1\"", "[]")]
    [InlineData("null or absolute path", "\"/a\"", "\"a\"", "1", "{}")]
    [InlineData("string or list of string", "[\"a\"]", "1", "[1]", "null")]
    [InlineData("list of (package or string)", "[\"a\"]", "\"a\"", "[1]", "null")]
    [InlineData(
        "attribute set of (systemd option)",
        """{"a":[1,true,"x"]}""",
        """{"a":{}}""",
        """{"a":[[]]}""",
        """{"a":null}""")]
    [InlineData("attribute set of (null or string or absolute path or package)", """{"a":null}""", """{"a":1}""", "[]", "null")]
    [InlineData("one of \"asDropinIfExists\", \"asDropin\"", "\"asDropin\"", "\"as\"", "1", "null")]
    [InlineData(
        @"list of string matching the pattern [a-z@%:_.\-]+[.](service|timer)",
        """["a-b.service"]""",
        """["a"]""",
        """["a b.service"]""",
        """["a.service "]""")]
    public void The_checker_takes_what_fits_and_nothing_else(string type, string good, params string[] bad)
    {
        Assert.True(OptionType.Fits(type, JsonNode.Parse(good)), good);
        Assert.All(bad, value => Assert.False(OptionType.Fits(type, JsonNode.Parse(value)), value));
    }

    [Fact]
    public void An_unknown_type_is_no_fit() =>
        Assert.Throws<NotSupportedException>(() => OptionType.Fits("tuple of string", null));

    private static void Check(IReadOnlyList<string> path, JsonNode? value, List<string> complaints, ref int count)
    {
        // services.x.<name>.y: a name takes any part, where no option of that very name exists.
        var option = Types.Keys.FirstOrDefault(option => IsAt(option, path));
        if (option is not null)
        {
            count++;
            if (!OptionType.Fits(Types[option], value))
                complaints.Add($"{string.Join('.', path)} is not of type {Types[option]}: {value?.ToJsonString() ?? "null"}");
        }

        var deeper = Types.Keys.Any(option => IsBelow(option, path));
        if (option is null && !deeper)
            complaints.Add($"{string.Join('.', path)} does not exist");
        if (deeper && value is JsonObject map)
        {
            foreach (var member in map)
                Check([.. path, member.Key], member.Value, complaints, ref count);
        }
    }

    private static bool IsAt(string option, IReadOnlyList<string> path) =>
        option.Split('.') is var parts && parts.Length == path.Count && Matches(parts, path);

    private static bool IsBelow(string option, IReadOnlyList<string> path) =>
        option.Split('.') is var parts && parts.Length > path.Count && Matches(parts, path);

    private static bool Matches(string[] parts, IReadOnlyList<string> path) =>
        parts.Zip(path).All(pair => pair.First == pair.Second || pair.First is ['<', .., '>']);
}
