using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>
/// What is retired is not backed up. Otherwise an entry that somebody forgot would let the same thing go silently a second time.
/// </summary>
internal static class RetiredRule
{
    public static void Check(HostPlan plan, FindingList findings)
    {
        foreach (var entry in plan.Retired)
        {
            if (StillBackedUp(plan, entry) is { } what)
                findings.Report(Codes.RetiredButBackedUp, entry.At, $"{what} is retired, but host '{plan.Name}' still backs it up");
        }
    }

    private static string? StillBackedUp(HostPlan plan, RetiredDeclaration entry)
    {
        var jobs = plan.Jobs.Where(job => entry.Destination is null || job.Destination.Id == entry.Destination).ToList();
        var services = jobs.SelectMany(job => job.Services).Distinct().ToList();
        var where = entry.Destination is { } destination ? $" in '{destination}'" : "";
        return entry.Kind switch
        {
            RetiredKind.Host when plan.Name == entry.Name => $"the host '{entry.Name}'",
            RetiredKind.Service when services.Exists(service => service.Name == entry.Name) => $"the service '{entry.Name}'{where}",
            RetiredKind.Path when jobs.Exists(job => Reads(plan, job, entry.Name)) => $"the path '{entry.Name}'{where}",
            RetiredKind.Database when services.Exists(service => service.Databases.Any(database => database.Id == entry.Name)) =>
                $"the database '{entry.Name}'{where}",
            RetiredKind.Destination when plan.Destinations.Any(each => each.Id == entry.Name) => $"the destination '{entry.Name}'",
            // A job may go on, and keep less.
            _ => null,
        };
    }

    private static bool Reads(HostPlan plan, JobPlan job, string path) =>
        job.Services.Any(service => service.Paths.Any(each => HiddenPlaces.Contains(each.Path, path)))
        && !job.Empties(path)
        && !plan.NeverBackUp.Any(never => HiddenPlaces.Contains(never.Path, path));
}
