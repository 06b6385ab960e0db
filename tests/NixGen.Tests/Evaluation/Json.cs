using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NixGen.Tests.Evaluation;

/// <summary>Reads and compares JSON in the words of a test.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonNode At(this JsonNode node, params string[] path) =>
        path.Aggregate(
            node,
            (inner, name) => inner[name] ?? throw new Xunit.Sdk.XunitException($"no {name} in {inner.GetPath()}"));

    public static string Text(this JsonNode? node) => node!.GetValue<string>();

    public static IReadOnlyList<string> Texts(JsonNode? list) => [.. list!.AsArray().Select(item => item!.GetValue<string>())];

    public static IEnumerable<string> Keys(this JsonNode node) => node.AsObject().Select(member => member.Key);

    /// <summary>Both say the same, whatever the order of keys.</summary>
    /// <param name="expected">An anonymous object, a dictionary, a list.</param>
    /// <param name="actual">From an evaluation.</param>
    public static void Equal(object? expected, JsonNode? actual) =>
        Assert.Equal(Show(JsonSerializer.SerializeToNode(expected)), Show(actual));

    private static string Show(JsonNode? node) => JsonSerializer.Serialize(Sorted(node), Readable);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
