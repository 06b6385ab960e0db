using NixGen.Inventory;
using NixGen.Languages.Systemd;

namespace NixGen.Changes;

/// <summary>What changes for one host: what is lost, what is kept for less time, and what else is worth a word.</summary>
internal sealed class HostComparison(Coverage before, Coverage after, DateTimeOffset now, TimeZoneInfo zone)
{
    private readonly Reach _before = new(before);
    private readonly Reach _after = new(after);

    // From a destination of before to what it is now. The repository decides: its name is only what it is called, unless several have it.
    private readonly Dictionary<string, string?> _now = before.Destinations.ToDictionary(
        destination => destination.Id,
        destination => (after.Destinations.Where(each => each.Repository == destination.Repository).OrderBy(each => each.Id != destination.Id).FirstOrDefault()
            ?? after.Destinations.FirstOrDefault(each => each.Id == destination.Id))?.Id,
        StringComparer.Ordinal);

    public IEnumerable<Change> Changes() => Losses().Concat(Retentions()).Concat(new OtherChanges(before, after, _before, _after, _now).All());

    /// <summary>An item that no longer goes to a destination, or to any.</summary>
    private sealed record Loss(Item Item, string? Destination, IReadOnlyList<RetiredDeclaration> RetiredBy)
    {
        public string Outcome => string.Join('\n', RetiredBy);
    }

    private IEnumerable<Change> Losses()
    {
        var nowhere = new List<Loss>();
        var elsewhere = new List<Loss>();
        foreach (var item in before.Services.SelectMany(Item.Of))
        {
            var destinations = _before.JobsOf(item.Service).Select(job => job.Destination).Distinct().ToList();
            var jobs = _after.Jobs(item);
            if (jobs.Count == 0)
                nowhere.Add(new(item, null, RetiredBy(item, destinations)));
            else
                elsewhere.AddRange(destinations.Where(id => jobs.All(job => job.Destination != _now[id])).Select(id => new Loss(item, id, RetiredBy(item, [id]))));
        }

        return nowhere.GroupBy(loss => loss.Item.Service.Name).SelectMany(Nowhere)
            .Concat(elsewhere.GroupBy(loss => loss.Destination!).SelectMany(Elsewhere));
    }

    // All of a service with one line, unless parts of it have reasons of their own.
    private IEnumerable<Change> Nowhere(IEnumerable<Loss> losses)
    {
        var all = losses.ToList();
        var service = all[0].Item.Service;
        if (after.Services.Any(each => each.Name == service.Name) || !IsWhole(all, service))
            return all.Select(Nowhere);
        var reason = after.NotBackedUp.TryGetValue(service.Name, out var why) ? $"; it says noBackup: {why}" : "";
        return [Lost(ChangeKind.Service, service.Name, $"service '{service.Name}' is no longer backed up: {List(all)}{reason}", all, RetiredKind.Service, null)];
    }

    private Change Nowhere(Loss loss)
    {
        var (service, name) = (loss.Item.Service.Name, loss.Item.Name);
        if (!loss.Item.IsDatabase)
        {
            var rest = after.Services.SelectMany(each => each.Paths).Select(path => path.Path).Where(path => HiddenPlaces.Contains(name, path)).ToList();
            return Lost(ChangeKind.Path, name, $"{name} of '{service}' is no longer backed up{(rest.Count > 0 ? $", only {string.Join(", ", rest)} of it" : "")}", [loss], RetiredKind.Path, null);
        }

        var live = loss.Item.LiveFile is { } file && _after.Reading(file).Any()
            ? ": its file is read while it is written to, and a copy made so may be malformed"
            : "";
        return Lost(ChangeKind.Database, name, $"database {name} of '{service}' is no longer copied{live}", [loss], RetiredKind.Database, null);
    }

    private IEnumerable<Change> Elsewhere(IGrouping<string, Loss> losses)
    {
        var id = losses.Key;
        var all = losses.ToList();
        var services = all.GroupBy(loss => loss.Item.Service).ToList();
        if (after.Jobs.All(job => job.Destination != _now[id]) && all.DistinctBy(loss => loss.Outcome).Count() == 1)
        {
            var contents = Text.Items(services.Count, all.Count(loss => !loss.Item.IsDatabase), all.Count(loss => loss.Item.IsDatabase));
            return [Lost(ChangeKind.Destination, id, $"nothing goes to '{id}' any more: {contents}; still to {Still(all)}", all, RetiredKind.Destination, null)];
        }

        return services.SelectMany(each => Elsewhere(each.Key, id, [.. each]));
    }

    private IEnumerable<Change> Elsewhere(CoveredService service, string id, List<Loss> losses) => IsWhole(losses, service)
        ? [Lost(ChangeKind.Destination, id, $"service '{service.Name}' no longer goes to '{id}': {List(losses)}; still to {Still(losses)}", losses, RetiredKind.Service, id)]
        : losses.Select(loss => Lost(
            ChangeKind.Destination,
            id,
            $"{loss.Item.Name} of '{service.Name}' no longer goes to '{id}'; still to {Still([loss])}",
            [loss],
            loss.Item.IsDatabase ? RetiredKind.Database : RetiredKind.Path,
            id));

    private static bool IsWhole(List<Loss> losses, CoveredService service) =>
        losses.Count == Item.Of(service).Count() && losses.DistinctBy(loss => loss.Outcome).Count() == 1;

    private static string List(IEnumerable<Loss> losses) => string.Join(", ", losses.Select(loss => loss.Item.Name));

    private string Still(IEnumerable<Loss> losses) =>
        Text.Names(losses.SelectMany(loss => _after.Jobs(loss.Item)).Select(job => job.Destination).Distinct().Order(StringComparer.Ordinal));

    private Change Lost(ChangeKind kind, string subject, string words, IReadOnlyList<Loss> losses, RetiredKind remedy, string? destination)
    {
        var service = losses.Select(loss => loss.Item.Service.Name).Distinct().ToList() is [var only] ? only : null;
        var name = remedy switch
        {
            RetiredKind.Service => service!,
            RetiredKind.Path or RetiredKind.Database => losses[0].Item.Name,
            _ => subject,
        };
        return Lost(kind, subject, words, [.. losses.SelectMany(loss => loss.RetiredBy).Distinct()], remedy, name, destination) with { Service = service };
    }

    private Change Lost(
        ChangeKind kind, string subject, string words, IReadOnlyList<RetiredDeclaration> by, RetiredKind remedy, string name, string? destination) =>
        new(after.Host, kind, by.Count > 0 ? Effect.Retired : Effect.Lost, subject, words)
        {
            RetiredBy = by,
            Remedy = new(remedy, name, destination, DateOnly.FromDateTime(now.Date), "", default),
        };

    // Every destination needs an entry that says so; one of them alone says nothing of the others.
    private List<RetiredDeclaration> RetiredBy(Item item, IReadOnlyList<string> destinations)
    {
        var found = new List<RetiredDeclaration>();
        foreach (var destination in destinations)
        {
            var entries = after.Retired.Where(entry => Concerns(entry, item, destination)).ToList();
            if (entries.Count == 0)
                return [];
            found.AddRange(entries);
        }

        return [.. found.Distinct()];
    }

    // Exactly what was named: an entry for a folder must not let a part of it go that somebody still wanted.
    private static bool Concerns(RetiredDeclaration entry, Item item, string destination) =>
        (entry.Destination is null || entry.Destination == destination) && entry.Kind switch
        {
            RetiredKind.Service => entry.Name == item.Service.Name,
            RetiredKind.Path => !item.IsDatabase && entry.Name == item.Name,
            RetiredKind.Database => item.IsDatabase && entry.Name == item.Name,
            RetiredKind.Destination => entry.Name == destination,
            _ => false,
        };

    private IEnumerable<Change> Retentions()
    {
        var shorter = new SortedDictionary<string, (CoveredJob Before, CoveredJob After, SortedSet<string> Services)>(StringComparer.Ordinal);
        foreach (var item in before.Services.SelectMany(Item.Of))
        {
            var taking = _after.Jobs(item);
            foreach (var job in _before.JobsOf(item.Service))
            {
                // Best the job of the same name, which is the one that has the snapshots.
                var heirs = taking.Where(each => each.Destination == _now[job.Destination]).OrderBy(each => each.Name != job.Name).ToList();
                if (heirs.Count == 0 || heirs.Exists(heir => !SnapshotHistory.KeepsLess(job.Retention, heir.Retention)))
                    continue;
                var key = $"{job.Name}\n{heirs[0].Name}";
                if (!shorter.ContainsKey(key))
                    shorter.Add(key, (job, heirs[0], new(StringComparer.Ordinal)));
                shorter[key].Services.Add(item.Service.Name);
            }
        }

        return shorter.Values.Select(each => Shorter(each.Before, each.After, each.Services)).Concat(Longer());
    }

    private Change Shorter(CoveredJob job, CoveredJob heir, SortedSet<string> services)
    {
        var (from, to) = (job.Retention.Words, heir.Retention.Words);
        var words = job.Name == heir.Name
            ? $"job '{job.Name}' keeps {to} instead of {from}{Deleted(job, heir)}"
            : $"{(services.Count == 1 ? "service" : "services")} {Text.Names(services)} went to job '{job.Name}', which kept {from}; job '{heir.Name}' keeps {to}";
        // What an entry has allowed once is in the file of before: it does not allow the next time.
        var entries = after.Retired
            .Where(entry => entry.Kind == RetiredKind.Retention && entry.Name == heir.Name && !before.Retired.Any(entry.SameAs))
            .ToList();
        return Lost(ChangeKind.Retention, heir.Name, words, entries, RetiredKind.Retention, heir.Name, null) with
        {
            Service = services.Count == 1 ? services.Min : null,
        };
    }

    private string Deleted(CoveredJob job, CoveredJob heir)
    {
        if (!CalendarExpression.TryParse(job.Calendar, out var calendar, out _) || !calendar.ZoneIsKnown)
            return "";
        if (job.Retention.KeepsAll)
            return $"; the next run would delete all but about {SnapshotHistory.Held(calendar, heir.Retention, now, zone).Count} snapshots";
        var held = SnapshotHistory.Held(calendar, job.Retention, now, zone);
        return $"; the next run would delete about {held.Count - SnapshotHistory.Kept(held, heir.Retention).Count} of {Text.Count(held.Count, "snapshot")}";
    }

    private IEnumerable<Change> Longer() =>
        from job in before.Jobs
        from heir in after.Jobs
        where job.Name == heir.Name && job.Retention != heir.Retention && !SnapshotHistory.KeepsLess(job.Retention, heir.Retention)
        select new Change(after.Host, ChangeKind.Retention, Effect.Changed, job.Name, $"job '{job.Name}' keeps {heir.Retention.Words} instead of {job.Retention.Words}");
}
