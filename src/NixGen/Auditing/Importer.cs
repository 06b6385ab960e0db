using System.Globalization;
using System.Text;
using NixGen.Catalogue;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Languages.Restic;
using NixGen.Languages.Systemd;
using NixGen.Languages.Yaml;

namespace NixGen.Auditing;

/// <summary>A first inventory.</summary>
/// <param name="Text">The file.</param>
/// <param name="NotExpressed">What it leaves out, a line each; it stands at the top of the file, too.</param>
public sealed record ImportedInventory(string Text, IReadOnlyList<string> NotExpressed);

/// <summary>Writes a first inventory from what a host runs. It leaves nothing out that it knows of: to cut down is the reader's decision.</summary>
public sealed class Importer
{
    private sealed record Destination(string Id, string Repository, RepositoryKind Kind, ResticFacts? Job);

    private sealed class Service(string name, string title)
    {
        public string Name => name;

        public string Title => title;

        public List<string> Paths { get; } = [];

        public SortedSet<string> Excludes { get; } = new(StringComparer.Ordinal);

        public List<(DatabaseKind Kind, string Name)> Databases { get; } = [];

        public CatalogueEntry? Entry { get; init; }
    }

    private readonly EvaluatedSystem _system;
    private readonly StateCatalogue _catalogue;
    private readonly string _host;
    private readonly List<string> _left = [];
    private readonly List<Destination> _destinations = [];
    private readonly List<Service> _services = [];
    private readonly Dictionary<string, string> _destinationOfJob = new(StringComparer.Ordinal);

    private Importer(EvaluatedSystem system, string? host, StateCatalogue catalogue) =>
        (_system, _catalogue, _host) = (system, catalogue, ServiceName.For(host ?? system.Host));

    /// <param name="system">What the host runs.</param>
    /// <param name="host">Its name in the inventory; null for its own.</param>
    /// <param name="catalogue">What is known of services.</param>
    public static ImportedInventory Import(EvaluatedSystem system, string? host, StateCatalogue catalogue) => new Importer(system, host, catalogue).Write();

    private ImportedInventory Write()
    {
        Destinations();
        Running();
        Existing();
        foreach (var service in _services.Where(service => service.Paths.Count + service.Databases.Count == 0).ToList())
            _services.Remove(service);
        Excludes();
        if (_services.Count == 0)
            _left.Add("nothing was found that keeps data: add services by hand, without one there is nothing to generate");
        return new ImportedInventory(Text(), _left);
    }

    // --- Destinations, from jobs that are there

    private void Destinations()
    {
        foreach (var job in _system.Jobs)
        {
            var option = $"services.restic.backups.{job.Name}";
            if (job.HasDynamicFiles)
                _left.Add($"{option}.dynamicFilesFrom: paths that a script finds at night");
            if (job.Repository is null || !Inventory.Repository.TryParse(job.Repository, default, out var repository, out _) || job.Repository.Contains('{'))
            {
                _left.Add(job.Repository is null
                    ? $"{option}: its repository stands in a file; write it into the inventory"
                    : $"{option}.repository: '{job.Repository}' cannot be a destination");
                continue;
            }

            if (_destinations.FirstOrDefault(known => known.Repository == repository.Text) is { } same)
            {
                _destinationOfJob.Add(job.Name, same.Id);
                _left.Add($"{option}: the schedule and retention of {same.Job!.Name} hold for its paths, because both use one repository");
                continue;
            }

            var id = Unique(ServiceName.For(job.Name) is var name && name == "backrest" ? "restic" : ServiceName.For(job.Name));
            _destinations.Add(new Destination(id, repository.Text, repository.Kind, job));
            _destinationOfJob.Add(job.Name, id);
        }

        if (_destinations.Count > 0)
            return;
        _destinations.Add(new Destination("disk", "/mnt/backup/restic", RepositoryKind.Local, null));
        _left.Add("no repository was found: the destination `disk` is an example to be replaced");
    }

    private string Unique(string id)
    {
        var unique = id;
        for (var number = 2; _destinations.Any(known => known.Id.Replace('-', '_').Equals(unique.Replace('-', '_'), StringComparison.OrdinalIgnoreCase)); number++)
            unique = $"{id[..Math.Min(id.Length, 46)]}-{number}";
        return unique;
    }

    // --- Services

    private void Running()
    {
        foreach (var running in RunningServices.Find(_system, _catalogue, OrdinaryState.BuiltIn)
            .Where(running => running.Databases.Count > 0 || running.Places.Count == 0 || running.Places.Any(place => place.Ordinary is null)))
        {
            var service = Add(running.Name, running.Title, running.Entry);
            foreach (var place in running.Places.Where(place => place.Ordinary is null))
                AddPath(service, place.Path);
            foreach (var need in running.Databases)
            {
                if (need.Name is null)
                    _left.Add($"{running.Name}: NixOS does not say which databases there are; declare them");
                else if (DatabaseBinding.IsName(need.Name))
                    service.Databases.Add((need.Kind, need.Name));
                else
                    _left.Add($"{running.Name}: the database '{need.Name}' has a name that cannot be declared");
            }
        }
    }

    // What is backed up already, and belongs to nothing that was found.
    private void Existing()
    {
        var known = _services.SelectMany(service => service.Paths).ToList();
        AddAll("other-paths", "Paths of homelab.backupPaths", _system.BackupPaths.Where(path => !Covers(known, path)));
        foreach (var job in _system.Jobs)
        {
            known = [.. _services.SelectMany(service => service.Paths)];
            AddAll($"other-{job.Name}", $"Paths of services.restic.backups.{job.Name}", job.Paths.Where(path => !Covers(known, path)));
        }
    }

    private static bool Covers(List<string> known, string path) =>
        UnitPlaces.Plain(path) is { } plain && known.Any(around => HiddenPlaces.Contains(around, plain) || HiddenPlaces.Contains(around, UnitPlaces.Private(plain)));

    private void AddAll(string name, string title, IEnumerable<string> paths)
    {
        Service? service = null;
        foreach (var path in paths)
            AddPath(service ??= Add(name, title, null), path);
    }

    private Service Add(string name, string title, CatalogueEntry? entry)
    {
        var usable = ServiceName.For(name);
        var unique = usable;
        for (var number = 2; _services.Any(service => service.Name == unique); number++)
            unique = $"{usable[..Math.Min(usable.Length, 46)]}-{number}";
        var service = new Service(unique, title) { Entry = entry };
        _services.Add(service);
        return service;
    }

    private void AddPath(Service service, string path)
    {
        if (UnitPlaces.Plain(path) is not { } plain)
            _left.Add($"{service.Name}: '{path}' is no path of the inventory");
        else if (path.AsSpan().ContainsAny('*', '?', '['))
            // services.restic hands its paths to restic as patterns, which the inventory does not have.
            _left.Add($"{service.Name}: '{path}' is a pattern, and paths of the inventory are literal");
        else if (HiddenPlaces.Around(plain) is { } hidden)
            _left.Add($"{service.Name}: '{plain}' lies in {hidden}, which no backup sees");
        else if (_destinations.FirstOrDefault(to => to.Kind == RepositoryKind.Local && HiddenPlaces.Contains(to.Repository, plain)) is { } inside)
            _left.Add($"{service.Name}: '{plain}' lies in the repository of {inside.Id}");
        else if (!_services.Any(known => known.Paths.Contains(plain)))
            service.Paths.Add(plain);
    }

    // --- Excludes of jobs that are there

    private void Excludes()
    {
        foreach (var (pattern, from) in _system.BackupExcludes.Select(pattern => (pattern, "homelab.backupExcludes"))
            .Concat(_system.Jobs.SelectMany(job => job.Excludes.Select(pattern => (pattern, $"services.restic.backups.{job.Name}.exclude")))))
        {
            var owner = ResticPattern.IsValid(pattern, out _) && pattern.StartsWith('/')
                ? _services.FirstOrDefault(service => service.Paths.Any(path => ResticPattern.Below(pattern.TrimEnd('/'), path) is not null))
                : null;
            // It held for one job. What empties a path of somebody would hide it from the audit.
            if (owner is null || _services.SelectMany(service => service.Paths).Any(path => ResticPattern.Empties(pattern.TrimEnd('/'), path)))
                _left.Add($"{from}: '{pattern}' lies in no single service; more is backed up without it");
            else
                owner.Excludes.Add(pattern.TrimEnd('/'));
        }
    }

    // --- Text

    private string Text()
    {
        var used = _services.SelectMany(To).Append(Standard()).ToHashSet(StringComparer.Ordinal);
        foreach (var unused in _destinations.Where(destination => !used.Contains(destination.Id)).ToList())
        {
            _destinations.Remove(unused);
            _left.Add($"services.restic.backups.{unused.Job?.Name}: none of its paths could be taken over, so its repository is not here");
        }

        var services = new StringBuilder();
        foreach (var service in _services.OrderBy(service => service.Name, StringComparer.Ordinal))
            services.Append(Text(service));
        var destinations = string.Concat(_destinations.Select(Text));
        var standard = Standard();
        var text = new StringBuilder();
        text.Append($"# A first inventory of {Comment(_host)}, made by `nixgen import` from its evaluated configuration. docs/inventory.md explains every key.\n");
        text.Append("# Read it: everything that was found is backed up, with nothing left out. Cut down what is not needed, with `backupExcludes` and\n");
        text.Append("# `neverBackUp`, and look at what is said of each service.\n");
        // The reader has said so already, but the file outlives what stood on the terminal.
        var unread = _system.Unreadable.Select(option => $"{option} could not be evaluated; what it says is not here");
        if (unread.Concat(_left).ToList() is { Count: > 0 } left)
            text.Append($"#\n# Not expressed:\n{string.Concat(left.Select(line => $"# - {Comment(line)}\n"))}");

        if (_system.Jobs.Count > 0)
        {
            text.Append("#\n# Remove these by hand when you import the generated modules. Two jobs with one name do not evaluate, and two that forget snapshots of\n");
            text.Append("# one repository do not get along:\n");
            text.AppendJoin("", _system.Jobs.Select(job => $"# - services.restic.backups.{Comment(job.Name)}\n"));
        }

        text.Append($"hosts:\n  {YamlScalar.Write(_host)}:\n    destinations: [{YamlScalar.Write(standard)}]\n");
        text.Append(services.Length == 0 ? "    services: {}\n" : $"    services:\n{services}");
        text.Append($"\ndestinations:\n{destinations}\nsecrets:\n{string.Concat(_destinations.Select(Secrets))}");
        return text.ToString();
    }

    // Where most of what is backed up today goes.
    private string Standard() => _destinations.MaxBy(destination => destination.Job?.Paths.Count ?? 0)!.Id;

    // With several paths, the inventory asks for the whole of it. The first one is the place that the catalogue means.
    private static string File(Service service, string name) =>
        service.Paths is [var first, _, ..] && !name.StartsWith('/') ? $"{first}/{name}" : name;

    private string Text(Service service)
    {
        var text = new StringBuilder($"      # {Comment(service.Title)}\n");
        if (service.Entry is { } entry)
        {
            if (entry.Notes is { } notes)
                text.Append($"      # {Comment(notes)}\n");
            if (entry.Databases.Where(database => database.Kind == DatabaseKind.Sqlite).Select(database => YamlScalar.Write(File(service, database.Name))).ToList() is { Count: > 0 } files)
                text.Append($"      # If it uses SQLite: databases: {{ sqlite: [{string.Join(", ", files)}] }}\n");
            if (entry.SuggestedExcludes.Count > 0)
                text.Append($"      # Perhaps: backupExcludes: [{Comment(string.Join(", ", entry.SuggestedExcludes.Select(YamlScalar.Write)))}]\n");
            if (entry.Media.Count > 0)
                text.Append($"      # Large: {Comment(string.Join(", ", entry.Media))}\n");
        }

        var to = To(service);
        var lines = InventoryLines.Service(
            service.Name, service.Paths, [.. service.Excludes], [.. service.Databases.Distinct()], to.Count == 0 || to is [var only] && only == Standard() ? null : to);
        foreach (var line in lines.Split('\n'))
            text.Append($"      {line}\n");
        return text.ToString();
    }

    // Where some of it goes today; none where nothing of it is backed up.
    private List<string> To(Service service) =>
    [
        .. _system.Jobs
            .Where(job => job.Paths.Select(UnitPlaces.Plain).OfType<string>().Any(root => service.Paths.Any(path => RunningServices.AreRelated(root, path))))
            .Select(job => _destinationOfJob.GetValueOrDefault(job.Name))
            .OfType<string>()
            .Distinct(),
    ];

    private string Text(Destination destination) =>
        $"  {YamlScalar.Write(destination.Id)}:\n"
        + $"    repository: {YamlScalar.Write(destination.Repository)}\n"
        + $"    secrets: {YamlScalar.Write(destination.Id)}\n"
        + $"    schedule: {Schedule(destination)}\n"
        + $"    retention: {Retention(destination)}\n";

    private string Schedule(Destination destination)
    {
        var option = $"services.restic.backups.{destination.Job?.Name}.timerConfig";
        var calendar = destination.Job?.Calendar.FirstOrDefault(text => text.Length > 0);
        if (destination.Job is { Calendar.Count: > 1 } several)
            Late($"{option}: of several times only the first, '{several.Calendar[0]}'");
        if (calendar is null || !CalendarExpression.TryParse(calendar, out var parsed, out _) || (parsed.ZoneIsKnown && parsed.Next(DateTimeOffset.UtcNow) is null))
        {
            if (destination.Job is not null)
                Late($"{option}: no time that could be taken over; it is 03:00 now");
            calendar = "03:00";
        }

        if (destination.Job?.RandomizedDelay is not { } delay)
            return Quoted(calendar);
        if (TimeSpanExpression.TryParse(delay, out var span, out _) && span < TimeSpan.FromDays(1))
            return $"{{ calendar: {Quoted(calendar)}, randomizedDelay: {Quoted(delay)} }}";
        Late($"{option}.RandomizedDelaySec: '{delay}' is no time span below one day");
        return Quoted(calendar);
    }

    private string Retention(Destination destination)
    {
        if (destination.Job is null)
            return "{ daily: 7, weekly: 4, monthly: 6 }";
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var all = true;
        foreach (var option in destination.Job.PruneOptions)
        {
            var words = option.Replace('=', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // Several options may stand in one text.
            for (var at = 0; at < words.Length; at += 2)
            {
                var kept = words[at].StartsWith("--keep-", StringComparison.Ordinal) ? words[at]["--keep-".Length..] : "";
                if (kept is "last" or "hourly" or "daily" or "weekly" or "monthly" or "yearly"
                    && at + 1 < words.Length
                    && int.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count is > 0 and <= 10_000)
                {
                    counts[kept] = count;
                    continue;
                }

                // What kept more must not be lost because nobody read a comment.
                Late($"services.restic.backups.{destination.Job.Name}.pruneOpts: '{option}' has no counterpart; everything is kept until you say what");
                all = false;
                break;
            }
        }

        if (!all)
            return "keep-all";
        return counts.Count == 0 ? "keep-all" : $"{{ {string.Join(", ", counts.Select(count => $"{count.Key}: {count.Value}"))} }}";
    }

    private string Secrets(Destination destination)
    {
        var text = new StringBuilder($"  {YamlScalar.Write(destination.Id)}:\n    files:\n");
        string[] needed = destination.Kind switch
        {
            RepositoryKind.B2 => ["B2_ACCOUNT_ID", "B2_ACCOUNT_KEY"],
            RepositoryKind.S3 => ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
            RepositoryKind.Rest when destination.Job is { HasLogin: true } => ["RESTIC_REST_USERNAME", "RESTIC_REST_PASSWORD"],
            _ => [],
        };
        if (destination.Job is { HasLogin: true })
            text.Append("      # The login stood in the address until today, and with it in the Nix store: change the password.\n");
        if (destination.Job?.EnvironmentFile is { } environment)
            text.Append($"      # Each in a file of its own now; until today in {Comment(environment)}.\n");
        foreach (var variable in needed)
            text.Append($"      {variable}: /etc/homelab/{destination.Id}-{variable.ToLowerInvariant().Replace('_', '-')}\n");
        var password = destination.Job?.PasswordFile is { } file && Scalars.IsPlainPath(file) && !file.AsSpan().ContainsAny(':', '%')
            ? file
            : $"/etc/homelab/{destination.Id}-restic-password";
        return text.Append($"      RESTIC_PASSWORD: {YamlScalar.Write(password)}\n").ToString();
    }

    private void Late(string line)
    {
        if (!_left.Contains(line))
            _left.Add(line);
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Comment(string text) => string.Concat(text.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character));
}
