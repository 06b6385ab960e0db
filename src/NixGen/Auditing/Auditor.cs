using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;
using NixGen.Planning;

namespace NixGen.Auditing;

/// <summary>Compares what the inventory backs up with what a host runs. A function: the same input gives the same report.</summary>
public sealed class Auditor
{
    private readonly HostPlan _plan;
    private readonly EvaluatedSystem _system;
    private readonly StateCatalogue _catalogue;
    private readonly OrdinaryState _ordinary;
    private readonly BackedUpPlaces _backedUp;
    private readonly IReadOnlyList<RunningService> _running;
    private readonly List<AuditItem> _items = [];

    private Auditor(HostPlan plan, EvaluatedSystem system, StateCatalogue catalogue, OrdinaryState ordinary)
    {
        (_plan, _system, _catalogue, _ordinary) = (plan, system, catalogue, ordinary);
        _backedUp = new BackedUpPlaces(plan, system);
        _running = RunningServices.Find(system, catalogue, ordinary);
    }

    public static AuditReport Audit(HostPlan plan, EvaluatedSystem system, StateCatalogue catalogue) =>
        new Auditor(plan, system, catalogue, OrdinaryState.BuiltIn).Report();

    private AuditReport Report()
    {
        var services = _running.Select(Judge).Where(service => service.Places.Count > 0).ToList();
        foreach (var service in _plan.Services)
            Declared(service);
        Overlaps();
        return new AuditReport(
            _plan.Name,
            _plan.At,
            services,
            [
                .. _items
                    .OrderByDescending(item => item.Code.Severity)
                    .ThenBy(item => item.Code.Id, StringComparer.Ordinal)
                    .ThenBy(item => item.Key, StringComparer.Ordinal),
            ],
            []);
    }

    // --- What runs

    private AuditedService Judge(RunningService service)
    {
        var declared = Declaration(service);
        var places = service.Places.Select(_backedUp.Of).Concat(service.Databases.Select(Database)).ToList();
        // What is backed up all the same stays covered: such an entry is an error of the inventory.
        var retired = _plan.Retired.FirstOrDefault(entry => entry is { Kind: RetiredKind.Service, Destination: null } && entry.Name == service.Name);
        if ((declared?.NoBackup ?? retired?.Reason) is { } reason)
            places = [.. places.Select(place => place.Verdict == Verdict.NotCovered ? place with { Verdict = Verdict.Excluded, Why = reason } : place)];
        for (var at = 0; at < service.Places.Count; at++)
        {
            if (places[at].Verdict == Verdict.NotCovered && Unneeded(service, service.Places[at]) is { } unneeded)
                places[at] = places[at] with { Verdict = Verdict.Excluded, Why = unneeded };
        }

        var verdict = Together(places);
        var closing = Lines(service, declared, places);
        for (var at = 0; at < places.Count; at++)
        {
            if (places[at].Verdict is Verdict.NotCovered or Verdict.CoveredInPart)
                Gap(service, declared, verdict, places[at], at < service.Places.Count ? service.Places[at] : null, closing);
        }

        foreach (var media in service.Media)
            Media(service, media);
        return new AuditedService(service.Name, service.Title, verdict, places);
    }

    // Why a place is no gap; of the machine's own, it is said all the same.
    private string? Unneeded(RunningService service, StatePath place)
    {
        if (place.Ordinary is not null || !service.IsOfMachine)
            return place.Ordinary;
        _items.Add(new AuditItem(
            Codes.MachineState,
            $"machine {service.Name} {place.Path}",
            service.Name,
            place.Path,
            $"{service.Title}: {place.Path} is not backed up. {service.Entry!.Notes}",
            Codes.MachineState.Remedy,
            $"{service.Name}: {{}}",
            _plan.At));
        return "State of the machine, and of no service";
    }

    private static Verdict Together(List<AuditedPlace> places)
    {
        var verdicts = places.Select(place => place.Verdict).Distinct().ToList();
        return verdicts switch
        {
            [] => Verdict.Covered,
            [var only] => only,
            _ when verdicts.All(verdict => verdict is Verdict.Covered or Verdict.Excluded) => Verdict.Covered,
            _ when !verdicts.Contains(Verdict.Covered) && !verdicts.Contains(Verdict.CoveredInPart) => Verdict.NotCovered,
            _ => Verdict.CoveredInPart,
        };
    }

    private AuditedPlace Database(DatabaseNeed need)
    {
        var kind = need.Kind.Key();
        var known = $"databases of {kind}";
        var declared = _plan.Services.Where(service => service.Databases.Any(database => database.Kind == need.Kind)).ToList();
        if (need.Name is null)
        {
            return declared.Count > 0
                ? new AuditedPlace($"{kind} (any)", known, Verdict.Covered, declared[0].Name, null)
                : new AuditedPlace($"{kind} (any)", known, Verdict.NotCovered, null, "no database is declared, and NixOS does not say which there are");
        }

        var by = declared.FirstOrDefault(service => service.Databases.Any(database => database.Kind == need.Kind && database.Source == need.Name));
        return by is not null
            ? new AuditedPlace($"{kind} {need.Name}", known, Verdict.Covered, by.Name, null)
            : new AuditedPlace($"{kind} {need.Name}", known, Verdict.NotCovered, null, "no service declares it, and the files of a server that runs are no copy");
    }

    private void Gap(RunningService service, ServicePlan? declared, Verdict verdict, AuditedPlace place, StatePath? path, string? lines)
    {
        var message = place.Verdict == Verdict.CoveredInPart
            ? $"{service.Title}: of {place.Place} {place.Why} is backed up"
            : $"{service.Title}: {place.Place} is not backed up ({place.Known})";
        if (path is { Link: { } link } && _backedUp.Roots.Any(root => HiddenPlaces.Contains(root.Path, link)))
            message += $"; {link} is a symlink to it, of which restic stores the link alone";
        else if (place is { Verdict: Verdict.NotCovered, Why: { } why })
            message += $"; {why}";
        var foreign = _system.Jobs.FirstOrDefault(job =>
            _plan.Jobs.All(own => own.Name != job.Name)
            && job.Paths.Any(root => HiddenPlaces.Contains(root.TrimEnd('/'), place.Place)));
        if (foreign is not null)
            message += $"; services.restic.backups.{foreign.Name} takes it, which NixGen does not guard";
        _items.Add(new AuditItem(
            verdict == Verdict.CoveredInPart ? Codes.CoveredInPart : Codes.NotCovered,
            $"gap {service.Name} {place.Place}",
            service.Name,
            place.Place,
            message,
            (verdict == Verdict.CoveredInPart ? Codes.CoveredInPart : Codes.NotCovered).Remedy,
            lines,
            declared?.At ?? _plan.At));
    }

    private ServicePlan? Declaration(RunningService service)
    {
        var name = ServiceName.For(service.Name);
        return _plan.Services.FirstOrDefault(plan => plan.Name == name || plan.Name == service.Name)
            ?? _plan.Services.FirstOrDefault(plan => UnitsOf(plan).Any(service.Units.Contains));
    }

    private static IEnumerable<string> UnitsOf(ServicePlan plan) =>
        plan.Units.Where(unit => unit.EndsWith(".service", StringComparison.Ordinal)).Select(unit => unit[..^".service".Length]);

    // The service as it has to be declared so that nothing of it is a gap. An exclude in the way has to go, which no line can say.
    private static string? Lines(RunningService service, ServicePlan? declared, List<AuditedPlace> places)
    {
        var open = places.Where(place => place.Verdict is Verdict.NotCovered or Verdict.CoveredInPart).ToList();
        var missing = service.Places.Where(place => open.Any(gap => gap.Place == place.Path)).Select(place => place.Path).ToList();
        var databases = service.Databases.Where(need => need.Name is not null && open.Any(gap => gap.Place == $"{need.Kind.Key()} {need.Name}")).ToList();
        if (missing.Count == 0 && databases.Count == 0)
            return null;
        var kept = (declared?.Paths.Select(path => path.Path) ?? [])
            .Where(path => !missing.Any(gap => HiddenPlaces.Contains(gap, path) || UnitPlaces.Public(gap) == path));
        var copied = (declared?.Databases ?? []).Where(database => database.Kind != DatabaseKind.Sqlite)
            .Select(database => (database.Kind, Name: database.Source))
            .Concat(databases.Select(need => (need.Kind, Name: need.Name!)));
        return InventoryLines.Service(declared?.Name ?? ServiceName.For(service.Name), [.. kept.Concat(missing).Distinct()], [], [.. copied.Distinct()]);
    }

    private void Media(RunningService service, string media)
    {
        if (_backedUp.Of(new StatePath(ResticPattern.LiteralStart(media), "media", null)) is not { Verdict: Verdict.Covered, By: { } by })
            return;
        _items.Add(new AuditItem(
            Codes.MediaBackedUp,
            $"media {service.Name} {media}",
            service.Name,
            media,
            $"{service.Title}: {media} holds large data of users and is backed up with {by}",
            Codes.MediaBackedUp.Remedy,
            null,
            _plan.Services.FirstOrDefault(plan => plan.Name == by)?.At ?? _plan.At));
    }

    // --- What is declared

    private void Declared(ServicePlan service)
    {
        var runs = Runs(service);
        // Whoever names units says whose a path is. Of a known service, one elsewhere may be where its data was before.
        if (runs is null || (runs is true && service.Units.Count == 0 && _running.Any(running => running.Entry is not null && Declaration(running) == service)))
        {
            foreach (var path in service.Paths.Where(path => !IsOwned(path.Path)))
            {
                _items.Add(new AuditItem(
                    Codes.PathOfNobody,
                    $"nobody {service.Name} {path.Path}",
                    service.Name,
                    path.Path,
                    $"{service.Name}: nothing that runs on {_plan.Name} is known to write to {path.Path}",
                    Codes.PathOfNobody.Remedy,
                    null,
                    path.At));
            }
        }
        else if (runs is false)
        {
            _items.Add(new AuditItem(
                Codes.NotRunning,
                $"not-running {service.Name}",
                service.Name,
                service.Name,
                $"{service.Name} is in the inventory, but does not run on {_plan.Name}",
                Codes.NotRunning.Remedy,
                null,
                service.At));
        }
    }

    // Null where nothing says which units it has.
    private bool? Runs(ServicePlan service)
    {
        var units = UnitsOf(service).ToList();
        if (_running.Any(running => Declaration(running) == service)
            || units.Append(service.Name).Any(_system.Units.ContainsKey)
            || service.Paths.Any(path => _running.SelectMany(running => running.Places).Any(place => place.Path == path.Path))
            || service.Databases.Any(database => database.Kind != DatabaseKind.Sqlite && Server(database.Kind).Databases.Contains(database.Source)))
        {
            return true;
        }

        return units.Count > 0 || _catalogue.Find(service.Name) is not null ? false : null;
    }

    private ServerFacts Server(DatabaseKind kind) => kind == DatabaseKind.PostgreSql ? _system.PostgreSql : _system.MariaDb;

    private bool IsOwned(string path) =>
        _running.SelectMany(service => service.Places)
            .SelectMany(place => new[] { place.Path, place.Link, _backedUp.Alias(place.Path) })
            .Any(known => known is not null && RunningServices.AreRelated(known, path))
        || _system.Units.Any(unit => new UnitPlaces(unit.Key, unit.Value, null) is var places
            && (places.IsKnown(path) || places.Others().Any(other => other.Path != "/" && RunningServices.AreRelated(other.Path, path))))
        || _system.Users.Values.Any(user => user.Home != "/" && HiddenPlaces.Contains(user.Home, path))
        || _ordinary.HasPath(path);

    private void Overlaps()
    {
        foreach (var inner in _plan.Services)
        {
            foreach (var path in inner.Paths)
            {
                var (outer, around) = _plan.Services
                    .Where(other => other != inner)
                    .SelectMany(other => other.Paths, (other, candidate) => (other, candidate.Path))
                    .FirstOrDefault(each => each.Path != path.Path && HiddenPlaces.Contains(each.Path, path.Path));
                if (outer is null)
                    continue;
                _items.Add(new AuditItem(
                    Codes.BackedUpTwice,
                    $"overlap {inner.Name} {path.Path}",
                    inner.Name,
                    path.Path,
                    $"{inner.Name}: {path.Path} lies in {around}, which {outer.Name} backs up",
                    Codes.BackedUpTwice.Remedy,
                    null,
                    path.At));
            }
        }
    }
}
