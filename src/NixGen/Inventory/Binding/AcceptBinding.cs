using NixGen.Findings;

namespace NixGen.Inventory.Binding;

/// <summary>What is accepted, by the code of its finding.</summary>
internal static class AcceptBinding
{
    public static AcceptScope Bind(KeyReader keys, FindingList findings)
    {
        var accepted = new List<Acceptance>();
        foreach (var (code, value) in keys.Entries("accept"))
        {
            if (Scalars.Reason(value, code.Value, findings) is not { } reason)
                continue;
            if (Codes.All.FirstOrDefault(known => known.Id == code.Value) is not { } known)
            {
                var meant = Suggestion.For(code.Value, Codes.All.Where(each => each.IsLint).Select(each => each.Id));
                findings.Report(Codes.BadAcceptance, code.At, $"there is no finding '{code.Value}'", meant is null ? null : $"Did you mean {meant}?");
            }
            else if (!known.IsLint)
            {
                findings.Report(Codes.BadAcceptance, code.At, $"{known.Id} ({known.Title}) cannot be accepted");
            }
            else
            {
                accepted.Add(new Acceptance(known.Id, reason.Value, code.At));
            }
        }

        return new AcceptScope(keys.What, accepted, keys.Areas);
    }
}
