using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Planning;

namespace NixGen.Tests.Planning;

/// <summary>What a service takes from the catalogue, and when the catalogue is read at all.</summary>
public sealed class CataloguedServicesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A host with these services.</summary>
    internal static string Inventory(string services) =>
        $$"""
        destinations:
          disk: { repository: /mnt/backup, secrets: disk, schedule: "03:00", retention: { daily: 7 } }
        secrets:
          disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
        hosts:
          box:
            destinations: [disk]
            services:
              {{services.ReplaceLineEndings("\n      ")}}
        """;

    [Theory]
    [InlineData("jellyfin: {}", "/var/lib/jellyfin", "/var/lib/jellyfin/data/jellyfin.db", "jellyfin.service")]
    [InlineData("jellyfin: { units: [other] }", "/var/lib/jellyfin", "/var/lib/jellyfin/data/jellyfin.db", "other.service")]
    [InlineData("jellyfin: { backupPaths: [/srv/j] }", "/srv/j", "", "")]
    [InlineData("jellyfin: { databases: { postgresql: [j] } }", "", "j", "")]
    [InlineData("jellyfin: { noBackup: none }", "", "", "")]
    [InlineData("x: { catalogue: jellyfin }", "/var/lib/jellyfin", "/var/lib/jellyfin/data/jellyfin.db", "jellyfin.service")]
    [InlineData("x: { catalogue: jellyfin, backupPaths: [/srv/j] }", "/srv/j", "/srv/j/data/jellyfin.db", "jellyfin.service")]
    [InlineData("x: { catalogue: jellyfin, databases: {} }", "/var/lib/jellyfin", "", "jellyfin.service")]
    [InlineData("x: { catalogue: jellyfin, units: [] }", "/var/lib/jellyfin", "/var/lib/jellyfin/data/jellyfin.db", "")]
    [InlineData("x: { catalogue: jellyfin, noBackup: none }", "", "", "jellyfin.service")]
    [InlineData("jellyfin: { stop: true }", "/var/lib/jellyfin", "", "jellyfin.service")]
    [InlineData("x: { catalogue: nextcloud, databases: { mariadb: [cloud] } }", "/var/lib/nextcloud", "cloud", "phpfpm-nextcloud.service nextcloud-cron.timer nextcloud-cron.service")]
    public void What_is_said_wins_key_by_key(string service, string paths, string databases, string units)
    {
        var planned = Plan(service + "\nzz: { backupPaths: [/srv/zz] }").Services[0];
        Assert.Equal(
            (paths, databases, units),
            (string.Join(' ', planned.Paths.Select(path => path.Path)), string.Join(' ', planned.Databases.Select(database => database.Source)), string.Join(' ', planned.Units)));
    }

    [Fact]
    public void A_shared_service_may_name_its_entry()
    {
        _folder.Write("inventory.yaml", Inventory("films: {}") + "\nservices:\n  films: { catalogue: jellyfin, acceptExcludes: true, title: Films }\n");
        var films = Assert.Single(Generator.Plan(null, _folder.Path, new FindingList())!.Single().Services);
        Assert.Equal("/var/lib/jellyfin", Assert.Single(films.Paths).Path);
        Assert.Contains("/var/lib/jellyfin/metadata", films.Excludes);
        Assert.Equal("Films", films.Title);
    }

    /// <summary>What nobody accepted is backed up.</summary>
    [Theory]
    [InlineData("{}", false, true)]
    [InlineData("{ acceptExcludes: false }", false, false)]
    [InlineData("{ backupExcludes: [x] }", false, false)]
    [InlineData("{ acceptExcludes: true }", true, false)]
    [InlineData("{ acceptExcludes: true, backupExcludes: [x] }", true, false)]
    public void Suggestions_take_somebody_who_accepts_them(string keys, bool isLeftOut, bool isTold)
    {
        var findings = new FindingList();
        var service = Plan($"jellyfin: {keys}", findings).Services.Single();
        Assert.Equal(isLeftOut, service.Excludes.Contains("/var/lib/jellyfin/metadata"));
        Assert.Equal(keys.Contains("[x]", StringComparison.Ordinal), service.Excludes.Contains("/var/lib/jellyfin/x"));
        Assert.DoesNotContain("/var/cache/jellyfin", service.Excludes);
        Assert.Equal(isTold ? [Codes.ExcludesSuggested] : [], findings.Select(finding => finding.Code));
    }

    /// <summary>Reading all of it costs more than everything else that `check` does with a small inventory.</summary>
    [Theory]
    [InlineData("app: { backupPaths: [/srv/app, /var/lib] }\nimmich: { noBackup: none }", "")]
    [InlineData("jellyfin: {}\nminiflux: { databases: { postgresql: [miniflux] } }", "jellyfin miniflux")]
    [InlineData("films: { backupPaths: [/var/lib/radarr] }\nindexer: { backupPaths: [/var/lib/prowlarr] }", "prowlarr radarr")]
    public void Only_entries_of_services_that_are_there_are_read(string services, string expected)
    {
        _folder.Write("inventory.yaml", Inventory(services));
        Assert.Equal(expected, ReadOf(_folder.Path));
    }

    [Fact]
    public void The_repository_itself_takes_none_but_its_own()
    {
        var services = Generator.Plan(null, RepositoryRoot.Path, new FindingList())!.SelectMany(plan => plan.Services).Select(service => service.Name);
        Assert.Equal("", string.Join(' ', ReadOf(RepositoryRoot.Path).Split(' ').Except(services)));
    }

    // Of a catalogue of its own, which nobody else has read from.
    private static string ReadOf(string folder)
    {
        var findings = new FindingList();
        var catalogue = StateCatalogue.From("catalogue.yaml", "services: {}", findings)!;
        var tree = NixGen.Inventory.Reading.InventoryReader.Read(null, folder, findings)!;
        Planner.Plan(NixGen.Inventory.Binding.InventoryBinding.Bind(tree, findings), catalogue, findings);
        Assert.False(findings.HasErrors);
        return string.Join(' ', catalogue.Read.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("inventory.yaml", null, "catalogue.yaml", null)]
    [InlineData("inventory/all.yaml", null, "catalogue.yaml", null)]
    [InlineData("inventory/all.yaml", null, "inventory/catalogue.yaml", null)]
    [InlineData("sub/my.yaml", "sub/my.yaml", "sub/catalogue.yaml", null)]
    [InlineData("sub/dir/all.yaml", "sub/dir", "sub/catalogue.yaml", null)]
    [InlineData("sub/dir/all.yaml", "sub/dir/", "sub/dir/catalogue.yaml", null)]
    [InlineData("inventory.yaml", ".", "catalogue.yaml", null)]
    [InlineData("inventory.yaml", null, "elsewhere/known.yaml", "elsewhere/known.yaml")]
    public void A_users_own_stands_beside_the_inventory_or_where_he_says(string inventory, string? named, string own, string? option)
    {
        _folder.Write(inventory, Inventory("jellyfin: {}"));
        _folder.Write(own, "services: { jellyfin: { state: [{ path: /srv/own }] } }");
        var findings = new FindingList();
        var plan = Generator.Plan(named, _folder.Path, findings, option)?.Single();
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        Assert.Equal("/srv/own", Assert.Single(plan!.Services.Single().Paths).Path);
    }

    [Fact]
    public void Lints_look_into_a_users_own()
    {
        _folder.Write("inventory.yaml", Inventory("films: { backupPaths: [/srv/own/state] }"));
        var findings = new FindingList();
        Generator.Plan(null, _folder.Path, findings);
        Assert.Empty(findings);
        _folder.Write("catalogue.yaml", "services: { mine: { title: Mine, category: own, state: [{ path: /srv/own/state }], media: [films], source: me } }");
        Generator.Plan(null, _folder.Path, findings);
        Assert.Equal("service 'films' backs up media of Mine: /srv/own/state/films", Assert.Single(findings).Message);
    }

    /// <summary>Also where nothing is taken from it.</summary>
    [Theory]
    [InlineData("services: { jellyfin: { stat: [] } }", null, "catalogue.yaml:1:25 NG1003")]
    [InlineData("services: { jellyfin: { units: [a.mount] } }", null, "catalogue.yaml:1:33 NG1116")]
    [InlineData("services: { jellyfin: { suggestedExcludes: [\"[\"] } }", null, "catalogue.yaml:1:45 NG1104")]
    [InlineData("services: { jellyfin: { state: [{ path: /tmp/x }] } }", null, "catalogue.yaml:1:41 NG1103")]
    [InlineData("services: { jellyfin: { state: [{ path: /srv/x, movedBy: a.b, below: z }] } }", null, "catalogue.yaml:1:70 NG1017")]
    [InlineData("services: { jellyfin: { units: [\"a-{name}\"] } }", null, "catalogue.yaml:1:13 NG1017")]
    [InlineData("services: { jellyfin: { state: [{ path: /srv/x, below: x }] } }", null, "catalogue.yaml:1:56 NG1017")]
    [InlineData("services: { jellyfin: { state: [{ path: /srv/x, parts: { ../y: a.b } }] } }", null, "catalogue.yaml:1:58 NG1102")]
    [InlineData("hosts: {}", null, "catalogue.yaml:1:1 NG1003")]
    [InlineData("services: {}", "nowhere.yaml", "nowhere.yaml NG4001")]
    public void Its_mistakes_are_told(string text, string? option, string expected)
    {
        _folder.Write("catalogue.yaml", text);
        _folder.Write("inventory.yaml", Inventory("app: { backupPaths: [/srv/app] }\njellyfin: {}"));
        var findings = new FindingList();
        Assert.Null(Generator.Plan(null, _folder.Path, findings, option));
        Assert.Equal([expected], findings.Select(finding => $"{finding.At} {finding.Code.Id}"));
    }

    private HostPlan Plan(string services, FindingList? findings = null)
    {
        _folder.Write("inventory.yaml", Inventory(services));
        var found = findings ?? [];
        var plans = Generator.Plan(null, _folder.Path, found);
        Assert.True(plans is not null, string.Join('\n', found.Select(finding => $"{finding.At} {finding.Message} {finding.Help}")));
        return plans.Single();
    }
}
