namespace NixGen.Findings;

internal sealed class TextFindingWriter(bool color) : FindingWriter
{
    public override void Write(TextWriter output, IReadOnlyCollection<Finding> findings)
    {
        var shown = findings.ToList();
        for (var index = 0; index < shown.Count; index++)
        {
            var finding = shown[index];
            if (finding.At is { } at)
                output.Write(Paint("1", $"{at}: "));
            output.Write(Paint(Hue(finding.Severity), $"{Word(finding.Severity)} {finding.Code.Id}: "));
            output.Write($"{finding.Message}\n");
            // What is to be done about several at once is said once, below the last.
            if (index + 1 < shown.Count && shown[index + 1] is var next && next.Code == finding.Code && next.Help == finding.Help)
                continue;
            foreach (var line in finding.Help.Split('\n'))
                output.Write($"    {line}\n");
        }
    }

    private string Paint(string hue, string text) => color ? $"\e[{hue}m{text}\e[0m" : text;

    private static string Hue(Severity severity) => severity switch
    {
        Severity.Error => "1;31",
        Severity.Warning => "1;33",
        _ => "1;36",
    };
}
