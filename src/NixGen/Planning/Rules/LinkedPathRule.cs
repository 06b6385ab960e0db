using NixGen.Findings;

namespace NixGen.Planning.Rules;

/// <summary>With a DynamicUser, systemd puts a link where everybody looks for the data; restic would store the link.</summary>
internal static class LinkedPathRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        var links = lints.Catalogue.Places
            .Select(place => (place.Name, Real: place.Path, Link: KnownService.LinkTo(place.Path)))
            .Where(each => each.Link is not null)
            .ToLookup(each => each.Link, StringComparer.Ordinal);
        foreach (var service in plan.Services)
        {
            foreach (var path in service.Paths)
            {
                foreach (var (name, real, _) in links[path.Path])
                {
                    lints.Report(
                        Codes.LinkedPath,
                        path.At,
                        $"'{path.Path}' of service '{service.Name}' is a link: {lints.Catalogue.Find(name)!.Title} keeps its data in '{real}'",
                        plan.Declaration,
                        service.Declaration,
                        help: $"Write {real}. If the unit has a user of its own here, accept it.");
                }
            }
        }
    }
}
