namespace NixGen.Inventory;

/// <summary>
/// Places that hold no data of a service, or of which the backup units have a view of their own: <c>PrivateTmp=</c> (which
/// services.restic sets) hides /tmp and /var/tmp, <c>PrivateDevices=</c> hides /dev.
/// </summary>
public static class HiddenPlaces
{
    public static IReadOnlyList<string> All { get; } = ["/dev", "/nix", "/proc", "/run", "/sys", "/tmp", "/var/tmp"];

    /// <returns>The hidden place in which a path lies, or null.</returns>
    public static string? Around(string path) => All.FirstOrDefault(place => Contains(place, path));

    /// <summary>A plain absolute path and the folders around it, but for the root.</summary>
    public static IEnumerable<string> Upward(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
            yield return path[..end];
    }

    /// <summary>Whether a path is a place or lies below it. Both are plain absolute paths.</summary>
    public static bool Contains(string place, string path) =>
        path.StartsWith(place, StringComparison.Ordinal) && (path.Length == place.Length || path[place.Length] == '/');
}
