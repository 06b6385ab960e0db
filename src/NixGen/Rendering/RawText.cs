namespace NixGen.Rendering;

/// <summary>Text that stands in the language of the template already and is written as it is.</summary>
internal sealed record RawText(string Text);
