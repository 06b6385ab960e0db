using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning;

/// <summary>The things with names that others refer to.</summary>
internal sealed class Lookup(Declarations declarations, FindingList findings)
{
    private readonly Dictionary<string, DestinationDeclaration> _destinations =
        declarations.Destinations.ToDictionary(destination => destination.Id, StringComparer.Ordinal);

    private readonly Dictionary<string, SecretsDeclaration> _secrets =
        declarations.Secrets.ToDictionary(set => set.Name, StringComparer.Ordinal);

    private readonly HashSet<(string Kind, string Name, SourceSpan At)> _reported = [];

    /// <summary>What was referred to; the rest is declared for nothing.</summary>
    public HashSet<string> UsedDestinations { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc cref="UsedDestinations"/>
    public HashSet<string> UsedSecrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the schedules, retentions, lists of destinations and token files stand that hold for something.</summary>
    public HashSet<SourceSpan> UsedSettings { get; } = [];

    public DestinationDeclaration? Destination(Placed<string> id)
    {
        UsedDestinations.Add(id.Value);
        return Find(_destinations, id, "destination", declarations.BrokenDestinations);
    }

    public SecretsDeclaration? Secrets(Placed<string> name)
    {
        UsedSecrets.Add(name.Value);
        return Find(_secrets, name, "set of secrets", declarations.BrokenSecrets);
    }

    private T? Find<T>(Dictionary<string, T> all, Placed<string> name, string kind, IReadOnlySet<string> broken)
        where T : class
    {
        if (all.TryGetValue(name.Value, out var found))
            return found;
        // Declared, but with a finding of its own: that one is enough. And what stands in defaults counts once, not for every host.
        if (!broken.Contains(name.Value) && _reported.Add((kind, name.Value, name.At)))
        {
            var meant = Suggestion.For(name.Value, all.Keys);
            findings.Report(
                Codes.UnknownReference,
                name.At,
                $"there is no {kind} '{name.Value}'",
                meant is not null ? $"Did you mean '{meant}'?" : null);
        }

        return null;
    }
}
