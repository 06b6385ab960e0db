using NixGen.Catalogue;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning;

/// <summary>A service of a host that the catalogue knows, by its name or by a place of its state.</summary>
/// <param name="Service">The service.</param>
/// <param name="Entry">What the catalogue knows.</param>
/// <param name="IsNamed">Whether it is called like the entry; otherwise it backs up the place of its state.</param>
internal sealed record KnownService(ServicePlan Service, CatalogueEntry Entry, bool IsNamed)
{
    private const string PrivateState = "/var/lib/private/";

    /// <summary>Where its state lies: in its usual place, or in the only path of a service that is called like it; null if neither.</summary>
    public string? Root
    {
        get
        {
            var usual = Entry.State is [var first, ..] ? first.Path : null;
            if (usual is not null && Service.Paths.Any(path => HiddenPlaces.Contains(path.Path, usual) || HiddenPlaces.Contains(usual, path.Path)))
                return usual;
            return IsNamed && Service.Paths is [var only] ? only.Path : null;
        }
    }

    public static IEnumerable<KnownService> On(HostPlan plan, StateCatalogue catalogue)
    {
        foreach (var service in plan.Services.Where(service => service.HasData))
        {
            var names = service.Paths.Where(path => IsOfSomebody(path.Path)).SelectMany(path => catalogue.In(path.Path)).Append(service.Name);
            foreach (var entry in names.Distinct().Order(StringComparer.Ordinal).Select(catalogue.Find))
            {
                if (entry is { HasInstances: false })
                    yield return new KnownService(service, entry, service.Name == entry.Name);
            }
        }
    }

    /// <summary>The name under which a DynamicUser's folder can be seen, too, as a link; null if it has none.</summary>
    public static string? LinkTo(string path) => path.StartsWith(PrivateState, StringComparison.Ordinal) || path.StartsWith("/var/cache/private/", StringComparison.Ordinal)
        ? path.Replace("/private/", "/", StringComparison.Ordinal)
        : null;

    /// <summary>Whether restic reads a file or folder for this service.</summary>
    public bool Reads(HostPlan plan, string path) =>
        Service.Paths.Any(own => HiddenPlaces.Contains(own.Path, path))
        && !Service.Excludes.Any(exclude => ResticPattern.LeavesOut(exclude, path))
        && !plan.NeverBackUp.Any(never => HiddenPlaces.Contains(never.Path, path));

    // /var/lib as a whole says nothing of what runs.
    private static bool IsOfSomebody(string path) =>
        path.Count(character => character == '/') > 2 && !path.EndsWith("/private", StringComparison.Ordinal);
}
