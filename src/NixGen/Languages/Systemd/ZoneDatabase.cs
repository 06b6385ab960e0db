using System.Buffers;

namespace NixGen.Languages.Systemd;

/// <summary>The time zones that a calendar expression can name.</summary>
internal static class ZoneDatabase
{
    public const string Utc = "UTC";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/");

    // Every database has this zone; a build sandbox or a container often has no database at all.
    private static readonly Lazy<bool> Present = new(() => TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out _));

    /// <summary>Whether this machine's database has the name; without a database, whether it looks like Area/City.</summary>
    public static bool Knows(string name) =>
        name == Utc || (Present.Value ? Find(name) is not null : IsAreaAndCity(name));

    /// <summary>The rules of a zone, or null where they are not known.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        if (name == Utc)
        {
            return TimeZoneInfo.Utc;
        }

        // .NET keeps the zones it has read under names without regard to case; systemd opens a file of just that name.
        return IsWellFormed(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.Id == name ? zone : null;
    }

    /// <summary>Names such as Europe/Berlin, but not what could be a part of a date or time, such as 1/2.</summary>
    public static bool IsAreaAndCity(string name) =>
        IsWellFormed(name) && name.Split('/') is { Length: > 1 } parts && parts.All(part => char.IsAsciiLetter(part[0]));

    /// <summary>The rules of verify_timezone() in systemd's time-util.c.</summary>
    public static bool IsWellFormed(string name) =>
        name.Length > 0
        && name[0] != '/'
        && name[^1] != '/'
        && !name.Contains("//", StringComparison.Ordinal)
        && !name.AsSpan().ContainsAnyExcept(NameCharacters);
}
