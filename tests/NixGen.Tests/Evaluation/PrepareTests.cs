using NixGen.Inventory;
using NixGen.Languages.Restic;
using NixGen.Planning;

namespace NixGen.Tests.Evaluation;

/// <summary>What is done before restic reads: which units there are, what they copy and stop, and how the backup learns of it.</summary>
public sealed class PrepareTests
{
    public static TheoryData<string> Names => Hosts.Names;

    [ToolFact(Nix.Program)]
    public void The_inventories_try_what_there_is_to_try()
    {
        var services = Hosts.All.SelectMany(host => host.Plan.Services).ToList();
        Assert.Contains(services, service => service.Stops);
        Assert.Equal(
            Enum.GetValues<DatabaseKind>().ToHashSet(),
            services.SelectMany(service => service.Databases).Select(database => database.Kind).ToHashSet());
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Each_database_is_copied_once_and_its_live_files_stay_out(string name)
    {
        var host = Hosts.Get(name);
        foreach (var service in host.Plan.Services.Where(service => service.Copies is not null))
        {
            var unit = $"homelab-copy-{service.Name}";
            var calls = host.File(unit).Split('\n').Select(line => line.Trim())
                .Where(line => line.StartsWith("copy_", StringComparison.Ordinal) && !line.EndsWith('{'))
                .Select(line => string.Join(' ', Readers.ShellWords(line)));
            Assert.Equal(
                service.Databases.Select(database => $"copy_{database.Kind.ToString().ToLowerInvariant()} {database.Source}").Order(StringComparer.Ordinal),
                calls.Order(StringComparer.Ordinal));
            var settings = host.ServiceConfig(unit);
            Assert.Equal($"homelab-copies/{service.Name}", settings["StateDirectory"].Text());
            Assert.Equal($"/var/lib/homelab-copies/{service.Name}/current", service.Copies);
            var files = service.Databases.Where(database => database.Kind == DatabaseKind.Sqlite).Select(database => database.Source).ToList();
            Assert.Equal(
                files.Select(file => Path.GetDirectoryName(file)!).Distinct().Order(StringComparer.Ordinal),
                settings["ReadWritePaths"] is { } writes ? Json.Texts(writes).Select(path => Readers.SystemdWord(path[1..])) : []);

            foreach (var job in host.Plan.Jobs.Where(job => job.Services.Contains(service)))
            {
                var excludes = JobTests.Excludes(host.Plan, job);
                foreach (var file in files)
                {
                    foreach (var live in new[] { "", "-wal", "-shm", "-journal" })
                        Assert.Contains(excludes, exclude => ResticPattern.LeavesOut(exclude, file + live));
                }

                Assert.Contains(service.Copies, JobTests.Paths(job));
            }
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void A_backup_waits_for_its_prepare_units_and_asks_whether_they_did_their_work(string name)
    {
        var host = Hosts.Get(name);
        foreach (var job in host.Plan.Jobs)
        {
            var preflight = host.File($"restic-preflight-{job.Name}");
            foreach (var service in job.Services)
            {
                Assert.Equal(service.Copies is not null, Loop(preflight, "/run/homelab-copy/").Contains(service.Name));
                Assert.Equal(service.Stops, Loop(preflight, "/run/homelab-stop/").Contains(service.Name));
            }

            foreach (var unit in Units(host.Plan, $"restic-backups-{job.Name}"))
            {
                var service = host.Service(unit[..^".service".Length]);
                // Nothing else starts them, and a switch leaves them alone.
                Json.Equal(Array.Empty<string>(), service["wantedBy"]);
                Assert.False(service["restartIfChanged"]!.GetValue<bool>());
            }
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void A_service_that_is_stopped_has_a_job_of_its_own_and_is_started_when_nothing_needs_that_any_more(string name)
    {
        var host = Hosts.Get(name);
        foreach (var service in host.Plan.Services.Where(service => service.Stops))
        {
            Assert.All(host.Plan.Jobs.Where(job => job.Services.Contains(service)), job => Assert.Single(job.Services));
            var unit = host.Service($"homelab-stop-{service.Name}");
            Assert.True(unit.At("unitConfig")["StopWhenUnneeded"]!.GetValue<bool>());
            var settings = unit.At("serviceConfig");
            Assert.True(settings["RemainAfterExit"]!.GetValue<bool>());
            Assert.EndsWith($"-homelab-start-{service.Name}", settings["ExecStopPost"].Text());
            Assert.Contains($"for unit in {string.Join(' ', service.Units)}; do", host.File($"homelab-stop-{service.Name}"));
        }
    }

    [ToolTheory(Nix.Program)]
    [InlineData("services.postgresql.enable = true;", "a MariaDB database on box")]
    [InlineData("services.mysql.enable = true;", "a PostgreSQL database on box")]
    [InlineData("services.postgresql.enable = true; services.mysql = { enable = true; package = { outPath = \"/nix/store/x\"; pname = \"mysql\"; }; };", "with pkgs.mariadb")]
    public void A_host_without_the_server_is_refused(string settings, string message)
    {
        using var folder = new TemporaryFolder();
        var inventory = RepositoryRoot.At("tests", "NixGen.Tests", "Cases", "databases", "inventory.yaml");
        var files = Hosts.Generate(inventory).Single(host => host.Plan.Name == "box").Files;
        foreach (var file in files)
            folder.Write(Path.GetFileName(file.Path), file.Text);
        var result = Nix.EvaluateJson(Hosts.Expression(folder.Path, extra: $"{{ {settings} }}"));
        Assert.Contains(message, Assert.Single(result.GetProperty("failedAssertions").EnumerateArray()).GetString());
    }

    /// <summary>The prepare units that a unit waits for.</summary>
    internal static IEnumerable<string> Units(HostPlan plan, string unit) => plan.Jobs
        .Where(job => unit == $"restic-backups-{job.Name}")
        .SelectMany(job => job.Services)
        .SelectMany(service => new[]
        {
            service.Copies is null ? null : $"homelab-copy-{service.Name}.service",
            service.Stops ? $"homelab-stop-{service.Name}.service" : null,
        })
        .OfType<string>();

    // The words of the loop whose body names a folder.
    private static IReadOnlyList<string> Loop(string script, string folder)
    {
        var lines = script.Split('\n').Select(line => line.Trim()).ToList();
        var body = lines.FindIndex(line => line.Contains(folder));
        return body < 0 ? [] : Readers.ShellWords(lines[body - 1]["for service in ".Length..^"; do".Length]);
    }
}
