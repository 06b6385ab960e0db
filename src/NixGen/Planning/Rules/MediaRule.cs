using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning.Rules;

/// <summary>Where a service keeps large media in its state, whoever takes its paths from the catalogue should know before the bill comes.</summary>
internal static class MediaRule
{
    public static void Check(HostPlan plan, FindingList findings)
    {
        foreach (var service in plan.Services.Where(service => service.Catalogue is { Paths: true }))
        {
            var media = Places(service)
                .Where(place => !service.Excludes.Any(exclude => exclude == place || ResticPattern.LeavesOut(exclude, place)))
                .Where(place => !plan.NeverBackUp.Any(never => HiddenPlaces.Contains(never.Path, place)))
                .ToList();
            if (media.Count > 0)
                findings.Report(Codes.MediaInState, service.At, $"'{service.Name}' backs up what may be large: {string.Join(", ", media)}");
        }
    }

    private static IEnumerable<string> Places(ServicePlan service) => service.Catalogue!.Entry.Media.SelectMany(media => media.StartsWith('/')
        ? service.Paths.Any(path => HiddenPlaces.Contains(path.Path, media)) ? [media] : []
        : service.Paths.Select(path => $"{ResticPattern.Escape(path.Path)}/{media}"));
}
