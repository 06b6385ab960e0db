using System.Text.RegularExpressions;
using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;
using NixGen.Planning;

namespace NixGen.Tests.Catalogue;

/// <summary>What stands in the catalogue that is built in can be trusted as far as it says, and can be used.</summary>
public sealed partial class CatalogueDataTests
{
    private static readonly IReadOnlyList<CatalogueEntry> Entries = StateCatalogue.BuiltIn.Entries;

    private static readonly CatalogueEntry[] Usable = [.. Entries.Where(entry => CataloguePage.Hindrance(entry) is null)];

    [Fact]
    public void It_is_sorted()
    {
        var names = EntryLine().Matches(File.ReadAllText(RepositoryRoot.At("src", "NixGen", "Catalogue", "catalogue.yaml")))
            .Select(match => match.Groups[1].Value)
            .ToList();
        Assert.Equal(Entries.Select(entry => entry.Name), names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void An_entry_says_where_state_is() => Assert.Empty(Entries
        .Where(entry => entry.State.Count + entry.Databases.Count == 0 && entry.Serves is null && entry.OtherDatabases is null)
        .Select(entry => entry.Name));

    [Fact]
    public void What_is_verified_names_the_module_and_its_commit()
    {
        Assert.Empty(Entries.Where(entry => entry.Verified != Module().IsMatch(entry.Source)).Select(entry => $"{entry.Name}: {entry.Source}"));
        Assert.Empty(Entries.Where(entry => entry.Title.Length == 0 || entry.Notes is { } notes && !notes.EndsWith('.')).Select(entry => entry.Name));
    }

    /// <summary>Where systemd keeps it: the other path is a symlink, of which restic stores nothing else.</summary>
    [Fact]
    public void The_state_of_a_dynamic_user_is_private() => Assert.Empty(Entries
        .SelectMany(entry => entry.State, (entry, place) => (Entry: entry, place.Path))
        .Where(each => each.Entry.DynamicUser
            != (each.Path.StartsWith("/var/lib/private/", StringComparison.Ordinal) || each.Path.StartsWith("/var/cache/private/", StringComparison.Ordinal)))
        .Select(each => $"{each.Entry.Name}: {each.Path}"));

    [Fact]
    public void Options_are_written_as_NixOS_writes_them() => Assert.Empty(Entries
        .SelectMany(
            entry => entry.State.SelectMany(place => place.Parts.Select(part => part.MovedBy).Append(place.MovedBy)).Append(entry.EnabledBy),
            (entry, option) => (entry.Name, Option: option))
        .Where(each => each.Option is { } option && !Option().IsMatch(option))
        .Select(each => $"{each.Name}: {each.Option}"));

    /// <summary>A part that nobody moved lies in its place, so that its option says something that can be compared.</summary>
    [Fact]
    public void Instances_have_names_everywhere() => Assert.Empty(Entries
        .Where(entry => entry.HasInstances != entry.State.Select(place => place.Path).Concat(entry.Units).All(text => text.Contains("{name}", StringComparison.Ordinal)))
        .Where(entry => entry.HasInstances)
        .Select(entry => entry.Name));

    /// <summary>A suggestion that is accepted without a look costs caches, never a place or a database.</summary>
    [Fact]
    public void No_suggestion_leaves_out_what_matters()
    {
        foreach (var entry in Entries)
        {
            var places = entry.State.Select(place => place.Path).ToList();
            var databases = entry.Databases.Where(database => database.Kind == DatabaseKind.Sqlite).Select(database => CataloguedServices.Absolute(database, entry));
            foreach (var pattern in entry.SuggestedExcludes.Concat(entry.Media).SelectMany(pattern => Absolute(pattern, places)))
            {
                Assert.True(ResticPattern.IsValid(pattern, out _), $"{entry.Name}: {pattern}");
                Assert.All(places, place => Assert.False(ResticPattern.Empties(pattern, place), $"{entry.Name}: {pattern} empties {place}"));
                Assert.All(databases, file => Assert.False(ResticPattern.LeavesOut(pattern, file), $"{entry.Name}: {pattern} leaves out {file}"));
            }
        }
    }

    private static IEnumerable<string> Absolute(string pattern, List<string> places) =>
        pattern.StartsWith('/') ? [pattern] : places.Select(place => $"{ResticPattern.Escape(place)}/{pattern}");

    /// <summary>All at once, as a host that runs everything.</summary>
    [Fact]
    public void Whatever_can_be_named_is_backed_up()
    {
        var services = Usable.Select(entry => $"{entry.Name}: {(Suggests(entry) ? "{ acceptExcludes: true }" : "{}")}");
        var (plan, findings) = Plan(services);
        Assert.Empty(findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Message));
        Assert.Equal(
            Usable.Where(entry => !entry.Verified).Select(entry => entry.Name).Count(),
            findings.Count(finding => finding.Code == Codes.UnverifiedEntry));
        Assert.DoesNotContain(findings, finding => finding.Code == Codes.ExcludesSuggested);
        Assert.Equal(Usable.Select(entry => entry.Name), plan.Services.Select(service => service.Name));
        Assert.All(plan.Services, service => Assert.True(service.HasData, service.Name));
    }

    /// <summary>The lines that `nixgen catalogue NAME` prints mean the same as the name.</summary>
    [Fact]
    public void Written_out_it_is_the_same()
    {
        var (named, lints) = Plan(Usable.Select(entry => $"{entry.Name}: {(Suggests(entry) ? "{ acceptExcludes: true }" : "{}")}"));
        var (written, findings) = Plan(Usable.SelectMany(CataloguePage.Lines));
        Assert.Equal(lints.Where(finding => finding.Code != Codes.UnverifiedEntry).Select(Text).Order(StringComparer.Ordinal), findings.Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(named.Services.Select(Text), written.Services.Select(Text));
        // The lines of the others are an inventory as well, with what they ask for.
        var others = Entries.Except(Usable).Where(entry => entry.Serves is null).SelectMany(CataloguePage.Lines);
        Assert.Empty(Plan(others).Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => $"{finding.At} {finding.Message}"));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/catalogue.md")]
    public void The_pages_count_right(string path)
    {
        var counts = Count().Match(File.ReadAllText(RepositoryRoot.At(path)));
        Assert.Equal($"{Entries.Count} services", counts.Value);
        Assert.Contains($"{Entries.Count(entry => entry.Verified)} of them", File.ReadAllText(RepositoryRoot.At("docs/catalogue.md")));
    }

    private static bool Suggests(CatalogueEntry entry) =>
        CataloguedServices.Suggested(entry, entry.State.Select(place => place.Path)).Count > 0;

    private static string Text(Finding finding) => $"{finding.Code.Id} {finding.Message}";

    private static string Text(ServicePlan service) =>
        $"{service.Name} {service.Title} {string.Join(' ', service.Paths.Select(path => path.Path))} {string.Join(' ', service.Excludes)} "
        + $"{string.Join(' ', service.Databases.Select(database => database.Source))} {string.Join(' ', service.Units)}";

    private static (HostPlan Plan, FindingList Findings) Plan(IEnumerable<string> services)
    {
        using var folder = new TemporaryFolder();
        folder.Write("inventory.yaml", Planning.CataloguedServicesTests.Inventory(string.Join("\n", services)));
        var findings = new FindingList();
        var plans = Generator.Plan(null, folder.Path, findings);
        Assert.True(plans is not null, string.Join('\n', findings.Select(finding => $"{finding.At} {finding.Message} {finding.Help}")));
        return (plans.Single(), findings);
    }

    [GeneratedRegex(@"^  ([a-z0-9-]+):$", RegexOptions.Multiline)]
    private static partial Regex EntryLine();

    [GeneratedRegex(@"\Anixos/modules/[a-z0-9/-]+\.(nix|pl)@[0-9a-f]{12}\z")]
    private static partial Regex Module();

    [GeneratedRegex(@"\A[a-z][A-Za-z0-9-]*(\.([A-Za-z0-9_-]+|\*))+\z")]
    private static partial Regex Option();

    [GeneratedRegex(@"\b[0-9]+ services\b")]
    private static partial Regex Count();
}
