using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NixGen.Inventory.Reading;

/// <summary>The events of YamlDotNet's parser, one by one; a syntax error becomes a finding and ends the reading of the file.</summary>
internal sealed class YamlEvents
{
    private readonly string _text;
    private readonly FileFindings _findings;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Stack<int> _open = new();
    private long _left;
    private ParsingEvent? _previous;

    public YamlEvents(string text, FileFindings findings)
    {
        _text = text;
        _findings = findings;
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
        // No event without a character that causes it, or almost; a parser that turns in a circle must not take us along.
        _left = 4L * text.Length + 64;
    }

    /// <summary>The event to look at; valid after the first <see cref="Next"/>.</summary>
    public ParsingEvent Current => _parser.Current!;

    /// <summary>Where the event before the current one ends, as an index into the text.</summary>
    public int PreviousEnd => _previous is null ? 0 : Index(_previous.End);

    /// <exception cref="ReadingStoppedException">The text is no YAML from here on.</exception>
    public void Next()
    {
        Track(_parser.Current);
        try
        {
            if (_left-- > 0 && _parser.MoveNext())
                return;
        }
        // Not only YamlException: the scanner also throws InvalidOperationException (text in brackets that is indented
        // too little) and ArgumentException (odd tags, anchors and surrogates) at what is only wrong input.
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            Fail(e);
        }

        Fail(new YamlException(_scanner.CurrentPosition, _scanner.CurrentPosition, ""));
    }

    private void Track(ParsingEvent? done)
    {
        _previous = done;
        switch (done)
        {
            case MappingStart map:
                _open.Push(map.Style == MappingStyle.Flow ? Index(map.Start) : -1);
                break;
            case SequenceStart list:
                _open.Push(list.Style == SequenceStyle.Flow ? Index(list.Start) : -1);
                break;
            case MappingEnd or SequenceEnd:
                _open.TryPop(out _);
                break;
        }
    }

    private void Fail(Exception e)
    {
        var error = new SyntaxError(_text, e, _scanner.CurrentPosition, _previous, OpenBracket()).Explain();
        var at = _findings.At(_text, error.Index);
        // What follows a mistake in the same line mostly follows from it; the tree is incomplete either way.
        if (_findings.LastLine != at.Line)
            _findings.Report(error.Code, at, error.Message, error.Help);
        throw new ReadingStoppedException();
    }

    // The innermost bracket that is still open; -1 for none. The map in [a: b] has no bracket and no mark of its own.
    private int OpenBracket()
    {
        foreach (var index in _open)
        {
            if (index < 0)
                return -1;
            if (index < _text.Length && _text[index] is '[' or '{')
                return index;
        }

        return -1;
    }

    private int Index(in Mark mark) => (int)Math.Min(mark.Index, _text.Length);
}
