namespace NixGen.Catalogue;

/// <summary>What the catalogue said of a service of the inventory.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Paths">Whether its paths are those of the entry.</param>
/// <param name="Databases">Whether its databases are.</param>
/// <param name="Units">Whether its units are.</param>
/// <param name="Excludes">What of its excludes is; as the entry writes them.</param>
public sealed record CatalogueUse(CatalogueEntry Entry, bool Paths, bool Databases, bool Units, IReadOnlyList<string> Excludes)
{
    /// <summary>What of the service comes from the entry, in the words of the inventory.</summary>
    public IEnumerable<string> Keys =>
        new (bool Taken, string Key)[] { (Paths, "backupPaths"), (Databases, "databases"), (Units, "units"), (Excludes.Count > 0, "backupExcludes") }
            .Where(key => key.Taken)
            .Select(key => key.Key);
}
