namespace NixGen.Publishing;

/// <summary>
/// Which hosts a run is about. Files of other hosts, and files that belong to no host, are neither compared nor touched,
/// and their entries in the manifest stay as they are.
/// </summary>
public sealed class PublishScope
{
    private readonly HashSet<string>? _hosts;

    private PublishScope(HashSet<string>? hosts) => _hosts = hosts;

    /// <summary>Every host, and every file that belongs to none.</summary>
    public static PublishScope All { get; } = new(null);

    /// <summary>These hosts only.</summary>
    public static PublishScope Only(IEnumerable<string> hosts) => new(new HashSet<string>(hosts, StringComparer.Ordinal));

    internal bool Covers(string path)
    {
        if (_hosts is null)
            return true;
        var slash = path.IndexOf('/');
        return slash > 0 && _hosts.Contains(path[..slash]);
    }
}
