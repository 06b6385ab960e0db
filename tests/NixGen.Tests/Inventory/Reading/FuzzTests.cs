using System.Text;
using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Tests.Inventory.Reading;

/// <summary>Throws broken texts at the reader. Seeded, so that a failure comes back; the seed is in the message.</summary>
public sealed class FuzzTests
{
    private const string Realistic = """
        # the homelab
        defaults:
          schedule: "03:00"
          retention: {daily: 7, weekly: 4, monthly: 6}
          destinations: [b2]

        destinations:
          b2:
            repository: b2:bucket:restic
            secrets: b2
            maintenance: {check: "Sun 05:00", host: homelab}

        services:
          home-assistant:
            title: 'Home Assistant: the house'
            backupPaths:
              - /var/lib/hass
              - "/srv/my data"
            backupExcludes: ["*.tmp", '**/cache', log]
            covers: >-
              Automations, history
              and add-ons
          radarr:
            backupPaths: [/var/lib/radarr]
            stop: true

        hosts:
          homelab:
            services: {home-assistant: {}, radarr: {schedule: "Mon..Fri 22:30"}}

        """;

    private static readonly string[] Pieces =
    [
        "\t", "\n", "\r\n", "\r", " ", "  ", ":", ": ", "- ", "-", "? ", "[", "]", "{", "}", ",", "#", " #", "&a ", "*a", "!t ", "! ", "!!str ", "!<x>",
        "|", "|2\n", ">", ">-\n", "'", "\"", "\\", "\\x", "\\ud800", "\\U0001F600", "%", "%a b\n", "@", "`", "<<: ", "~", "null", "yes", "1:30", "0x1", "---\n", "...\n",
        "\u0000", "\u0007", "\u0085", "\u2028", "\u202e", "\ufeff", "\ud83d\ude00", "é", "a: b\n", "services:\n", "{{ x }}", "{% y %}", "<<<<<<< a\n",
        new string(' ', 1100), new string('[', 70), new string('x', 1100),
    ];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Mutated_inventories(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5_000; i++)
            Check(Encoding.UTF8.GetBytes(Mutate(random)), $"seed {seed}, text {i}");
    }

    [Fact]
    public void Pieces_in_any_order()
    {
        var random = new Random(5);
        for (var i = 0; i < 10_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            Check(Encoding.UTF8.GetBytes(text), $"text {i}");
        }
    }

    [Fact]
    public void Random_bytes()
    {
        var random = new Random(6);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (i % 2 == 0) // printable, or it ends at the first bad byte
                bytes = Array.ConvertAll(bytes, b => (byte)(' ' + (b % 95)));
            Check(bytes, $"bytes {i}");
        }
    }

    private static string Mutate(Random random)
    {
        var text = new StringBuilder(Realistic);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at));
                    break;
                case 1:
                    text.Length = Math.Max(at, 1);
                    break;
                case 2:
                    text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 80), text.Length - at)));
                    break;
                default:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        return text.ToString();
    }

    private static void Check(byte[] bytes, string which)
    {
        var findings = new FindingList();
        var file = new FileFindings("f.yaml", findings);
        YamlMap? tree;
        string? text;
        try
        {
            text = SourceText.Decode(bytes, file);
            tree = text is null ? null : InventoryReader.ReadText("f.yaml", text, findings);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{which}: {e.Message}\n{Encoding.UTF8.GetString(bytes)}", e);
        }

        Assert.True(tree is not null || findings.Count > 0, $"{which}: nothing was read, and nothing was said");
        var lines = Lines(text ?? Encoding.UTF8.GetString(bytes));
        foreach (var finding in findings)
            Inside(lines, finding.At!.Value, which);
        if (tree is not null)
            Nodes(lines, tree, findings.Count == 0, which);
    }

    private static string[] Lines(string text) => text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');

    private static void Inside(string[] lines, SourceSpan at, string which) =>
        Assert.True(
            at.Line >= 1 && at.Line <= lines.Length && at.Column >= 1 && at.Column <= lines[at.Line - 1].Length + 1,
            $"{which}: {at} is outside of the text\n{string.Join('\n', lines)}");

    private static void Nodes(string[] lines, YamlNode node, bool clean, string which)
    {
        Inside(lines, node.At, which);
        switch (node)
        {
            case YamlText { Plain: true } text when clean:
                // What was not written cannot be read: the scanner has been caught at reading old text again.
                var first = text.Value.Split(' ')[0];
                Assert.True(lines[node.At.Line - 1][(node.At.Column - 1)..].StartsWith(first, StringComparison.Ordinal), $"{which}: {node.At} is not '{text.Value}'");
                break;
            case YamlList list:
                foreach (var item in list.Items)
                    Nodes(lines, item, clean, which);
                break;
            case YamlMap map:
                foreach (var (key, value) in map.Entries)
                {
                    Nodes(lines, key, clean, which);
                    Nodes(lines, value, clean, which);
                }

                break;
        }
    }
}
