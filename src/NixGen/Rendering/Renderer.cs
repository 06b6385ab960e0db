using NixGen.Findings;
using NixGen.Modules;
using NixGen.Publishing;
using Scriban.Syntax;

namespace NixGen.Rendering;

/// <summary>From modules to text.</summary>
internal static class Renderer
{
    /// <returns>Null after a finding about the template.</returns>
    public static GeneratedFile? Render(Module module, TemplateSet templates, FindingList findings)
    {
        var template = templates[module.Template];
        var language = TargetLanguage.Of(module.Template);
        var context = new RenderContext(language, templates.IsForeign(module.Template));
        context.PushGlobal(module.Model);
        string text;
        try
        {
            text = template.Render(context);
        }
        catch (ScriptRuntimeException failure)
        {
            findings.Report(Codes.TemplateFailed, TemplateSet.Place(failure.Span), failure.OriginalMessage);
            return null;
        }

        if (language.Problem(text) is { } problem)
        {
            findings.Report(Codes.MalformedOutput, new SourceSpan(template.SourceFilePath ?? module.Template), $"{module.Path} would be broken: {problem}");
            return null;
        }

        return new GeneratedFile(module.Path, text);
    }
}
