using System.Text;
using NixGen.Languages.Markdown;
using NixGen.Languages.Nix;
using NixGen.Languages.Shell;

namespace NixGen.Rendering;

/// <summary>The language that a template is written in: how values come out, and which functions say otherwise.</summary>
/// <param name="Write">Appends a value, escaped for the place where it stands.</param>
/// <param name="Functions">From a text to a piece of the language; <c>raw</c>, which writes as is, is always there.</param>
/// <param name="Problem">What keeps a rendered text from being well-formed; null if nothing does.</param>
internal sealed record TargetLanguage(
    Action<StringBuilder, object?> Write,
    IReadOnlyDictionary<string, Func<string, string>> Functions,
    Func<string, string?> Problem)
{
    private static readonly TargetLanguage Nix = new(
        NixLiteral.Write,
        new Dictionary<string, Func<string, string>> { ["comment"] = NixComment.Write, ["attribute"] = NixName.Write },
        NixOutline.Problem);

    private static readonly TargetLanguage Markdown = new(
        MarkdownText.Write,
        new Dictionary<string, Func<string, string>> { ["code"] = MarkdownText.Code, ["shell"] = ShellWord.Quote },
        text => text.EndsWith('\n') ? null : "its last line does not end");

    /// <summary>The language of a template by the end of its name.</summary>
    public static TargetLanguage Of(string template) => Path.GetExtension(template) switch
    {
        ".nix" => Nix,
        ".md" => Markdown,
        var other => throw new ArgumentException($"No language is known for {other}."),
    };
}
