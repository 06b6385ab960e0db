using System.Text.Json;
using NixGen.Catalogue;
using NixGen.Cli;
using NixGen.Cli.Commands;
using NixGen.Findings;

namespace NixGen.Tests.Cli;

/// <summary><c>nixgen catalogue</c> and <c>nixgen show</c>: what people read, what programs read, and how wide it is.</summary>
public sealed class CatalogueCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_names_all()
    {
        var list = Run("catalogue");
        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        var lines = list.Output.TrimEnd('\n').Split('\n');
        Assert.Matches("^NAME +VERIFIED +STATE +TITLE$", lines[0]);
        Assert.Equal(StateCatalogue.BuiltIn.Entries.Select(entry => entry.Name), lines[1..].Select(line => line.Split(' ')[0]));
        Assert.Contains(lines, line => line.StartsWith("prowlarr ", StringComparison.Ordinal) && line.Contains("  yes       /var/lib/private/prowlarr ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("tailscale ", StringComparison.Ordinal) && line.Contains("  no        /var/lib/tailscale ", StringComparison.Ordinal));
    }

    [Fact]
    public void An_entry_says_all_and_what_to_write()
    {
        _folder.Write("catalogue.yaml", "services: { mine: { title: My own, category: own, state: [{ path: /srv/mine }], source: me } }");
        var page = Run("catalogue", "transmission").Succeeded().Output;
        Assert.StartsWith("transmission: Transmission\n\n", page, StringComparison.Ordinal);
        Assert.Contains("State         /var/lib/transmission/.config/transmission-daemon\n              moved by services.transmission.home\n", page);
        Assert.Contains("\n    transmission: {}\n", page);
        Assert.Contains("\n      backupPaths: [/var/lib/transmission/.config/transmission-daemon]\n", page);
        Assert.Contains("do not", Run("catalogue", "tailscale").Succeeded().Output);
        Assert.Contains("Not verified  me\n", Run("catalogue", "mine").Succeeded().Output);
        Assert.Contains("An inventory cannot just name it: ", Run("catalogue", "mysql").Succeeded().Output);
        Assert.Contains("      backupPaths: [/var/lib/redis-NAME]\n", Run("catalogue", "redis").Succeeded().Output);
        var json = JsonDocument.Parse(Run("catalogue", "nextcloud", "--format", "json").Succeeded().Output).RootElement[0];
        Assert.Equal("services.nextcloud.datadir", json.GetProperty("state")[0].GetProperty("parts").GetProperty(".").GetString());
        Assert.Contains("Say which database", json.GetProperty("hindrance").GetString());
    }

    [Theory]
    [InlineData("jelyfin", "nixgen: The catalogue does not know 'jelyfin'. Did you mean 'jellyfin'?\n")]
    [InlineData("Home-Assistant", "nixgen: The catalogue does not know 'Home-Assistant'. Did you mean 'home-assistant'?\n")]
    [InlineData("quite-unknown", "nixgen: The catalogue does not know 'quite-unknown'. `nixgen catalogue` lists all.\n")]
    public void A_name_that_is_not_there_is_wrong_usage(string name, string error)
    {
        var result = Run("catalogue", name);
        Assert.Equal((2, "", error), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void A_broken_catalogue_of_the_user_is_an_error()
    {
        _folder.Write("catalogue.yaml", "services: { x: {} }");
        var result = Run("catalogue");
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("catalogue.yaml:1:16: error NG1018: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(4, Run("catalogue", "--catalogue", "nowhere.yaml").ExitCode);
        Assert.Equal(2, Run("catalogue", "--format", "github").ExitCode);
    }

    [Fact]
    public void Show_says_where_everything_comes_from()
    {
        _folder.Write("inventory.yaml", Planning.CataloguedServicesTests.Inventory(
            "jellyfin: { acceptExcludes: true }\nown: { backupPaths: [{ path: /srv/own, optional: true }], backupExcludes: [tmp], title: Mine }\nnone: { noBackup: Nothing in it }\nminiflux: { schedule: weekly }"));
        var show = Run("show");
        Assert.Equal((0, ""), (show.ExitCode, show.Error));
        Assert.Equal(
            """
            box
              jellyfin: Jellyfin
                paths     /var/lib/jellyfin  (catalogue)
                databases SQLite /var/lib/jellyfin/data/jellyfin.db  (catalogue)
                units     jellyfin.service  (catalogue)
                left out  /var/lib/jellyfin/log  (suggested by the catalogue, accepted)
                          /var/lib/jellyfin/metadata  (suggested by the catalogue, accepted)
                          /var/lib/jellyfin/transcodes  (suggested by the catalogue, accepted)
                          /var/lib/jellyfin/data/jellyfin.db  (live, with -wal, -shm and -journal; its copy is backed up)
                jobs      disk: every day at 03:00, to disk; keeps 7 daily
              miniflux: Miniflux
                databases PostgreSQL miniflux  (catalogue)
                units     miniflux.service  (catalogue)
                jobs      disk-miniflux: every Monday at 00:00, to disk; keeps 7 daily
              none
                not       Nothing in it
              own: Mine
                paths     /srv/own, if there  (inventory.yaml:10:36)
                left out  /srv/own/tmp
                jobs      disk: every day at 03:00, to disk; keeps 7 daily
              drill: every Monday at 06:00, up to 30 min later, 1 service a run

            """.ReplaceLineEndings("\n"),
            show.Output);
        Assert.Equal(Run("show").Output, Run("show", "--host", "box").Output);
        Assert.Equal("box\n  none\n    not       Nothing in it\n", Run("show", "none").Output);
        Assert.Equal((2, "nixgen: There is no service 'jelyfin' in the inventory. Did you mean 'jellyfin'?\n"), (Run("show", "jelyfin").ExitCode, Run("show", "jelyfin").Error));
    }

    /// <summary>What is of the host, and not of a service.</summary>
    [Fact]
    public void Show_says_drills_what_is_retired_and_what_is_accepted()
    {
        _folder.Write("inventory.yaml", Planning.CataloguedServicesTests.Inventory(
            "app: { backupPaths: [/srv/app], drill: false }\nradarr: { backupPaths: [/srv/radarr], accept: { NG2102: Made again } }")
            + "\n    retired: [{ service: plex, destination: old, date: \"2026-02-14\", reason: Replaced }]");
        var output = Run("show").Output;
        Assert.Contains("    drill     never restored for a test\n", output, StringComparison.Ordinal);
        Assert.EndsWith(
            """
              drill: every Monday at 06:00, up to 30 min later, 1 service a run
              retired:
                service plex at old, 2026-02-14: Replaced
              accepted:
                NG2102 service 'radarr' is backed up while Radarr writes to SQLite: /srv/radarr/radarr.db,
                /srv/radarr/logs.db: Made again

            """.ReplaceLineEndings("\n"),
            output);
        Assert.DoesNotContain("retired", Run("show", "app").Output, StringComparison.Ordinal);
        var host = JsonDocument.Parse(Run("show", "--format", "json").Output).RootElement[0];
        Assert.Equal("Mon *-*-* 06:00:00", host.GetProperty("drill").GetProperty("calendar").GetString());
        Assert.Equal("plex", host.GetProperty("retired")[0].GetProperty("service").GetString());
        Assert.Equal("NG2102", host.GetProperty("accepted")[0].GetProperty("code").GetString());
        Assert.Equal([false, true], host.GetProperty("services").EnumerateArray().Select(service => service.GetProperty("drilled").GetBoolean()));
    }

    /// <summary>Notes go to the other stream, so that the document stays one.</summary>
    [Fact]
    public void Show_is_json_for_programs()
    {
        _folder.Write("inventory.yaml", Planning.CataloguedServicesTests.Inventory("jellyfin: {}"));
        var show = Run("show", "--format", "json");
        Assert.Equal(0, show.ExitCode);
        Assert.Contains("note NG2152", show.Error);
        var host = JsonDocument.Parse(show.Output).RootElement[0];
        var service = host.GetProperty("services")[0];
        Assert.Equal(("box", "jellyfin", "catalogue", "database"), (
            host.GetProperty("host").GetString(),
            service.GetProperty("catalogue").GetString(),
            service.GetProperty("paths")[0].GetProperty("from").GetString(),
            service.GetProperty("excludes")[0].GetProperty("from").GetString()));
        Assert.Equal(7, host.GetProperty("jobs")[0].GetProperty("retention").GetProperty("daily").GetInt32());
        _folder.Write("inventory.yaml", "hosts: {}\n");
        Assert.Equal((1, ""), (Run("show").ExitCode, Run("show").Output));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(60)]
    public void A_page_fits_the_terminal(int width)
    {
        // But for words that are wider, and lines to copy.
        foreach (var entry in StateCatalogue.BuiltIn.Entries)
        {
            foreach (var line in CatalogueCommand.Page(entry, width).Where(line => !line.StartsWith("    ", StringComparison.Ordinal) || line.StartsWith("              ", StringComparison.Ordinal)))
                Assert.True(line.Length <= width || !line[14..].Trim().Contains(' '), $"{entry.Name}: {line}");
        }
    }

    [Fact]
    public void What_is_too_wide_is_cut_or_goes_below()
    {
        Assert.Equal(["a   b", "cc  a lo…"], Screen.Table([["a", "b"], ["cc", "a longer one"]], 9));
        Assert.Equal(["a  b"], Screen.Table([["a", "b"]], int.MaxValue));
        Assert.Equal(["label  one two three four", "       five"], Screen.Beside("label  ", "one two three four five", 27));
        _folder.Write("inventory.yaml", Planning.CataloguedServicesTests.Inventory("own: { backupPaths: [/srv/a-rather-long-name-of-a-folder/in-another-one] }"));
        var plan = Generator.Plan(null, _folder.Path, new FindingList())!.Single();
        Assert.Equal(
            ["    paths     /srv/a-rather-long-name-of-a-folder/in-another-one", "                (inventory.yaml:9:28)"],
            ShowCommand.Lines(plan, plan.Services, 80).Skip(2).Take(2));
    }

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "nixgen.dll");

    private ToolResult Run(params string[] arguments) =>
        ToolProcess.Run("dotnet", [Program, .. arguments], workingDirectory: _folder.Path);
}
