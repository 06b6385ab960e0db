using NixGen.Languages.Nix;
using Scriban;
using Scriban.Functions;
using Scriban.Runtime;

namespace NixGen.Rendering;

/// <summary>
/// Runs templates of Nix modules: whatever an expression yields is written as a Nix literal, so that a template cannot forget to
/// escape. <c>raw</c>, <c>comment</c> and <c>attribute</c> say otherwise.
/// </summary>
internal sealed class NixTemplateContext : TemplateContext
{
    private static readonly ScriptObject Builtins = WithFunctions();

    public NixTemplateContext()
        : base(Builtins)
    {
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
                NixLiteral.Write(Builder, textAsObject);
        }
        catch (ArgumentException reason)
        {
            throw new Scriban.Syntax.ScriptRuntimeException(span, reason.Message);
        }

        return this;
    }

    private static ScriptObject WithFunctions()
    {
        var builtins = new BuiltinFunctions();
        builtins.SetValue("raw", new TextFunction(text => text), readOnly: true);
        builtins.SetValue("comment", new TextFunction(NixComment.Write), readOnly: true);
        builtins.SetValue("attribute", new TextFunction(NixName.Write), readOnly: true);
        return builtins;
    }

    /// <summary>A function from a text to a piece of Nix.</summary>
    private sealed class TextFunction(Func<string, string> function) : IScriptCustomFunction
    {
        public int RequiredParameterCount => 1;

        public int ParameterCount => 1;

        public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

        public Type ReturnType => typeof(object);

        public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(string), "text");

        public object Invoke(
            TemplateContext context,
            Scriban.Syntax.ScriptNode? callerContext,
            ScriptArray arguments,
            Scriban.Syntax.ScriptBlockStatement? blockStatement) =>
            new RawText(function(context.ObjectToString(arguments[0]) ?? ""));

        public ValueTask<object?> InvokeAsync(
            TemplateContext context,
            Scriban.Syntax.ScriptNode? callerContext,
            ScriptArray arguments,
            Scriban.Syntax.ScriptBlockStatement? blockStatement) =>
            ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
    }
}
