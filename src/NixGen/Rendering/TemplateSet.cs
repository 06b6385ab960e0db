using NixGen.Findings;
using Scriban;

namespace NixGen.Rendering;

/// <summary>The templates of a run: NixGen's own, each of which the user may replace with a file of the same name.</summary>
public sealed class TemplateSet
{
    private const string Suffix = ".scriban";
    private const string ResourceFolder = "templates/";

    private readonly Dictionary<string, Template> _templates;

    private readonly HashSet<string> _foreign;

    private TemplateSet(Dictionary<string, Template> templates, HashSet<string> foreign) => (_templates, _foreign) = (templates, foreign);

    /// <summary>The template of a module, such as <c>restic.nix</c>.</summary>
    internal Template this[string name] => _templates[name];

    /// <summary>Whether a template is the user's.</summary>
    internal bool IsForeign(string name) => _foreign.Contains(name);

    /// <summary>Reads NixGen's templates and those in <paramref name="folder"/>.</summary>
    /// <returns>Null after a finding about a template.</returns>
    public static TemplateSet? Load(string? folder, FindingList findings)
    {
        var own = typeof(TemplateSet).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourceFolder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToDictionary(name => name[ResourceFolder.Length..], Resource, StringComparer.Ordinal);
        var foreign = new HashSet<string>(StringComparer.Ordinal);
        var places = own.Keys.ToDictionary(name => name, name => ResourceFolder + name, StringComparer.Ordinal);
        if (folder is not null)
            Replace(own, places, foreign, folder, findings);

        var templates = new Dictionary<string, Template>(StringComparer.Ordinal);
        foreach (var (name, text) in own)
        {
            var template = Template.Parse(text, places[name]);
            foreach (var message in template.Messages.Where(message => message.Type == Scriban.Parsing.ParserMessageType.Error))
                findings.Report(Codes.BrokenTemplate, Place(message.Span), message.Message);
            templates.Add(name[..^Suffix.Length], template);
        }

        return findings.HasErrors ? null : new TemplateSet(templates, foreign);
    }

    internal static SourceSpan Place(Scriban.Parsing.SourceSpan span) =>
        new(span.FileName ?? "", span.Start.Line + 1, span.Start.Column + 1);

    private static void Replace(
        Dictionary<string, string> texts,
        Dictionary<string, string> places,
        HashSet<string> foreign,
        string folder,
        FindingList findings)
    {
        try
        {
            // All but hidden files: a restic.nix without the ending would be ignored, too.
            var files = Directory.EnumerateFiles(folder)
                .Where(file => !Path.GetFileName(file).StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .ToList();
            if (files.Count == 0)
                findings.Report(Codes.UnknownTemplate, new SourceSpan(folder.Replace('\\', '/')), "the folder holds no template", "Put a copy of one of NixGen's templates there, or leave --templates out.");
            foreach (var file in files)
            {
                var (name, place) = (Path.GetFileName(file), file.Replace('\\', '/'));
                if (!texts.ContainsKey(name))
                {
                    var meant = Suggestion.For(name, texts.Keys);
                    findings.Report(
                        Codes.UnknownTemplate,
                        new SourceSpan(place),
                        $"no template of NixGen is called {name}",
                        meant is null ? $"The templates are: {string.Join(", ", texts.Keys)}." : $"Did you mean {meant}?");
                    continue;
                }

                // Line ends of the user's editor must not reach the generated file.
                texts[name] = File.ReadAllText(file).ReplaceLineEndings("\n");
                places[name] = place;
                foreign.Add(name[..^Suffix.Length]);
            }
        }
        catch (DirectoryNotFoundException)
        {
            findings.Report(Codes.CannotRead, new SourceSpan(folder.Replace('\\', '/')), "the folder of the templates does not exist", "Correct --templates.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            findings.Report(Codes.CannotRead, new SourceSpan(folder.Replace('\\', '/')), $"the templates cannot be read: {failure.Message}");
        }
    }

    private static string Resource(string name)
    {
        using var stream = typeof(TemplateSet).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
