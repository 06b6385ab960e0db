using System.Globalization;
using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Inventory.Binding;

/// <summary>
/// Reads the keys of one map, each by its kind. What was asked for is what may stand there: <see cref="Done"/> reports the rest,
/// so a key cannot be accepted and then ignored.
/// </summary>
internal sealed class KeyReader(YamlMap map, string what, FindingList findings)
{
    private readonly List<string> _known = [];

    public SourceSpan At => map.At;

    /// <summary>Of what the keys are, for people.</summary>
    public string What => what;

    /// <inheritdoc cref="YamlMap.Areas"/>
    public IReadOnlyList<TextArea> Areas => map.Areas;

    /// <summary>Whether something could not be read of what was asked for until now.</summary>
    public bool HasBroken => _known.Any(key => Nodes.HasBroken(map.Find(key)));

    public YamlNode? Find(string key)
    {
        if (!_known.Contains(key))
            _known.Add(key);
        return map.Find(key);
    }

    public Placed<string>? Text(string key) => Find(key) is { } node ? Scalars.Text(node, key, findings) : null;

    public Placed<string>? Reason(string key) => Find(key) is { } node ? Scalars.Reason(node, key, findings) : null;

    /// <summary>A text that must be there.</summary>
    public Placed<string>? RequiredText(string key) => Required(key) is { } node ? Scalars.Text(node, key, findings) : null;

    /// <summary>A reason that must be there.</summary>
    public Placed<string>? RequiredReason(string key) => Required(key) is { } node ? Scalars.Reason(node, key, findings) : null;

    private YamlNode? Required(string key)
    {
        if (Find(key) is { } node)
            return node;
        Missing(key);
        return null;
    }

    public bool? Flag(string key)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is YamlText { Plain: true, Value: "true" or "false" } text)
            return text.Value == "true";
        Nodes.WrongKind(node, $"`{key}` is true or false", "Write true or false, without quotes.", findings);
        return null;
    }

    /// <inheritdoc cref="Flag"/>
    public Placed<bool>? PlacedFlag(string key) => Flag(key) is { } flag ? new Placed<bool>(flag, Find(key)!.At) : null;

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int? Number(string key, int least, int most)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is YamlText { Plain: true } text
            && int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most)
        {
            return number;
        }

        if (node is not YamlBroken)
            findings.Report(Codes.BadValue, node.At, $"`{key}` is a whole number from {least} to {most}", $"Write a number from {least} to {most}, without quotes.");
        return null;
    }

    /// <summary>One of a few words.</summary>
    public T? Choice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Text(key) is not { } text)
            return null;
        foreach (var (word, value) in choices)
        {
            if (text.Value == word)
                return value;
        }

        var words = new List<string>();
        foreach (var (word, _) in choices)
            words.Add(word);
        findings.Report(Codes.BadValue, text.At, $"`{key}` cannot be '{text.Value}'", $"Write one of: {string.Join(", ", words)}.");
        return null;
    }

    /// <summary>A map whose keys are fixed.</summary>
    public KeyReader? Keys(string key, string of) =>
        Find(key) is { } node && Nodes.Map(node, $"`{key}`", findings) is { } inner ? new KeyReader(inner, of, findings) : null;

    /// <summary>A map whose keys are names that the user chose.</summary>
    public IReadOnlyList<YamlEntry> Entries(string key) =>
        Find(key) is { } node && Nodes.Map(node, $"`{key}`", findings) is { } inner ? inner.Entries : [];

    /// <summary>A list; null when the key is not there, which is not the same as an empty list.</summary>
    public IReadOnlyList<T>? List<T>(string key, Func<YamlNode, T?> item)
        where T : struct =>
        Items(key)?.Select(item).OfType<T>().ToList();

    /// <inheritdoc cref="List{T}(string, Func{YamlNode, T?})"/>
    public IReadOnlyList<YamlNode>? Items(string key)
    {
        switch (Find(key))
        {
            case null:
                return null;
            case YamlList list:
                return list.Items;
            case var node:
                Nodes.WrongKind(node, $"`{key}` is a list", $"Write a list: {key}: [first, second].", findings);
                return [];
        }
    }

    public void Missing(string key) =>
        findings.Report(Codes.MissingKey, map.At, $"{what} needs `{key}`", $"Add `{key}`.");

    /// <summary>Reports every key that nobody asked for.</summary>
    /// <returns>Whether there was none.</returns>
    public bool Done()
    {
        var errors = findings.Errors;
        foreach (var (key, _) in map.Entries)
        {
            if (_known.Contains(key.Value))
                continue;
            var meant = Suggestion.For(key.Value, _known);
            findings.Report(
                Codes.UnknownKey,
                key.At,
                $"unknown key `{key.Value}` in {what}",
                meant is null ? $"The keys here are: {string.Join(", ", _known)}." : $"Did you mean `{meant}`?");
        }

        return findings.Errors == errors;
    }
}
