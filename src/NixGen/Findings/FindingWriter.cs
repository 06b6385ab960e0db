namespace NixGen.Findings;

/// <summary>Writes findings in one of the forms that people and machines read.</summary>
public abstract class FindingWriter
{
    public abstract void Write(TextWriter output, IReadOnlyCollection<Finding> findings);

    /// <summary><c>file:line:column: error NG1003: message</c>, which editors and terminals make a link of; the help below it, or below the last of several in a row with the same.</summary>
    /// <param name="color">Whether the reader is a terminal that shows colors.</param>
    public static FindingWriter Text(bool color) => new TextFindingWriter(color);

    /// <summary>Workflow commands that GitHub shows beside the lines of a pull request.</summary>
    public static FindingWriter GitHub { get; } = new GitHubFindingWriter();

    /// <summary>An array of objects: code, severity, file, line, column, message, help.</summary>
    public static FindingWriter Json { get; } = new JsonFindingWriter();

    internal static string Word(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
