using System.Diagnostics.CodeAnalysis;
using NixGen.Findings;

namespace NixGen.Inventory;

/// <summary>Where restic keeps a repository.</summary>
/// <param name="Kind">The back end.</param>
/// <param name="Text">As restic reads it; <c>{host}</c> stands for the name of the host.</param>
/// <param name="At">Where it is declared.</param>
public sealed record Repository(RepositoryKind Kind, string Text, SourceSpan At)
{
    /// <summary>Stands for the name of the host, so that a fleet shares a declaration but no repository.</summary>
    public const string HostPlaceholder = "{host}";

    /// <summary>The repository of one host.</summary>
    public string For(string host) => Text.Replace(HostPlaceholder, host, StringComparison.Ordinal);

    /// <summary>The same for two texts that are one repository to restic: <c>s3:host</c> and <c>s3:https://host</c>.</summary>
    public string Identity(string host) => Same(For(host));

    /// <inheritdoc cref="Identity"/>
    public static string Same(string repository) =>
        (repository.StartsWith("s3:https://", StringComparison.Ordinal) ? "s3:" + repository["s3:https://".Length..] : repository).TrimEnd('/');

    // NixOS hands the repository to `Environment=` without doubling %, and Backrest expands ${NAME};
    // quotes, backslashes and blanks mean something to one reader or another.
    private const string Ambiguous = "%$\"'\\` ";

    /// <summary>Whether it holds a user and a password, as <c>rest:https://user:password@host/</c> does.</summary>
    public bool NamesPassword =>
        Text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var start && Text[(start + 3)..].Split('/')[0].Contains('@');

    /// <summary>Reads a repository, refusing what restic, systemd and Backrest would not read alike.</summary>
    public static bool TryParse(
        string text,
        SourceSpan at,
        [NotNullWhen(true)] out Repository? repository,
        [NotNullWhen(false)] out (FindingCode Code, string Message)? problem)
    {
        repository = null;
        problem = null;
        var odd = text.IndexOfAny(Ambiguous.ToCharArray());
        if (odd >= 0)
            problem = (Codes.BadRepository, $"the repository '{text}' holds {Name(text[odd])}, which systemd, restic and Backrest do not read alike");
        else if (text.Replace(HostPlaceholder, "", StringComparison.Ordinal).AsSpan().ContainsAny('{', '}'))
            problem = (Codes.BadRepository, $"the repository '{text}' has a brace; {HostPlaceholder} alone stands for something");
        else if (text.StartsWith('/') && !IsPlain(text))
            problem = (Codes.BadRepository, $"the repository '{text}' is not a plain absolute path{(IsPlain(Plain(text)) ? $", as {Plain(text)} is" : "")}");
        else if (text.StartsWith('/') && HiddenPlaces.Around(text) is { } hidden)
            problem = (Codes.BadRepository, $"the repository '{text}' lies in {hidden}, of which the units have a view of their own, or which does not last");
        else if (KindOf(text) is not { } kind)
            problem = UnknownKind(text);
        else if (kind != RepositoryKind.Local && text.IndexOf(':') is var colon && (colon < 0 || colon == text.Length - 1))
            problem = (Codes.BadRepository, $"the repository '{text}' says no place");
        else
            repository = new Repository(kind, text, at);
        return repository is not null;
    }

    private static RepositoryKind? KindOf(string text) => text.Split(':')[0] switch
    {
        _ when text.StartsWith('/') => RepositoryKind.Local,
        "b2" => RepositoryKind.B2,
        "s3" => RepositoryKind.S3,
        "rest" => RepositoryKind.Rest,
        "azure" => RepositoryKind.Azure,
        "gs" => RepositoryKind.Google,
        "swift" => RepositoryKind.Swift,
        _ => null,
    };

    private static (FindingCode, string) UnknownKind(string text) => text.Split(':')[0] switch
    {
        "sftp" or "rclone" when text.Contains(':') =>
            (Codes.UnsupportedRepository, $"repositories of kind '{text.Split(':')[0]}' are not supported"),
        _ => (Codes.BadRepository, $"'{text}' is no restic repository"),
    };

    private static bool IsPlain(string path) =>
        path.Length > 1 && path[1..].Split('/').All(part => part is not ("" or "." or ".."));

    // Without what means nothing. What leads elsewhere stays, and is not plain.
    private static string Plain(string path) => "/" + string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));

    private static string Name(char character) => character switch
    {
        ' ' => "a blank",
        _ => $"the character {character}",
    };
}

/// <summary>The back ends of restic that NixGen sets up.</summary>
public enum RepositoryKind
{
    Local,
    Rest,
    B2,
    S3,
    Azure,
    Google,
    Swift,
}
