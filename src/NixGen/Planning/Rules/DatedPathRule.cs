using System.Text.RegularExpressions;
using NixGen.Findings;

namespace NixGen.Planning.Rules;

/// <summary>A path that is right or wrong with <c>system.stateVersion</c>, which no inventory knows. Who declares all places is right anyway.</summary>
internal static partial class DatedPathRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var known in lints.Known(plan))
        {
            foreach (var place in known.Entry.State.Where(place => place.Otherwise is not null))
            {
                var others = Path().Matches(place.Otherwise!).Select(match => match.Value).ToList();
                var declared = known.Service.Paths.Where(path => path.Path == place.Path || others.Contains(path.Path)).ToList();
                if (declared.Count == 0 || declared.Count > others.Count)
                    continue;
                lints.Report(
                    Codes.DatedPath,
                    declared[0].At,
                    $"{known.Entry.Title} of service '{known.Service.Name}' keeps its state in '{place.Path}', or in {place.Otherwise}",
                    plan.Declaration,
                    known.Service.Declaration);
            }
        }
    }

    [GeneratedRegex(@"(?<![^\s])/[^\s,;]+")]
    private static partial Regex Path();
}
