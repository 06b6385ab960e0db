namespace NixGen.Findings;

/// <summary>How much a finding weighs: an error stops before anything is written, the others do not.</summary>
public enum Severity
{
    Note,
    Warning,
    Error,
}

/// <summary>A place in a file. Lines and columns count from 1; both are 0 where the whole file is meant.</summary>
/// <param name="File">The path as the user gave it, with forward slashes.</param>
/// <param name="Line">The line, or 0.</param>
/// <param name="Column">The column in UTF-16 code units, or 0.</param>
public readonly record struct SourceSpan(string File, int Line = 0, int Column = 0)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>A part of a file.</summary>
/// <param name="From">Its first character.</param>
/// <param name="To">The first character after it.</param>
public readonly record struct TextArea(SourceSpan From, SourceSpan To)
{
    public bool Contains(SourceSpan place) => place.File == From.File && !IsBefore(place, From) && IsBefore(place, To);

    /// <summary>Whether another one lies in it.</summary>
    public bool Contains(TextArea other) => Contains(other.From) && !IsBefore(To, other.To);

    private static bool IsBefore(SourceSpan one, SourceSpan other) => (one.Line, one.Column).CompareTo((other.Line, other.Column)) < 0;
}

/// <summary>What stands behind the code of a finding; the code is a public contract, the texts are not.</summary>
/// <param name="Id">Stable, such as NG1003; never used twice, also after it is retired.</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Title">A few words, for lists.</param>
/// <param name="Cause">What happened and why it matters.</param>
/// <param name="Example">A few lines that cause the finding.</param>
/// <param name="Remedy">What to do about it; also the help of a finding that has no better one.</param>
public sealed record FindingCode(string Id, Severity Severity, string Title, string Cause, string Example, string Remedy)
{
    /// <summary>About what may be intended: an inventory can accept it, with a reason. docs/lints.md lists them.</summary>
    public bool IsLint { get; init; }
}

/// <summary>One thing that NixGen found: data, never text on a console.</summary>
/// <param name="Code">Which kind of finding.</param>
/// <param name="At">Where, if it has a place.</param>
/// <param name="Message">What is wrong here, in one line.</param>
/// <param name="Help">What to do about it here, in one line or a few.</param>
public sealed record Finding(FindingCode Code, SourceSpan? At, string Message, string Help)
{
    public Severity Severity => Code.Severity;
}
