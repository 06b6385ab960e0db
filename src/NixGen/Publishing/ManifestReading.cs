using System.Buffers;
using System.Text.Json;
using NixGen.Findings;

namespace NixGen.Publishing;

/// <summary>Reads bytes that anybody may have written: into a manifest whose every path is plain, or into why not.</summary>
internal sealed record ManifestReading(Manifest? Manifest, FindingCode? Code = null, string Reason = "", int Line = 0)
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static ManifestReading Of(byte[] utf8)
    {
        var conflict = LineOfConflict(utf8);
        if (conflict > 0)
            return Damaged("it holds merge-conflict markers", conflict);
        try
        {
            using var json = JsonDocument.Parse(utf8);
            return Read(json.RootElement);
        }
        catch (JsonException e)
        {
            return Damaged("it is not valid JSON", (int)(e.LineNumber ?? -1) + 1);
        }
        catch (InvalidOperationException)
        {
            // A string that is not valid UTF-8; JsonDocument notices only when it is asked for.
            return Damaged("it is not valid UTF-8");
        }
    }

    private static ManifestReading Read(JsonElement root)
    {
        // Other programs have a manifest.json, too (web applications); to call it damaged would invite people to delete it.
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("generator", out var generator)
            || generator.ValueKind != JsonValueKind.String
            || !generator.GetString()!.StartsWith(Manifest.GeneratorPrefix, StringComparison.Ordinal)
        )
        {
            return new(null, Codes.ForeignFile, "a manifest.json that NixGen did not write");
        }

        if (!root.TryGetProperty("format", out var format) || !format.TryGetNumber(out var number) || number < 1)
            return Damaged("it has no format number");
        if (number > Manifest.Format)
            return new(
                null,
                Codes.NewerManifest,
                $"written by {generator} in format {number}; this NixGen knows format {Manifest.Format}"
            );
        if (!root.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Object)
            return Damaged("it lists no files");
        if (root.GetPropertyCount() != 3)
            return Damaged("it holds keys that NixGen does not write");

        return Files(generator.GetString()![Manifest.GeneratorPrefix.Length..], files);
    }

    private static ManifestReading Files(string generator, JsonElement files)
    {
        var hashes = Manifest.NoFiles();
        foreach (var file in files.EnumerateObject())
        {
            if (!PlainPath.Is(file.Name))
                return Damaged($"it lists the path {JsonEncodedText.Encode(file.Name)}, which NixGen never writes");
            if (file.Value.ValueKind != JsonValueKind.String || !IsHash(file.Value.GetString()!))
                return Damaged($"the checksum of {file.Name} is none");
            if (!hashes.TryAdd(file.Name, file.Value.GetString()!))
                return Damaged($"it lists {file.Name} twice");
        }
        return new(new Manifest(generator, hashes));
    }

    private static bool IsHash(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(Hex);

    private static ManifestReading Damaged(string reason, int line = 0) => new(null, Codes.BrokenManifest, reason, line);

    internal static int LineOfConflict(ReadOnlySpan<byte> utf8)
    {
        var line = 1;
        foreach (var part in utf8.Split((byte)'\n'))
        {
            if (utf8[part].StartsWith("<<<<<<< "u8))
                return line;
            line++;
        }
        return 0;
    }
}

file static class JsonNumbers
{
    // TryGetInt64 throws for anything that is not a number.
    public static bool TryGetNumber(this JsonElement element, out long number)
    {
        number = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out number);
    }
}
