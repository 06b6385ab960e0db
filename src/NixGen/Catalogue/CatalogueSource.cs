using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Catalogue;

/// <summary>Finds the catalogue of a run: what is built in, and a user's own over it.</summary>
public static class CatalogueSource
{
    /// <summary>What a user's own is called.</summary>
    public const string FileName = "catalogue.yaml";

    /// <summary>The catalogue that goes with an inventory.</summary>
    /// <param name="option">The file that the user named; null for catalogue.yaml beside the inventory.</param>
    /// <param name="inventory">The inventory that the user named; null for the one in <paramref name="workingDirectory"/>.</param>
    /// <param name="workingDirectory">What relative paths are relative to.</param>
    /// <param name="findings">What is wrong with a user's own.</param>
    /// <returns>Null after an error in a user's own.</returns>
    public static StateCatalogue? Find(string? option, string? inventory, string workingDirectory, FindingList findings)
    {
        if (option is null && !TryFindBeside(inventory, workingDirectory, findings, out option))
            return null;
        if (option is null)
            return StateCatalogue.BuiltIn;
        var file = new InventoryFile(option.Replace(Path.DirectorySeparatorChar, '/'), Path.Combine(workingDirectory, option));
        return SourceText.Read(file, findings) is { } text ? StateCatalogue.From(file.Name, text, findings) : null;
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
