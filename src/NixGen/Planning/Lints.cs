using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning;

/// <summary>
/// Takes the findings that an inventory may accept. Whether it does is looked up from what the finding is about outward: service, set of
/// secrets or destination, host, top level. An error only what it is about itself can accept: it must not cover what nobody has seen yet.
/// </summary>
internal sealed class Lints(Declarations declarations, StateCatalogue? catalogue, FindingList findings)
{
    private readonly HashSet<Acceptance> _used = [];
    private readonly List<(string? Host, string? Destination, AcceptedFinding Finding)> _accepted = [];

    private readonly Dictionary<string, IReadOnlyList<KnownService>> _known = new(StringComparer.Ordinal);

    /// <summary>Where services keep their state.</summary>
    public StateCatalogue Catalogue => catalogue ?? throw new InvalidOperationException("The catalogue has errors.");

    /// <summary>The services of a host that the catalogue knows.</summary>
    public IReadOnlyList<KnownService> Known(HostPlan plan)
    {
        if (!_known.TryGetValue(plan.Name, out var known))
            _known.Add(plan.Name, known = [.. KnownService.On(plan, Catalogue)]);
        return known;
    }

    /// <param name="code">One that can be accepted.</param>
    /// <param name="at">Where.</param>
    /// <param name="message">What is odd here.</param>
    /// <param name="host">The host that it is about; null for none, or several.</param>
    /// <param name="service">The service that it is about.</param>
    /// <param name="destination">The destination that it is about.</param>
    /// <param name="secrets">The set of secrets that it is about.</param>
    /// <param name="help">What to do about it here; the remedy of the code when left out.</param>
    /// <returns>Why it is accepted; null after it was reported.</returns>
    public string? Report(
        FindingCode code,
        SourceSpan? at,
        string message,
        HostDeclaration? host = null,
        ServiceDeclaration? service = null,
        DestinationDeclaration? destination = null,
        SecretsDeclaration? secrets = null,
        string? help = null)
    {
        AcceptScope?[] outward = [service?.Accept, secrets?.Accept, destination?.Accept, host?.Accept, declarations.Accept];
        var scopes = outward.OfType<AcceptScope>().ToList();
        return Report(code, at, message, scopes, host?.Name, destination?.Id, help);
    }

    /// <summary>A finding about a place of the text.</summary>
    /// <param name="code">One that can be accepted.</param>
    /// <param name="at">Where.</param>
    /// <param name="message">What is odd here.</param>
    /// <param name="scope">What it stands in.</param>
    /// <param name="help">What to do about it here.</param>
    public void Report(FindingCode code, SourceSpan? at, string message, AcceptScope scope, string help)
    {
        var host = declarations.Hosts.FirstOrDefault(host => host.Services.Select(service => service.Accept).Prepend(host.Accept).Contains(scope));
        Report(code, at, message, [scope], host?.Name, null, help);
    }

    private string? Report(FindingCode code, SourceSpan? at, string message, List<AcceptScope> scopes, string? host, string? destination, string? help)
    {
        var reach = code.Severity == Severity.Error ? 1 : scopes.Count;
        if (scopes.Take(reach).Select(scope => scope.Find(code)).FirstOrDefault(found => found is not null) is { } accepted)
        {
            _used.Add(accepted);
            _accepted.Add((host, destination, new AcceptedFinding(code, message, accepted.Reason)));
            return accepted.Reason;
        }

        if (scopes.Skip(reach).FirstOrDefault(scope => scope.Find(code) is not null) is { } outer)
            help = $"{help ?? code.Remedy} What {outer.Of} accepts does not hold for this: only `accept` of {scopes[0].Of} does.";
        findings.Report(code, at, message, help);
        return null;
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
            .ThenBy(finding => finding.Message, StringComparer.Ordinal)
            .ThenBy(finding => finding.Reason, StringComparer.Ordinal),
    ];

    private static bool Uses(HostPlan plan, string? destination) => plan.Destinations.Any(each => each.Id == destination);

    /// <summary>Reports what accepts nothing; after all lints.</summary>
    public void ReportIdle()
    {
        foreach (var idle in declarations.Scopes.SelectMany(scope => scope.Items).Where(each => !_used.Contains(each)))
            findings.Report(Codes.AcceptsNothing, idle.At, $"nothing here is {idle.Code}, which is accepted");
    }
}
