using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning;

/// <summary>
/// Paths that something else in the inventory leaves out: one inside of what is never backed up, and one that an exclude empties. An
/// exclude holds for a whole run of restic, of another service's paths too; the folder would be stored empty, without a word. Who accepts
/// that says that the path is not backed up: it goes from the backup paths to what never is, with the reason.
/// </summary>
internal static class ShadowedPaths
{
    /// <returns>The plan without the paths of which that is accepted.</returns>
    public static HostPlan Settle(HostPlan plan, FindingList findings, Lints lints)
    {
        var accepted = new Dictionary<(string Service, string Path), string>();
        foreach (var service in plan.Services)
        {
            foreach (var path in service.Paths)
            {
                if (plan.NeverBackUp.FirstOrDefault(never => HiddenPlaces.Contains(never.Path, path.Path)) is { } never
                    && never.Path != plan.TokenFile?.Value
                    && Report(Codes.NeverBackedUp, service, path.Path, path.At, $"must never be backed up: {never.Reason}") is { } reason)
                {
                    accepted[(service.Name, path.Path)] = reason;
                }
            }

            // Nobody gives up the copies of a database by saying so of a folder around them, or in them.
            if (service.Copies is { } copies
                && plan.NeverBackUp.FirstOrDefault(each => HiddenPlaces.Contains(each.Path, copies) || HiddenPlaces.Contains(copies, each.Path)) is { } bar)
            {
                findings.Report(
                    Codes.NeverBackedUp,
                    service.At,
                    Message(service, copies, $"must never be backed up: {bar.Reason}"),
                    "Remove the entry of neverBackUp, or the databases of the service.");
            }
        }

        foreach (var shadow in Shadows(plan))
        {
            var (service, path) = (shadow.Owner, shadow.Path);
            var message = $"would be empty in the backup: service '{shadow.By.Name}' excludes '{shadow.Exclude}' in the same job";
            // Not to be accepted where it is in another backup all the same, which would then lose it; and never for copies of databases.
            if (path == service.Copies)
                findings.Report(Codes.ExcludedPath, shadow.At, Message(service, path, message));
            else if (Elsewhere(plan, path) is { } job)
                findings.Report(Codes.ExcludedPath, shadow.At, Message(service, path, message), $"The backup '{job.Name}' has it, or a part of it: {Codes.ExcludedPath.Remedy}");
            else if (Report(Codes.ExcludedPath, service, path, shadow.At, message, shadow.By == service ? "Remove the exclude, or the backup path." : null) is { } reason)
                accepted[(service.Name, path)] = reason;
        }

        return accepted.Count == 0 ? plan : Without(plan, accepted);

        string? Report(FindingCode code, ServicePlan service, string path, SourceSpan at, string what, string? help = null) =>
            lints.Report(code, at, Message(service, path, what), plan.Declaration, service.Declaration, help: help);
    }

    private static string Message(ServicePlan service, string path, string what) => $"'{path}' of service '{service.Name}' {what}";

    // A job that backs up a path, a folder around it or something in it, and does not leave that out.
    private static JobPlan? Elsewhere(HostPlan plan, string path) => plan.Jobs.FirstOrDefault(job =>
        job.Services.SelectMany(service => service.BackedUp).Any(each =>
            (HiddenPlaces.Contains(each, path) && !job.Empties(path)) || (HiddenPlaces.Contains(path, each) && !job.Empties(each))));

    private static HostPlan Without(HostPlan plan, Dictionary<(string Service, string Path), string> accepted)
    {
        var services = plan.Services.ToDictionary(service => service.Name, service => Without(service, accepted), StringComparer.Ordinal);
        var jobs = plan.Jobs
            .Select(job => job with { Services = [.. job.Services.Select(service => services[service.Name]).Where(service => service.HasData)] })
            .Where(job => job.Services.Count > 0)
            .Select(job => job with { IsNightly = job.Services.Any(service => service.IsStandard) })
            .ToList();
        return plan with
        {
            Services = [.. plan.Services.Select(service => services[service.Name])],
            Jobs = jobs,
            // One that nothing goes to any more has nothing to check, and may not even exist.
            Destinations = [.. plan.Destinations.Where(destination => jobs.Exists(job => job.Destination.Id == destination.Id))],
            NeverBackUp =
            [
                .. plan.NeverBackUp
                    .Concat(accepted
                        .Where(each => !plan.NeverBackUp.Any(outer => HiddenPlaces.Contains(outer.Path, each.Key.Path)))
                        .Select(each => new NeverDeclaration(each.Key.Path, each.Value, services[each.Key.Service].At)))
                    .DistinctBy(never => never.Path)
                    .OrderBy(never => never.Path, StringComparer.Ordinal),
            ],
        };
    }

    private static ServicePlan Without(ServicePlan service, Dictionary<(string Service, string Path), string> accepted)
    {
        var gone = accepted.Keys.Where(each => each.Service == service.Name).Select(each => each.Path).ToHashSet(StringComparer.Ordinal);
        if (gone.Count == 0)
            return service;
        var left = service with { Paths = [.. service.Paths.Where(path => !gone.Contains(path.Path))] };
        // Its excludes hold for nothing else.
        left = left with
        {
            Excludes = [.. left.Excludes.Where(exclude => left.Paths.Any(path => ResticPattern.Below(exclude, path.Path) is not null) || left.LiveFiles.Contains(exclude))],
        };
        return left.HasData
            ? left
            : left with { IsStandard = false, NoBackup = string.Join("; ", gone.Order(StringComparer.Ordinal).Select(path => accepted[(service.Name, path)]).Distinct()) };
    }

    private sealed record Shadow(ServicePlan Owner, string Path, SourceSpan At, ServicePlan By, string Exclude);

    private static List<Shadow> Shadows(HostPlan plan)
    {
        var shadows = new List<Shadow>();
        foreach (var job in plan.Jobs)
        {
            var paths = job.Services
                .SelectMany(service => service.Paths, (service, path) => (Service: service, path.Path, path.At))
                .Concat(job.Services.Where(service => service.Copies is not null).Select(service => (Service: service, Path: service.Copies!, service.At)))
                .OrderBy(each => each.Path, StringComparer.Ordinal)
                .ToList();
            foreach (var service in job.Services)
            {
                foreach (var exclude in service.Excludes)
                {
                    shadows.AddRange(Candidates(paths, exclude)
                        .Where(each => ResticPattern.Empties(exclude, each.Path))
                        .Select(each => new Shadow(each.Service, each.Path, each.At, service, exclude)));
                }
            }
        }

        return shadows;
    }

    // Of sorted paths those that begin as the exclude does: a look at every path for every exclude would be too much.
    private static IEnumerable<(ServicePlan Service, string Path, SourceSpan At)> Candidates(
        List<(ServicePlan Service, string Path, SourceSpan At)> paths,
        string exclude)
    {
        var start = ResticPattern.LiteralStart(exclude);
        var (first, after) = (0, paths.Count);
        while (first < after)
        {
            var middle = (first + after) / 2;
            if (string.CompareOrdinal(paths[middle].Path, start) < 0)
                first = middle + 1;
            else
                after = middle;
        }

        return paths.Skip(first).TakeWhile(each => each.Path.StartsWith(start, StringComparison.Ordinal));
    }
}
