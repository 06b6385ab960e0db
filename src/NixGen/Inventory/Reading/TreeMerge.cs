using NixGen.Findings;

namespace NixGen.Inventory.Reading;

/// <summary>Puts the tree of a further file into the tree of those before it: maps unite, all else may be set only once.</summary>
internal static class TreeMerge
{
    /// <summary>Returns false if it gave up, after a finding.</summary>
    /// <param name="target">Grows.</param>
    /// <param name="source">Of the later file; parts of it become parts of the target.</param>
    /// <param name="findings">Of the later file.</param>
    public static bool Into(YamlMap target, YamlMap source, FileFindings findings)
    {
        try
        {
            Unite(target, source, findings);
            return true;
        }
        catch (ReadingStoppedException)
        {
            return false;
        }
    }

    // As deep as a tree can be: YamlReader.MaxDepth.
    private static void Unite(YamlMap target, YamlMap source, FileFindings findings)
    {
        target.Add(source.Areas);
        foreach (var entry in source.Entries)
        {
            if (!target.TryGet(entry.Key.Value, out var first))
                target.Add(entry);
            else if (first.Value is YamlMap known && entry.Value is YamlMap more)
                Unite(known, more, findings);
            else
                findings.Report(Codes.DuplicateKey, entry.Key.At, $"'{entry.Key.Value}' is already set at {first.Key.At}");
        }
    }
}
