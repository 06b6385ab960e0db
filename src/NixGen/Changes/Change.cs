using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Changes;

/// <summary>One thing that a new inventory means for the backups of a host.</summary>
/// <param name="Host">Which host.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Effect">What it means for the data.</param>
/// <param name="Subject">Which service, path, job and so on.</param>
/// <param name="Words">What happens, in a line for people.</param>
public sealed record Change(string Host, ChangeKind Kind, Effect Effect, string Subject, string Words)
{
    /// <inheritdoc cref="Change(string, ChangeKind, Effect, string, string)"/>
    public string Words { get; } = SecretForms.Mask(Words);

    /// <summary>The service that it concerns; null where there is not one.</summary>
    public string? Service { get; init; }

    /// <summary>Of a loss: what an entry of <c>retired</c> would have to name.</summary>
    public RetiredDeclaration? Remedy { get; init; }

    /// <summary>Of a loss that is meant: the entries of <c>retired</c> that say so.</summary>
    public IReadOnlyList<RetiredDeclaration> RetiredBy { get; init; } = [];
}

/// <summary>What a change is about; the order is that of a report.</summary>
public enum ChangeKind
{
    Host,
    Service,
    Path,
    Database,
    Destination,
    Retention,
    Repository,
    Job,
    Schedule,
    Exclude,
    NeverBackUp,
    Optional,
    Stop,
    Drill,
    Missing,
    Secrets,
    Backrest,
}

/// <summary>What a change means for the data; the order is that of a report.</summary>
public enum Effect
{
    /// <summary>Less is backed up, and nothing says that it is meant.</summary>
    Lost,

    /// <summary>Less is backed up, and the inventory says why.</summary>
    Retired,

    Changed,

    Added,
}
