using System.Buffers;
using System.Text.RegularExpressions;

namespace NixGen.Findings;

/// <summary>
/// Secrets in a text, known by their form. What was found is never repeated: findings stand in the logs of CI. A user and a password in
/// a repository are the matter of NG1110.
/// </summary>
internal static partial class SecretForms
{
    // Nearly every inventory has none of these, and then nothing more is to be done.
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        ["AKIA", "ASIA", "K00", "ops_", "PRIVATE KEY", "AGE-SECRET", "SECRET_ACCESS_KEY", "gh", "glpat-", "xox", "://"],
        StringComparison.Ordinal);

    /// <summary>Where they begin, and what each looks like.</summary>
    public static IEnumerable<(int Index, string Looks)> Find(string text) =>
        text.AsSpan().ContainsAny(Marks) ? Secret().Matches(text).Select(match => (match.Index, What(match))) : [];

    /// <summary>Whether a text holds one.</summary>
    public static bool IsIn(string text) => text.AsSpan().ContainsAny(Marks) && Secret().IsMatch(text);

    /// <summary>The text without them; what follows the beginning of a private key is the key.</summary>
    public static string Mask(string text)
    {
        if (!text.AsSpan().ContainsAny(Marks))
            return text;
        var key = Secret().Matches(text).FirstOrDefault(match => match.Groups["key"].Success);
        return string.Join('\n', Secret().Replace(key is null ? text : text[..(key.Index + key.Length)], Masked).Split('\n').Select(WithoutUser));
    }

    // Of a repository, too, and of what is none because of a character that belongs in no address. Rather too much.
    private static string WithoutUser(string line) =>
        line.IndexOf("://", StringComparison.Ordinal) is >= 0 and var start && line.LastIndexOf('@') is var end && end > start
            ? $"{line[..start]}://{Masked}{line[end..]}"
            : line;

    private const string Masked = "(secret)";

    private static string What(Match match) => match.Groups.Values.Skip(1).First(group => group.Success).Name switch
    {
        "url" => "an address with a user and a password",
        "op" => "a token of a 1Password service account",
        "b2" => "an application key of Backblaze B2",
        "aws" => "an access key of AWS",
        "key" => "a private key",
        _ => "an access token",
    };

    // Forms that nothing else has: prefix, alphabet and length as the issuers document them.
    [GeneratedRegex(
        """
        (?<url>(?<!(rest|s3):)\bhttps?://[^\s/:@"']+:[^\s/@"']+@)
        |(?<op>\bops_[A-Za-z0-9_-]{40,})
        |(?<b2>(?<![A-Za-z0-9/+])K00[0-9][A-Za-z0-9/+]{27}(?![A-Za-z0-9/+]))
        |(?<aws>\b(AKIA|ASIA)[A-Z0-9]{16}\b|(?<=\bAWS_SECRET_ACCESS_KEY["']?\s*[:=]\s*["']?)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=]))
        |(?<key>-----BEGIN[ ]([A-Z0-9]+[ ])*PRIVATE[ ]KEY|\bAGE-SECRET-KEY-1[0-9A-Z]{50,})
        |(?<token>\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{40,}|\bglpat-[A-Za-z0-9_-]{20,}|\bxox[abprs]-[A-Za-z0-9-]{20,})
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 2000)]
    private static partial Regex Secret();
}
