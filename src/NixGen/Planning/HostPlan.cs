using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Languages.Restic;

namespace NixGen.Planning;

/// <summary>What one host does, with every name looked up and every default applied; decisions end here.</summary>
/// <param name="Name">The host's name in the inventory.</param>
/// <param name="At">Where it is declared.</param>
/// <param name="DeclaresOptions">Whether the modules declare homelab.backupPaths and homelab.backupExcludes.</param>
/// <param name="Missing">What a backup does about missing paths.</param>
/// <param name="TokenFile">Where the host keeps its 1Password token; null where it needs none.</param>
/// <param name="Services">Its services, by name.</param>
/// <param name="Destinations">The destinations it backs up to, by id.</param>
/// <param name="Jobs">Its jobs, by name.</param>
/// <param name="NeverBackUp">What no job may contain, by path.</param>
/// <param name="Backrest">Its web interface; null where it has none.</param>
/// <param name="Drill">Its restore drill.</param>
public sealed record HostPlan(
    string Name,
    SourceSpan At,
    bool DeclaresOptions,
    MissingPaths Missing,
    Placed<string>? TokenFile,
    IReadOnlyList<ServicePlan> Services,
    IReadOnlyList<DestinationPlan> Destinations,
    IReadOnlyList<JobPlan> Jobs,
    IReadOnlyList<NeverDeclaration> NeverBackUp,
    BackrestPlan? Backrest,
    DrillPlan Drill)
{
    /// <summary>What is no longer backed up, on purpose: of this host and of all, the latest first.</summary>
    public IReadOnlyList<RetiredDeclaration> Retired { get; init; } = [];

    /// <summary>As declared.</summary>
    public required HostDeclaration Declaration { get; init; }

    /// <summary>What was found here and accepted, for people.</summary>
    public IReadOnlyList<AcceptedFinding> Accepted { get; init; } = [];

    /// <summary>Every set of secrets that the host fetches, each for one consumer.</summary>
    public IEnumerable<SecretsPlan> Secrets =>
        Destinations.Select(destination => destination.Secrets).Concat(Backrest is null ? [] : [Backrest.Secrets]);
}

/// <summary>A lint that the inventory accepts.</summary>
public sealed record AcceptedFinding(FindingCode Code, string Message, string Reason);

/// <summary>A service on a host.</summary>
/// <param name="Name">Its name in the inventory.</param>
/// <param name="At">Where it is declared.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Covers">What its data is, for people.</param>
/// <param name="Paths">What to back up; empty with <paramref name="NoBackup"/>.</param>
/// <param name="Excludes">restic patterns below its paths, absolute; the live files of its databases among them.</param>
/// <param name="Databases">What is copied before the backup.</param>
/// <param name="Units">The systemd units that write its data: stopped for a restore, and for the backup if it asks for that.</param>
/// <param name="Stops">Whether its units are stopped while restic reads.</param>
/// <param name="NoBackup">Why it is not backed up.</param>
/// <param name="MayBeDrilled">Whether a drill may restore it.</param>
/// <param name="IsStandard">Whether it goes into the nightly jobs of its host, as hand-written modules do.</param>
public sealed record ServicePlan(
    string Name,
    SourceSpan At,
    string Title,
    string? Covers,
    IReadOnlyList<BackupPath> Paths,
    IReadOnlyList<string> Excludes,
    IReadOnlyList<DatabasePlan> Databases,
    IReadOnlyList<string> Units,
    bool Stops,
    string? NoBackup,
    bool MayBeDrilled,
    bool IsStandard)
{
    /// <summary>As declared, with what the shared service of its name says.</summary>
    public required ServiceDeclaration Declaration { get; init; }
    /// <summary>What of it the catalogue said; null where the inventory says everything.</summary>
    public CatalogueUse? Catalogue { get; init; }

    /// <summary>Where the copies of its databases stand, and are backed up from; null where it has none.</summary>
    public string? Copies => Databases.Count > 0 ? $"/var/lib/homelab-copies/{Name}/current" : null;

    /// <summary>Everything that restic is to read.</summary>
    public IEnumerable<string> BackedUp => Paths.Select(path => path.Path).Concat(Copies is { } copies ? [copies] : []);

    /// <summary>Patterns for the live files of its databases: a copy stands for each.</summary>
    public IEnumerable<string> LiveFiles => Databases.SelectMany(ServiceDatabases.LiveFiles);

    /// <summary>Its excludes without the live files: what is missing in the backup.</summary>
    public IEnumerable<string> LeftOut => Excludes.Except(LiveFiles);

    /// <summary>Whether it is backed up at all.</summary>
    public bool HasData => Paths.Count > 0 || Databases.Count > 0;
}

/// <summary>A database to copy before the backup.</summary>
/// <param name="Kind">Which tool copies it.</param>
/// <param name="Source">The absolute path of an SQLite file; the name of another database.</param>
/// <param name="Copy">The file to copy to, below the folder of the service's copies.</param>
public sealed record DatabasePlan(DatabaseKind Kind, string Source, string Copy)
{
    /// <summary>Names it with its kind: <c>sqlite:/path</c>, <c>postgresql:name</c>, <c>mariadb:name</c>.</summary>
    public string Id => $"{Kind.ToString().ToLowerInvariant()}:{Source}";
}

/// <summary>A destination as one host uses it.</summary>
/// <param name="Declaration">As declared.</param>
/// <param name="Repository">The repository, with the name of the host filled in.</param>
/// <param name="Secrets">Its secrets.</param>
/// <param name="Host">The host.</param>
/// <param name="Maintainer">The host that creates it, reclaims space and checks; null for none of the inventory.</param>
public sealed record DestinationPlan(
    DestinationDeclaration Declaration,
    string Repository,
    SecretsPlan Secrets,
    string Host,
    string? Maintainer)
{
    public bool IsMaintainedHere => Maintainer == Host;

    public string Id => Declaration.Id;

    public RepositoryKind Kind => Declaration.Repository.Kind;

    /// <summary>What opens it, by name: a set may also hold what is for Backrest.</summary>
    public IEnumerable<SecretVariable> Variables => Secrets.Variables.Where(variable => variable.Name != SecretsBinding.BackrestPassword);
}

/// <summary>One restic run: services × a destination × a schedule.</summary>
/// <param name="Name">Stable: the destination, or destination-service for a service with needs of its own. Snapshots are tagged with it.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Schedule">When.</param>
/// <param name="Retention">What to keep.</param>
/// <param name="IsNightly">Whether it takes what standard services and hand-written modules declare.</param>
/// <param name="Services">Whose data, standard services included.</param>
public sealed record JobPlan(
    string Name,
    DestinationPlan Destination,
    Schedule Schedule,
    Retention Retention,
    bool IsNightly,
    IReadOnlyList<ServicePlan> Services)
{
    /// <summary>Whether an exclude leaves nothing of a path but an empty folder: one of any service, since it holds for the whole run.</summary>
    public bool Empties(string path) => Services.Any(service => service.Excludes.Any(exclude => ResticPattern.Empties(exclude, path)));
}

/// <summary>A set of secrets for one consumer: a destination, or <c>backrest</c>.</summary>
public sealed record SecretsPlan(string Consumer, SecretsDeclaration Declaration, string? Vault)
{
    /// <summary>All of the set, by name.</summary>
    public IEnumerable<SecretVariable> Variables => Declaration.Source.Variables.OrderBy(variable => variable.Name, StringComparer.Ordinal);

    /// <summary>Where people find a secret; never the secret.</summary>
    public string Place(SecretVariable variable) => Declaration.Source switch
    {
        OnePasswordSource source => $"1Password: vault {Vault}, item {source.Item.Value}, field {variable.Reference}",
        _ => $"file {variable.Reference}",
    };
}

/// <summary>The web interface of a host.</summary>
public sealed record BackrestPlan(ListenAddress Listen, string User, SecretsPlan Secrets)
{
    /// <summary>What logs in to it.</summary>
    public SecretVariable Password => Secrets.Variables.Single(variable => variable.Name == SecretsBinding.BackrestPassword);
}

/// <summary>The restore drill of a host.</summary>
/// <param name="Schedule">When; null for never.</param>
/// <param name="Services">How many services a run.</param>
/// <param name="Scratch">The folder to restore below, and where it is declared, if it is.</param>
public sealed record DrillPlan(Schedule? Schedule, int Services, Placed<string> Scratch);
