namespace NixGen.Auditing;

/// <summary>What a host runs, as the expression of <see cref="FactsExpression"/> found it in the evaluated configuration.</summary>
/// <param name="Host">Its networking.hostName.</param>
/// <param name="StateVersion">Its system.stateVersion.</param>
/// <param name="Units">Its enabled systemd services, by name without <c>.service</c>.</param>
/// <param name="Users">Its users that have a home, by name.</param>
/// <param name="Enabled">Which options of the catalogue are true.</param>
/// <param name="Moved">Options that move data, by name; of services that run.</param>
/// <param name="PostgreSql">The server.</param>
/// <param name="MariaDb">The server.</param>
/// <param name="Containers">Of virtualisation.oci-containers.</param>
/// <param name="Machines">Of NixOS' own containers.</param>
/// <param name="BackupPaths">What homelab.backupPaths says, from modules and the inventory.</param>
/// <param name="BackupExcludes">What homelab.backupExcludes says.</param>
/// <param name="Jobs">Of services.restic.backups.</param>
/// <param name="Mounts">Its file systems, by mount point.</param>
/// <param name="Unreadable">What could not be evaluated.</param>
public sealed record EvaluatedSystem(
    string Host,
    string? StateVersion,
    IReadOnlyDictionary<string, UnitFacts> Units,
    IReadOnlyDictionary<string, UserFacts> Users,
    IReadOnlyList<EnabledOption> Enabled,
    IReadOnlyDictionary<string, MovedOption> Moved,
    ServerFacts PostgreSql,
    ServerFacts MariaDb,
    IReadOnlyList<ContainerFacts> Containers,
    IReadOnlyList<MachineFacts> Machines,
    IReadOnlyList<string> BackupPaths,
    IReadOnlyList<string> BackupExcludes,
    IReadOnlyList<ResticFacts> Jobs,
    IReadOnlyList<MountFacts> Mounts,
    IReadOnlyList<string> Unreadable);

/// <summary>What a systemd service says of its files; lists are the words as systemd reads them, specifiers not filled in.</summary>
public sealed record UnitFacts(
    IReadOnlyList<string> StateDirectory,
    IReadOnlyList<string> CacheDirectory,
    IReadOnlyList<string> LogsDirectory,
    IReadOnlyList<string> RuntimeDirectory,
    bool DynamicUser,
    IReadOnlyList<string> ReadWritePaths,
    IReadOnlyList<string> BindPaths,
    string? User,
    string? WorkingDirectory);

/// <summary>A user of the system.</summary>
public sealed record UserFacts(string Home, bool IsNormal);

/// <summary>An option of the catalogue that is true.</summary>
/// <param name="Option">As the catalogue writes it, with its <c>*</c>.</param>
/// <param name="Instance">What the <c>*</c> stands for.</param>
public sealed record EnabledOption(string Option, string? Instance);

/// <summary>Where an option says that data lies.</summary>
public sealed record MovedOption(string Value, string? Default);

/// <summary>A database server.</summary>
public sealed record ServerFacts(bool IsEnabled, string? Folder, IReadOnlyList<string> Databases);

/// <summary>A container of Podman or Docker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit, without <c>.service</c>.</param>
/// <param name="Volumes">As written: <c>source:target:options</c>.</param>
/// <param name="VolumeFolder">Where its engine keeps named volumes.</param>
public sealed record ContainerFacts(string Name, string Unit, IReadOnlyList<string> Volumes, string VolumeFolder);

/// <summary>A container of NixOS.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsEphemeral">Whether it begins anew at each start.</param>
/// <param name="Bound">Folders of the host that it may write to.</param>
public sealed record MachineFacts(string Name, bool IsEphemeral, IReadOnlyList<string> Bound);

/// <summary>A job of services.restic.backups. Secrets are paths of files alone.</summary>
public sealed record ResticFacts(
    string Name,
    IReadOnlyList<string> Paths,
    IReadOnlyList<string> Excludes,
    string? Repository,
    IReadOnlyList<string> Calendar,
    string? RandomizedDelay,
    IReadOnlyList<string> PruneOptions,
    string? PasswordFile,
    string? EnvironmentFile,
    bool HasDynamicFiles,
    bool HasLogin);

/// <summary>A file system.</summary>
public sealed record MountFacts(string MountPoint, string? Device, string? Type, bool IsBind);
