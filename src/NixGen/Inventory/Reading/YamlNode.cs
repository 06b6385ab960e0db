using NixGen.Findings;

namespace NixGen.Inventory.Reading;

/// <summary>A value of the inventory that remembers where it stands. Classes, not records: nobody compares trees, and there are many nodes.</summary>
internal abstract class YamlNode(SourceSpan at)
{
    public SourceSpan At { get; } = at;

    /// <summary>What a message calls it: <c>a text</c>, <c>a list</c>, <c>a map</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar, exactly as written; what it means is for the reader of the key to say.</summary>
internal sealed class YamlText(SourceSpan at, string value, bool plain) : YamlNode(at)
{
    /// <summary>Without quotes and escapes; never with a control character.</summary>
    public string Value { get; } = value;

    /// <summary>Written without quotes: only such a text can be a number or a boolean.</summary>
    public bool Plain { get; } = plain;

    public override string Kind => "a text";
}

/// <summary>A list.</summary>
internal sealed class YamlList(SourceSpan at, IReadOnlyList<YamlNode> items) : YamlNode(at)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public override string Kind => "a list";
}

/// <summary>
/// A value that is there but cannot be used, and about which a finding already says why.
/// Whoever meets it takes its key as set and says nothing more: one mistake, one finding.
/// </summary>
internal sealed class YamlBroken(SourceSpan at) : YamlNode(at)
{
    public override string Kind => "a broken value";
}

/// <summary>A key of a map and its value.</summary>
internal readonly record struct YamlEntry(YamlText Key, YamlNode Value);
