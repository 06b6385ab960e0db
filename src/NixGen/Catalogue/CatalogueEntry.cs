using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Catalogue;

/// <summary>What is known of one NixOS service: where its state lies, which units write it, what of it can be made again.</summary>
/// <param name="Name">Its name; what a service of the inventory is called to be this one.</param>
/// <param name="At">Where the entry stands.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Category">Such as <c>media</c>.</param>
/// <param name="EnabledBy">
/// The option that is true where the service runs; null where NixOS has none. A <c>*</c> stands for any name of an instance, which is
/// <c>{name}</c> in paths and units.
/// </param>
/// <param name="Units">The systemd units that write the state.</param>
/// <param name="DynamicUser">Whether systemd gives it a user of its own at each start, and keeps its state in a <c>private</c> folder.</param>
/// <param name="State">Where it keeps what cannot be made again.</param>
/// <param name="Databases">What of it a database writes, by its kind; files are relative to the first place of <paramref name="State"/>.</param>
/// <param name="OtherDatabases">Which other databases it can be set up with, for people.</param>
/// <param name="Serves">The kind of databases that it keeps for other services: its state is backed up by copies of these.</param>
/// <param name="SuggestedExcludes">What can be made again; relative to each place, or absolute. Nothing is left out before somebody accepts.</param>
/// <param name="Media">Large data of users that lies in its state, or near it; as excludes are written.</param>
/// <param name="Notes">What else to know.</param>
/// <param name="Verified">Whether the module of NixOS was read and showed paths and units.</param>
/// <param name="Source">What was read, or why nothing was.</param>
public sealed record CatalogueEntry(
    string Name,
    SourceSpan At,
    string Title,
    string Category,
    string? EnabledBy,
    IReadOnlyList<string> Units,
    bool DynamicUser,
    IReadOnlyList<StatePlace> State,
    IReadOnlyList<Database> Databases,
    string? OtherDatabases,
    DatabaseKind? Serves,
    IReadOnlyList<string> SuggestedExcludes,
    IReadOnlyList<string> Media,
    string? Notes,
    bool Verified,
    string Source)
{
    /// <summary>Whether there may be several of it on a host, each with a name.</summary>
    public bool HasInstances => EnabledBy?.Contains('*') == true;
}

/// <summary>A folder or file with state.</summary>
/// <param name="Path">Absolute and real: for a DynamicUser below <c>/var/lib/private</c>, where restic finds data and no symlink.</param>
/// <param name="MovedBy">The option that moves it, if there is one.</param>
/// <param name="Otherwise">Where it lies instead, and when: for people.</param>
public sealed record StatePlace(string Path, string? MovedBy, string? Otherwise)
{
    /// <summary>Which part of what <see cref="MovedBy"/> names it is; null where it is the whole.</summary>
    public string? Below { get; init; }

    /// <summary>What in it can be moved away by an option of its own.</summary>
    public IReadOnlyList<StatePart> Parts { get; init; } = [];

    /// <summary>What <see cref="MovedBy"/> says as long as nothing was moved; with a DynamicUser, systemd's link may be meant.</summary>
    public string Unmoved => Below is null ? Path : Path[..^(Below.Length + 1)];
}

/// <summary>A folder or file in a place with state.</summary>
/// <param name="Folder">Relative to the place; <c>.</c> for the place itself.</param>
/// <param name="MovedBy">The option that moves it.</param>
public sealed record StatePart(string Folder, string MovedBy);
