using NixGen.Inventory;
using NixGen.Inventory.Binding;

namespace NixGen.Auditing;

/// <summary>Where the settings of one unit say that its files are.</summary>
internal sealed class UnitPlaces
{
    private readonly string _name;
    private readonly string? _instance;
    private readonly UnitFacts _unit;
    private readonly string? _home;

    public UnitPlaces(string name, UnitFacts unit, string? home)
    {
        _name = name;
        _instance = name.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at && at + 1 < name.Length ? name[(at + 1)..] : null;
        (_unit, _home) = (unit, home);
        State = [.. Directories(unit.StateDirectory, "/var/lib")];
        // Its own, but nothing to restore.
        Fleeting =
        [
            .. Directories(unit.CacheDirectory, "/var/cache"),
            .. Directories(unit.LogsDirectory, "/var/log"),
            .. unit.RuntimeDirectory.Select(word => Expand("/run/" + word.Split(':')[0])).OfType<string>(),
        ];
    }

    /// <summary>Its state directories; for a DynamicUser the real ones.</summary>
    public IReadOnlyList<string> State { get; }

    private IReadOnlyList<string> Fleeting { get; }

    /// <summary>What leads to a place by a symlink that systemd makes for a DynamicUser.</summary>
    public string? LinkTo(string path) => _unit.DynamicUser && IsOwn(path) ? Public(path) : null;

    /// <summary>A path of one of its directories as it really is: the catalogue may know an older or newer module.</summary>
    public string Real(string path) => (_unit.DynamicUser, IsOwn(path)) switch
    {
        (true, true) => Private(Public(path)),
        (false, true) => Public(path),
        _ => path,
    };

    /// <summary>What else it may write to, and how NixGen knows.</summary>
    public IEnumerable<(string Path, string Reason)> Others()
    {
        foreach (var word in _unit.ReadWritePaths)
        {
            if (Expand(word.TrimStart('-', '+')) is { } path)
                yield return (path, $"ReadWritePaths of {_name}.service");
        }

        foreach (var word in _unit.BindPaths)
        {
            if (Expand(word.TrimStart('-').Split(':')[0]) is { } path)
                yield return (path, $"BindPaths of {_name}.service");
        }

        if (_unit.WorkingDirectory is { } working && Expand(working.TrimStart('-')) is { } folder)
            yield return (folder, $"WorkingDirectory of {_name}.service");
        if (_home is not null && Expand(_home) is { } home)
            yield return (home, $"home of {_unit.User}, as whom {_name}.service runs");
    }

    /// <summary>Whether a path lies in what is judged as one of its directories, or does not last.</summary>
    public bool IsKnown(string path) =>
        State.Concat(Fleeting).Any(place => HiddenPlaces.Contains(place, path) || HiddenPlaces.Contains(Public(place), path));

    // Whether a path belongs to one of its directories, by either of its names.
    private bool IsOwn(string path) => State.Concat(Fleeting)
        .Any(place => HiddenPlaces.Contains(Public(place), Public(path)) || HiddenPlaces.Contains(Public(path), Public(place)));

    private IEnumerable<string> Directories(IReadOnlyList<string> words, string root) => words
        // name:symlink and name::flags
        .Select(word => Expand($"{root}/{word.Split(':')[0]}"))
        .OfType<string>()
        .Where(path => path != root)
        .Select(path => _unit.DynamicUser ? Private(path) : path)
        .Distinct();

    /// <summary>Without <c>private</c>, as everybody but systemd names it.</summary>
    internal static string Public(string path)
    {
        foreach (var root in Roots)
        {
            if (HiddenPlaces.Contains(root + "/private", path) && path.Length > root.Length + "/private/".Length)
                return root + path[(root.Length + "/private".Length)..];
        }

        return path;
    }

    internal static string Private(string path)
    {
        foreach (var root in Roots)
        {
            if (HiddenPlaces.Contains(root, path) && path.Length > root.Length && !HiddenPlaces.Contains(root + "/private", path))
                return root + "/private" + path[root.Length..];
        }

        return path;
    }

    private static readonly string[] Roots = ["/var/lib", "/var/cache", "/var/log"];

    // Specifiers of the system manager (systemd.unit(5)). What cannot be told ends the path: the folder around it is meant.
    private string? Expand(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            var filled = part
                .Replace("%S", "/var/lib", StringComparison.Ordinal)
                .Replace("%C", "/var/cache", StringComparison.Ordinal)
                .Replace("%L", "/var/log", StringComparison.Ordinal)
                .Replace("%t", "/run", StringComparison.Ordinal)
                .Replace("%T", "/tmp", StringComparison.Ordinal)
                .Replace("%V", "/var/tmp", StringComparison.Ordinal)
                .Replace("%E", "/etc", StringComparison.Ordinal)
                .Replace("%N", _name, StringComparison.Ordinal)
                .Replace("%p", _name.Split('@')[0], StringComparison.Ordinal);
            if (_instance is not null)
                filled = filled.Replace("%i", _instance, StringComparison.Ordinal).Replace("%I", _instance, StringComparison.Ordinal);
            if (filled.Replace("%%", "", StringComparison.Ordinal).Contains('%'))
                break;
            parts.Add(filled.Replace("%%", "%", StringComparison.Ordinal));
        }

        return Plain(string.Join('/', parts));
    }

    /// <summary>A path as the inventory writes it; null where it is none.</summary>
    internal static string? Plain(string path)
    {
        if (!path.StartsWith('/'))
            return null;
        var plain = "/" + string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));
        return Scalars.IsPlainPath(plain) ? plain : null;
    }
}
