using System.Buffers;

namespace NixGen.Publishing;

/// <summary>
/// The only paths that NixGen reads, writes or removes in the output folder. What comes from a manifest is checked against it:
/// a manifest in a pull request must not be able to name anything outside, a hidden file, or <c>.git</c>.
/// </summary>
internal static class PlainPath
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+@-"
    );

    public static bool Is(string path)
    {
        foreach (var part in path.AsSpan().Split('/'))
        {
            if (!IsPart(path.AsSpan(part)))
                return false;
        }
        return path.Length <= 1024 && path != Manifest.Path;
    }

    private static bool IsPart(ReadOnlySpan<char> part) =>
        part.Length is > 0 and <= 200
        && (char.IsAsciiLetterOrDigit(part[0]) || part[0] == '_')
        && !part.ContainsAnyExcept(Allowed);
}
