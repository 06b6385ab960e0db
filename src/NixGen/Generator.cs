using NixGen.Catalogue;
using NixGen.Changes;
using NixGen.Findings;
using NixGen.Inventory.Binding;
using NixGen.Inventory.Reading;
using NixGen.Modules;
using NixGen.Planning;
using NixGen.Publishing;
using NixGen.Rendering;

namespace NixGen;

/// <summary>
/// The way of the data, from the text of an inventory to the text of modules; nothing here writes a file. A step that finds errors
/// lets those after it go on as far as they can tell something new, and the result is null.
/// </summary>
public static class Generator
{
    /// <summary>Reads an inventory and plans what each host does.</summary>
    /// <param name="inventory">The file or folder that the user named; null to look in <paramref name="workingDirectory"/>.</param>
    /// <param name="workingDirectory">What relative paths are relative to.</param>
    /// <param name="findings">Where to report.</param>
    /// <param name="catalogue">The user's own catalogue, if one was named; null for catalogue.yaml beside the inventory.</param>
    /// <returns>The hosts by name, or null after an error.</returns>
    public static IReadOnlyList<HostPlan>? Plan(string? inventory, string workingDirectory, FindingList findings, string? catalogue = null)
    {
        if (InventoryReader.Read(inventory, workingDirectory, findings) is not { } tree)
            return null;
        var declarations = InventoryBinding.Bind(tree, findings);
        var known = CatalogueSource.Find(catalogue, inventory, workingDirectory, findings);
        var plans = Planner.Plan(declarations, known, findings);
        return findings.HasErrors ? null : plans;
    }

    /// <summary>Renders the modules of some hosts, and says for machines what they back up.</summary>
    /// <returns>The files by path, or null after an error.</returns>
    public static IReadOnlyList<GeneratedFile>? Render(IEnumerable<HostPlan> plans, TemplateSet templates, FindingList findings)
    {
        var hosts = plans.ToList();
        var rendered = new (IReadOnlyList<GeneratedFile> Files, FindingList Findings)[hosts.Count];
        if (hosts.Count > 1)
            Parallel.For(0, hosts.Count, index => rendered[index] = Render(hosts[index], templates));
        else if (hosts is [var only])
            rendered[0] = Render(only, templates);
        foreach (var finding in rendered.SelectMany(host => host.Findings))
            findings.Report(finding.Code, finding.At, finding.Message, finding.Help);
        return findings.HasErrors ? null : [.. rendered.SelectMany(host => host.Files).OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static (IReadOnlyList<GeneratedFile> Files, FindingList Findings) Render(HostPlan plan, TemplateSet templates)
    {
        var findings = new FindingList();
        var files = HostModules.Compose(plan).Select(module => Renderer.Render(module, templates, findings)).OfType<GeneratedFile>().ToList();
        return ([.. files, CoverageWriter.File(Coverage.Of(plan))], findings);
    }
}
