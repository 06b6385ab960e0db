using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>
/// State outside of /var/lib is what people forget, and so is a second place. A place below /var/lib of its own may have been moved
/// by an option, so it is missed only where another one of the service stands in its usual place.
/// </summary>
internal static class StateElsewhereRule
{
    private const string Usual = "/var/lib";

    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var known in lints.Known(plan))
        {
            var isInPlace = known.Entry.State.Any(place => IsRead(plan, place));
            foreach (var place in known.Entry.State.Where(place => !IsDecided(plan, place)))
            {
                if (!isInPlace && !(known.IsNamed && !HiddenPlaces.Contains(Usual, place.Path)))
                    continue;
                lints.Report(
                    Codes.StateElsewhere,
                    known.Service.At,
                    $"{known.Entry.Title} keeps state in '{place.Path}', too, which is not in the backup of service '{known.Service.Name}'",
                    plan.Declaration,
                    known.Service.Declaration);
            }
        }
    }

    private static bool IsDecided(HostPlan plan, StatePlace place) =>
        IsRead(plan, place) || plan.NeverBackUp.Any(never => HiddenPlaces.Contains(never.Path, place.Path));

    // A link to it is a matter of another rule.
    private static bool IsRead(HostPlan plan, StatePlace place) => plan.Services.Any(service => service.Paths.Any(path =>
        HiddenPlaces.Contains(path.Path, place.Path)
        || HiddenPlaces.Contains(place.Path, path.Path)
        || path.Path == KnownService.LinkTo(place.Path)));
}
