using NixGen.Findings;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NixGen.Inventory.Reading;

/// <summary>Decides which scalars may stand in the tree, as keys and as values.</summary>
internal sealed class ScalarReader(string text, FileFindings findings)
{
    /// <summary>A value that is written out; a finding and <see cref="YamlBroken"/> if it cannot be used.</summary>
    /// <param name="scalar">Not the empty one that the parser makes of nothing.</param>
    /// <param name="key">Its key; null for a list item.</param>
    /// <param name="inMap">It is the value of a key.</param>
    /// <param name="inFlow">It stands in [ ] or { }.</param>
    public YamlNode Value(Scalar scalar, YamlText? key, bool inMap, bool inFlow)
    {
        Properties(scalar);
        var at = findings.At(scalar.Start);
        var plain = IsPlain(scalar);
        if (plain && AmbiguousScalar.IsNull(scalar.Value))
            findings.Report(Codes.NoValue, at, key is null ? $"the list item is {scalar.Value}" : $"'{key.Value}' is {scalar.Value}, which is no value");
        else if (plain && inFlow && BadBeginning(scalar, inMap) is { } c)
            findings.Report(Codes.BrokenYaml, at, $"a value cannot begin with {c}", "Put quotes around it.");
        else if (plain && (inFlow || !inMap) && scalar.Start.Line != scalar.End.Line)
            findings.Report(Codes.BrokenYaml, at, "the text goes on in the next line, where a comma or a dash may be missing",
                "Put a comma or a dash between two items; write one item in one line, in quotes.");
        else if (IsClean(scalar) && !(plain && IsAmbiguous(scalar, at)))
            return new YamlText(at, scalar.Value, plain);
        return new YamlBroken(at);
    }

    /// <summary>A key with at least one character; null after a finding.</summary>
    public YamlText? Key(Scalar scalar, bool inFlow)
    {
        Properties(scalar);
        var at = findings.At(scalar.Start);
        var plain = IsPlain(scalar);
        if (plain && AmbiguousScalar.IsNull(scalar.Value))
            findings.Report(Codes.ComplexKey, at, $"the key {scalar.Value} means that there is none", $"Write \"{scalar.Value}\" if it is a name.");
        else if (plain && inFlow && BadBeginning(scalar, afterColon: false) is { } c)
            findings.Report(Codes.BrokenYaml, at, $"a key cannot begin with {c}", "Put quotes around it.");
        else if (IsClean(scalar))
        {
            // Stays in the tree even so: what refers to it by its name must find it.
            if (plain)
                IsAmbiguous(scalar, at);
            return new YamlText(at, scalar.Value, plain);
        }

        return null;
    }

    /// <summary>Reports the anchor and the tag of a node; false if it has none.</summary>
    public bool Properties(NodeEvent node)
    {
        if (node.Anchor.IsEmpty && node.Tag.IsEmpty)
            return false;

        var first = (int)node.Start.Index;
        var second = node.Anchor.IsEmpty || node.Tag.IsEmpty ? first : SecondWord(first);
        var anchorFirst = text[first] == '&';
        if (!node.Anchor.IsEmpty)
            findings.Report(Codes.Alias, findings.At(text, anchorFirst ? first : second), $"&{node.Anchor.Value} is an anchor");
        if (!node.Tag.IsEmpty)
            findings.Report(Codes.Tag, findings.At(text, anchorFirst ? second : first), "a tag changes what the value is");
        return true;
    }

    private int SecondWord(int index)
    {
        while (index < text.Length && !char.IsWhiteSpace(text[index]))
            index++;
        while (index < text.Length && char.IsWhiteSpace(text[index]))
            index++;
        return index;
    }

    // A tag has been reported; whatever it makes of the word, it is not ambiguous then.
    private static bool IsPlain(Scalar scalar) => scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty;

    private bool IsAmbiguous(Scalar scalar, SourceSpan at)
    {
        if (AmbiguousScalar.OtherReading(scalar.Value) is not { } other)
            return false;
        var otherwise = other == "a boolean" ? "; write true or false if it is not" : other.Contains("number") ? "; write a plain decimal number if it is one" : "";
        findings.Report(Codes.AmbiguousScalar, at, $"{scalar.Value} without quotes is text to some readers, {other} to others",
            $"Write \"{scalar.Value}\" if it is text{otherwise}.");
        return true;
    }

    private bool IsClean(Scalar scalar)
    {
        // Where it stands in the text as it is, that was reported; with escapes, or over several lines, it was not.
        if (SecretForms.IsIn(scalar.Value) && !SecretForms.IsIn(text[(int)scalar.Start.Index..(int)Math.Min(scalar.End.Index, text.Length)]))
            findings.Report(Codes.PlainSecret, findings.At(scalar.Start), "this looks like a secret");

        var bad = scalar.Value.AsSpan().IndexOfAny(Characters.InValue);
        if (bad < 0)
            return true;

        var c = scalar.Value[bad];
        var start = (int)scalar.Start.Index;
        var raw = text.AsSpan(start, (int)Math.Min(scalar.End.Index, text.Length) - start);
        // A tab is reported where it stands. An escape, or the line break of a text block, only shows where its text begins.
        var tab = c == '\t' ? Math.Max(raw.IndexOf('\t'), 0) : 0;
        findings.Report(Codes.ControlCharacter, findings.At(text, start + tab), $"the text holds {Characters.Describe(c)}", Help(scalar, c));
        return false;
    }

    private static string? Help(Scalar scalar, char c) =>
        c == '\n' && scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded ? "Write the text on one line, or as a text block that begins with >-." : null;

    // In brackets, the scanner takes what YAML forbids to begin a text, and drops the colon of ["a", :b].
    private char? BadBeginning(Scalar scalar, bool afterColon) =>
        scalar.Value[0] is '@' or '`' or '%' or '|' or '>' ? scalar.Value[0]
        : !afterColon && scalar.Start.Index > 0 && text[(int)scalar.Start.Index - 1] == ':' ? ':'
        : null;
}
