using System.Collections;

namespace NixGen.Findings;

/// <summary>The findings of one run, in the order in which they were made. A step adds to it and goes on as far as it can.</summary>
public sealed class FindingList : IReadOnlyCollection<Finding>
{
    private readonly List<Finding> _findings = [];

    public int Count => _findings.Count;

    public bool HasErrors { get; private set; }

    /// <param name="code">From <see cref="Codes"/>.</param>
    /// <param name="at">Where, if it has a place.</param>
    /// <param name="message">What is wrong here.</param>
    /// <param name="help">What to do about it here; the remedy of the code when left out.</param>
    public void Report(FindingCode code, SourceSpan? at, string message, string? help = null)
    {
        _findings.Add(new Finding(code, at, message, help ?? code.Remedy));
        HasErrors |= code.Severity == Severity.Error;
    }

    public IEnumerator<Finding> GetEnumerator() => _findings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
