using NixGen.Findings;

namespace NixGen.Inventory.Reading;

/// <summary>
/// Looks at the lines of a file before the YAML scanner does, for what the scanner misreports or, worse, accepts:
/// <list type="bullet">
/// <item>a tab as indentation, which it reports without a place;</item>
/// <item>unknown directives (<c>%x y</c>), which it skips without a word, also amid the document;</item>
/// <item>control characters, which it takes, some of them as line breaks that no editor shows;</item>
/// <item>the marks of a merge conflict, which it takes for keys without a colon;</item>
/// <item>very deep indentation: in a block scalar with an indentation indicator, more blanks than its look-ahead
/// buffer has places make it read old text again (YamlDotNet 18.1.0, LookAheadBuffer.Peek).</item>
/// </list>
/// </summary>
internal sealed class TextCheck
{
    /// <summary>In columns. The scanner's buffer has 1,024 places.</summary>
    public const int MaxIndentation = 1000;

    private readonly string _text;
    private readonly FileFindings _findings;
    private char[]? _cleaned;
    private bool _tab;
    private bool _deep;
    private bool _unreadable;

    private TextCheck(string text, FileFindings findings) => (_text, _findings) = (text, findings);

    /// <summary>Returns the text to parse, of the same length; null when its structure cannot be trusted, after a finding.</summary>
    public static string? Run(string text, FileFindings findings)
    {
        var check = new TextCheck(text, findings);
        check.Lines();
        if (check._unreadable)
            return null;
        return check._cleaned is null ? text : new string(check._cleaned);
    }

    private void Lines()
    {
        var number = 1;
        for (var start = 0; start < _text.Length; number++)
        {
            var end = TextPosition.LineEnd(_text, start);
            if (end > start)
                Line(number, start, _text.AsSpan(start, end - start));
            start = end < _text.Length ? TextPosition.AfterBreak(_text, end) : end;
        }
    }

    private void Line(int number, int start, ReadOnlySpan<char> line)
    {
        if (line[0] == '%')
            Unreadable(Codes.BrokenYaml, number, 1, "a line that begins with % is a YAML directive, which an inventory has no use for",
                "Remove the line; put quotes around a value that begins with %.");
        if (line.StartsWith("<<<<<<< "))
            Unreadable(Codes.BrokenYaml, number, 1, "a merge conflict was left in the file", "Keep one of the two versions and remove the lines <<<<<<<, ======= and >>>>>>>.");
        // Once: what is nested below it is deeper still.
        if (!_deep && line.Length > MaxIndentation && line[..MaxIndentation].IndexOfAnyExcept(' ') < 0)
        {
            _deep = true;
            Unreadable(Codes.TooDeep, number, MaxIndentation + 1, $"the line begins with more than {MaxIndentation} blanks", "Indent by two blanks per level.");
        }

        var at = line.IndexOfAny(Characters.InLine);
        if (at >= 0)
            Suspicious(number, start, line, at);
    }

    private void Suspicious(int number, int start, ReadOnlySpan<char> line, int first)
    {
        var content = line.IndexOfAnyExcept(' ', '\t');
        var blank = content < 0 || line[content] == '#';
        var reported = false;
        for (var i = first; i < line.Length; i++)
        {
            if (!Characters.InLine.Contains(line[i]))
                continue;
            if (line[i] == '\t')
            {
                if (blank && (content < 0 || i < content))
                    Replace(start + i, ' '); // indents nothing
                else if (i < content)
                    Tab(number, i + 1);
                continue;
            }

            // One per line. Replaced, so that neither the scanner's lines nor a second finding come of it.
            if (!reported)
                _findings.Report(Codes.ControlCharacter, new SourceSpan(_findings.File, number, i + 1), $"the line holds {Characters.Describe(line[i])}");
            reported = true;
            Replace(start + i, line[i] is '\v' or '\f' or '\u0085' or '\u2028' or '\u2029' ? ' ' : '\ufffd');
        }
    }

    private void Tab(int number, int column)
    {
        _unreadable = true;
        if (_tab)
            return; // such a file has a tab in every line
        _tab = true;
        _findings.Report(Codes.Tab, new SourceSpan(_findings.File, number, column), "a tab indents this line");
    }

    private void Unreadable(FindingCode code, int line, int column, string message, string help)
    {
        _unreadable = true;
        _findings.Report(code, new SourceSpan(_findings.File, line, column), message, help);
    }

    private void Replace(int index, char with) => (_cleaned ??= _text.ToCharArray())[index] = with;
}
