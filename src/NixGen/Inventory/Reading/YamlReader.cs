using NixGen.Findings;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NixGen.Inventory.Reading;

/// <summary>
/// Reads one text as the subset of YAML that all readers read alike: one document, one map, texts, lists and maps,
/// no anchors, tags and merge keys, no key twice, no word of two meanings.
/// </summary>
internal sealed class YamlReader(string text, FileFindings findings)
{
    /// <summary>The root map is level 1. Bounds the recursion here, and the work of the scanner, which grows with the depth.</summary>
    public const int MaxDepth = 64;

    private const string AliasHelp = "Put quotes around it if it is a pattern or other text; write the value out otherwise.";

    private readonly YamlEvents _events = new(text, findings);
    private readonly ScalarReader _scalars = new(text, findings);

    /// <summary>Returns null after a finding, if something is missing from the tree.</summary>
    /// <exception cref="ReadingStoppedException">It had to stop; the finding is there.</exception>
    public YamlMap? Document()
    {
        _events.Next(); // to the start of the stream
        _events.Next();
        if (_events.Current is StreamEnd)
            return Empty();

        _events.Next();
        var root = Root();
        _events.Next(); // the document's end
        if (_events.Current is DocumentStart second)
        {
            findings.Report(Codes.SeveralDocuments, findings.At(second.Start), "a second document begins here");
            return null;
        }

        return root ?? Empty();
    }

    private YamlMap? Empty()
    {
        findings.Report(Codes.EmptyFile, new SourceSpan(findings.File, 1, 1), "the file holds nothing, or only comments");
        return null;
    }

    // Null for a document that says nothing.
    private YamlMap? Root()
    {
        switch (_events.Current)
        {
            case MappingStart map:
                _scalars.Properties(map);
                return Map(map, 1);
            case Scalar { Style: ScalarStyle.Plain, Tag.IsEmpty: true, Anchor.IsEmpty: true } scalar when AmbiguousScalar.IsNull(scalar.Value):
                _events.Next();
                return null;
            case NodeEvent node:
                var kind = node is Scalar ? "a text" : "a list";
                var help = node is Scalar { Value: var value } && value.Contains(':') ? "A key needs a colon and a blank: `key: value`." : null;
                findings.Report(Codes.WrongKind, findings.At(node.Start), $"the inventory is {kind}, not a map of hosts, services and destinations", help);
                throw new ReadingStoppedException();
            default:
                Value(null, 0);
                throw new ReadingStoppedException();
        }
    }

    private YamlNode Value(YamlText? key, int depth, bool inMap = true, bool inFlow = false)
    {
        switch (_events.Current)
        {
            case Scalar scalar:
                var value = scalar is { Value: "", Style: ScalarStyle.Plain } ? Missing(scalar, key) : _scalars.Value(scalar, key, inMap, inFlow);
                _events.Next();
                return value;
            case SequenceStart list:
                _scalars.Properties(list);
                return List(list, depth + 1);
            case MappingStart { Style: MappingStyle.Flow } map when IsTemplate(map):
                findings.Report(Codes.ComplexKey, findings.At(map.Start), "a template in braces is a map to YAML, and nothing fills it in", "Put quotes around the value if it is text.");
                if (text[(int)map.Start.Index + 1] == '%')
                    throw new ReadingStoppedException(); // it stands where lines should, and what follows fits nothing
                Skip(depth);
                return new YamlBroken(findings.At(map.Start));
            case MappingStart map:
                _scalars.Properties(map);
                return Map(map, depth + 1, key);
            case AnchorAlias alias:
                findings.Report(Codes.Alias, findings.At(alias.Start), $"*{alias.Value} is an alias", AliasHelp);
                _events.Next();
                return new YamlBroken(findings.At(alias.Start));
            default: // the parser has lost count of keys and values, as after an empty key; no other way to it is known
                findings.Report(Codes.BrokenYaml, findings.At(text, _events.PreviousEnd), "a value is missing here", "Write the value.");
                throw new ReadingStoppedException();
        }
    }

    // The parser makes an empty scalar of what is not there, somewhere behind it; the key, or the dash, is where to look.
    private YamlBroken Missing(Scalar scalar, YamlText? key)
    {
        var at = key?.At ?? findings.At(text, DashBefore(scalar));
        if (!_scalars.Properties(scalar))
            findings.Report(Codes.NoValue, at, key is null ? "the list item has no value" : $"'{key.Value}' has no value", NoValueHelp(key));
        return new YamlBroken(at);
    }

    private static string? NoValueHelp(YamlText? key) =>
        key is { Plain: true } && key.Value.Contains(':') ? "A key needs a colon and a blank: `key: value`." : null;

    private int DashBefore(Scalar scalar)
    {
        var index = (int)Math.Min(scalar.Start.Index, text.Length);
        return index > 0 && text[index - 1] == '-' ? index - 1 : index;
    }

    private bool IsTemplate(MappingStart map) =>
        HasMark(map) && text.AsSpan((int)map.Start.Index) is var rest && (rest.StartsWith("{{") || rest.StartsWith("{%"));

    private YamlList List(SequenceStart start, int depth)
    {
        Guard(start, depth);
        _events.Next();
        var items = new List<YamlNode>();
        while (_events.Current is not SequenceEnd)
            items.Add(Value(null, depth, inMap: false, inFlow: start.Style == SequenceStyle.Flow));
        _events.Next();
        return new YamlList(findings.At(start.Start), items);
    }

    private YamlMap Map(MappingStart start, int depth, YamlText? key = null)
    {
        Guard(start, depth);
        var flow = start.Style == MappingStyle.Flow;
        _events.Next();
        var map = new YamlMap(findings.At(depth == 1 || HasMark(start) ? start.Start : _events.Current.Start));
        for (var first = true; _events.Current is not MappingEnd; first = false)
        {
            if (flow && !first)
                Separated(',', "a comma is missing before this", "Separate the parts with commas.");
            Entry(map, flow, depth);
        }

        // What stands before and after the root belongs to it.
        map.Add([depth == 1
            ? new TextArea(new SourceSpan(findings.File), new SourceSpan(findings.File, int.MaxValue))
            : new TextArea(key?.At ?? map.At, flow ? findings.At(_events.Current.End) : End(_events.Current.End, (key?.At ?? map.At).Column))]);
        _events.Next();
        return map;
    }

    // A block ends for the parser where the next one begins. A comment between them belongs to it only if it is indented as its lines are.
    private SourceSpan End(in Mark next, int column)
    {
        var (end, line) = (findings.At(next), (int)next.Line);
        var to = (int)Math.Min(next.Index, text.Length);
        // The scanner takes the end of the text for a line of its own.
        if (next.Column == 1 && TextPosition.LineStart(text, to) < to)
            line--;
        while (true)
        {
            var start = TextPosition.LineStart(text, to);
            var words = text.AsSpan(start, to - start).TrimStart();
            if (!words.IsEmpty && words[0] != '#')
                return end;
            if (!words.IsEmpty && to - start - words.Length < column)
                end = new SourceSpan(findings.File, line, 1);
            if (start == 0)
                return end;
            to = start - (start > 1 && text.AsSpan(start - 2).StartsWith("\r\n") ? 2 : 1);
            line--;
        }
    }

    private void Entry(YamlMap map, bool flow, int depth)
    {
        var key = Key(flow, depth, out var merge);
        if (flow && _events.Current is not Scalar { Value: "", Style: ScalarStyle.Plain })
            Separated(':', "a colon is missing before this", "Write `key: value`.");
        if (merge)
        {
            Skip(depth);
            return;
        }

        var known = key is not null && map.TryGet(key.Value, out var earlier) ? earlier.Key : null;
        if (known is not null)
            findings.Report(Codes.DuplicateKey, key!.At, $"'{known.Value}' is already set at {known.At}");
        if (key is null && _events.Current is Scalar { Value: "" })
        {
            _events.Next(); // a broken key without a value: one finding
            return;
        }

        var value = Value(key, depth, inMap: true, inFlow: flow);
        if (key is not null && known is null)
            map.Add(new YamlEntry(key, value));
    }

    // Null after a finding, for a key that cannot stand in the tree; its value is still looked at.
    private YamlText? Key(bool flow, int depth, out bool merge)
    {
        merge = false;
        switch (_events.Current)
        {
            case Scalar scalar:
                YamlText? key = null;
                if (scalar is { Value: "<<", Style: ScalarStyle.Plain })
                    merge = true;
                else if (scalar.Value.Length > 0)
                    key = _scalars.Key(scalar, flow);
                _events.Next();
                if (merge)
                    findings.Report(Codes.MergeKey, findings.At(scalar.Start), "<< is a merge key");
                else if (scalar.Value.Length == 0)
                    NoName(scalar, flow);
                return key;
            case AnchorAlias alias:
                // After an alias for a key, the parser may have lost count of keys and values.
                findings.Report(Codes.Alias, findings.At(alias.Start), $"*{alias.Value} is an alias", AliasHelp);
                throw new ReadingStoppedException();
            default:
                findings.Report(Codes.ComplexKey, findings.At(_events.Current.Start), $"a key cannot be {(_events.Current is SequenceStart ? "a list" : "a map")}");
                Skip(depth);
                return null;
        }
    }

    // An empty plain key has a mark at the start of the text; its colon is before its value, which is now current.
    private void NoName(Scalar key, bool flow)
    {
        var next = (int)Math.Min(_events.Current.Start.Index, text.Length);
        var plain = key.Style == ScalarStyle.Plain;
        var at = plain ? findings.At(text, Math.Max(text.AsSpan(0, next).LastIndexOf(':'), 0)) : findings.At(key.Start);
        findings.Report(Codes.ComplexKey, at, "a key without a name");
        if (plain && !flow)
            throw new ReadingStoppedException(); // the parser takes what follows for the next key, if it is indented
    }

    // The parser takes {"a" "b"} for {"a": "b"}, and {a: [b] c: d} for {a: [b], c: d}.
    private void Separated(char by, string message, string help)
    {
        var (from, to) = (_events.PreviousEnd, (int)Math.Min(_events.Current.Start.Index, text.Length));
        if (from >= to || text.AsSpan(from, to - from).Contains(by) || text[from] == by)
            return;
        findings.Report(Codes.BrokenYaml, findings.At(text, to), message, help);
        throw new ReadingStoppedException();
    }

    // Passes over a node about which there is a finding already, so without another one when it is too deep.
    private void Skip(int depth)
    {
        var open = 0;
        do
        {
            if (_events.Current is MappingStart or SequenceStart && depth + ++open > MaxDepth)
                throw new ReadingStoppedException();
            if (_events.Current is MappingEnd or SequenceEnd)
                open--;
            _events.Next();
        }
        while (open > 0);
    }

    // The map in [a: b] has neither braces nor a mark; nothing but the root stands at the start.
    private static bool HasMark(ParsingEvent start) => start.Start.Index > 0;

    private void Guard(ParsingEvent start, int depth)
    {
        if (depth <= MaxDepth)
            return;
        findings.Report(Codes.TooDeep, HasMark(start) ? findings.At(start.Start) : findings.At(text, _events.PreviousEnd), $"nested deeper than {MaxDepth} levels");
        throw new ReadingStoppedException();
    }
}
