using NixGen.Findings;
using NixGen.Modules;
using Scriban.Runtime;

namespace NixGen.Tests.Documentation;

/// <summary>docs/templates.md names every member that the models offer to templates, and no other.</summary>
public class TemplateDocumentationTests
{
    // Everything that a model can hold: both providers, a local repository, an own job, excludes, databases, a stop, maintenance, Backrest.
    private const string Everything = """
        defaults:
          onePassword: { tokenFile: /etc/token, vault: Vault }
          backrest: { secrets: web }
          destinations: [disk, cloud]
        neverBackUp: { /srv/media: large }
        retired: [{ service: x, date: "2025-01-31", reason: gone }]
        destinations:
          disk: { repository: /mnt/restic, secrets: disk, schedule: "03:00", retention: { daily: 7 }, initialize: true }
          cloud:
            repository: b2:bucket
            secrets: cloud
            schedule: { calendar: "03:00", randomizedDelay: 1h }
            retention: keep-all
        secrets:
          disk: { files: { RESTIC_PASSWORD: /etc/restic } }
          cloud: { onePassword: { item: B2, fields: { B2_ACCOUNT_ID: a, B2_ACCOUNT_KEY: b, RESTIC_PASSWORD: c } } }
          web: { files: { BACKREST_PASSWORD: /etc/web } }
        hosts:
          nas:
            services:
              a: { backupPaths: [/srv/a], backupExcludes: [cache] }
              b: { backupPaths: [{ path: /srv/b, optional: true }], backupExcludes: [log], schedule: hourly }
              c: { noBackup: Nothing is kept }
              d: { backupPaths: [/srv/d], databases: { sqlite: [app.db], postgresql: [d], mariadb: [d] } }
              e: { backupPaths: [/srv/e], units: [e], stop: true }
              f: { backupPaths: [/srv/f, /srv/f/g], accept: { NG2107: Restored apart } }
              jellyfin: { acceptExcludes: false }
        """;

    // Their keys are data.
    private static readonly string[] Maps = ["restic.nix/never", "purge.nix/jobs[]/databases", "purge.nix/maintainers", "restic.nix/local", "restore.nix/jobs", "restore.nix/max_age", "secrets.nix/sets[]/variables"];

    [Fact]
    public void Every_member_is_documented_and_no_other()
    {
        var tables = new MarkdownPage("docs/templates.md").Tables("members of");
        var members = Members();
        var problems = new List<string>();
        foreach (var (place, names) in members)
        {
            var table = tables.SingleOrDefault(table => table.Patterns.Contains(place));
            if (table.Names is null)
                problems.Add($"no table for {place}: {string.Join(", ", names)}");
            else
                problems.AddRange(names.Except(table.Names).Select(name => $"{place}: {name} is not documented")
                    .Concat(table.Names.Except(names).Select(name => $"{place}: {name} is documented, but does not exist")));
        }

        problems.AddRange(tables.SelectMany(table => table.Patterns).Except(members.Keys).Select(place => $"the table for {place} is for nothing"));
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static SortedDictionary<string, SortedSet<string>> Members()
    {
        using var folder = new TemporaryFolder();
        folder.Write("inventory.yaml", Everything);
        var findings = new FindingList();
        var plans = Generator.Plan(null, folder.Path, findings);
        Assert.Empty(findings.Select(finding => finding.Message));
        var members = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var module in plans!.SelectMany(HostModules.Compose))
            Collect(module.Template, module.Model, members);
        return members;
    }

    private static void Collect(string place, object? value, SortedDictionary<string, SortedSet<string>> members)
    {
        switch (value)
        {
            case ScriptObject when Maps.Contains(place):
                break;
            case ScriptObject model:
                if (!members.TryGetValue(place, out var names))
                    members.Add(place, names = new SortedSet<string>(StringComparer.Ordinal));
                foreach (var (name, member) in model)
                {
                    names.Add(name);
                    Collect($"{place}/{name}", member, members);
                }

                break;
            case ScriptArray list:
                foreach (var item in list)
                    Collect($"{place}[]", item, members);
                break;
        }
    }
}
