using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning;

/// <summary>
/// Takes the findings that an inventory may accept. Whether it does is looked up from what the finding is about outward: service,
/// destination, host, top level.
/// </summary>
internal sealed class Lints(Declarations declarations, StateCatalogue catalogue, FindingList findings)
{
    private readonly HashSet<Acceptance> _used = [];
    private readonly List<(string? Host, string? Destination, AcceptedFinding Finding)> _accepted = [];

    private readonly Dictionary<string, IReadOnlyList<KnownService>> _known = new(StringComparer.Ordinal);

    /// <summary>Where services keep their state.</summary>
    public StateCatalogue Catalogue => catalogue;

    /// <summary>The services of a host that the catalogue knows.</summary>
    public IReadOnlyList<KnownService> Known(HostPlan plan)
    {
        if (!_known.TryGetValue(plan.Name, out var known))
            _known.Add(plan.Name, known = [.. KnownService.On(plan, Catalogue)]);
        return known;
    }

    /// <param name="code">A lint.</param>
    /// <param name="at">Where.</param>
    /// <param name="message">What is odd here.</param>
    /// <param name="host">The host that it is about; null for none, or several.</param>
    /// <param name="service">The service that it is about.</param>
    /// <param name="destination">The destination that it is about.</param>
    /// <param name="help">What to do about it here; the remedy of the code when left out.</param>
    public void Report(
        FindingCode code,
        SourceSpan? at,
        string message,
        HostDeclaration? host = null,
        ServiceDeclaration? service = null,
        DestinationDeclaration? destination = null,
        string? help = null)
    {
        var accepted = new[] { service?.Accept, destination?.Accept, host?.Accept, declarations.Accept }
            .SelectMany(scope => scope ?? [])
            .FirstOrDefault(each => each.Code == code.Id);
        if (accepted is null)
        {
            findings.Report(code, at, message, help);
            return;
        }

        _used.Add(accepted);
        _accepted.Add((host?.Name, destination?.Id, new AcceptedFinding(code, message, accepted.Reason)));
    }

    /// <summary>What a host's page says of it: what is about the host, or about no host alone, if it is not about a destination of others.</summary>
    public IReadOnlyList<AcceptedFinding> AcceptedOn(HostPlan plan, IReadOnlyList<HostPlan> plans) =>
    [
        .. _accepted
            .Where(each => each.Host is { } host
                ? host == plan.Name
                : Uses(plan, each.Destination) || !plans.Any(other => Uses(other, each.Destination)))
            .Select(each => each.Finding)
            .Distinct()
            .OrderBy(finding => finding.Code.Id, StringComparer.Ordinal)
            .ThenBy(finding => finding.Message, StringComparer.Ordinal),
    ];

    private static bool Uses(HostPlan plan, string? destination) => plan.Destinations.Any(each => each.Id == destination);

    /// <summary>Reports what accepts nothing; after all lints.</summary>
    public void ReportIdle()
    {
        var all = declarations.Accept
            .Concat(declarations.Destinations.SelectMany(destination => destination.Accept))
            .Concat(declarations.Services.SelectMany(service => service.Accept))
            .Concat(declarations.Hosts.SelectMany(host => host.Accept.Concat(host.Services.SelectMany(service => service.Accept))));
        foreach (var idle in all.Where(each => !_used.Contains(each)))
            findings.Report(Codes.AcceptsNothing, idle.At, $"nothing here is {idle.Code}, which is accepted");
    }
}
