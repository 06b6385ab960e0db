using System.Globalization;
using System.Text.Json;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Languages.Json;

namespace NixGen.Changes;

/// <summary>Writes changes in the forms that people and machines read.</summary>
public static class ChangeWriter
{
    /// <summary>What happens, and by which entries of <c>retired</c>: one line.</summary>
    public static string Line(Change change) => change.Words + (change.RetiredBy.Count == 0
        ? ""
        : $" (retired {string.Join("; ", change.RetiredBy.Select(entry => $"{Date(entry)}: {entry.Reason}"))})");

    /// <summary>For people: by host, what is lost first.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Change> changes)
    {
        foreach (var host in changes.GroupBy(change => change.Host))
        {
            yield return host.Key;
            foreach (var change in host)
                yield return $"  {Mark(change.Effect),-8} {Line(change)}";
        }
    }

    /// <summary>The last line for people.</summary>
    public static string Summary(IReadOnlyList<Change> changes)
    {
        var lost = changes.Count(change => change.Effect == Effect.Lost);
        return changes.Count == 0 ? "Nothing changes in what is backed up."
            : lost == 0 ? $"{Text.Count(changes.Count, "change")}; nothing is lost that is not retired."
            : $"{Text.Count(changes.Count, "change")}; {lost} of them {(lost == 1 ? "loses" : "lose")} something: `nixgen explain {Codes.BacksUpLess.Id}`.";
    }

    /// <summary>Annotations: an error for what is lost, notices for the rest.</summary>
    public static void WriteGitHub(TextWriter output, IEnumerable<Change> changes)
    {
        foreach (var change in changes)
        {
            var (kind, title) = change.Effect == Effect.Lost ? ("error", $"{Codes.BacksUpLess.Id} {Codes.BacksUpLess.Title}") : ("notice", $"backups {Word(change.Effect)}");
            output.Write($"::{kind} title={GitHubFindingWriter.Property(title)}::{GitHubFindingWriter.Data($"{change.Host}: {Line(change)}")}\n");
        }
    }

    /// <summary>One document: what changes, and what was found besides.</summary>
    public static void WriteJson(TextWriter output, IEnumerable<Change> changes, IEnumerable<Finding> findings) =>
        output.Write(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("changes");
            Write(json, changes);
            json.WritePropertyName("findings");
            JsonFindingWriter.Write(json, findings);
            json.WriteEndObject();
        }));

    /// <summary>An array of objects: host, effect, kind, subject, message, retired (a list of entries).</summary>
    private static void Write(Utf8JsonWriter json, IEnumerable<Change> changes) => json.WriteObjects(changes, change =>
    {
        json.WriteString("host", change.Host);
        json.WriteString("effect", Word(change.Effect));
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(change.Kind.ToString()));
        json.WriteString("subject", change.Subject);
        json.WriteString("message", change.Words);
        WriteRetired(json, change.RetiredBy);
    });

    /// <summary>An entry of <c>retired</c>, in a line for people.</summary>
    internal static string Words(RetiredDeclaration entry) =>
        $"{RetiredBinding.Key(entry.Kind)} {entry.Name}{(entry.Destination is { } to ? $" at {to}" : "")}, {Date(entry)}: {entry.Reason}";

    /// <summary>The entries as the inventory has them, below <c>retired</c>.</summary>
    internal static void WriteRetired(Utf8JsonWriter json, IEnumerable<RetiredDeclaration> entries) => json.WriteObjects("retired", entries, entry =>
    {
        json.WriteString(RetiredBinding.Key(entry.Kind), entry.Name);
        if (entry.Destination is { } destination)
            json.WriteString("destination", destination);
        json.WriteString("date", Date(entry));
        json.WriteString("reason", entry.Reason);
    });

    private static string Date(RetiredDeclaration entry) => entry.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Word(Effect effect) => effect.ToString().ToLowerInvariant();

    private static string Mark(Effect effect) => effect == Effect.Lost ? "LOST" : Word(effect);
}
