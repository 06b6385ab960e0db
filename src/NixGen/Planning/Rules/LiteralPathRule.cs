using System.Text.RegularExpressions;
using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Patterns where a path is asked for. Some names are like that, so it is no error; [1] in a name is too usual to be one.</summary>
internal static partial class LiteralPathRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var service in plan.Services)
        {
            foreach (var (path, at) in Paths(service).Where(each => Pattern().IsMatch(each.Path)))
                lints.Report(Codes.LiteralPath, at, $"'{path}' of service '{service.Name}' means a name with these very characters", plan.Declaration, service.Declaration);
        }

        foreach (var never in plan.NeverBackUp.Where(never => Pattern().IsMatch(never.Path)))
            lints.Report(Codes.LiteralPath, never.At, $"'{never.Path}' in neverBackUp means a name with these very characters", plan.Declaration);
    }

    private static IEnumerable<(string Path, SourceSpan At)> Paths(ServicePlan service) => service.Paths
        .Select(path => (path.Path, path.At))
        .Concat((service.Declaration.Databases ?? [])
            .Where(database => database.Kind == DatabaseKind.Sqlite)
            .Select(database => (database.Name, database.At)));

    [GeneratedRegex(@"[*?]|\[\^?\w-\w\]|\{[^{}/]*,[^{}/]*\}")]
    private static partial Regex Pattern();
}
