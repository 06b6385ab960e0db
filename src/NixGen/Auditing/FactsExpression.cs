using NixGen.Catalogue;
using NixGen.Languages.Nix;

namespace NixGen.Auditing;

/// <summary>The Nix function that takes the value of <c>nixosConfigurations.HOST</c> and gives what <see cref="FactsReader"/> reads.</summary>
public static class FactsExpression
{
    private const string Empty = "  catalogue = { };";

    /// <summary>The function, with the options of a catalogue filled in.</summary>
    public static string For(StateCatalogue catalogue)
    {
        using var stream = typeof(FactsExpression).Assembly.GetManifestResourceStream("facts.nix")!;
        using var reader = new StreamReader(stream);
        var options = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var entries in catalogue.Entries.Where(entry => entry.EnabledBy is not null).GroupBy(entry => entry.EnabledBy!))
            options.Add(entries.Key, entries.SelectMany(entry => entry.State).SelectMany(Moving).Distinct().ToList());
        var text = new System.Text.StringBuilder("  catalogue = ");
        NixLiteral.Write(text, options);
        return reader.ReadToEnd().Replace(Empty, $"{text};", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Moving(StatePlace place) =>
        place.Parts.Select(part => part.MovedBy).Prepend(place.MovedBy).OfType<string>();
}
