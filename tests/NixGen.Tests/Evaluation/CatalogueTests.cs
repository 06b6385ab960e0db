using NixGen.Languages.Nix;

namespace NixGen.Tests.Evaluation;

/// <summary>A place from the catalogue is refused where the system itself says another one.</summary>
public sealed class CatalogueTests
{
    // Each moves one thing: the service, what its option says as Nix, and what is then refused.
    private static readonly (string Service, string Option, string Says, string? Refusal)[] Moves =
    [
        ("jellyfin", "jellyfin.dataDir", "\"/srv/films\"", "services.jellyfin.dataDir says /srv/films, but the inventory takes /var/lib/jellyfin of x from the catalogue."),
        ("jellyfin", "jellyfin.dataDir", "/srv/films", "services.jellyfin.dataDir says /srv/films,"),
        ("jellyfin", "jellyfin.dataDir", "\"/var/lib/jellyfin2\"", "services.jellyfin.dataDir says /var/lib/jellyfin2,"),
        ("jellyfin", "jellyfin.dataDir", "\"/var/lib/jellyfin\"", null),
        ("jellyfin", "jellyfin.dataDir", "\"/var/lib/jellyfin/\"", null),
        ("jellyfin", "jellyfin.dataDir", "null", null),
        ("jellyfin", "jellyfin.configDir", "\"/srv/conf\"", "services.jellyfin.configDir says /srv/conf, but the inventory takes /var/lib/jellyfin/config of x"),
        ("jellyfin", "jellyfin.configDir", "\"/var/lib/jellyfin/config\"", null),
        // A name below /var/lib.
        ("audiobookshelf", "audiobookshelf.dataDir", "\"audiobookshelf\"", null),
        ("audiobookshelf", "audiobookshelf.dataDir", "\"books\"", "services.audiobookshelf.dataDir says books, but the inventory takes /var/lib/audiobookshelf of x"),
        // The link that systemd makes, and the folder behind it.
        ("prowlarr", "prowlarr.dataDir", "\"/var/lib/prowlarr\"", null),
        ("prowlarr", "prowlarr.dataDir", "\"/var/lib/private/prowlarr\"", null),
        ("prowlarr", "prowlarr.dataDir", "\"/srv/prowlarr\"", "services.prowlarr.dataDir says /srv/prowlarr, but the inventory takes /var/lib/private/prowlarr of x"),
        // Without a DynamicUser there is no such folder.
        ("jellyfin", "jellyfin.dataDir", "\"/var/lib/private/jellyfin\"", "services.jellyfin.dataDir says /var/lib/private/jellyfin,"),
        // The option names the folder above.
        ("transmission", "transmission.home", "\"/var/lib/transmission\"", null),
        ("transmission", "transmission.home", "\"/srv/t\"", "services.transmission.home says /srv/t, but the inventory takes /var/lib/transmission/.config/transmission-daemon of x"),
        // No such option in this system, or not of this service.
        ("jellyfin", "other.dataDir", "\"/srv/x\"", null),
    ];

    [ToolFact(Nix.Program)]
    public void What_was_moved_is_refused()
    {
        using var folder = new TemporaryFolder();
        var hosts = Moves.Select(move => move.Service).Distinct().ToDictionary(service => service, service => Host(folder, service, "{ catalogue: " + service + " }"));
        var results = Nix.EvaluateJson([.. Moves.Select(move => $"({Hosts.Expression(hosts[move.Service], extra: Says(move.Option, move.Says))}).failedAssertions")]);
        Assert.All(Moves.Zip(results), pair =>
        {
            var messages = pair.Second.EnumerateArray().Select(message => message.GetString()!).ToList();
            if (pair.First.Refusal is { } refusal)
                Assert.StartsWith(refusal, Assert.Single(messages), StringComparison.Ordinal);
            else
                Assert.Empty(messages);
        });
    }

    /// <summary>Who says the path himself knows where it is.</summary>
    [ToolFact(Nix.Program)]
    public void A_path_of_the_inventory_is_not_compared()
    {
        using var folder = new TemporaryFolder();
        var host = Host(folder, "films", "{ catalogue: jellyfin, backupPaths: [/srv/films] }");
        Assert.DoesNotContain("fromCatalogue", File.ReadAllText(Path.Combine(host, "restic.nix")));
        var failed = Nix.EvaluateJson($"({Hosts.Expression(host, extra: Says("jellyfin.dataDir", "\"/srv/films\""))}).failedAssertions");
        Assert.Empty(failed.EnumerateArray());
    }

    private static string Says(string option, string value) =>
        $"({{ lib, ... }}: {{ options.services.{option} = lib.mkOption {{ default = {value}; }}; }})";

    private static string Host(TemporaryFolder folder, string name, string keys)
    {
        var inventory = folder.Write($"{name}/inventory.yaml", Planning.CataloguedServicesTests.Inventory($"x: {keys}"));
        foreach (var file in Hosts.Generate(inventory).Single().Files)
            folder.Write($"{name}/{file.Path}", file.Text);
        return folder.At($"{name}/box");
    }
}
