using NixGen.Findings;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NixGen.Inventory.Reading;

/// <summary>
/// What is said about a syntax error. The index into the text is where the person has to look,
/// which is not always where the parser gave up.
/// </summary>
internal readonly record struct SyntaxProblem(FindingCode Code, int Index, string Message, string? Help = null);

/// <summary>Puts an error of YamlDotNet into the words, and to the place, that help the author of the text.</summary>
internal sealed class SyntaxError
{
    private readonly string _text;
    private readonly Exception _error;
    private readonly ParsingEvent? _previous;
    private readonly int _bracket;
    private readonly int _index;
    private readonly bool _atEnd;

    /// <param name="text">The whole file.</param>
    /// <param name="error">What the parser threw.</param>
    /// <param name="scanned">How far the scanner had come: the only place if the error has none.</param>
    /// <param name="previous">The last event before it.</param>
    /// <param name="bracket">The index of the innermost open [ or {; -1 for none.</param>
    public SyntaxError(string text, Exception error, Mark scanned, ParsingEvent? previous, int bracket)
    {
        (_text, _error, _previous, _bracket) = (text, error, previous, bracket);
        var mark = error is YamlException { Start: var start, End: var end } && end != Mark.Empty ? start : scanned;
        var index = (int)Math.Min(mark.Index, text.Length);
        _atEnd = string.IsNullOrWhiteSpace(text[index..]);
        _index = _atEnd ? LastCharacter(text.Length) : index;
    }

    public SyntaxProblem Explain()
    {
        var message = _error is YamlException ? _error.Message : "";
        return Names() ?? Scalars(message) ?? Brackets(message) ?? Structure(message) ?? new(Codes.BrokenYaml, _index, "the text cannot be read as YAML from here on");
    }

    // Not positioned, and in words of .NET: the name of a tag or an anchor does not please the parser.
    private SyntaxProblem? Names()
    {
        if (_error is not ArgumentException || _error is ArgumentOutOfRangeException)
            return null;
        var index = _text.AsSpan(0, Math.Min(_index + 1, _text.Length)).LastIndexOfAny('!', '&', '*');
        if (index < 0)
            return null;
        return _text[index] == '!'
            ? new(Codes.Tag, index, "a value that begins with ! is a tag", "Put quotes around it if it is text; remove the tag otherwise.")
            : new(Codes.Alias, index, "a value that begins with & or * is an anchor or an alias", "Put quotes around it if it is text.");
    }

    private SyntaxProblem? Scalars(string message)
    {
        if (message.Contains("a tag", StringComparison.Ordinal) || message.Contains("at end of tag", StringComparison.Ordinal) || message.Contains("tag handle", StringComparison.Ordinal))
            return new(Codes.Tag, _index, "a value that begins with ! is a tag", "Put quotes around it if it is text; remove the tag otherwise.");
        if (message.Contains("anchor", StringComparison.OrdinalIgnoreCase) && At(_index) is '&' or '*')
            return new(Codes.Alias, _index, "a value that begins with & or * is an anchor or an alias", "Put quotes around it if it is text.");
        if (message.Contains("end of stream", StringComparison.Ordinal) || message.Contains("document indicator", StringComparison.Ordinal))
            return Problem(_index, "the quote that begins here is never closed", "Close it in the same line; a quote inside '…' is written twice, one inside \"…\" as \\\".");
        if (message.Contains("wrong indentation", StringComparison.Ordinal))
            return Problem(_index, "the quote that begins here is not closed in its line", "Close it in the same line, or indent the lines that continue it.");
        if (message.Contains("a quoted scalar", StringComparison.Ordinal) || _error is ArgumentOutOfRangeException)
            return Problem(EscapeIndex(), "an escape that YAML does not know", "Write \\\\ for a backslash, or use single quotes, which take all characters literally.");
        if (message.Contains("cannot start any token", StringComparison.Ordinal))
            return Problem(_index, $"a value cannot begin with {At(_index)}", "Put quotes around it.");
        if (message.Contains("block scalar", StringComparison.Ordinal))
            return Problem(_index, "a text block (| or >) that is not well-formed", "Nothing but + or - may follow the | or >; its lines are all indented alike. Or write the text in quotes on one line.");
        return null;
    }

    private SyntaxProblem? Brackets(string message)
    {
        if (_bracket >= 0 && (_atEnd || _error is InvalidOperationException))
            return Problem(_bracket, $"the {_text[_bracket]} that begins here is never closed", $"Close it with {Closing(_bracket)}.");
        if (_error is InvalidOperationException && _text.AsSpan().TrimStart().StartsWith("..."))
            return Problem(_text.IndexOf("...", StringComparison.Ordinal), "... ends the document before it has begun", "Remove the line.");
        if (message.Contains("invalid comment", StringComparison.Ordinal))
            return Problem(_index, "a comment needs a blank before its #", "Put a blank before it; put quotes around the value if # belongs to it.");
        if (At(_index) is ']' or '}' && (_bracket < 0 || At(_index) != Closing(_bracket)))
            return Problem(_index, _bracket < 0 ? $"{At(_index)} closes nothing" : $"{At(_index)} does not close the {_text[_bracket]}", "Correct the brackets; put quotes around the value if they belong to it.");
        if (At(_index) == ',')
            return Problem(_index, At(_index + 1) == '#' ? "a comment needs a blank before its #" : "a value is missing before this comma", "Put quotes around a value that begins with a comma.");
        if (_bracket >= 0 && At(_index) == '-')
            return Problem(_index, "a list item (- ) cannot stand in brackets", "Write [a, b]; put quotes around a value that is a dash.");
        if (_bracket >= 0)
            return Problem(At(_index) == ':' ? FirstOfLineAfter(_bracket) : _index, $"a comma or the closing {Closing(_bracket)} is missing before this", "Separate the parts with commas; put quotes around a part that holds , : [ ] { } or #.");
        return null;
    }

    private SyntaxProblem? Structure(string message)
    {
        if (message.Contains("expected ':'", StringComparison.Ordinal))
            return Problem(FirstOfLine(HasColon(_index) || FirstOfLine(_index) != _index ? BeforeIndex() : _index), "a line that is neither a key with a colon nor a list item", "Write `key: value` or `- item`.");
        if (message.Contains("multiline plain scalar", StringComparison.Ordinal))
            return Problem(FirstOfLine(LastCharacter(LineStart(_index))), "a colon and a blank are missing in this line", "Write `key: value`, and a blank after the colon.");
        if (message.Contains("invalid mapping", StringComparison.Ordinal) || message.Contains("Mapping values", StringComparison.Ordinal))
            return SecondColon();
        if (message.Contains("Block sequence entries", StringComparison.Ordinal))
            return Problem(_index, "a list item (- ) cannot begin here", "Begin it in a line of its own, or write the list as [a, b].");
        if (message.Contains("Mapping keys", StringComparison.Ordinal))
            return Problem(_index, "a value cannot begin with ? and a blank", "Put quotes around it.");
        if (message.Contains("expected '-'", StringComparison.Ordinal))
            return Problem(_index, "a list item (- ) is expected here, indented like those above", "Correct the indentation, or put a `- ` before it.");
        if (message.Contains("expected key", StringComparison.Ordinal))
            return KeyExpected();
        if (_text.AsSpan(_index).StartsWith("..."))
            return Problem(_index, "... ends the document; nothing may follow it in its line", "Remove the line.");
        if (message.Contains("<document", StringComparison.Ordinal))
            return Problem(_index, "the inventory has ended before this: nothing may follow its closing }", "Write all of it into one map.");
        return null;
    }

    private SyntaxProblem SecondColon()
    {
        var first = FirstOfLine(_index);
        var line = _text.AsSpan(first, _index - first);
        if (line.Contains(": ", StringComparison.Ordinal) || first == _index)
            return Problem(_index, "a second colon in one line", "Put quotes around the value if the colon belongs to it; begin a map in a line of its own.");
        return Problem(first, "a key cannot stand below a key that has a value already", "Correct the indentation, or remove the value of the line above.");
    }

    private SyntaxProblem KeyExpected()
    {
        var first = FirstOfLine(_index);
        if (_previous is Scalar { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted } quoted && _index > quoted.Start.Index)
        {
            if (quoted.Start.Line != quoted.End.Line)
                return Problem((int)quoted.Start.Index, "the quote that begins here is not closed in its line", "Close it in the same line.");
            if (first < quoted.Start.Index)
                return Problem(_index, "text after the closing quote", "Put all of it into the quotes; a quote inside '…' is written twice, one inside \"…\" as \\\".");
        }

        if (_previous is Scalar { Style: ScalarStyle.Plain } word && word.Start.Column == _index - LineStart(_index) + 1 && FirstOfLine((int)word.Start.Index) == (int)word.Start.Index)
            return Problem((int)word.Start.Index, "a colon and a blank are missing in this line", "Write `key: value`, and a blank after the colon.");
        if (first < _index)
            return Problem(_index, "text after the end of the value", "Put quotes around the whole value.");
        var line = _text.AsSpan(first, TextPosition.LineEnd(_text, first) - first);
        if (line.StartsWith("- ") || line is "-")
            return Problem(_index, "a list item among the keys of a map", "Indent it below the key it belongs to.");
        if (HasColon(first))
            return Problem(_index, "the indentation fits none of the lines above", "Begin the line in the column of the keys it belongs to.");
        return Problem(_index, "a line that is neither a key with a colon nor a list item", "Write `key: value` or `- item`.");
    }

    private static SyntaxProblem Problem(int index, string message, string help) => new(Codes.BrokenYaml, index, message, help);

    private char At(int index) => index < _text.Length ? _text[index] : '\n';

    private char Closing(int bracket) => _text[bracket] == '[' ? ']' : '}';

    // The error names the quote as its start, and how far it came in the escape as its end.
    private int EscapeIndex()
    {
        var end = _error is YamlException yaml ? (int)Math.Min(yaml.End.Index, _text.Length - 1) : _index;
        return Math.Max(_text.LastIndexOf('\\', end), 0);
    }

    private bool HasColon(int index)
    {
        var start = LineStart(index);
        var line = _text.AsSpan(start, TextPosition.LineEnd(_text, start) - start);
        return line.Contains(": ", StringComparison.Ordinal) || line.EndsWith(":");
    }

    // The beginning of the line, or the place itself in the line of the bracket.
    private int FirstOfLineAfter(int bracket) => LineStart(_index) > bracket ? FirstOfLine(_index) : _index;

    // What the scanner misses is behind it: before the place in the same line, or at the end of a line above.
    private int BeforeIndex() => _atEnd ? _index : LastCharacter(_index);

    // The last character of a line that says something, before the index; comments and blank lines say nothing.
    private int LastCharacter(int index)
    {
        var before = _text.AsSpan(0, index).TrimEnd().Length;
        while (before > 0 && _text[FirstOfLine(before - 1)] == '#')
            before = _text.AsSpan(0, LineStart(before - 1)).TrimEnd().Length;
        return Math.Max(before - 1, 0);
    }

    private int LineStart(int index) => TextPosition.LineStart(_text, index);

    private int FirstOfLine(int index)
    {
        var start = LineStart(index);
        while (start < index && _text[start] == ' ')
            start++;
        return start;
    }
}
