using System.Security.Cryptography;
using System.Text;
using NixGen.Languages.Json;

namespace NixGen.Publishing;

/// <summary>What NixGen wrote into the output folder, committed with it: it tells an edit from an older generation.</summary>
/// <param name="Generator">The version of NixGen that wrote it; empty when there is no manifest yet.</param>
/// <param name="Files">SHA-256 (64 lower-case hex digits) by path.</param>
internal sealed record Manifest(string Generator, SortedDictionary<string, string> Files)
{
    public const string Path = "manifest.json";
    public const int Format = 1;
    public const string GeneratorPrefix = "NixGen ";

    public static Manifest Empty => new("", NoFiles());

    public static SortedDictionary<string, string> NoFiles() => new(StringComparer.Ordinal);

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The same bytes for the same content, one line per file, so that git can merge most changes.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteString("generator", GeneratorPrefix + Generator);
        json.WriteStartObject("files");
        foreach (var (path, hash) in Files)
            json.WriteString(path, hash);
        json.WriteEndObject();
        json.WriteEndObject();
    }));
}
