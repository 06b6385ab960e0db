using NixGen.Findings;

namespace NixGen.Tests.Inventory;

/// <summary>Remedies show <c>reason: …</c>. Who pastes one has given no reason.</summary>
public sealed class ReasonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("neverBackUp: { /srv/x: REASON }")]
    [InlineData("accept: { NG2018: REASON }")]
    [InlineData("retired: [{ service: plex, date: \"2026-01-31\", reason: REASON }]")]
    [InlineData("services: { x: { noBackup: REASON } }")]
    public void A_placeholder_is_no_reason(string entry)
    {
        foreach (var placeholder in (string[])["…", "\"...\"", "\"?\"", "\" - \""])
            Assert.Contains("is no reason", Assert.Single(Findings(entry, placeholder), finding => finding.Code == Codes.BadValue).Message);
        foreach (var reason in (string[])["Sold", "\"30 TB\"", "漢字"])
            Assert.DoesNotContain(Findings(entry, reason), finding => finding.Code == Codes.BadValue);
    }

    private FindingList Findings(string entry, string reason)
    {
        _folder.Write("inventory.yaml", entry.Replace("REASON", reason, StringComparison.Ordinal));
        var findings = new FindingList();
        Generator.Plan(null, _folder.Path, findings);
        return findings;
    }
}
