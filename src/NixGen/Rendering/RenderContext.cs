using Scriban;
using Scriban.Functions;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NixGen.Rendering;

/// <summary>
/// Runs templates: whatever an expression yields is written in the language of the template, so that a template cannot forget to
/// escape. <c>raw</c> and the functions of the language say otherwise.
/// </summary>
internal sealed class RenderContext : TemplateContext
{
    private readonly TargetLanguage _language;

    /// <param name="language">The language of the template.</param>
    /// <param name="isForeign">
    /// Whether a user wrote it: all functions of Scriban are there then. NixGen's own templates need none, and to load them takes
    /// longer than to render a host.
    /// </param>
    public RenderContext(TargetLanguage language, bool isForeign)
        : base(WithFunctions(language, isForeign))
    {
        _language = language;
        // A slip must fail, not print nothing.
        StrictVariables = true;
        EnableRelaxedMemberAccess = false;
        EnableRelaxedTargetAccess = false;
        // A host may have any number of services; the template itself is trusted as much as the checkout it lies in.
        LoopLimit = 0;
        LimitToString = 0;
        // Literals lay themselves out.
        AutoIndent = false;
        NewLine = "\n";
    }

    private System.Text.StringBuilder Builder => ((StringBuilderOutput)Output).Builder;

    public override TemplateContext Write(Scriban.Parsing.SourceSpan span, object? textAsObject)
    {
        try
        {
            if (textAsObject is RawText raw)
                Builder.Append(raw.Text);
            else
                _language.Write(Builder, textAsObject);
        }
        catch (ArgumentException reason)
        {
            throw new ScriptRuntimeException(span, reason.Message);
        }

        return this;
    }

    private static ScriptObject WithFunctions(TargetLanguage language, bool isForeign)
    {
        var builtins = isForeign ? new BuiltinFunctions() : new ScriptObject();
        builtins.SetValue("raw", new TextFunction(text => text), readOnly: true);
        foreach (var (name, function) in language.Functions)
            builtins.SetValue(name, new TextFunction(function), readOnly: true);
        return builtins;
    }

    /// <summary>A function from a text to a piece of the language.</summary>
    private sealed class TextFunction(Func<string, string> function) : IScriptCustomFunction
    {
        public int RequiredParameterCount => 1;

        public int ParameterCount => 1;

        public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

        public Type ReturnType => typeof(object);

        public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(string), "text");

        public object Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
            new RawText(function(context.ObjectToString(arguments[0]) ?? ""));

        public ValueTask<object?> InvokeAsync(
            TemplateContext context,
            ScriptNode? callerContext,
            ScriptArray arguments,
            ScriptBlockStatement? blockStatement) =>
            ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
    }
}
