using System.Collections;

namespace NixGen.Findings;

/// <summary>The findings of one run, in the order of their places. A step adds to it and goes on as far as it can.</summary>
public sealed class FindingList : IReadOnlyCollection<Finding>
{
    private readonly List<Finding> _findings = [];
    private readonly HashSet<Finding> _known = [];

    public int Count => _findings.Count;

    /// <summary>How many errors there are; a step that adds none was fine.</summary>
    public int Errors { get; private set; }

    public bool HasErrors => Errors > 0;

    /// <param name="code">From <see cref="Codes"/>.</param>
    /// <param name="at">Where, if it has a place.</param>
    /// <param name="message">What is wrong here.</param>
    /// <param name="help">What to do about it here; the remedy of the code when left out.</param>
    public void Report(FindingCode code, SourceSpan? at, string message, string? help = null)
    {
        var finding = new Finding(code, at, SecretForms.Mask(message), SecretForms.Mask(help ?? code.Remedy));
        // What stands in defaults is met again on every host; once is enough.
        if (!_known.Add(finding))
            return;
        _findings.Add(finding);
        if (code.Severity == Severity.Error)
            Errors++;
    }

    /// <summary>Takes back a finding, which turned out to be accepted.</summary>
    public void Withdraw(Finding finding)
    {
        if (_findings.Remove(finding) && _known.Remove(finding) && finding.Severity == Severity.Error)
            Errors--;
    }

    // Steps go by name, people read from the top. What has no place comes last; OrderBy keeps the order of the rest.
    public IEnumerator<Finding> GetEnumerator() => _findings
        .OrderBy(finding => finding.At is null)
        .ThenBy(finding => finding.At?.File, StringComparer.Ordinal)
        .ThenBy(finding => finding.At?.Line)
        .ThenBy(finding => finding.At?.Column)
        .GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
