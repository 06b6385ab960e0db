using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NixGen.Inventory;
using NixGen.Planning;

namespace NixGen.Tests.Evaluation;

/// <summary>Each job of each host backs up, leaves out, keeps and maintains what the plan says, and there is no other.</summary>
public sealed partial class JobTests
{
    public static TheoryData<string> Names => Hosts.Names;

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Settings_of_services_restic_are_those_of_the_jobs(string name)
    {
        var host = Hosts.Get(name);
        var said = host.Defined.At("services", "restic", "backups").DeepClone().AsObject();
        foreach (var job in said)
        {
            // By value below, and the files that restic reads in a test of their own.
            job.Value!["paths"] = Decoded(job.Value!["paths"], Readers.FilesFromLine);
            job.Value!["exclude"] = Decoded(job.Value!["exclude"], Readers.ExcludeFileLine);
            Assert.Equal($"exec {Path(host, $"restic-preflight-{job.Key}")}", job.Value!["backupPrepareCommand"].Text());
            job.Value!.AsObject().Remove("backupPrepareCommand");
        }

        Json.Equal(host.Plan.Jobs.ToDictionary(job => job.Name, job => new
        {
            repository = job.Destination.Repository,
            environmentFile = $"/run/homelab-secrets/{job.Destination.Id}/current/env",
            passwordFile = $"/run/homelab-secrets/{job.Destination.Id}/current/RESTIC_PASSWORD",
            paths = Paths(job),
            exclude = Excludes(host.Plan, job),
            initialize = false,
            extraBackupArgs = new[]
            {
                "--retry-lock 30m",
                $"--host {host.Plan.Name} --tag plan:{job.Name},created-by:{host.Plan.Name}",
                "--group-by host,tags",
            },
            pruneOpts = Array.Empty<string>(),
            timerConfig = Timer(job.Schedule),
        }), said);
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Restic_reads_the_paths_and_excludes_of_the_job(string name)
    {
        var host = Hosts.Get(name);
        foreach (var job in host.Plan.Jobs)
        {
            var service = host.Service($"restic-backups-{job.Name}");
            var list = PathList().Match(service["preStart"].Text());
            Assert.Equal($"/run/restic-backups-{job.Name}/includes", list.Groups[2].Value);
            Assert.Equal(Paths(job), Lines(host.Store[list.Groups[1].Value]).Select(Readers.FilesFromLine));

            var backup = Commands(host, job)[0].Split(' ');
            Assert.Equal("/nix/store/restic/bin/restic", backup[0]);
            Assert.Equal(
                [
                    "backup", "--retry-lock", "30m", "--host", host.Plan.Name, "--tag",
                    $"plan:{job.Name},created-by:{host.Plan.Name}", "--group-by", "host,tags",
                ],
                backup[1..10]);
            var excludes = Excludes(host.Plan, job);
            Assert.Equal($"--files-from=/run/restic-backups-{job.Name}/includes", backup[^1]);
            Assert.Equal(excludes.Count > 0 ? 12 : 11, backup.Length);
            if (excludes.Count > 0)
            {
                var file = host.Store[Value(backup[10], "--exclude-file=")];
                Assert.Equal(excludes, file.Split('\n').Select(Readers.ExcludeFileLine));
            }
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void The_preflight_looks_at_every_path_and_knows_which_may_be_absent(string name)
    {
        var host = Hosts.Get(name);
        foreach (var job in host.Plan.Jobs)
        {
            var preflight = host.File($"restic-preflight-{job.Name}");
            var loops = Loops().Matches(preflight);
            Assert.Equal(["problem", "skip"], loops.Select(loop => loop.Groups[2].Value));
            Assert.Equal(Paths(job, optional: false), Readers.ShellWords(loops[0].Groups[1].Value));
            Assert.Equal(Paths(job, optional: true), Readers.ShellWords(loops[1].Groups[1].Value));
            var whenMissing = host.Plan.Missing == MissingPaths.Refuse ? "refuse" : "continue";
            Assert.Contains($"if [ {whenMissing} = refuse ]", preflight);
            Assert.EndsWith($"exec {Path(host, $"restic-open-{job.Destination.Id}")}\n\n", preflight);
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void The_verdict_comes_before_retention_and_retention_is_the_jobs(string name)
    {
        var host = Hosts.Get(name);
        foreach (var job in host.Plan.Jobs)
        {
            var commands = Commands(host, job);
            Assert.Equal(Path(host, $"restic-verdict-{job.Name}"), commands[1]);
            var keep = Keep(job.Retention).ToList();
            Assert.Equal(keep.Count > 0 ? 3 : 2, commands.Count);
            if (keep.Count == 0)
                continue;
            var forget = commands[2].Split(' ');
            string[] prune = job.Destination.IsMaintainedHere ? ["--prune", "--max-unused", "unlimited"] : [];
            Assert.Equal(
                [
                    "/nix/store/restic/bin/restic", "forget", "--retry-lock", "30m", "--host", host.Plan.Name, "--tag",
                    $"plan:{job.Name},created-by:{host.Plan.Name}", "--group-by", "host,tags", .. keep, .. prune,
                ],
                forget);
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void A_repository_is_created_only_where_the_inventory_says(string name)
    {
        var host = Hosts.Get(name);
        foreach (var destination in host.Plan.Destinations)
        {
            var mayCreate = destination.Declaration.Initialize && destination.IsMaintainedHere;
            Assert.Contains($"if [ -z \"{(mayCreate ? "yes" : "")}\" ]; then", host.File($"restic-open-{destination.Id}"));
        }

        Assert.DoesNotContain(host.Store, file => !file.Key.Contains("-restic-open-") && file.Value.Contains("restic init"));
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Units_that_open_a_repository_want_its_secrets_but_do_not_require_them(string name)
    {
        var host = Hosts.Get(name);
        foreach (var (unit, destination) in Opening(host.Plan))
        {
            var service = host.Service(unit);
            string[] wanted = [$"homelab-secrets-{destination.Id}.service", "network-online.target", .. PrepareTests.Units(host.Plan, unit)];
            Assert.Equal([.. wanted], Set(service["wants"]));
            Assert.Equal([.. wanted, "time-sync.target"], Set(service["after"]));
            Json.Equal(Array.Empty<string>(), service["requires"]);
            var settings = host.ServiceConfig(unit);
            var current = $"/run/homelab-secrets/{destination.Id}/current";
            Assert.Equal($"{current}/env", settings["EnvironmentFile"].Text());
            Assert.Equal($"homelab-restic/{destination.Id}", settings["StateDirectory"].Text());
            var variables = service.At("environment");
            Assert.Equal(destination.Repository, variables["RESTIC_REPOSITORY"].Text());
            Assert.Equal($"{current}/RESTIC_PASSWORD", variables["RESTIC_PASSWORD_FILE"].Text());
            Assert.False(service["restartIfChanged"]!.GetValue<bool>());
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void A_repository_on_this_machine_is_written_to_directly_and_no_other_is(string name)
    {
        var host = Hosts.Get(name);
        foreach (var (unit, destination) in Opening(host.Plan))
        {
            var settings = host.ServiceConfig(unit);
            var mounts = host.Service(unit).At("unitConfig")["RequiresMountsFor"];
            if (destination.Kind == RepositoryKind.Local)
            {
                Assert.Equal(destination.Repository, Readers.SystemdWord(settings["ReadWritePaths"].Text()));
                Assert.Equal(destination.Repository, Readers.SystemdWord(mounts.Text()));
                Assert.True(settings["PrivateNetwork"]!.GetValue<bool>());
            }
            else
            {
                Assert.Null(settings["ReadWritePaths"]);
                Assert.Null(mounts);
                Assert.Null(settings["PrivateNetwork"]);
            }
        }

        var folders = host.Plan.Destinations.Where(destination => destination.Kind == RepositoryKind.Local).DistinctBy(destination => destination.Repository).ToDictionary(
            destination => destination.Repository,
            _ => new { d = new { mode = "0700", user = "root", group = "root" } });
        Json.Equal(folders, host.Config.At("systemd", "tmpfiles", "settings")["homelab-restic"] ?? new JsonObject());
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Timers_are_those_of_the_jobs_and_of_maintenance(string name)
    {
        var host = Hosts.Get(name);
        var expected = host.Plan.Jobs.ToDictionary(job => $"restic-backups-{job.Name}", job => Timer(job.Schedule));
        foreach (var destination in host.Plan.Destinations.Where(destination => destination.IsMaintainedHere))
        {
            if (destination.Declaration.Maintenance.Reclaim is { } reclaim)
                expected.Add($"restic-reclaim-{destination.Id}", Timer(reclaim));
            if (destination.Declaration.Maintenance.Check is { } check)
                expected.Add($"restic-check-{destination.Id}", Timer(check));
        }

        foreach (var drill in DrillTests.Unit(host.Plan))
            expected.Add(drill, Timer(host.Plan.Drill.Schedule!));

        var timers = host.Config.At("systemd", "timers").AsObject();
        Json.Equal(expected, new JsonObject(timers.Select(timer =>
            KeyValuePair.Create(timer.Key, timer.Value!["timerConfig"]?.DeepClone()))));
        Assert.All(timers, timer => Json.Equal(new[] { "timers.target" }, timer.Value!["wantedBy"]));
        // A timer without a service of its name does nothing.
        Assert.All(expected.Keys, timer => Assert.NotNull(host.Config.At("systemd", "services")[timer]));
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Maintenance_does_what_its_name_says(string name)
    {
        var host = Hosts.Get(name);
        foreach (var destination in host.Plan.Destinations)
        {
            var services = host.Config.At("systemd", "services");
            if (services[$"restic-reclaim-{destination.Id}"] is { } reclaim)
            {
                Assert.Equal(
                    "/nix/store/restic/bin/restic prune --retry-lock 2h --max-unused 10%% --max-repack-size 2G",
                    reclaim.At("serviceConfig", "ExecStart").Text());
                Assert.Equal(Path(host, $"restic-open-{destination.Id}"), reclaim.At("serviceConfig", "ExecStartPre").Text());
            }

            if (services[$"restic-check-{destination.Id}"] is { } check)
            {
                Assert.Equal(Path(host, $"restic-check-{destination.Id}"), check.At("serviceConfig", "ExecStart").Text());
                Assert.Equal(Path(host, $"restic-open-{destination.Id}"), check.At("serviceConfig", "ExecStartPre").Text());
                var slices = destination.Declaration.Maintenance.CheckSlices;
                Assert.Contains($"% {slices} + 1))", host.File($"restic-check-{destination.Id}"));
                Assert.Contains($"--read-data-subset \"$slice/{slices}\"", host.File($"restic-check-{destination.Id}"));
            }
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Hand_written_modules_see_the_paths_of_standard_services(string name)
    {
        var host = Hosts.Get(name);
        var standard = host.Plan.Services.Where(service => service.IsStandard).ToList();
        Json.Equal(
            new
            {
                backupPaths = standard.SelectMany(service => service.BackedUp),
                backupExcludes = standard.SelectMany(service => service.Excludes),
                backupJobs = host.Plan.Jobs.ToDictionary(
                    job => job.Name,
                    job => new { paths = Paths(job), excludes = Excludes(host.Plan, job) }),
            },
            host.Config.At("homelab"));
        Assert.Equal(host.Plan.DeclaresOptions, host.Modules.ContainsKey("options.nix"));
    }

    // --- What the plan says

    internal static List<string> Paths(JobPlan job, bool? optional = null) =>
        [.. job.Services
            .SelectMany(service => service.Paths)
            .GroupBy(path => path.Path)
            // One that several services have may be absent only if all of them say so.
            .Where(path => optional is null || path.All(each => each.Optional) == optional)
            .Select(path => path.Key)
            // The copies of databases.
            .Concat(optional == true ? [] : job.Services.Select(service => service.Copies).OfType<string>())
            // As Nix compares texts.
            .OrderBy(path => path, Utf8Order.Comparer)];

    internal static List<string> Excludes(HostPlan plan, JobPlan job)
    {
        var paths = Paths(job);
        var never = plan.NeverBackUp
            .Select(never => never.Path)
            .Where(place => paths.Any(path => place.StartsWith(path + "/", StringComparison.Ordinal)))
            .Select(Literal);
        return [.. job.Services
            .SelectMany(service => service.Excludes)
            .Concat(never)
            .Distinct()
            .OrderBy(pattern => pattern, Utf8Order.Comparer)];
    }

    // What restic needs to take a name literally: of a line it drops the last blank.
    private static string Literal(string path)
    {
        var pattern = Special().Replace(path, @"\$0");
        return char.IsWhiteSpace(pattern[^1]) ? $"{pattern[..^1]}[{pattern[^1]}]" : pattern;
    }

    private static Dictionary<string, object> Timer(Schedule schedule)
    {
        var timer = new Dictionary<string, object> { ["OnCalendar"] = schedule.Calendar.Normalized, ["Persistent"] = true };
        if (schedule.RandomizedDelay is { } delay && delay > TimeSpan.Zero)
            timer.Add("RandomizedDelaySec", $"{delay.TotalSeconds}s");
        return timer;
    }

    private static IEnumerable<string> Keep(Retention retention) =>
        new[]
        {
            ("--keep-last", retention.Last),
            ("--keep-hourly", retention.Hourly),
            ("--keep-daily", retention.Daily),
            ("--keep-weekly", retention.Weekly),
            ("--keep-monthly", retention.Monthly),
            ("--keep-yearly", retention.Yearly),
        }.Where(keep => keep.Item2 > 0).SelectMany(keep => new[] { keep.Item1, $"{keep.Item2}" });

    internal static IEnumerable<(string Unit, DestinationPlan Destination)> Opening(HostPlan plan) =>
        plan.Jobs.Select(job => ($"restic-backups-{job.Name}", job.Destination))
            .Concat(Maintained(plan, "reclaim", maintenance => maintenance.Reclaim))
            .Concat(Maintained(plan, "check", maintenance => maintenance.Check));

    private static IEnumerable<(string Unit, DestinationPlan Destination)> Maintained(
        HostPlan plan,
        string what,
        Func<MaintenanceDeclaration, Schedule?> when) =>
        plan.Destinations
            .Where(destination => destination.IsMaintainedHere && when(destination.Declaration.Maintenance) is not null)
            .Select(destination => ($"restic-{what}-{destination.Id}", destination));

    // --- What the evaluation says

    private static IReadOnlyList<string> Commands(EvaluatedHost host, JobPlan job) =>
        Json.Texts(host.ServiceConfig($"restic-backups-{job.Name}")["ExecStart"]);

    private static string Path(EvaluatedHost host, string file) =>
        Assert.Single(host.Store.Keys, path => path.EndsWith("-" + file));

    private static JsonArray Decoded(JsonNode? list, Func<string, string> read) =>
        new([.. Json.Texts(list).Select(text => JsonValue.Create(read(text)))]);

    internal static HashSet<string> Set(JsonNode? list) => [.. Json.Texts(list)];

    private static string[] Lines(string text)
    {
        Assert.EndsWith("\n", text);
        return text[..^1].Split('\n');
    }

    private static string Value(string argument, string name)
    {
        Assert.StartsWith(name, argument);
        return argument[name.Length..];
    }

    [GeneratedRegex(@"^cat (/nix/store/[0-9a-f]{32}-staticPaths) >> (\S+)$", RegexOptions.Multiline)]
    private static partial Regex PathList();

    [GeneratedRegex(@"^for path in (.*); do\n  look (\w+) ""\$path""\ndone$", RegexOptions.Multiline)]
    private static partial Regex Loops();

    [GeneratedRegex(@"[\\*?[]")]
    private static partial Regex Special();
}
