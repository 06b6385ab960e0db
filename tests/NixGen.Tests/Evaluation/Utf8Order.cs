using System.Text;

namespace NixGen.Tests.Evaluation;

/// <summary>The order of Nix: by bytes of UTF-8. UTF-16 puts characters beyond U+FFFF before some of those below.</summary>
internal static class Utf8Order
{
    public static Comparer<string> Comparer { get; } =
        Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
}
