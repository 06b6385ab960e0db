using NixGen.Catalogue;
using NixGen.Languages.Nix;

namespace NixGen.Auditing;

/// <summary>The Nix function that takes the value of <c>nixosConfigurations.HOST</c> and gives what <see cref="FactsReader"/> reads.</summary>
public static class FactsExpression
{
    private const string Empty = "  catalogue = [ ];";

    /// <summary>The function, with the options of a catalogue filled in.</summary>
    public static string For(StateCatalogue catalogue)
    {
        using var stream = typeof(FactsExpression).Assembly.GetManifestResourceStream("facts.nix")!;
        using var reader = new StreamReader(stream);
        var entries = catalogue.Entries.Where(entry => entry.EnabledBy is not null).Select(object? (entry) => new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["enabledBy"] = Names(entry.EnabledBy!),
            ["movedBy"] = entry.State.Select(place => place.MovedBy).OfType<string>().Distinct().Select(object? (option) => Names(option)).ToList(),
        }).ToList();
        var text = new System.Text.StringBuilder("  catalogue = ");
        NixLiteral.Write(text, entries);
        return reader.ReadToEnd().Replace(Empty, $"{text};", StringComparison.Ordinal);
    }

    private static List<string> Names(string option) => [.. option.Split('.')];
}
