using System.Text.Json;
using NixGen.Findings;
using NixGen.Languages.Json;

namespace NixGen.Auditing;

/// <summary>What somebody has looked at and accepts, so that only new gaps show.</summary>
/// <param name="Entries">By host and key, the reason; null where none was given.</param>
public sealed record Baseline(IReadOnlyDictionary<(string Host, string Key), string?> Entries)
{
    private const int Format = 1;

    public static Baseline Empty { get; } = new(new Dictionary<(string, string), string?>());

    /// <summary>Null after an error.</summary>
    public static Baseline? Read(string name, ReadOnlyMemory<byte> utf8, FindingList findings)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            var root = new JsonThing(json.RootElement, "");
            if (root.Get("format").Number() is var format && format != Format)
                throw new FactsException($"it has format {format}, this NixGen reads format {Format}");
            var entries = new Dictionary<(string, string), string?>();
            foreach (var entry in root.Get("accepted").Items())
            {
                var key = entry.Get("key").Name();
                if (!entries.TryAdd((entry.Get("host").Name(), key), entry.Find("reason")?.Name()))
                    throw new FactsException($"it names '{key}' twice");
            }

            return new Baseline(entries);
        }
        catch (JsonException e)
        {
            var at = e.LineNumber is { } line ? new SourceSpan(name, (int)line + 1, (int)(e.BytePositionInLine ?? 0) + 1) : new SourceSpan(name);
            findings.Report(Codes.BadBaseline, at, "the baseline is not valid JSON");
        }
        catch (FactsException e)
        {
            findings.Report(Codes.BadBaseline, new SourceSpan(name), $"the baseline cannot be used: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            findings.Report(Codes.BadBaseline, new SourceSpan(name), "a text in the baseline is not valid UTF-8");
        }

        return null;
    }

    /// <summary>Takes what is accepted out of a report; says which entries have nothing to accept any more.</summary>
    public AuditReport Apply(AuditReport report, string name, FindingList findings)
    {
        var known = report.Items.Select(item => (report.Host, item.Key)).ToHashSet();
        foreach (var stale in Entries.Keys.Where(entry => entry.Host == report.Host && !known.Contains(entry)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
            findings.Report(Codes.StaleBaseline, new SourceSpan(name), $"the baseline accepts '{stale.Key}', which is no longer found on {stale.Host}");
        return report with
        {
            Items = [.. report.Items.Where(item => !Entries.ContainsKey((report.Host, item.Key)))],
            Accepted = [.. report.Items.Where(item => Entries.ContainsKey((report.Host, item.Key))).Select(item => (item, Entries[(report.Host, item.Key)]))],
        };
    }

    /// <summary>A baseline that accepts all of a report; reasons, and what it says of other hosts, stay.</summary>
    public Baseline With(AuditReport report)
    {
        var entries = Entries.Where(entry => entry.Key.Host != report.Host).ToDictionary();
        foreach (var item in report.Items.Concat(report.Accepted.Select(accepted => accepted.Item)))
            entries[(report.Host, item.Key)] = Entries.GetValueOrDefault((report.Host, item.Key));
        return new Baseline(entries);
    }

    public string Text() => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        var entries = Entries.OrderBy(entry => entry.Key.Host, StringComparer.Ordinal).ThenBy(entry => entry.Key.Key, StringComparer.Ordinal);
        json.WriteObjects("accepted", entries, entry =>
        {
            json.WriteString("host", entry.Key.Host);
            json.WriteString("key", entry.Key.Key);
            if (entry.Value is { } reason)
                json.WriteString("reason", reason);
        });
        json.WriteEndObject();
    });
}
