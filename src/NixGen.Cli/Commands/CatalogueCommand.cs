using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Json;

namespace NixGen.Cli.Commands;

/// <summary>Says what the catalogue knows.</summary>
internal static class CatalogueCommand
{
    public static Command Create(CommonOptions options)
    {
        var name = new Argument<string?>("name")
        {
            Description = "A service that the catalogue knows; without one, all are listed",
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(_ => StateCatalogue.BuiltIn.Names.Select(name => new CompletionItem(name)));
        var command = new Command("catalogue", "Say where NixOS services keep their state.") { name };
        command.Options.Add(options.Inventory);
        command.Options.Add(options.Catalogue);
        command.Options.Add(options.DocumentFormat);
        command.SetAction(arguments => Program.Run(options, arguments, session =>
        {
            if (session.Catalogue() is not { } catalogue)
                return;
            var entries = arguments.GetValue(name) is { } wanted ? [Find(catalogue, wanted)] : catalogue.Entries;
            if (arguments.GetValue(options.DocumentFormat) == Format.Json)
                session.Output.Write(JsonText.Of(json => Write(json, entries)));
            else
                Write(session.Output, arguments.GetValue(name) is null ? List(entries) : Page(entries[0], Screen.Width));
        }));
        return command;
    }

    private static CatalogueEntry Find(StateCatalogue catalogue, string name)
    {
        if (catalogue.Find(name) is { } entry)
            return entry;
        var meant = Suggestion.For(name.ToLowerInvariant(), catalogue.Names);
        throw new UsageException($"The catalogue does not know '{name}'. {(meant is null ? "`nixgen catalogue` lists all." : $"Did you mean '{meant}'?")}");
    }

    private static void Write(TextWriter output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            output.Write(line + "\n");
    }

    private static IEnumerable<string> List(IReadOnlyList<CatalogueEntry> entries) => Screen.Table(
        [["NAME", "VERIFIED", "STATE", "TITLE"], .. entries.Select(entry => new[] { entry.Name, entry.Verified ? "yes" : "no", State(entry), entry.Title })],
        Screen.Width);

    private static string State(CatalogueEntry entry) => entry switch
    {
        { State: [var only] } => only.Path,
        { State: [var first, ..] } => $"{first.Path} and {entry.State.Count - 1} more",
        { Serves: not null } => "databases of other services",
        _ => "databases only",
    };

    /// <summary>All about one entry.</summary>
    internal static IEnumerable<string> Page(CatalogueEntry entry, int width)
    {
        yield return $"{entry.Name}: {entry.Title}";
        yield return "";
        foreach (var (label, text) in CataloguePage.Facts(entry))
        {
            foreach (var line in Screen.Beside(label.PadRight(14), text, width))
                yield return line;
        }

        yield return "";
        if (CataloguePage.Hindrance(entry) is { } hindrance)
        {
            foreach (var line in Screen.Beside("", $"An inventory cannot just name it: {hindrance}", width))
                yield return line;
        }
        else
        {
            yield return "In the inventory, below services:";
            yield return $"    {entry.Name}: {{}}";
        }

        var lines = CataloguePage.Lines(entry).ToList();
        if (lines.Count == 0)
            yield break;
        yield return "Written out, with what may stay out left out:";
        foreach (var line in lines)
            yield return $"    {line}";
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<CatalogueEntry> entries) => json.WriteObjects(entries, entry =>
    {
        json.WriteString("name", entry.Name);
        json.WriteString("title", entry.Title);
        json.WriteString("category", entry.Category);
        json.WriteBoolean("verified", entry.Verified);
        json.WriteString("source", entry.Source);
        json.WriteString("enabledBy", entry.EnabledBy);
        json.WriteStrings("units", entry.Units);
        json.WriteBoolean("dynamicUser", entry.DynamicUser);
        json.WriteObjects("state", entry.State, place =>
        {
            json.WriteString("path", place.Path);
            json.WriteString("movedBy", place.MovedBy);
            json.WriteString("below", place.Below);
            json.WriteStartObject("parts");
            foreach (var part in place.Parts)
                json.WriteString(part.Folder, part.MovedBy);
            json.WriteEndObject();
            json.WriteString("otherwise", place.Otherwise);
        });
        json.WriteObjects("databases", entry.Databases, database =>
        {
            json.WriteString("kind", database.Kind.Title());
            json.WriteString("name", database.Name);
        });
        json.WriteString("otherDatabases", entry.OtherDatabases);
        json.WriteString("serves", entry.Serves is { } kind ? kind.Title() : null);
        json.WriteStrings("suggestedExcludes", entry.SuggestedExcludes);
        json.WriteStrings("media", entry.Media);
        json.WriteString("notes", entry.Notes);
        json.WriteString("hindrance", CataloguePage.Hindrance(entry));
    });
}
