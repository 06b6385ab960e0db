namespace NixGen.Rendering;

/// <summary>
/// Looks whether a text can be Nix at all: strings, comments and brackets closed. It keeps a template that somebody changed from
/// publishing a file that stops the next <c>nixos-rebuild</c>; it is no parser.
/// </summary>
internal sealed class NixOutline
{
    private readonly string _text;
    private readonly Stack<(char Closing, int At)> _open = new();
    private int _at;

    private NixOutline(string text) => _text = text;

    /// <returns>What is wrong and in which line, or null.</returns>
    public static string? Problem(string text)
    {
        var outline = new NixOutline(text);
        return !text.EndsWith('\n') ? "its last line does not end" : outline.Scan();
    }

    private string? Scan()
    {
        while (_at < _text.Length)
        {
            if (Code() is { } problem)
                return problem;
        }

        return _open.TryPeek(out var unclosed) ? $"line {Line(unclosed.At)}: nothing closes this with {unclosed.Closing}" : null;
    }

    // One step outside of strings and comments.
    private string? Code()
    {
        switch (_text[_at])
        {
            case '#':
                var end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
                return null;
            case '/' when Next('*'):
                return Skip("*/", "comment");
            case '"':
                _at++;
                return Quoted(_at - 1);
            case '\'' when Next('\''):
                _at += 2;
                return Indented(_at - 2);
            case '{':
                return Open('}');
            case '[':
                return Open(']');
            case '(':
                return Open(')');
            case '}' or ']' or ')':
                return Close();
            default:
                _at++;
                return null;
        }
    }

    private string? Open(char closing)
    {
        _open.Push((closing, _at++));
        return null;
    }

    private string? Close()
    {
        var found = _text[_at];
        if (!_open.TryPop(out var open) || open.Closing is not ('"' or '\'') && open.Closing != found)
            return $"line {Line(_at)}: {found} closes nothing";
        var start = _at++;
        return open.Closing switch
        {
            // The end of an interpolation: back in the string that it stood in.
            '"' => found == '}' ? Quoted(open.At) : $"line {Line(start)}: {found} closes nothing",
            '\'' => found == '}' ? Indented(open.At) : $"line {Line(start)}: {found} closes nothing",
            _ => null,
        };
    }

    private string? Quoted(int start)
    {
        while (_at < _text.Length)
        {
            switch (_text[_at])
            {
                case '"':
                    _at++;
                    return null;
                case '\\':
                    _at += 2;
                    break;
                case '$' when Next('$'):
                    _at += 2;
                    break;
                case '$' when Next('{'):
                    _at += 2;
                    _open.Push(('"', start));
                    return null;
                default:
                    _at++;
                    break;
            }
        }

        return $"line {Line(start)}: the string is not closed";
    }

    private string? Indented(int start)
    {
        while (_at < _text.Length)
        {
            switch (_text[_at])
            {
                case '\'' when Next('\''):
                    // ''$ and ''' are escapes, ''\x too.
                    var after = _at + 2 < _text.Length ? _text[_at + 2] : ' ';
                    if (after is not ('$' or '\'' or '\\'))
                    {
                        _at += 2;
                        return null;
                    }

                    _at += after == '\\' ? 4 : 3;
                    break;
                case '$' when Next('$'):
                    _at += 2;
                    break;
                case '$' when Next('{'):
                    _at += 2;
                    _open.Push(('\'', start));
                    return null;
                default:
                    _at++;
                    break;
            }
        }

        return $"line {Line(start)}: the string is not closed";
    }

    private string? Skip(string closing, string what)
    {
        var start = _at;
        var end = _text.IndexOf(closing, _at + 2, StringComparison.Ordinal);
        if (end < 0)
            return $"line {Line(start)}: the {what} is not closed";
        _at = end + closing.Length;
        return null;
    }

    private bool Next(char character) => _at + 1 < _text.Length && _text[_at + 1] == character;

    private int Line(int at) => 1 + _text.AsSpan(0, Math.Min(at, _text.Length)).Count('\n');
}
