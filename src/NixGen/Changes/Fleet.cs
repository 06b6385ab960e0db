namespace NixGen.Changes;

/// <summary>What the hosts of an output folder back up.</summary>
/// <param name="Hosts">The coverage of each host, by name.</param>
/// <param name="Unknown">Hosts that are there, but of which nobody can tell; each has its finding.</param>
public sealed record Fleet(IReadOnlyList<Coverage> Hosts, IReadOnlySet<string> Unknown)
{
    public static Fleet None { get; } = new([], new HashSet<string>());

    public bool IsEmpty => Hosts.Count + Unknown.Count == 0;
}
