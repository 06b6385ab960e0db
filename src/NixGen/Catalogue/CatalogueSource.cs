using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Catalogue;

/// <summary>
/// The catalogue of a run. The one that is built in is read when somebody asks for it: most inventories say everything themselves, and
/// reading it would cost each <c>check</c> more than its own work. A user's own is read at once, so that its mistakes are told.
/// </summary>
public sealed class CatalogueSource
{
    /// <summary>What a user's own is called.</summary>
    public const string FileName = "catalogue.yaml";

    private readonly Lazy<StateCatalogue?> _catalogue;

    private CatalogueSource(Func<StateCatalogue?> read) => _catalogue = new Lazy<StateCatalogue?>(read);

    /// <summary>What is built in, and nothing else.</summary>
    public static CatalogueSource BuiltIn { get; } = new(() => StateCatalogue.BuiltIn);

    /// <summary>Whether anybody has asked for it.</summary>
    internal bool IsRead => _catalogue.IsValueCreated;

    /// <summary>The catalogue; null after an error in the user's own.</summary>
    public StateCatalogue? Catalogue => _catalogue.Value;

    /// <summary>The catalogue that goes with an inventory.</summary>
    /// <param name="option">The file that the user named; null for catalogue.yaml beside the inventory.</param>
    /// <param name="inventory">The inventory that the user named; null for the one in <paramref name="workingDirectory"/>.</param>
    /// <param name="workingDirectory">What relative paths are relative to.</param>
    /// <param name="findings">What is wrong with a user's own.</param>
    public static CatalogueSource Find(string? option, string? inventory, string workingDirectory, FindingList findings)
    {
        if (option is null && !TryFindBeside(inventory, workingDirectory, findings, out option))
            return new CatalogueSource(() => null);
        if (option is null)
            return new CatalogueSource(() => StateCatalogue.BuiltIn);
        var file = new InventoryFile(option.Replace(Path.DirectorySeparatorChar, '/'), Path.Combine(workingDirectory, option));
        var own = SourceText.Read(file, findings) is { } text ? StateCatalogue.Read(file.Name, text, findings) : null;
        var source = new CatalogueSource(() => own);
        _ = source.Catalogue;
        return source;
    }

    // Beside a file, beside a folder, or right in the folder, where it is no part of the inventory.
    private static bool TryFindBeside(string? inventory, string workingDirectory, FindingList findings, out string? found)
    {
        found = null;
        var named = Path.GetFullPath(inventory ?? "inventory", workingDirectory);
        var present = new[] { Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(named)), named }
            .Where(folder => folder is not null && Path.Exists(Path.Combine(folder, FileName)))
            .Select(folder => Shown(Path.Combine(folder!, FileName), inventory, workingDirectory))
            .ToList();
        if (present.Count == 2)
        {
            findings.Report(Codes.TwoCatalogues, new SourceSpan(present[1]), $"which catalogue is meant? There is {present[0]}, too");
            return false;
        }

        found = present.FirstOrDefault();
        return true;
    }

    // As the user names his inventory.
    private static string Shown(string file, string? inventory, string workingDirectory) =>
        (Path.IsPathRooted(inventory) ? file : Path.GetRelativePath(workingDirectory, file)).Replace(Path.DirectorySeparatorChar, '/');
}
