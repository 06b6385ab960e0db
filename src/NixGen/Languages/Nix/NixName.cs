namespace NixGen.Languages.Nix;

/// <summary>Names of attributes.</summary>
public static class NixName
{
    private static readonly HashSet<string> Keywords =
        ["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or", "null", "true", "false", "import", "__curPos"];

    /// <summary>The name as it stands left of an equals sign or after a dot: bare where Nix allows it, quoted otherwise.</summary>
    public static string Write(string name) => IsIdentifier(name) ? name : NixString.Quote(name);

    /// <summary>Whether Nix reads the name without quotes; words with a meaning of their own do not count.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0
        && (char.IsAsciiLetter(name[0]) || name[0] == '_')
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '\'')
        && !Keywords.Contains(name);
}
