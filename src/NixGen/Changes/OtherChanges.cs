using NixGen.Inventory;
using NixGen.Languages.Restic;
using NixGen.Languages.Systemd;

namespace NixGen.Changes;

/// <summary>What changes on a host without a loss.</summary>
/// <param name="before">What was backed up.</param>
/// <param name="after">What will be.</param>
/// <param name="reachBefore">Of before.</param>
/// <param name="reachAfter">Of after.</param>
/// <param name="destinations">From a destination of before to what it is called now; null where it is gone.</param>
internal sealed class OtherChanges(
    Coverage before, Coverage after, Reach reachBefore, Reach reachAfter, IReadOnlyDictionary<string, string?> destinations)
{
    private readonly Dictionary<string, CoveredService> _services = before.Services.ToDictionary(service => service.Name, StringComparer.Ordinal);

    public IEnumerable<Change> All() =>
    [
        .. Added(), .. NewDestinations(), .. Repositories(), .. Jobs(), .. Schedules(), .. Excludes(), .. Never(), .. Services(), .. Drill(),
        .. Missing(), .. Backrest(),
    ];

    private Change Changed(ChangeKind kind, string subject, string words, string? service = null) =>
        new(after.Host, kind, Effect.Changed, subject, words) { Service = service };

    private Change New(ChangeKind kind, string subject, string words, string? service = null) =>
        new(after.Host, kind, Effect.Added, subject, words) { Service = service };

    private IEnumerable<Change> Added()
    {
        var known = before.Services.SelectMany(Item.Of).Select(item => item.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var service in after.Services)
        {
            var items = Item.Of(service).ToList();
            var added = items.Where(item => !known.Contains(item.Name)).ToList();
            var to = Text.Names(reachAfter.JobsOf(service).Select(job => job.Destination).Distinct());
            if (added.Count == items.Count && !_services.ContainsKey(service.Name))
                yield return New(ChangeKind.Service, service.Name, $"service '{service.Name}' is backed up to {to}: {string.Join(", ", items.Select(item => item.Name))}", service.Name);
            else
            {
                foreach (var item in added)
                {
                    yield return item.IsDatabase
                        ? New(ChangeKind.Database, item.Name, $"database {item.Name} of '{service.Name}' is copied", service.Name)
                        : New(ChangeKind.Path, item.Name, $"{item.Name} of '{service.Name}' is backed up to {to}", service.Name);
                }
            }

            if (!_services.ContainsKey(service.Name) && before.Services.FirstOrDefault(old => IsFormer(old, service)) is { } former)
                yield return Changed(ChangeKind.Service, service.Name, $"service '{former.Name}' is called '{service.Name}'", service.Name);
        }
    }

    private bool IsFormer(CoveredService old, CoveredService service) =>
        after.Services.All(each => each.Name != old.Name)
        && Item.Of(old).Select(item => item.Name).SequenceEqual(Item.Of(service).Select(item => item.Name));

    private IEnumerable<Change> NewDestinations()
    {
        foreach (var destination in after.Destinations.Where(each => !destinations.Values.Contains(each.Id)))
        {
            var services = after.Services.Count(service => reachAfter.JobsOf(service).Any(job => job.Destination == destination.Id));
            yield return New(ChangeKind.Destination, destination.Id, $"{Text.Count(services, "service")} now {(services == 1 ? "goes" : "go")} to '{destination.Id}' ({destination.Repository})");
        }

        foreach (var service in after.Services.Where(service => _services.ContainsKey(service.Name)))
        {
            var old = reachBefore.JobsOf(_services[service.Name]).Select(job => destinations[job.Destination]).ToHashSet();
            foreach (var id in reachAfter.JobsOf(service).Select(job => job.Destination).Where(id => destinations.Values.Contains(id) && !old.Contains(id)))
                yield return New(ChangeKind.Destination, id, $"service '{service.Name}' now goes to '{id}'", service.Name);
        }
    }

    private IEnumerable<Change> Repositories()
    {
        foreach (var old in before.Destinations)
        {
            if (destinations[old.Id] is not { } id)
                continue;
            var destination = after.Destinations.First(each => each.Id == id);
            if (id != old.Id)
                yield return Changed(ChangeKind.Destination, id, $"destination '{old.Id}' is called '{id}'");
            if (destination.Repository != old.Repository)
            {
                yield return Changed(
                    ChangeKind.Repository,
                    id,
                    $"'{id}' is ANOTHER REPOSITORY: {destination.Repository} instead of {old.Repository}. It starts empty unless the snapshots were "
                    + "moved; what is in the old one stays there, and is neither checked nor forgotten any more");
            }

            foreach (var variable in old.Secrets.Keys.Union(destination.Secrets.Keys).Order(StringComparer.Ordinal))
            {
                var (from, to) = (old.Secrets.GetValueOrDefault(variable), destination.Secrets.GetValueOrDefault(variable));
                if (from == to)
                    continue;
                yield return Changed(ChangeKind.Secrets, id, (from, to) switch
                {
                    (null, _) => $"'{id}' takes {variable}: {to}",
                    (_, null) => $"'{id}' no longer takes {variable}",
                    _ => $"'{id}' takes {variable} from another place: {to} instead of {from}",
                });
            }
        }
    }

    // The name of a job is the tag of its snapshots.
    private IEnumerable<Change> Jobs()
    {
        foreach (var job in before.Jobs.Where(job => after.Jobs.All(each => each.Name != job.Name)))
            yield return Changed(ChangeKind.Job, job.Name, $"job '{job.Name}' ends: its snapshots keep the tag plan:{job.Name}, and nothing forgets them any more");
        foreach (var service in after.Services.Where(service => _services.ContainsKey(service.Name)))
        {
            foreach (var old in reachBefore.JobsOf(_services[service.Name]))
            {
                if (reachAfter.JobsOf(service).FirstOrDefault(job => job.Destination == destinations[old.Destination]) is { } job && job.Name != old.Name)
                {
                    yield return Changed(
                        ChangeKind.Job,
                        service.Name,
                        $"service '{service.Name}' moves from job '{old.Name}' to '{job.Name}' ({When(job)}): new snapshots have the tag plan:{job.Name}",
                        service.Name);
                }
            }
        }
    }

    private IEnumerable<Change> Schedules() =>
        from old in before.Jobs
        from job in after.Jobs
        where old.Name == job.Name && (old.Calendar, old.RandomizedDelay) != (job.Calendar, job.RandomizedDelay)
        select Changed(ChangeKind.Schedule, job.Name, $"job '{job.Name}' runs {When(job)} instead of {When(old)}");

    private static string When(CoveredJob job) => When(job.Calendar, job.RandomizedDelay);

    private static string When(string written, long delay) =>
        CalendarExpression.TryParse(written, out var calendar, out _) ? Schedule.WordsOf(calendar, delay) : written;

    // Only what was backed up can be left out of it: the excludes of what is new are no change.
    private IEnumerable<Change> Excludes()
    {
        var old = before.Services.SelectMany(service => service.Excludes).ToHashSet(StringComparer.Ordinal);
        var kept = after.Services.SelectMany(service => service.Excludes).ToHashSet(StringComparer.Ordinal);
        foreach (var service in after.Services)
        {
            foreach (var exclude in service.Excludes.Where(exclude => !old.Contains(exclude) && Concerns(before, exclude)))
                yield return Changed(ChangeKind.Exclude, exclude, $"{exclude} stays out of '{service.Name}'", service.Name);
        }

        foreach (var service in before.Services)
        {
            foreach (var exclude in service.Excludes.Where(exclude => !kept.Contains(exclude) && Concerns(after, exclude)))
                yield return New(ChangeKind.Exclude, exclude, $"{exclude} no longer stays out of '{service.Name}'", service.Name);
        }
    }

    private static bool Concerns(Coverage coverage, string exclude) =>
        coverage.Services.Any(service => service.Paths.Any(path => ResticPattern.Below(exclude, path.Path) is not null));

    private IEnumerable<Change> Never()
    {
        foreach (var (path, reason) in after.NeverBackUp.Where(entry => !before.NeverBackUp.ContainsKey(entry.Key)))
        {
            var inside = before.Services.FirstOrDefault(service => service.Paths.Any(each => HiddenPlaces.Contains(each.Path, path)))?.Name;
            yield return Changed(ChangeKind.NeverBackUp, path, $"{path} is never backed up{(inside is null ? "" : $", and stays out of '{inside}'")}: {reason}", inside);
        }

        foreach (var path in before.NeverBackUp.Keys.Where(path => !after.NeverBackUp.ContainsKey(path)))
            yield return New(ChangeKind.NeverBackUp, path, $"{path} may be backed up");
    }

    private IEnumerable<Change> Services()
    {
        foreach (var service in after.Services.Where(service => _services.ContainsKey(service.Name)))
        {
            var old = _services[service.Name];
            foreach (var path in service.Paths)
            {
                if (old.Paths.FirstOrDefault(each => each.Path == path.Path) is { } known && known.Optional != path.Optional)
                {
                    var words = path.Optional ? "may be absent without a failure" : "must be there";
                    yield return Changed(ChangeKind.Optional, path.Path, $"{path.Path} of '{service.Name}' {words}", service.Name);
                }
            }

            if (!service.Stops.SequenceEqual(old.Stops))
            {
                yield return Changed(ChangeKind.Stop, service.Name, service.Stops.Count > 0
                    ? $"service '{service.Name}' is stopped while it is backed up: {string.Join(", ", service.Stops)}"
                    : $"service '{service.Name}' is no longer stopped while it is backed up", service.Name);
            }
        }
    }

    // Without a drill nothing is lost yet, but nobody would notice.
    private IEnumerable<Change> Drill()
    {
        switch (before.Drill, after.Drill)
        {
            case ({ }, null):
                yield return Changed(ChangeKind.Drill, "drill", "the restore drill goes away: nothing is restored for a test any more");
                break;
            case (null, { } drill):
                yield return New(ChangeKind.Drill, "drill", $"a restore drill, {Words(drill)}");
                break;
            case ({ } old, { } drill):
                if (Words(old) != Words(drill))
                    yield return Changed(ChangeKind.Drill, "drill", $"the restore drill: {Words(drill)}; before: {Words(old)}");
                foreach (var name in drill.Without.Except(old.Without).Where(_services.ContainsKey))
                    yield return Changed(ChangeKind.Drill, name, $"service '{name}' is no longer restored for a test", name);
                foreach (var name in old.Without.Except(drill.Without).Where(name => after.Services.Any(service => service.Name == name)))
                    yield return New(ChangeKind.Drill, name, $"service '{name}' is restored for a test", name);
                break;
        }
    }

    private static string Words(CoveredDrill drill) => $"{When(drill.Calendar, drill.RandomizedDelay)}, {Text.Count(drill.Services, "service")} a run";

    private IEnumerable<Change> Missing()
    {
        if (before.Missing != after.Missing)
            yield return Changed(ChangeKind.Missing, after.Missing, $"when a path is missing: {after.Missing} instead of {before.Missing}");
    }

    private IEnumerable<Change> Backrest()
    {
        if (before.Backrest == after.Backrest)
            yield break;
        yield return (before.Backrest, after.Backrest) switch
        {
            (_, null) => Changed(ChangeKind.Backrest, "backrest", "the web interface goes away"),
            (null, { } added) => New(ChangeKind.Backrest, "backrest", $"there is a web interface on {added.Listen}"),
            (var old, var now) => Changed(
                ChangeKind.Backrest,
                "backrest",
                $"the web interface: {now.Listen}, user {now.User}, password {now.Password}; before: {old.Listen}, user {old.User}, password {old.Password}"),
        };
    }
}
