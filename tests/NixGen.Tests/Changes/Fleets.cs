using NixGen.Changes;
using NixGen.Findings;
using NixGen.Planning;

namespace NixGen.Tests.Changes;

/// <summary>What inventories back up, and what becomes of it from one to the next.</summary>
internal static class Fleets
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<HostPlan> Plan(string inventory)
    {
        using var folder = new TemporaryFolder();
        folder.Write("inventory.yaml", inventory);
        var findings = new FindingList();
        var plans = Generator.Plan(null, folder.Path, findings);
        Assert.True(plans is not null, string.Join('\n', findings.Select(finding => $"{finding.At} {finding.Message}")) + "\n" + inventory);
        return plans!;
    }

    /// <summary>By the way that it takes in use: written, and read again.</summary>
    public static Fleet Written(string inventory) => new(
        [.. Plan(inventory).Select(plan => Coverage.Of(plan)).Select(coverage => Read(CoverageWriter.Text(coverage), coverage.Host))],
        new HashSet<string>());

    public static Coverage Read(string text, string host)
    {
        var reading = CoverageReading.Of(System.Text.Encoding.UTF8.GetBytes(text), host);
        return reading.Coverage ?? throw new Xunit.Sdk.XunitException(reading.Reason);
    }

    public static IReadOnlyList<Change> Compare(string before, string after) =>
        Comparison.Of(Written(before), [.. Plan(after).Select(Coverage.Of)], Now, TimeZoneInfo.Utc);
}
