using NixGen.Catalogue;
using NixGen.Findings;

namespace NixGen.Tests.Catalogue;

/// <summary>The catalogue that is built in can be read, and a user's goes before it.</summary>
public class StateCatalogueTests
{
    [Fact]
    public void What_is_built_in_has_no_finding()
    {
        using var reader = new StreamReader(typeof(StateCatalogue).Assembly.GetManifestResourceStream("catalogue.yaml")!);
        var findings = new FindingList();
        StateCatalogue.From("catalogue.yaml", reader.ReadToEnd(), findings);
        Assert.Empty(findings.Select(finding => $"{finding.At}: {finding.Message}"));
        Assert.True(StateCatalogue.BuiltIn.Entries.Count > 50);
    }

    [Fact]
    public void An_entry_of_the_user_goes_before_that_of_its_name_key_by_key()
    {
        var findings = new FindingList();
        var catalogue = StateCatalogue.From(
            "catalogue.yaml",
            """
            services:
              jellyfin: { state: [{ path: /srv/jellyfin }] }
              mine: { title: Mine, category: own, state: [{ path: /srv/mine }], source: my module }
            """,
            findings)!;
        Assert.Empty(findings);
        Assert.Equal("/srv/jellyfin", Assert.Single(catalogue.Find("jellyfin")!.State).Path);
        Assert.Equal(["jellyfin.service"], catalogue.Find("jellyfin")!.Units);
        Assert.Equal("/srv/mine", Assert.Single(catalogue.Find("mine")!.State).Path);
        Assert.Null(StateCatalogue.BuiltIn.Find("mine"));
        Assert.Equal("/var/lib/jellyfin", Assert.Single(StateCatalogue.BuiltIn.Find("jellyfin")!.State).Path);
    }

    /// <summary>The index is found by indentation; the parser has the last word.</summary>
    [Fact]
    public void Names_and_places_are_those_of_the_entries()
    {
        using var reader = new StreamReader(typeof(StateCatalogue).Assembly.GetManifestResourceStream("catalogue.yaml")!);
        var whole = StateCatalogue.From("built-in catalogue", reader.ReadToEnd(), new FindingList())!;
        Assert.Equal(whole.Names.Order(StringComparer.Ordinal), whole.Read.Order(StringComparer.Ordinal));
        Assert.Equal(whole.Names, StateCatalogue.BuiltIn.Names);
        Assert.Equal(whole.Places.Order(), StateCatalogue.BuiltIn.Places.Order());
        Assert.All(StateCatalogue.BuiltIn.Entries, entry => Assert.Equivalent(whole.Find(entry.Name), entry, strict: true));
        Assert.Equal(["jackett"], StateCatalogue.BuiltIn.In("/var/lib/jackett/.config"));
        Assert.Empty(StateCatalogue.BuiltIn.In("/var/lib/jack"));
    }

    [Fact]
    public void Mistakes_have_a_place()
    {
        var findings = new FindingList();
        Assert.Null(StateCatalogue.From("catalogue.yaml", "services:\n  jellyfin: { stat: [] }\n  new: { title: New }\n", findings));
        Assert.Equal(
            ["catalogue.yaml:2:15 NG1003", "catalogue.yaml:3:8 NG1018", "catalogue.yaml:3:8 NG1018"],
            findings.Select(finding => $"{finding.At} {finding.Code.Id}"));
    }
}
