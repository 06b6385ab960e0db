using NixGen.Findings;

namespace NixGen.Planning.Rules;

/// <summary>Large data of users that lies inside of a service's state, and came along without anybody's decision.</summary>
internal static class MediaRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        foreach (var known in lints.Known(plan).Where(known => known.Entry.Media.Count > 0))
        {
            var media = known.Entry.Media
                .Select(place => place.StartsWith('/') ? place : known.Root is { } root ? $"{root}/{place}" : null)
                .OfType<string>()
                .Where(place => known.Reads(plan, place))
                .ToList();
            if (media.Count > 0)
            {
                lints.Report(
                    Codes.MediaInBackup,
                    known.Service.At,
                    $"service '{known.Service.Name}' backs up media of {known.Entry.Title}: {string.Join(", ", media)}",
                    plan.Declaration,
                    known.Service.Declaration);
            }
        }
    }
}
