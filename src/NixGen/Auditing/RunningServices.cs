using NixGen.Catalogue;
using NixGen.Inventory;

namespace NixGen.Auditing;

/// <summary>Finds what runs on a host and where its data lies.</summary>
internal sealed class RunningServices
{
    private readonly EvaluatedSystem _system;
    private readonly OrdinaryState _ordinary;
    private readonly SortedDictionary<string, UnitPlaces> _units = new(StringComparer.Ordinal);
    private readonly List<RunningService> _services = [];
    private readonly HashSet<string> _judgedUnits = new(StringComparer.Ordinal);

    // What several services share, or holds nobody's data as a whole.
    private static readonly HashSet<string> TooWide = new(
        [
            "/", "/boot", "/home", "/media", "/mnt", "/opt", "/root", "/srv",
            "/var", "/var/lib", "/var/lib/private", "/var/spool", "/var/mail",
        ],
        StringComparer.Ordinal);

    private RunningServices(EvaluatedSystem system, OrdinaryState ordinary)
    {
        (_system, _ordinary) = (system, ordinary);
        foreach (var (name, unit) in system.Units)
        {
            var user = unit.User is { } who && system.Users.TryGetValue(who, out var known) && !known.IsNormal ? known : null;
            _units.Add(name, new UnitPlaces(name, unit, user?.Home));
        }
    }

    /// <summary>By name.</summary>
    public static IReadOnlyList<RunningService> Find(EvaluatedSystem system, StateCatalogue catalogue, OrdinaryState ordinary)
    {
        var finder = new RunningServices(system, ordinary);
        finder.Known(catalogue);
        finder.Containers();
        finder.Machines();
        finder.OtherUnits();
        finder.Homes();
        return [.. finder._services.OrderBy(service => service.Name, StringComparer.Ordinal)];
    }

    // --- The catalogue

    private void Known(StateCatalogue catalogue)
    {
        var databases = new HashSet<DatabaseNeed>();
        var servers = new List<CatalogueEntry>();
        foreach (var entry in catalogue.Entries)
        {
            foreach (var instance in Instances(entry))
            {
                if (entry.Serves is not null)
                    servers.Add(entry);
                else
                    Add(Known(entry, instance), databases);
            }
        }

        // What no service of the catalogue uses is somebody's all the same.
        foreach (var entry in servers)
        {
            var server = Server(entry.Serves!.Value);
            var rest = server.Databases.Select(name => new DatabaseNeed(entry.Serves!.Value, name)).Where(need => !databases.Contains(need)).ToList();
            if (server.Databases.Count == 0)
                rest.Add(new DatabaseNeed(entry.Serves!.Value, null));
            Add(new RunningService(entry.Name, entry.Title, Units(entry, null), [], rest, [], entry), databases);
        }
    }

    private void Add(RunningService service, HashSet<DatabaseNeed> databases)
    {
        _judgedUnits.UnionWith(service.Units);
        databases.UnionWith(service.Databases);
        _services.Add(service);
    }

    private IEnumerable<string?> Instances(CatalogueEntry entry) => entry.EnabledBy is { } option
        ? _system.Enabled.Where(enabled => enabled.Option == option).Select(enabled => enabled.Instance)
        // NixOS has no option for it: its units tell. What has neither is there always, or known by its own units.
        : Units(entry, null).Any(_units.ContainsKey) || entry is { Units.Count: 0, Category: RunningService.SystemCategory } ? [null] : [];

    private RunningService Known(CatalogueEntry entry, string? instance)
    {
        var units = Units(entry, instance);
        var places = units.Where(_units.ContainsKey).Select(unit => _units[unit]).ToList();
        var reason = $"state of {entry.Title}";
        var state = entry.State.Select(place => (Place: place, Usual: Fill(place.Path, instance))).ToList();
        var paths = new List<string>();
        foreach (var (place, usual) in state)
            paths.Add(places.Aggregate(Moved(place, usual, instance), (path, unit) => unit.Real(path)));

        // The configuration knows better than the catalogue: a release may have moved it.
        var all = places.SelectMany(unit => unit.State).Distinct().ToList();
        var own = all.Where(path => !all.Any(around => around != path && HiddenPlaces.Contains(around, path))).ToList();
        var other = own.Where(path => !paths.Concat(state.Select(place => place.Usual)).Any(known => AreRelated(known, path))).ToList();
        if (other.Count > 0 && own.Count == other.Count)
            paths.RemoveAll(path => state.Any(place => place.Usual == path) && HiddenPlaces.Contains("/var/lib", path));
        paths.AddRange(other);

        var parts = state.SelectMany(place => place.Place.Parts)
            .Select(part => _system.Moved.TryGetValue(Fill(part.MovedBy, instance, "*"), out var moved) ? Folder(moved.Value) : null)
            .OfType<string>()
            .Select(path => places.Aggregate(path, (real, unit) => unit.Real(real)))
            .Where(path => IsState(path) && !paths.Any(place => HiddenPlaces.Contains(place, path)));

        var instanceName = instance is { Length: > 0 } ? $"{entry.Name}-{instance}" : entry.Name;
        return new RunningService(
            instanceName,
            instance is { Length: > 0 } ? $"{entry.Title} {instance}" : entry.Title,
            units,
            [
                .. paths.Concat(parts).Distinct()
                    .Where(Lasts)
                    .Select(path => new StatePath(path, reason, places.Select(unit => unit.LinkTo(path)).FirstOrDefault(link => link is not null))
                    {
                        Ordinary = _ordinary.Paths.GetValueOrDefault(path),
                    }),
            ],
            [.. entry.Databases
                .Where(database => database.Kind != DatabaseKind.Sqlite)
                .Where(database => Server(database.Kind) is { IsEnabled: true } server && server.Databases.Contains(database.Name))
                .Select(database => new DatabaseNeed(database.Kind, database.Name))],
            [.. entry.Media.SelectMany(media => media.StartsWith('/') ? [Media(media, state, instance)] : paths.Select(path => $"{path}/{media}"))],
            entry);
    }

    // Where a place lies that an option may have moved. Options say a path, or a name below /var/lib.
    private string Moved(StatePlace place, string usual, string? instance)
    {
        if (place.MovedBy is not { } option || !_system.Moved.TryGetValue(Fill(option, instance, "*"), out var moved) || Folder(moved.Value) is not { } now)
            return usual;
        var (before, plain) = (moved.Default is { } text ? Folder(text) : null, UnitPlaces.Public(usual));
        if (HiddenPlaces.Contains(UnitPlaces.Public(now), plain) && (before is null || before == now))
            return usual;
        // The option may name a folder around the place: what follows stays the same.
        return before is not null && HiddenPlaces.Contains(UnitPlaces.Public(before), plain) ? now + plain[UnitPlaces.Public(before).Length..] : now;
    }

    private static string? Folder(string value) => value.Length == 0 ? null : UnitPlaces.Plain(value.StartsWith('/') ? value : $"/var/lib/{value}");

    // Moves with the folder that an option moves.
    private string Media(string media, List<(StatePlace Place, string Usual)> state, string? instance)
    {
        foreach (var (place, usual) in state)
        {
            var around = place.MovedBy is { } option
                && _system.Moved.TryGetValue(Fill(option, instance, "*"), out var moved)
                && moved.Default is { } text ? Folder(text) : null;
            if (HiddenPlaces.Contains(around ?? usual, media))
                return Moved(place with { Path = media }, media, instance);
        }

        return media;
    }

    private static List<string> Units(CatalogueEntry entry, string? instance) =>
    [
        .. entry.Units
            .Where(unit => unit.EndsWith(".service", StringComparison.Ordinal))
            .Select(unit => Fill(unit[..^".service".Length], instance)),
    ];

    // The redis server without a name is `redis`, not `redis-`.
    private static string Fill(string text, string? instance, string placeholder = "{name}") => instance switch
    {
        null => text,
        "" => text.Replace("-" + placeholder, "", StringComparison.Ordinal).Replace(placeholder, "", StringComparison.Ordinal),
        _ => text.Replace(placeholder, instance, StringComparison.Ordinal),
    };

    private ServerFacts Server(DatabaseKind kind) => kind == DatabaseKind.PostgreSql ? _system.PostgreSql : _system.MariaDb;

    // --- Containers

    private void Containers()
    {
        foreach (var container in _system.Containers)
        {
            _judgedUnits.Add(container.Unit);
            var reason = $"volume of container {container.Name}";
            var paths = container.Volumes.Select(volume => Source(container, volume)).OfType<string>().Where(IsState).Distinct();
            _services.Add(new RunningService(
                container.Name,
                $"Container {container.Name}",
                [container.Unit],
                [.. Unjudged(paths).Select(path => new StatePath(path, reason, null))],
                [],
                [],
                null));
        }
    }

    // Where on the host a volume lies; null where it holds nothing to keep.
    private string? Source(ContainerFacts container, string volume)
    {
        var parts = volume.Split(':');
        // One without a source gets a new folder each time.
        if (parts.Length < 2 || (parts.Length > 2 && parts[2].Split(',').Contains("ro")))
            return null;
        if (parts[0].StartsWith('/'))
            return parts[0].EndsWith(".sock", StringComparison.Ordinal) ? null : UnitPlaces.Plain(parts[0]);
        if (parts[0].StartsWith('.') || parts[0].Contains('/'))
            return null;
        var folder = container.VolumeFolder;
        if (folder.StartsWith('~'))
        {
            var user = folder[1..folder.IndexOf('/')];
            folder = (_system.Users.TryGetValue(user, out var known) ? known.Home : $"/home/{user}") + folder[(1 + user.Length)..];
        }

        return $"{folder}/{parts[0]}/_data";
    }

    private void Machines()
    {
        foreach (var machine in _system.Machines)
        {
            _judgedUnits.Add($"container@{machine.Name}");
            var paths = machine.Bound.Select(UnitPlaces.Plain).OfType<string>().Where(IsState).ToList();
            if (!machine.IsEphemeral)
                paths.Insert(0, $"/var/lib/nixos-containers/{machine.Name}");
            _services.Add(new RunningService(
                machine.Name,
                $"NixOS container {machine.Name}",
                [$"container@{machine.Name}"],
                [.. Unjudged(paths.Distinct()).Select(path => new StatePath(path, $"files of container {machine.Name}", null))],
                [],
                [],
                null));
        }
    }

    // --- Units that nobody knows

    private void OtherUnits()
    {
        // Of units that share a folder, the one with the shortest name stands for all.
        foreach (var (name, unit) in _units.OrderBy(unit => unit.Key.Length).ThenBy(unit => unit.Key, StringComparer.Ordinal))
        {
            if (_judgedUnits.Contains(name) || _ordinary.HasUnit(name))
                continue;
            var places = new List<StatePath>();
            foreach (var path in Unjudged(unit.State.Where(IsState)))
                places.Add(new StatePath(path, $"StateDirectory of {name}.service", unit.LinkTo(path)));
            foreach (var (path, reason) in unit.Others())
            {
                if (!unit.IsKnown(path) && IsState(path) && !IsHome(path) && Unjudged([path]).Any())
                    places.Add(new StatePath(path, reason, null));
            }

            var outermost = places
                .Where(place => !places.Any(around => around.Path != place.Path && HiddenPlaces.Contains(around.Path, place.Path)))
                .DistinctBy(place => place.Path)
                .ToList();
            if (outermost.Count > 0)
                _services.Add(new RunningService(name, name, [name], outermost, [], [], null));
        }
    }

    private IEnumerable<string> Unjudged(IEnumerable<string> paths) =>
        paths.Where(path => !_services.SelectMany(service => service.Places).Any(place => HiddenPlaces.Contains(place.Path, path)));

    private bool IsState(string path) =>
        !TooWide.Contains(path)
        && HiddenPlaces.Around(path) is null
        && !IsOfServer(path)
        && !HiddenPlaces.Contains("/var/run", path)
        && Lasts(path)
        && (!_ordinary.HasPath(path) || Volumes.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)));

    // Below what is ordinary, and somebody's data.
    private static readonly string[] Volumes = ["/var/lib/docker/volumes/", "/var/lib/containers/storage/volumes/"];

    // Copies of its databases stand for the folder of a server.
    private bool IsOfServer(string path) =>
        IsOf(_system.PostgreSql, "/var/lib/postgresql", path) || IsOf(_system.MariaDb, "/var/lib/mysql", path);

    private static bool IsOf(ServerFacts server, string usual, string path) =>
        server.IsEnabled && (HiddenPlaces.Contains(usual, path) || (server.Folder is { } folder && HiddenPlaces.Contains(folder, path)));

    // What lies in memory is gone at the next boot anyway. A root in memory says nothing: what lasts is bound into it.
    private bool Lasts(string path) => Around(path) is not { Type: "tmpfs" or "ramfs", MountPoint.Length: > 1 };

    private MountFacts? Around(string path) =>
        _system.Mounts.Where(mount => HiddenPlaces.Contains(mount.MountPoint, path)).MaxBy(mount => mount.MountPoint.Length);

    private bool IsHome(string path) => _system.Users.Values.Any(user => user.IsNormal && HiddenPlaces.Contains(user.Home, path));

    private void Homes()
    {
        foreach (var (name, user) in _system.Users.Where(user => user.Value.IsNormal))
        {
            if (UnitPlaces.Plain(user.Home) is { } home && IsState(home) && Unjudged([home]).Any())
                _services.Add(new RunningService($"home-{name}", $"Home of {name}", [], [new StatePath(home, $"home of {name}", null)], [], [], null));
        }
    }

    internal static bool AreRelated(string a, string b) => HiddenPlaces.Contains(a, b) || HiddenPlaces.Contains(b, a);
}
