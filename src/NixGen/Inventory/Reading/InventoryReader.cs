using NixGen.Findings;

namespace NixGen.Inventory.Reading;

/// <summary>The first step of the way: from the files of an inventory to one tree with positions.</summary>
internal static class InventoryReader
{
    /// <summary>
    /// Reads a file, or all <c>*.yaml</c> and <c>*.yml</c> below a folder, and merges them. Goes on after a problem,
    /// so that <paramref name="findings"/> has those of all files.
    /// </summary>
    /// <param name="inventoryOption">
    /// A file or a folder, absolute or relative to the working directory; null for inventory.yaml or inventory/ there.
    /// </param>
    /// <param name="workingDirectory">Where a relative option begins.</param>
    /// <param name="findings">Receives what is wrong; all NG10xx and NG4001.</param>
    /// <returns>
    /// Null if something is missing from the tree, because a file could not be read to its end: whoever read on would
    /// report as unknown what is only unread. Otherwise the tree; values that cannot be used are <see cref="YamlBroken"/>.
    /// </returns>
    public static YamlMap? Read(string? inventoryOption, string workingDirectory, FindingList findings)
    {
        var before = findings.Count;
        var files = InventoryFiles.Find(inventoryOption, workingDirectory, findings);
        var complete = files.Count > 0 && findings.Count == before;
        YamlMap? merged = null;
        foreach (var file in files)
        {
            var tree = SourceText.Read(file, findings) is { } text ? ReadText(file.Name, text, findings) : null;
            complete &= tree is not null && (merged is null || TreeMerge.Into(merged, tree, new FileFindings(file.Name, findings)));
            merged ??= tree;
        }

        return complete ? merged : null;
    }

    /// <summary>Reads one text; null if something is missing from its tree, after a finding.</summary>
    internal static YamlMap? ReadText(string name, string text, FindingList findings)
    {
        var own = new FileFindings(name, findings);
        try
        {
            foreach (var (index, looks) in SecretForms.Find(text))
                own.Report(Codes.PlainSecret, own.At(text, index), $"this looks like {looks}");
            return TextCheck.Run(text, own) is { } clean ? new YamlReader(clean, own).Document() : null;
        }
        catch (ReadingStoppedException)
        {
            return null;
        }
    }
}
