namespace NixGen.Languages.Nix;

/// <summary>Texts inside a <c># …</c> comment.</summary>
public static class NixComment
{
    /// <summary>The text on one line, so that nothing of it can leave the comment; blanks at the end go, as nixfmt would have it.</summary>
    public static string Write(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character)).TrimEnd();
}
