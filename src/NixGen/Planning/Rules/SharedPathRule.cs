using NixGen.Findings;

namespace NixGen.Planning.Rules;

/// <summary>A path belongs to one service: who restores it must be clear.</summary>
internal static class SharedPathRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var service in plan.Services)
        {
            var kept = service.Paths.Select(path => path.Path).ToHashSet(StringComparer.Ordinal);
            foreach (var path in (service.Declaration.BackupPaths ?? []).Where(path => kept.Contains(path.Path)))
            {
                if (owners.TryAdd(path.Path, service.Name))
                    continue;
                lints.Report(
                    Codes.SharedPath,
                    path.At,
                    $"'{path.Path}' is declared by '{owners[path.Path]}' and by '{service.Name}'",
                    plan.Declaration,
                    service.Declaration);
            }
        }
    }
}
