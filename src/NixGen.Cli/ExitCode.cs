using NixGen.Findings;

namespace NixGen.Cli;

/// <summary>What the process says to scripts. Part of the contract: see the README.</summary>
internal static class ExitCode
{
    public const int Fine = 0;
    public const int InventoryErrors = 1;
    public const int WrongUsage = 2;
    public const int Drift = 3;
    public const int InputOutput = 4;

    /// <summary>EX_SOFTWARE of sysexits(3).</summary>
    public const int Bug = 70;

    /// <summary>The code for what was found. What keeps NixGen from telling weighs more than what it tells.</summary>
    public static int For(FindingList findings)
    {
        var errors = findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code).ToHashSet();
        return errors switch
        {
            { Count: 0 } => Fine,
            _ when errors.Overlaps(Unreadable) => InputOutput,
            _ when errors.All(Drifts.Contains) => Drift,
            _ => InventoryErrors,
        };
    }

    private static readonly HashSet<FindingCode> Drifts =
        [Codes.Drifted, Codes.MissingFile, Codes.LeftOver, Codes.EditedByHand, Codes.BacksUpLess];

    private static readonly HashSet<FindingCode> Unreadable =
    [
        Codes.CannotRead, Codes.CannotWrite, Codes.ForeignFile, Codes.BrokenManifest, Codes.Busy, Codes.NewerManifest, Codes.CannotCompare,
        Codes.BadFacts, Codes.FactsOfAnotherFormat, Codes.NixFailed, Codes.BadBaseline,
    ];
}
