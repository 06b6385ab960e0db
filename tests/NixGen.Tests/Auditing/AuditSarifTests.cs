using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NixGen.Auditing;
using NixGen.Findings;
using NJsonSchema;

namespace NixGen.Tests.Auditing;

/// <summary>
/// SARIF by the schema of OASIS, as Microsoft's Sarif.Sdk brings it, and by what GitHub wants beyond it:
/// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
/// </summary>
public sealed partial class AuditSarifTests
{
    private static readonly Lazy<Task<JsonSchema>> Schema = new(async () =>
    {
        using var text = new StreamReader(typeof(AuditSarifTests).Assembly.GetManifestResourceStream("sarif-2.1.0.json")!);
        return await JsonSchema.FromJsonAsync(await text.ReadToEndAsync());
    });

    private static readonly string[] Awkward =
    [
        "plain", "", " ", "\"quoted\" and 'quoted'", "back\\slash \\u0041", "\0\u0001\u001b[31m\u007f\u0085", "line\nline\r\nline\ttab",
        "größer 漢字 🗄 é", "\ud800 alone", "{0} {} {{x}}", "[link](1) [x](http://y)", "</script><!-- & -->", "%2e%% 100%", ": , :: ,,",
        "\u2028\u2029\u202e\ufeff", new string('x', 20_000),
    ];

    private static readonly SourceSpan?[] Places =
    [
        new("inventory.yaml", 3, 7), null, new("inventory.yaml"), new("./inventory/a b/100%.yaml", 1, 1),
        new("C:\\inventory\\nas.yaml", 2, 1), new("/srv/inventory.yaml", 9, 9), new("../größe 漢字.yaml", int.MaxValue, int.MaxValue),
        new("a:b#c?d[e]&\"f\n.yaml", 4, 2), new("nas.json"),
    ];

    /// <summary>Every kind of item at some place, and every finding there is, with an awkward text in all that is free text.</summary>
    private static (AuditReport Report, List<Finding> Findings) Everything(string text)
    {
        FindingCode[] kinds =
        [
            Codes.NotCovered, Codes.CoveredInPart, Codes.NotRunning, Codes.BackedUpTwice, Codes.MediaBackedUp, Codes.PathOfNobody,
            Codes.MachineState,
        ];
        Assert.Equal(Codes.All.Where(code => code.Id.StartsWith("NG61", StringComparison.Ordinal)), kinds.OrderBy(code => code.Id));
        var places = Places.Where(place => place is not null).Select(place => place!.Value).ToList();
        var items = kinds.SelectMany(code => places.Select((place, number) => new AuditItem(
            code, $"{code.Id} {number} {text}", text, text, text, code.Remedy, number % 2 == 0 ? null : $"{text}:\n  backupPaths: [{text}]", place)));
        var findings = Codes.All.Select((code, number) => new Finding(code, Places[number % Places.Length], text, code.Remedy));
        var accepted = (items.First() with { Key = "accepted" }, text);
        return (new AuditReport($"nas{text}", new SourceSpan("inventory.yaml", 2, 3), [], [.. items], [accepted]), [.. findings]);
    }

    private static string Written(AuditReport report, IEnumerable<Finding> findings)
    {
        using var output = new StringWriter { NewLine = "\n" };
        AuditSarif.Write(output, report, findings, "0.1.0");
        return output.ToString();
    }

    private static async Task<IEnumerable<string>> Wrong(string json) => (await Schema.Value).Validate(json).Select(error => error.ToString());

    public static TheoryData<int> AwkwardTexts => [.. Enumerable.Range(0, Awkward.Length)];

    [Theory]
    [MemberData(nameof(AwkwardTexts))]
    public async Task Everything_is_valid(int text)
    {
        var (report, findings) = Everything(Awkward[text]);
        var json = Written(report, findings);
        Assert.Empty(await Wrong(json));
        AsGitHubWants(json, report.Items.Count + findings.Count);
    }

    [Fact]
    public async Task A_report_without_anything_is_valid()
    {
        var json = Written(new AuditReport("nas", new SourceSpan("inventory.yaml", 2, 3), [], [], []), []);
        Assert.Empty(await Wrong(json));
        AsGitHubWants(json, 0);
    }

    [ToolFact(Nix.Program)]
    public async Task The_report_of_a_real_host_is_valid()
    {
        var report = Nas.Audit(Nas.Inventory(("ledger", null)));
        Assert.NotEmpty(report.Items);
        var json = Written(report, [new Finding(Codes.FactsIncomplete, new SourceSpan("nas.json"), "could not be evaluated: x", "Do.")]);
        Assert.Empty(await Wrong(json));
        AsGitHubWants(json, report.Items.Count + 1);
    }

    /// <summary>The schema tells what is wrong: each of these is.</summary>
    [Theory]
    [InlineData("version", "\"2.0.0\"")]
    [InlineData("runs", null)]
    [InlineData("extra", "1")]
    [InlineData("runs/0/tool", null)]
    [InlineData("runs/0/tool/driver/name", null)]
    [InlineData("runs/0/tool/driver/rules/0/id", null)]
    [InlineData("runs/0/tool/driver/rules/0/help", "{}")]
    [InlineData("runs/0/tool/driver/rules/0/defaultConfiguration/level", "\"fatal\"")]
    [InlineData("runs/0/columnKind", "\"bytes\"")]
    [InlineData("runs/0/automationDetails", "\"nas\"")]
    [InlineData("runs/0/results", "{}")]
    [InlineData("runs/0/results/0/message", null)]
    [InlineData("runs/0/results/0/message/text", "7")]
    [InlineData("runs/0/results/0/message/txt", "\"x\"")]
    [InlineData("runs/0/results/0/ruleIndex", "-2")]
    [InlineData("runs/0/results/0/level", "\"warn\"")]
    [InlineData("runs/0/results/0/locations/0/physicalLocation/region/startLine", "0")]
    [InlineData("runs/0/results/0/locations/0/physicalLocation/region/startColumn", "\"1\"")]
    [InlineData("runs/0/results/0/partialFingerprints/primaryLocationLineHash", "1")]
    public async Task What_is_wrong_is_refused(string place, string? value)
    {
        var (report, findings) = Everything("plain");
        var json = JsonNode.Parse(Written(report, findings))!;
        var names = place.Split('/');
        var at = names[..^1].Aggregate(json, (node, name) => int.TryParse(name, out var index) ? node[index]! : node[name]!).AsObject();
        Assert.True(at.Remove(names[^1]) || names[^1] is "extra" or "txt");
        if (value is not null)
            at[names[^1]] = JsonNode.Parse(value);
        Assert.NotEmpty(await Wrong(json.ToJsonString()));
    }

    /// <summary>GitHub tells alerts apart by one fingerprint: it stays where lines move, and no two results of a host have the same.</summary>
    [Fact]
    public void Fingerprints_stay_when_lines_move()
    {
        static List<string> Of(string host, int line)
        {
            var item = new AuditItem(Codes.NotCovered, "gap a /a", "a", "/a", "a", "Do.", null, new SourceSpan("inventory.yaml", line, 1));
            var report = new AuditReport(host, item.At, [], [item, item with { Key = "gap a /b" }], []);
            return [.. Results(Written(report, [])).Select(Fingerprint)];
        }

        // Another value is another alert: what somebody dismissed comes back.
        Assert.Equal(["dd5463a2f7a330d2:1", "4ae65f3968addd3f:1"], Of("nas", 3));
        Assert.Equal(Of("nas", 3), Of("nas", 40));
        Assert.Empty(Of("nas", 3).Intersect(Of("pi", 3)));
    }

    /// <summary>GitHub replaces what it has by what comes in the same category.</summary>
    [Fact]
    public void Each_host_has_a_category()
    {
        static string Category(string host)
        {
            var json = Written(new AuditReport(host, new SourceSpan("inventory.yaml", 2, 3), [], [], []), []);
            return Run(json).GetProperty("automationDetails").GetProperty("id").GetString()!;
        }

        Assert.Equal("nixgen-audit/nas/", Category("nas"));
        Assert.Equal("nixgen-audit/pi/", Category("pi"));
    }

    [Theory]
    [InlineData("inventory.yaml", "inventory.yaml")]
    [InlineData("./hosts//a b/100%.yaml", "hosts/a%20b/100%25.yaml")]
    [InlineData("../é.yaml", "../%C3%A9.yaml")]
    [InlineData("a:b#c?.yaml", "a%3Ab%23c%3F.yaml")]
    [InlineData("C:\\inventory.yaml", "C%3A%5Cinventory.yaml")]
    [InlineData("/srv/a b.yaml", "file:///srv/a%20b.yaml")]
    public void A_path_becomes_a_reference(string file, string uri)
    {
        var at = new SourceSpan(file, 1, 1);
        var result = Assert.Single(Results(Written(new AuditReport("nas", at, [], [], []), [new Finding(Codes.FactsIncomplete, null, "x", "y")])));
        Assert.Equal(uri, Location(result).GetProperty("artifactLocation").GetProperty("uri").GetString());
    }

    private static void AsGitHubWants(string json, int count)
    {
        var rules = Run(json).GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().ToList();
        Assert.Distinct(rules.Select(rule => rule.GetProperty("id").GetString()));
        Assert.All(rules, rule =>
        {
            foreach (var name in new[] { "shortDescription", "fullDescription", "help" })
                Assert.InRange(rule.GetProperty(name).GetProperty("text").GetString()!.Trim().Length, 1, 1024);
        });
        var results = Results(json);
        Assert.Equal(count, results.Count);
        Assert.Distinct(results.Select(Fingerprint));
        Assert.All(results, result =>
        {
            Assert.Equal(rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString(), result.GetProperty("ruleId").GetString());
            Assert.Contains(result.GetProperty("level").GetString(), new[] { "note", "warning", "error" });
            Assert.NotEqual("", result.GetProperty("message").GetProperty("text").GetString()!.Trim());
            Assert.Matches(Print(), Fingerprint(result));
            Assert.False(result.TryGetProperty("suppressions", out _));
            var uri = Location(result).GetProperty("artifactLocation").GetProperty("uri").GetString()!;
            Assert.NotEqual("", uri);
            Assert.True(Uri.IsWellFormedUriString(uri, UriKind.RelativeOrAbsolute), uri);
            Assert.True(Location(result).GetProperty("region").GetProperty("startLine").GetInt32() >= 1);
            Assert.True(Location(result).GetProperty("region").GetProperty("startColumn").GetInt32() >= 1);
        });
    }

    private static JsonElement Run(string json) => Assert.Single(JsonDocument.Parse(json).RootElement.GetProperty("runs").EnumerateArray());

    private static List<JsonElement> Results(string json) => [.. Run(json).GetProperty("results").EnumerateArray()];

    private static JsonElement Location(JsonElement result) =>
        Assert.Single(result.GetProperty("locations").EnumerateArray()).GetProperty("physicalLocation");

    private static string Fingerprint(JsonElement result) =>
        result.GetProperty("partialFingerprints").GetProperty("primaryLocationLineHash").GetString()!;

    [GeneratedRegex("^[0-9a-f]{16}:[1-9][0-9]*$")]
    private static partial Regex Print();
}
