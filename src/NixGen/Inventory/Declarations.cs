using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Languages.Systemd;

namespace NixGen.Inventory;

/// <summary>A value and the place where the user wrote it.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="At">Its place.</param>
public readonly record struct Placed<T>(T Value, SourceSpan At);

/// <summary>The inventory as written: names are not looked up, defaults not applied. <c>docs/inventory.md</c> explains each key.</summary>
public sealed record Declarations(
    Settings Defaults,
    IReadOnlyList<HostDeclaration> Hosts,
    IReadOnlyList<ServiceDeclaration> Services,
    IReadOnlyList<DestinationDeclaration> Destinations,
    IReadOnlyList<SecretsDeclaration> Secrets,
    IReadOnlyList<NeverDeclaration> NeverBackUp,
    IReadOnlyList<RetiredDeclaration> Retired)
{
    /// <summary>Destinations that were declared, but with an error of their own: referring to them is no second one.</summary>
    public required IReadOnlySet<string> BrokenDestinations { get; init; }

    /// <inheritdoc cref="BrokenDestinations"/>
    public required IReadOnlySet<string> BrokenSecrets { get; init; }

    /// <summary>What is accepted everywhere.</summary>
    public AcceptScope Accept { get; init; } = AcceptScope.None;

    /// <summary>Everything that can accept something.</summary>
    public IEnumerable<AcceptScope> Scopes =>
    [
        Accept,
        .. Destinations.Select(destination => destination.Accept),
        .. Secrets.Select(set => set.Accept),
        .. Services.Select(service => service.Accept),
        .. Hosts.SelectMany(host => host.Services.Select(service => service.Accept).Prepend(host.Accept)),
    ];
}

/// <summary>What a service, destination, set of secrets or host accepts, or the inventory.</summary>
/// <param name="Of">Which one, for people.</param>
/// <param name="Items">What it accepts.</param>
/// <param name="Areas">Where it stands.</param>
public sealed record AcceptScope(string Of, IReadOnlyList<Acceptance> Items, IReadOnlyList<TextArea> Areas)
{
    public static AcceptScope None { get; } = new("", [], []);

    /// <summary>What it says of a finding; null for nothing.</summary>
    public Acceptance? Find(FindingCode code) => Items.FirstOrDefault(item => item.Code == code.Id);
}

/// <summary>A lint that is as it should be here, and why.</summary>
/// <param name="Code">The code, as written.</param>
/// <param name="Reason">For people.</param>
/// <param name="At">Where it is declared.</param>
public sealed record Acceptance(string Code, string Reason, SourceSpan At);

/// <summary>What can be said once in <c>defaults</c> and otherwise for a host; null where it is not said.</summary>
public sealed record Settings(
    IReadOnlyList<Placed<string>>? Destinations,
    Schedule? Schedule,
    Retention? Retention,
    MissingPaths? Missing,
    bool? DeclareOptions,
    OnePasswordSettings OnePassword,
    BackrestSettings? Backrest,
    DrillSettings? Drill)
{
    /// <inheritdoc cref="ServiceDeclaration.IsBroken"/>
    public bool IsBroken { get; init; }

    public static Settings None { get; } = new(null, null, null, null, null, new OnePasswordSettings(null, null), null, null);
}

/// <summary>What a backup does when a path that is not optional is missing, empty or a symlink.</summary>
public enum MissingPaths
{
    /// <summary>Back up the rest, then fail, and forget nothing that night.</summary>
    Continue,

    /// <summary>Fail before restic starts.</summary>
    Refuse,
}

/// <summary>A machine that backs itself up.</summary>
public sealed record HostDeclaration(
    string Name,
    SourceSpan At,
    Settings Settings,
    IReadOnlyList<ServiceDeclaration> Services,
    IReadOnlyList<NeverDeclaration> NeverBackUp,
    IReadOnlyList<RetiredDeclaration> Retired)
{
    /// <summary>What is accepted on this host.</summary>
    public AcceptScope Accept { get; init; } = AcceptScope.None;
}

/// <summary>A service and its data. Below <c>services</c> it is shared; below a host it is that host's, and adds to the shared one of its name.</summary>
public sealed record ServiceDeclaration(
    string Name,
    SourceSpan At,
    string? Title,
    string? Covers,
    IReadOnlyList<BackupPath>? BackupPaths,
    IReadOnlyList<Placed<string>>? BackupExcludes,
    IReadOnlyList<Database>? Databases,
    IReadOnlyList<Placed<string>>? Units,
    Placed<bool>? Stop,
    Placed<string>? NoBackup,
    IReadOnlyList<Placed<string>>? Destinations,
    Schedule? Schedule,
    Retention? Retention,
    bool? Drill)
{
    /// <summary>The entry of the catalogue that says what the service does not say itself.</summary>
    public Placed<string>? Catalogue { get; init; }

    /// <summary>What of it comes from the catalogue; null before that was asked, and where nothing does.</summary>
    public CatalogueUse? FromCatalogue { get; init; }

    /// <summary>Whether what the entry suggests to leave out is left out; null where nobody has decided.</summary>
    public Placed<bool>? AcceptExcludes { get; init; }

    /// <summary>Whether something in it could not be read: what then seems to be missing is not.</summary>
    public bool IsBroken { get; init; }

    /// <summary>What is accepted of this service; of a host's service also what the shared one of its name accepts.</summary>
    public AcceptScope Accept { get; init; } = AcceptScope.None;
}

/// <summary>A folder or file to back up, absolute and literal.</summary>
/// <param name="Path">The path.</param>
/// <param name="Optional">Whether it may lawfully be absent or empty.</param>
/// <param name="At">Where it is declared.</param>
public sealed record BackupPath(string Path, bool Optional, SourceSpan At);

/// <summary>A database whose live files no copier may read: it is copied by its own tool before the backup.</summary>
/// <param name="Kind">Which tool.</param>
/// <param name="Name">The file of an SQLite database, absolute or relative to the service's backup path; the name of another one.</param>
/// <param name="At">Where it is declared.</param>
public sealed record Database(DatabaseKind Kind, string Name, SourceSpan At);

/// <summary>The kinds of databases that are copied.</summary>
public enum DatabaseKind
{
    Sqlite,
    PostgreSql,
    MariaDb,
}

/// <summary>A path that no backup may contain.</summary>
public sealed record NeverDeclaration(string Path, string Reason, SourceSpan At);

/// <summary>Something that is no longer backed up, on purpose.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one: a name, a path, a database such as <c>postgresql:gitea</c>.</param>
/// <param name="Destination">Where alone it is no longer backed up to; null for nowhere at all.</param>
/// <param name="Date">Since when.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Where it is declared.</param>
public sealed record RetiredDeclaration(RetiredKind Kind, string Name, string? Destination, DateOnly Date, string Reason, SourceSpan At)
{
    /// <summary>The same entry, wherever it stands.</summary>
    public bool SameAs(RetiredDeclaration other) => this with { At = default } == other with { At = default };
}

/// <summary>What can be retired.</summary>
public enum RetiredKind
{
    Host,
    Service,
    Path,
    Database,
    Destination,

    /// <summary>What a job keeps, which is less from now on.</summary>
    Retention,
}

/// <summary>A restic repository, with what holds for whoever backs up to it.</summary>
public sealed record DestinationDeclaration(
    string Id,
    SourceSpan At,
    Repository Repository,
    Placed<string> Secrets,
    Schedule? Schedule,
    Retention? Retention,
    bool Initialize,
    MaintenanceDeclaration Maintenance)
{
    /// <summary>Whether nothing can be deleted from it with what the host knows: then nothing is forgotten or reclaimed.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>What is accepted of this destination.</summary>
    public AcceptScope Accept { get; init; } = AcceptScope.None;

    /// <inheritdoc cref="ServiceDeclaration.IsBroken"/>
    public bool IsBroken { get; init; }
}

/// <summary>When space is reclaimed and data read back, and by whom.</summary>
/// <param name="Host">The one host that does it; needed where several share the repository.</param>
/// <param name="Reclaim">When to repack; null for never.</param>
/// <param name="Check">When to check; null for never.</param>
/// <param name="CheckSlices">In how many checks all data is read once.</param>
public sealed record MaintenanceDeclaration(Placed<string>? Host, Schedule? Reclaim, Schedule? Check, int CheckSlices);

/// <summary>A set of secrets: which variables there are and where their values come from; never a value.</summary>
public sealed record SecretsDeclaration(string Name, SourceSpan At, SecretSource Source)
{
    /// <summary>What is accepted of this set.</summary>
    public AcceptScope Accept { get; init; } = AcceptScope.None;

    /// <inheritdoc cref="ServiceDeclaration.IsBroken"/>
    public bool IsBroken { get; init; }
}

/// <summary>Where the values of a set come from: the seam for further providers.</summary>
/// <param name="Variables">Environment variable to reference, in the provider's own form.</param>
public abstract record SecretSource(IReadOnlyList<SecretVariable> Variables);

/// <summary>A variable and the provider's reference to its value.</summary>
public sealed record SecretVariable(string Name, string Reference, SourceSpan At);

/// <summary>An item of 1Password; references are names of its fields, or section/field.</summary>
public sealed record OnePasswordSource(Placed<string>? Vault, Placed<string> Item, SourceSpan At, IReadOnlyList<SecretVariable> Variables)
    : SecretSource(Variables);

/// <summary>Files that the host already has; references are their absolute paths.</summary>
public sealed record FileSource(IReadOnlyList<SecretVariable> Variables) : SecretSource(Variables);

/// <summary>What holds for every secret from 1Password.</summary>
public sealed record OnePasswordSettings(Placed<string>? TokenFile, Placed<string>? Vault);

/// <summary>The web interface; null where it is not said.</summary>
public sealed record BackrestSettings(SourceSpan At, bool? Enable, Placed<ListenAddress>? Listen, string? User, Placed<string>? Secrets);

/// <summary>The restore drill; null where it is not said.</summary>
/// <param name="Enable">Whether there is one: a map says yes.</param>
/// <param name="Schedule">When.</param>
/// <param name="Services">How many services a run.</param>
/// <param name="Scratch">The folder to restore below.</param>
public sealed record DrillSettings(bool Enable, Schedule? Schedule, int? Services, Placed<string>? Scratch);

/// <summary>An address and a port to listen on.</summary>
public sealed record ListenAddress(System.Net.IPAddress Address, int Port);

/// <summary>When something runs.</summary>
/// <param name="Calendar">The systemd calendar expression.</param>
/// <param name="RandomizedDelay">Up to how much later, drawn anew for each run; null for no delay.</param>
/// <param name="At">Where it is declared.</param>
public sealed record Schedule(CalendarExpression Calendar, TimeSpan? RandomizedDelay, SourceSpan At)
{
    /// <summary>For people.</summary>
    public string Words => WordsOf(Calendar, (long)(RandomizedDelay?.TotalSeconds ?? 0));

    /// <summary>For people.</summary>
    public static string WordsOf(CalendarExpression calendar, long delay) => delay switch
    {
        <= 0 => calendar.Words,
        _ when delay % 3600 == 0 => $"{calendar.Words}, up to {delay / 3600} h later",
        _ when delay % 60 == 0 => $"{calendar.Words}, up to {delay / 60} min later",
        _ => $"{calendar.Words}, up to {delay} s later",
    };

    /// <summary>The same time, wherever it is written.</summary>
    public bool SameAs(Schedule other) =>
        Calendar.Normalized == other.Calendar.Normalized && RandomizedDelay == other.RandomizedDelay;
}

/// <summary>How many snapshots to keep. All counts zero means: keep all.</summary>
public sealed record Retention(int Last, int Hourly, int Daily, int Weekly, int Monthly, int Yearly, SourceSpan At)
{
    public bool KeepsAll => this is { Last: 0, Hourly: 0, Daily: 0, Weekly: 0, Monthly: 0, Yearly: 0 };

    /// <summary>The counts with their units, as the inventory names them.</summary>
    public IEnumerable<(string Unit, int Count)> Counts =>
        [("last", Last), ("hourly", Hourly), ("daily", Daily), ("weekly", Weekly), ("monthly", Monthly), ("yearly", Yearly)];

    /// <summary>What it keeps, for people: "7 daily, 4 weekly".</summary>
    public string Words => KeepsAll
        ? "everything"
        : string.Join(", ", Counts.Where(kept => kept.Count > 0).Select(kept => $"{kept.Count} {kept.Unit}"));

    /// <summary>The same counts, wherever they are written.</summary>
    public bool SameAs(Retention other) => this with { At = default } == other with { At = default };
}
