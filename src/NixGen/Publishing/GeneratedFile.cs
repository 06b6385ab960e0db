using System.Text;

namespace NixGen.Publishing;

/// <summary>A file as the inventory asks for it. Two are equal if path and content are.</summary>
/// <param name="path">See <see cref="Path"/>.</param>
/// <param name="text">The whole text, ending with a line feed.</param>
public sealed class GeneratedFile(string path, string text) : IEquatable<GeneratedFile>
{
    /// <summary>
    /// Relative to the output folder, with forward slashes, such as <c>homelab/restic.nix</c>. The first part is the host.
    /// Parts consist of ASCII letters, digits and <c>. _ + @ -</c> and begin with a letter, a digit or <c>_</c>.
    /// </summary>
    public string Path { get; } = path;

    /// <summary>As it is written: UTF-8 without a byte order mark. A fleet has tens of megabytes, which a string would double.</summary>
    internal byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(text);

    public string Text => Encoding.UTF8.GetString(Utf8);

    public bool Equals(GeneratedFile? other) => other is not null && Path == other.Path && Utf8.AsSpan().SequenceEqual(other.Utf8);

    public override bool Equals(object? obj) => Equals(obj as GeneratedFile);

    public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{Path}\n{Text}";
}
