using NixGen.Findings;

namespace NixGen.Auditing;

/// <summary>How well something is backed up.</summary>
public enum Verdict
{
    Covered,
    CoveredInPart,
    Excluded,
    NotCovered,
}

/// <summary>What the inventory does for what a host runs.</summary>
/// <param name="Host">The host.</param>
/// <param name="At">Where the inventory begins with it.</param>
/// <param name="Services">What runs and keeps data, by name.</param>
/// <param name="Items">What is to be looked at: gaps first, then by name.</param>
/// <param name="Accepted">What the baseline accepts, with the reason it gives.</param>
public sealed record AuditReport(
    string Host,
    SourceSpan At,
    IReadOnlyList<AuditedService> Services,
    IReadOnlyList<AuditItem> Items,
    IReadOnlyList<(AuditItem Item, string? Reason)> Accepted)
{
    /// <summary>Whether something is not backed up that nobody accepted.</summary>
    public bool HasGaps => Items.Any(item => item.Code.Severity == Severity.Error);
}

/// <summary>A service that runs and what is said of each of its places.</summary>
public sealed record AuditedService(string Name, string Title, Verdict Verdict, IReadOnlyList<AuditedPlace> Places);

/// <summary>A folder or a database of a service.</summary>
/// <param name="Place">The path, or a database as <c>postgresql immich</c>.</param>
/// <param name="Known">How NixGen knows of it.</param>
/// <param name="Verdict">How well it is backed up.</param>
/// <param name="By">The service of the inventory that backs it up; null where none does.</param>
/// <param name="Why">Why it is not, or not all of it.</param>
public sealed record AuditedPlace(string Place, string Known, Verdict Verdict, string? By, string? Why);

/// <summary>One thing to look at.</summary>
/// <param name="Code">What kind it is.</param>
/// <param name="Key">Stable, and alone on its host: what the baseline names.</param>
/// <param name="Service">Whose.</param>
/// <param name="Place">The path, or the database.</param>
/// <param name="Message">What it is, in one line.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Lines">Lines of the inventory, below <c>services</c> of the host, that close the gap; null where there are none.</param>
/// <param name="At">Where in the inventory.</param>
public sealed record AuditItem(
    FindingCode Code,
    string Key,
    string Service,
    string Place,
    string Message,
    string Remedy,
    string? Lines,
    SourceSpan At)
{
    /// <summary>For those who show findings.</summary>
    public Finding AsFinding() => new(Code, At, Message, Lines is null ? Remedy : $"{Remedy}\n{Lines}");
}
