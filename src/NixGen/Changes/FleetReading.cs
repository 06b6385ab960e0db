using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Changes;

/// <summary>From the files of an output folder, wherever it is, to what its hosts back up.</summary>
internal sealed class FleetReading(PublishScope scope, FindingList findings)
{
    private readonly SortedDictionary<string, Coverage> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);

    /// <summary>What was read.</summary>
    public Fleet Fleet => new([.. _hosts.Values], _unknown);

    /// <summary>The hosts of some files that this run is about.</summary>
    public IEnumerable<string> Hosts(IEnumerable<string> files) => files
        .Where(file => file.Contains('/') && scope.Covers(file))
        .Select(file => file.Split('/')[0])
        .Distinct(StringComparer.Ordinal);

    public static string FileOf(string host) => $"{host}/{Coverage.FileName}";

    public void Add(string host, byte[] utf8, string shown)
    {
        var reading = CoverageReading.Of(utf8, host);
        if (reading.Coverage is { } coverage)
        {
            _hosts.Add(host, coverage);
            return;
        }

        _unknown.Add(host);
        findings.Report(reading.Code!, new SourceSpan(shown, reading.Line, reading.Line > 0 ? 1 : 0), $"what host '{host}' backed up cannot be told: {reading.Reason}");
    }

    /// <summary>A file that is listed must be there; one that is not was never written.</summary>
    public void Missing(string host, bool isListed, string shown)
    {
        _unknown.Add(host);
        if (isListed)
            findings.Report(Codes.CannotCompare, new SourceSpan(shown), $"what host '{host}' backed up cannot be told: the file is gone");
        else
            findings.Report(Codes.NoCoverageYet, new SourceSpan(shown), $"what host '{host}' backed up cannot be told: it was generated before there was such a file");
    }

    public void Unreadable(string host) => _unknown.Add(host);
}
