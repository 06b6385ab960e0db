using NixGen.Catalogue;
using NixGen.Inventory;

namespace NixGen.Auditing;

/// <summary>Something that runs on the host and keeps data.</summary>
/// <param name="Name">What a service of the inventory is best called to be this one.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Units">Its units, without <c>.service</c>.</param>
/// <param name="Places">Where it keeps state.</param>
/// <param name="Databases">What it keeps in a server of the host.</param>
/// <param name="Media">Large data of users in its state, as absolute paths.</param>
/// <param name="Entry">What the catalogue knows of it.</param>
public sealed record RunningService(
    string Name,
    string Title,
    IReadOnlyList<string> Units,
    IReadOnlyList<StatePath> Places,
    IReadOnlyList<DatabaseNeed> Databases,
    IReadOnlyList<string> Media,
    CatalogueEntry? Entry)
{
    /// <summary>Whether it belongs to the machine, and to no service: to back it up is a matter of taste.</summary>
    public bool IsOfMachine => Entry?.Category == SystemCategory;

    /// <summary>What the catalogue calls such entries.</summary>
    internal const string SystemCategory = "system";
}

/// <summary>A folder or file with state.</summary>
/// <param name="Path">Absolute and real.</param>
/// <param name="Reason">How NixGen knows of it.</param>
/// <param name="Link">A symlink that leads there; null where there is none.</param>
public sealed record StatePath(string Path, string Reason, string? Link)
{
    /// <summary>Why nobody backs it up; null for what is asked for.</summary>
    public string? Ordinary { get; init; }
}

/// <summary>A database that has to be copied.</summary>
/// <param name="Kind">Of which server.</param>
/// <param name="Name">Its name; null where nothing says which databases the server has.</param>
public sealed record DatabaseNeed(DatabaseKind Kind, string? Name);
