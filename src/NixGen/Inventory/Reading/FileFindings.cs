using NixGen.Findings;
using YamlDotNet.Core;

namespace NixGen.Inventory.Reading;

/// <summary>The findings of one file: knows its name, and when it has become too much.</summary>
internal sealed class FileFindings(string file, FindingList findings)
{
    /// <summary>Nobody reads more at once, and a hostile file must not fill the memory with them.</summary>
    public const int Most = 200;

    private int _count;

    public string File => file;

    /// <summary>The line of the latest finding; 0 before the first.</summary>
    public int LastLine { get; private set; }

    public SourceSpan At(in Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    public SourceSpan At(ReadOnlySpan<char> text, int index)
    {
        var (line, column) = TextPosition.Of(text, index);
        return new SourceSpan(file, line, column);
    }

    /// <exception cref="ReadingStoppedException">The file has reached <see cref="Most"/>.</exception>
    public void Report(FindingCode code, SourceSpan at, string message, string? help = null)
    {
        var last = ++_count == Most;
        LastLine = at.Line;
        findings.Report(code, at, last ? $"{message} (finding {Most} of this file; the rest of it was not read)" : message, help);
        if (last)
            throw new ReadingStoppedException();
    }
}

/// <summary>Ends the reading of one file from within; the finding that says why has been reported.</summary>
internal sealed class ReadingStoppedException : Exception;
