using NixGen.Changes;

namespace NixGen.Tests.Changes;

/// <summary>On random inventories: the guard is silent if and only if everything that was backed up still is, by a slow and simple oracle.</summary>
public sealed class GuardPropertyTests
{
    private static readonly string[] Paths = ["/srv", "/srv/a", "/srv/a/b", "/srv/a/b/c", "/srv/ab", "/srv/b", "/srv/b/c", "/data", "/data/x"];
    private static readonly string[] Destinations = ["nas", "cloud", "disk"];

    private sealed record Service(string Name, List<string> Paths, List<string> Destinations, List<string> Databases);

    [Fact]
    public void Silent_if_and_only_if_every_path_still_reaches_every_destination()
    {
        var random = new Random(5001);
        var (silent, loud) = (0, 0);
        for (var round = 0; round < 500; round++)
        {
            var before = Fleet(random);
            var after = random.Next(3) == 0 ? Fleet(random) : Mutated(before, random);
            var lost = Fleets.Compare(Inventory(before), Inventory(after)).Any(change => change.Effect == Effect.Lost);
            var expected = !IsCovered(before, after);
            Assert.True(lost == expected, $"lost: {lost}, by the oracle: {expected}\n--- before\n{Inventory(before)}\n--- after\n{Inventory(after)}");
            _ = lost ? loud++ : silent++;
        }

        // Both happen often, or the test says nothing.
        Assert.True(Math.Min(silent, loud) > 50, $"{silent} silent, {loud} loud");
    }

    private static bool IsCovered(SortedDictionary<string, List<Service>> before, SortedDictionary<string, List<Service>> after)
    {
        foreach (var (host, services) in before)
        {
            if (!after.TryGetValue(host, out var now))
                return false;
            foreach (var service in services)
            {
                foreach (var destination in service.Destinations)
                {
                    var there = now.Where(each => each.Destinations.Contains(destination)).ToList();
                    if (!service.Paths.TrueForAll(path => there.Exists(each => each.Paths.Exists(folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal)))))
                        return false;
                    if (!service.Databases.TrueForAll(database => there.Exists(each => each.Databases.Contains(database))))
                        return false;
                }
            }
        }

        return true;
    }

    private static SortedDictionary<string, List<Service>> Fleet(Random random)
    {
        var fleet = new SortedDictionary<string, List<Service>>(StringComparer.Ordinal);
        foreach (var host in random.Next(4) == 0 ? new[] { "one", "two" } : ["one"])
        {
            var paths = Paths.ToArray();
            random.Shuffle(paths);
            var services = Enumerable.Range(0, random.Next(1, 4))
                .Select(i => new Service($"s{i}", [.. paths.Skip(2 * i).Take(random.Next(1, 3))], Some(random), random.Next(3) == 0 ? [$"d{random.Next(3)}{i}"] : []))
                .ToList();
            fleet.Add(host, services);
        }

        return fleet;
    }

    private static List<string> Some(Random random)
    {
        var some = Destinations.Where(_ => random.Next(2) == 0).ToList();
        return some.Count > 0 ? some : ["nas"];
    }

    // A little less, a little more, or the same under other names.
    private static SortedDictionary<string, List<Service>> Mutated(SortedDictionary<string, List<Service>> fleet, Random random)
    {
        var copy = new SortedDictionary<string, List<Service>>(StringComparer.Ordinal);
        foreach (var (host, services) in fleet)
            copy.Add(host, [.. services.Select(service => new Service(service.Name, [.. service.Paths], [.. service.Destinations], [.. service.Databases]))]);
        var all = copy["one"];
        var chosen = all[random.Next(all.Count)];
        switch (random.Next(7))
        {
            case 0:
                chosen.Destinations.AddRange(Destinations.Except(chosen.Destinations).Take(1).ToList());
                break;
            case 1 when chosen.Destinations.Count > 1:
                chosen.Destinations.RemoveAt(0);
                break;
            case 2 when chosen.Paths.Count > 1:
                chosen.Paths.RemoveAt(0);
                break;
            case 3 when !all.Exists(service => service.Paths.Contains("/srv")):
                chosen.Paths[0] = "/srv";
                break;
            case 4:
                all[all.IndexOf(chosen)] = chosen with { Name = "renamed" };
                break;
            case 5:
                chosen.Databases.Clear();
                break;
            default:
                chosen.Databases.Add("more");
                break;
        }

        return copy;
    }

    private static string Inventory(SortedDictionary<string, List<Service>> fleet) =>
        "destinations:\n"
        + string.Concat(Destinations.Select(id => $"  {id}: {{ repository: \"rest:http://{id}.lan/{{host}}\", secrets: s, schedule: \"03:00\", retention: {{ daily: 7 }} }}\n"))
        + "secrets: { s: { files: { RESTIC_PASSWORD: /etc/s } } }\nhosts:\n"
        + string.Concat(fleet.Select(host => $"  {host.Key}:\n    destinations: [nas]\n    services:\n" + string.Concat(host.Value.Select(service =>
            $"      {service.Name}: {{ backupPaths: [{string.Join(", ", service.Paths)}], destinations: [{string.Join(", ", service.Destinations)}]"
            + (service.Databases.Count > 0 ? $", databases: {{ postgresql: [{string.Join(", ", service.Databases)}] }}" : "") + " }\n"))));
}
