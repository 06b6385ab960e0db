using NixGen.Inventory;

namespace NixGen.Planning;

/// <summary>Which host creates, prunes and checks a repository: exactly one, or two prunes would wait for each other and checks repeat.</summary>
internal sealed class Maintainers(Declarations declarations)
{
    private readonly Dictionary<string, HashSet<string>> _users = Users(declarations);

    // From repository to the host that is named for it, by whatever destination.
    private readonly Dictionary<string, string> _named = declarations.Destinations
        .Where(destination => destination.Maintenance.Host is not null)
        .GroupBy(destination => destination.Repository.Identity(destination.Maintenance.Host!.Value.Value))
        .ToDictionary(group => group.Key, group => group.First().Maintenance.Host!.Value.Value, StringComparer.Ordinal);

    /// <summary>The host that maintains the repository of a host; null for none of the inventory.</summary>
    public string? Of(string host, DestinationDeclaration destination)
    {
        if (destination.Maintenance.Host is { } named)
            return named.Value;
        var repository = destination.Repository.Identity(host);
        // A local path is another disk on every host.
        return destination.Repository.Kind == RepositoryKind.Local || _users.GetValueOrDefault(repository) is { Count: 1 }
            ? host
            : _named.GetValueOrDefault(repository);
    }

    // From repository to the hosts that back up to it.
    private static Dictionary<string, HashSet<string>> Users(Declarations declarations)
    {
        var destinations = declarations.Destinations.ToDictionary(destination => destination.Id, StringComparer.Ordinal);
        var sharedServices = declarations.Services.ToDictionary(service => service.Name, StringComparer.Ordinal);
        var users = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var host in declarations.Hosts)
        {
            var standard = host.Settings.Destinations ?? declarations.Defaults.Destinations ?? [];
            var ids = host.Services
                .SelectMany(service => service.Destinations ?? sharedServices.GetValueOrDefault(service.Name)?.Destinations ?? standard)
                .Select(id => id.Value)
                .ToHashSet(StringComparer.Ordinal);
            foreach (var id in ids)
            {
                if (!destinations.TryGetValue(id, out var destination))
                    continue;
                var repository = destination.Repository.Identity(host.Name);
                if (!users.TryGetValue(repository, out var hosts))
                    users.Add(repository, hosts = new HashSet<string>(StringComparer.Ordinal));
                hosts.Add(host.Name);
            }
        }

        return users;
    }
}
