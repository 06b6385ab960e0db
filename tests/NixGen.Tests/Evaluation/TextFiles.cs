using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NixGen.Tests.Evaluation;

/// <summary>
/// The text files of a configuration. Nix cannot hand out files without a store; so evaluate.nix is told to write each in
/// place, between marks, into whatever names it, and here a path takes its place. Files name files: marks are nested.
/// </summary>
internal sealed class TextFiles
{
    private const char Begin = '\u0001';
    private const char Middle = '\u0002';
    private const char End = '\u0003';

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>For the argument <c>file</c> of evaluate.nix.</summary>
    public const string Function = """
        name: text:
        let
          mark = code: builtins.fromJSON "\"\\u000${code}\"";
        in
        "${mark "1"}${name}${mark "2"}${text}${mark "3"}"
        """;

    /// <summary>The files found so far, by path.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The same with paths for files.</summary>
    public JsonNode? Extract(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, Extract(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Extract)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Extract(text)),
        _ => node?.DeepClone(),
    };

    private string Extract(string text)
    {
        var at = 0;
        var result = Extract(text, ref at);
        Assert.Equal(text.Length, at);
        return result;
    }

    private string Extract(string text, ref int at)
    {
        var result = new StringBuilder();
        while (at < text.Length && text[at] is not (Middle or End))
        {
            if (text[at] != Begin)
            {
                result.Append(text[at++]);
                continue;
            }

            at++;
            var name = Extract(text, ref at);
            Assert.Equal(Middle, text[at++]);
            var content = Extract(text, ref at);
            Assert.Equal(End, text[at++]);
            result.Append(Add(name, content));
        }

        return result.ToString();
    }

    private string Add(string name, string text)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
        var path = $"/nix/store/{hash}-{name}";
        _texts[path] = text;
        return path;
    }
}
