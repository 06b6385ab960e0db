namespace NixGen.Findings;

// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
internal sealed class GitHubFindingWriter : FindingWriter
{
    public override void Write(TextWriter output, IReadOnlyCollection<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var kind = finding.Severity == Severity.Note ? "notice" : Word(finding.Severity);
            var place = finding.At is { } at
                ? $"file={Property(at.File)}," + (at.Line > 0 ? $"line={at.Line},col={at.Column}," : "")
                : "";
            var title = Property($"{finding.Code.Id} {finding.Code.Title}");
            output.Write($"::{kind} {place}title={title}::{Data(finding.Message + "\n" + finding.Help)}\n");
        }
    }

    internal static string Data(string text) => text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");

    internal static string Property(string text) => Data(text).Replace(":", "%3A").Replace(",", "%2C");
}
