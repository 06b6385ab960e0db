using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace NixGen.Languages.Restic;

/// <summary>
/// Patterns of restic's excludes: Go's <c>filepath.Match</c> for each part of a path, and <c>**</c> for any number of parts
/// (restic manual, "Excluding files").
/// </summary>
public static class ResticPattern
{
    /// <summary>A path as a pattern that matches only it.</summary>
    public static string Escape(string path)
    {
        var pattern = new StringBuilder(path.Length);
        foreach (var character in path)
        {
            if (character is '\\' or '*' or '?' or '[')
                pattern.Append('\\');
            pattern.Append(character);
        }

        return pattern.ToString();
    }

    /// <summary>The same for the whole of a pattern: restic drops a blank at its end.</summary>
    public static string Exact(string path) =>
        char.IsWhiteSpace(path[^1]) ? $"{Escape(path[..^1])}[{path[^1]}]" : Escape(path);

    /// <summary>Whether restic can read the pattern, which it does only when it starts to back up.</summary>
    public static bool IsValid(string pattern, [NotNullWhen(false)] out string? problem)
    {
        problem = pattern switch
        {
            "" => "it is empty",
            ['!', ..] => "a leading ! would take something back in; write what is to stay out",
            _ when char.IsWhiteSpace(pattern[^1]) => "restic drops the blank at its end; write it as [ ]",
            _ when pattern.Trim('/').Split('/').Any(part => part is "" or "." or "..") => "it has an empty part, or . or .. as a part",
            _ => pattern.Split('/').Select(PartProblem).FirstOrDefault(found => found is not null),
        };
        return problem is null;
    }

    /// <summary>
    /// The part of a pattern below a path that it begins with literally, or null: <c>/var/lib/hass/*.log</c> below <c>/var/lib/hass</c>
    /// is <c>*.log</c>.
    /// </summary>
    public static string? Below(string pattern, string path)
    {
        var prefix = Escape(path) + "/";
        return pattern.StartsWith(prefix, StringComparison.Ordinal) && pattern.Length > prefix.Length ? pattern[prefix.Length..] : null;
    }

    /// <summary>
    /// Whether restic leaves a path out: the pattern matches it or a folder that it lies in. Both are absolute, the pattern valid.
    /// What restic is told to back up by name is no exception: the folder is stored, but empty.
    /// </summary>
    public static bool LeavesOut(string pattern, string path) => ResticExcludes.Of([pattern]).LeaveOut(path);

    /// <summary>Whether restic stores nothing of a path but a folder: it is left out, or everything in it is, as by <c>/path/*</c>.</summary>
    public static bool Empties(string pattern, string path)
    {
        var parts = Parts(pattern);
        if (parts is [.., "*"])
            parts = WithoutTail(parts[..^1]);
        return ResticExcludes.Of([parts]).LeaveOut(path);
    }

    /// <summary>What every path begins with that the pattern <see cref="Empties"/>.</summary>
    public static string LiteralStart(string pattern) =>
        pattern.IndexOfAny(['*', '?', '[', '\\']) is var special && special < 0 ? pattern : pattern[..special].TrimEnd('/');

    /// <summary>What a pattern asks of the names on the way down, one after the other.</summary>
    internal static string[] Parts(string pattern) => WithoutTail(pattern.Split('/')[1..]);

    // What lies below a match is left out with it, so ** at the end asks for nothing more.
    private static string[] WithoutTail(string[] parts) => parts.AsSpan().TrimEnd("**").ToArray();

    /// <summary>Go's filepath.Match for one part that is not <c>**</c>.</summary>
    internal static bool PartMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        // After a star: the pattern that follows it, and what it has not taken yet. Only the last one ever has to take more, since
        // what stands before it was found as early as possible.
        var hasStar = false;
        var afterStar = pattern;
        var left = name;
        while (true)
        {
            if (pattern is ['*', ..])
            {
                pattern = pattern[1..];
                hasStar = true;
                afterStar = pattern;
                left = name;
            }
            else if (pattern.IsEmpty && name.IsEmpty)
            {
                return true;
            }
            else if (pattern.IsEmpty || name.IsEmpty || !CharacterMatches(ref pattern, ref name))
            {
                if (!hasStar || left.IsEmpty)
                    return false;
                Take(ref left);
                pattern = afterStar;
                name = left;
            }
        }
    }

    // Takes one element off the pattern, and a character off the name.
    private static bool CharacterMatches(ref ReadOnlySpan<char> pattern, ref ReadOnlySpan<char> name)
    {
        var character = Take(ref name);
        switch (pattern[0])
        {
            case '?':
                pattern = pattern[1..];
                return true;
            case '[':
                var part = pattern.ToString();
                var end = 0;
                Class(part, ref end);
                pattern = pattern[(end + 1)..];
                return ClassContains(part[1..end], character);
            case '\\':
                pattern = pattern[1..];
                goto default;
            default:
                return Take(ref pattern) == character;
        }
    }

    private static Rune Take(ref ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var taken, out var length);
        text = text[length..];
        return taken;
    }

    private static bool ClassContains(string inside, Rune character)
    {
        var negated = inside.StartsWith('^');
        var found = false;
        for (var at = negated ? 1 : 0; at < inside.Length;)
        {
            var low = Take(inside, ref at);
            var high = low;
            if (at < inside.Length && inside[at] == '-')
            {
                at++;
                high = Take(inside, ref at);
            }

            found |= low <= character && character <= high;
        }

        return found != negated;
    }

    private static Rune Take(string text, ref int at)
    {
        if (text[at] == '\\')
            at++;
        var taken = Rune.GetRuneAt(text, at);
        at += taken.Utf16SequenceLength;
        return taken;
    }

    private static string? PartProblem(string part)
    {
        if (part.Contains("**", StringComparison.Ordinal) && part != "**")
            return "** stands for any number of folders only as a whole part";
        for (var at = 0; at < part.Length; at++)
        {
            switch (part[at])
            {
                case '\\' when ++at == part.Length:
                    return "the backslash at the end of a part escapes nothing";
                case '[' when !Class(part, ref at):
                    return "a [ is not closed, empty or upside down; write \\[ for the character itself";
            }
        }

        return null;
    }

    // [abc], [a-z], [^a-z]; on return `at` is the closing bracket. Go refuses an empty class, a range without an end and a bare -.
    private static bool Class(string part, ref int at)
    {
        at++;
        if (at < part.Length && part[at] == '^')
            at++;
        for (var ranges = 0; ; ranges++)
        {
            if (at < part.Length && part[at] == ']' && ranges > 0)
                return true;
            var low = at;
            if (!Character(part, ref at))
                return false;
            if (at < part.Length && part[at] == '-')
            {
                var high = ++at;
                // Upside down it matches nothing.
                if (!Character(part, ref at) || Rank(part, high) < Rank(part, low))
                    return false;
            }
        }
    }

    private static Rune Rank(string part, int at) => Rune.GetRuneAt(part, part[at] == '\\' ? at + 1 : at);

    private static bool Character(string part, ref int at)
    {
        if (at >= part.Length || part[at] is '-' or ']')
            return false;
        if (part[at] == '\\' && ++at >= part.Length)
            return false;
        at += char.IsHighSurrogate(part[at]) && at + 1 < part.Length ? 2 : 1;
        // Something must follow: a closing bracket at least.
        return at < part.Length;
    }
}
