using System.Text.Json;
using NixGen.Auditing;
using NixGen.Cli;
using NixGen.Findings;

namespace NixGen.Tests.Documentation;

/// <summary>The documents of docs/json.md have the keys of those that are written, all of them, with values of the same kind.</summary>
public sealed class JsonDocumentationTests : IDisposable
{
    private const string Inventory = """
        destinations:
          nas: { repository: "rest:http://nas.lan:8000/homelab", secrets: nas, schedule: "03:00", retention: { daily: 7 } }
        secrets:
          nas: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
        hosts:
          homelab:
            destinations: [nas]
            services:
              notes: { backupPaths: [/srv/notes] }
              radarr: {}
              sonarr: { backupPaths: [/srv/sonarr], accept: { NG2102: Made again } }
        """;

    private const string Retired = "\n    retired: [{ service: notes, date: \"2026-02-14\", reason: Replaced }]";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Findings_are_as_documented() =>
        Same("findings", Run(Inventory.Replace("backupPaths", "backupPath", StringComparison.Ordinal), "validate", "--format", "json"));

    [Fact]
    public void Changes_are_as_documented()
    {
        // Which nothing is to be said about.
        var quiet = Inventory.Replace("radarr: {}", "music: { backupPaths: [/srv/music] }", StringComparison.Ordinal);
        Run(quiet, "generate", "--output", _folder.At("generated"));
        var less = quiet.Replace("      notes: { backupPaths: [/srv/notes] }\n", "", StringComparison.Ordinal) + Retired;
        Same("diff", Run(less, "diff", "--format", "json", "--output", _folder.At("generated")));
    }

    [Fact]
    public void What_is_shown_is_as_documented() =>
        Same("show", Run(Inventory.Replace("notes:", "plex:", StringComparison.Ordinal) + Retired, "show", "--format", "json"));

    [Fact]
    public void The_catalogue_is_as_documented() => Same("catalogue", Run(Inventory, "catalogue", "--format", "json"));

    [Fact]
    public void The_audit_is_as_documented()
    {
        var at = new SourceSpan("inventory.yaml", 3, 5);
        var item = new AuditItem(Codes.NotCovered, "gap app /srv/app", "app", "/srv/app", "app: /srv/app is not backed up", "Do.", "app: {}", at);
        var place = new AuditedPlace("/srv/app", "StateDirectory", Verdict.NotCovered, "other", "why");
        var service = new AuditedService("app", "App", Verdict.NotCovered, [place]);
        using var output = new StringWriter();
        AuditWriter.Json(output, new AuditReport("nas", at, [service], [item], [(item with { Key = "accepted" }, "Known")]));
        Same("audit", output.ToString());
    }

    private string Run(string inventory, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Program.Invoke([.. arguments, "--inventory", _folder.Write("inventory.yaml", inventory + "\n")], output, error);
        return output.ToString();
    }

    private static void Same(string name, string json)
    {
        var block = Assert.Single(new MarkdownPage("docs/json.md").Blocks, block => block.Language == $"json {name}");
        var (documented, written) = (Shape(block.Text), Shape(json));
        Assert.Equal(written.Keys, documented.Keys);
        Assert.All(written, place => Assert.True(
            place.Value.Count == 0 || documented[place.Key].Count == 0 || place.Value.SetEquals(documented[place.Key]),
            $"{place.Key}: {string.Join(", ", place.Value)} is written, {string.Join(", ", documented[place.Key])} documented"));
    }

    // The kinds of value at each place but null. The keys of `parts` are data.
    private static SortedDictionary<string, HashSet<string>> Shape(string json)
    {
        var shape = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        void Visit(string place, JsonElement value)
        {
            var kinds = shape.TryGetValue(place, out var known) ? known : shape[place] = [];
            if (value.ValueKind != JsonValueKind.Null)
                kinds.Add(value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "a truth" : value.ValueKind.ToString());
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
                    Visit($"{place}[]", item);
            }
            else if (value.ValueKind == JsonValueKind.Object && !place.EndsWith("/parts", StringComparison.Ordinal))
            {
                foreach (var property in value.EnumerateObject())
                    Visit($"{place}/{property.Name}", property.Value);
            }
        }

        Visit("", JsonDocument.Parse(json).RootElement);
        return shape;
    }
}
