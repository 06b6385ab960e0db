using NixGen.Inventory;

namespace NixGen.Changes;

/// <summary>What becomes of the backups of a fleet when one coverage takes the place of another one.</summary>
public static class Comparison
{
    /// <param name="before">What was backed up.</param>
    /// <param name="after">What will be: every host that the comparison is about.</param>
    /// <param name="now">When a next run would look at the snapshots.</param>
    /// <param name="zone">The zone of the hosts; that of this machine is the best guess.</param>
    /// <returns>By host, losses first.</returns>
    public static IReadOnlyList<Change> Of(Fleet before, IReadOnlyList<Coverage> after, DateTimeOffset now, TimeZoneInfo zone)
    {
        var changes = new List<Change>();
        foreach (var host in before.Hosts)
        {
            if (after.FirstOrDefault(each => each.Host == host.Host) is { } still)
                changes.AddRange(new HostComparison(host, still, now, zone).Changes());
            else
                changes.Add(Gone(host, after, now));
        }

        foreach (var host in after.Where(host => !before.Unknown.Contains(host.Host) && before.Hosts.All(each => each.Host != host.Host)))
            changes.Add(new Change(host.Host, ChangeKind.Host, Effect.Added, host.Host, $"the host is backed up: {Contents(host)}"));
        return
        [
            .. changes
                .OrderBy(change => change.Host, StringComparer.Ordinal)
                .ThenBy(change => change.Effect)
                .ThenBy(change => change.Kind)
                .ThenBy(change => change.Subject, StringComparer.Ordinal)
                .ThenBy(change => change.Words, StringComparer.Ordinal),
        ];
    }

    private static Change Gone(Coverage host, IReadOnlyList<Coverage> after, DateTimeOffset now)
    {
        var entries = after.SelectMany(each => each.Retired).Where(entry => entry.Kind == RetiredKind.Host && entry.Name == host.Host).Distinct().ToList();
        return new Change(host.Host, ChangeKind.Host, entries.Count > 0 ? Effect.Retired : Effect.Lost, host.Host, $"the host is no longer backed up: {Contents(host)}")
        {
            RetiredBy = entries,
            Remedy = new(RetiredKind.Host, host.Host, null, DateOnly.FromDateTime(now.Date), "", default),
        };
    }

    private static string Contents(Coverage host) => Text.Items(
        host.Services.Count,
        host.Services.Sum(service => service.Paths.Count),
        host.Services.Sum(service => service.Databases.Count));
}

/// <summary>Words that several changes share.</summary>
internal static class Text
{
    public static string Count(long count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";

    public static string Items(int services, int paths, int databases) => string.Join(", ", new[]
    {
        Count(services, "service"),
        paths > 0 ? Count(paths, "path") : "",
        databases > 0 ? Count(databases, "database") : "",
    }.Where(part => part.Length > 0));

    /// <summary>A name from a disk, which may hold anything, for a terminal and a log.</summary>
    public static string Plain(string name) => string.Concat(name.Select(character => char.IsControl(character) ? '�' : character));

    public static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
