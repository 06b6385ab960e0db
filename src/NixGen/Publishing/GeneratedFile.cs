namespace NixGen.Publishing;

/// <summary>A file as the inventory asks for it.</summary>
/// <param name="Path">
/// Relative to the output folder, with forward slashes, such as <c>homelab/restic.nix</c>. The first part is the host.
/// Parts consist of ASCII letters, digits and <c>. _ + @ -</c> and begin with a letter, a digit or <c>_</c>.
/// </param>
/// <param name="Text">The whole text, ending with a line feed; written as UTF-8 without a byte order mark.</param>
public sealed record GeneratedFile(string Path, string Text);
