using NixGen.Inventory;

namespace NixGen.Planning;

/// <summary>Which host creates, prunes and checks a repository: exactly one, or two prunes would wait for each other and checks repeat.</summary>
internal sealed class Maintainers(Declarations declarations)
{
    private readonly Dictionary<string, HashSet<string>> _users = Users(declarations);

    public bool Maintains(string host, DestinationDeclaration destination)
    {
        if (destination.Maintenance.Host is { } named)
            return named.Value == host;
        // A local path is another disk on every host.
        return destination.Repository.Kind == RepositoryKind.Local
            || _users.GetValueOrDefault(destination.Repository.For(host)) is { Count: 1 };
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
                var repository = destination.Repository.For(host.Name);
                if (!users.TryGetValue(repository, out var hosts))
                    users.Add(repository, hosts = new HashSet<string>(StringComparer.Ordinal));
                hosts.Add(host.Name);
            }
        }

        return users;
    }
}
