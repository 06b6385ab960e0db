using NixGen.Inventory;
using NixGen.Planning;

namespace NixGen.Tests.Evaluation;

/// <summary>What a host has besides its jobs: secrets, Backrest, and nothing else.</summary>
public sealed class HostTests
{
    public static TheoryData<string> Names => Hosts.Names;

    [ToolFact(Nix.Program)]
    public void The_inventories_try_what_there_is_to_try()
    {
        var plans = Hosts.All.Select(host => host.Plan).ToList();
        Assert.Contains(plans, plan => plan.Backrest is null);
        Assert.Contains(plans, plan => plan.Missing == MissingPaths.Refuse);
        Assert.Contains(plans, plan => !plan.DeclaresOptions);
        Assert.Contains(plans, plan => plan.TokenFile is null);
        Assert.Contains(plans, plan => !plan.Jobs.Any(job => job.IsNightly));
        Assert.Contains(plans, plan => plan.Jobs.Any(job => job.Retention.KeepsAll));
        Assert.Contains(plans, plan => plan.Jobs.Any(job => job.Schedule.RandomizedDelay is not null));
        Assert.Contains(plans, plan => plan.Destinations.Any(destination => !destination.IsMaintainedHere));
        Assert.Contains(plans, plan => plan.Services.Any(service => service.NoBackup is not null));
        Assert.Superset(
            new HashSet<RepositoryKind> { RepositoryKind.Local, RepositoryKind.Rest, RepositoryKind.B2, RepositoryKind.S3 },
            plans.SelectMany(plan => plan.Destinations).Select(destination => destination.Kind).ToHashSet());
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void No_assertion_fails(string name) => Assert.Empty(Hosts.Get(name).FailedAssertions);

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Nothing_is_there_that_the_inventory_does_not_ask_for(string name)
    {
        var host = Hosts.Get(name);
        var plan = host.Plan;
        var services = JobTests.Opening(plan).Select(opening => opening.Unit)
            .Concat(plan.Secrets.Select(set => $"homelab-secrets-{set.Consumer}"))
            .Concat(plan.Backrest is null ? [] : ["backrest", "backrest-index"])
            .Concat(plan.Services.Where(service => service.Copies is not null).Select(service => $"homelab-copy-{service.Name}"))
            .Concat(plan.Services.Where(service => service.Stops).Select(service => $"homelab-stop-{service.Name}"))
            .Concat(DrillTests.Unit(plan));
        Assert.Equal(services.ToHashSet(), host.Config.At("systemd", "services").Keys().ToHashSet());

        string[] users = plan.Backrest is null ? [] : ["backrest"];
        Assert.Equal(users, host.Config.At("users", "users").Keys());
        Assert.Equal(users, host.Config.At("users", "groups").Keys());
        Json.Equal(
            plan.TokenFile is null ? [] : new Dictionary<string, object> { ["allowUnfreePackages"] = new[] { "1password-cli" } },
            host.Config.At("nixpkgs", "config"));

        string[] modules = plan.DeclaresOptions ? ["options.nix"] : [];
        string[] web = plan.Backrest is null ? [] : ["backrest.nix"];
        string[] prepare = plan.Services.Any(service => service.Stops || service.Copies is not null) ? ["prepare.nix"] : [];
        Assert.Equal(
            new[] { "BACKUPS.md", "RESTORE.md", "backups.json", "default.nix", "purge.nix", "secrets.nix", "restic.nix", "restore.nix" }.Concat(modules).Concat(web).Concat(prepare).Order(StringComparer.Ordinal),
            host.Modules.Keys.Order(StringComparer.Ordinal));

        // What else a module could say; evaluate.nix refuses options that it does not know.
        Assert.Subset(
            new HashSet<string> { "environment", "homelab", "nixpkgs", "services", "systemd", "users" },
            host.Defined.Keys().ToHashSet());
        Assert.Equal(["restic"], host.Defined.At("services").Keys().Except(Hosts.Servers(plan)));
        Assert.Equal(["backups"], host.Defined.At("services", "restic").Keys());
        Assert.Subset(new HashSet<string> { "services", "timers", "tmpfiles" }, host.Defined.At("systemd").Keys().ToHashSet());
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Each_consumer_fetches_its_secrets_by_reference(string name)
    {
        var host = Hosts.Get(name);
        foreach (var set in host.Plan.Secrets)
        {
            var unit = $"homelab-secrets-{set.Consumer}";
            var script = host.File(unit);
            Assert.Equal(Fetches(set), Fetched(script));
            var settings = host.ServiceConfig(unit);
            Assert.EndsWith("-" + unit, settings["ExecStart"].Text());
            Assert.Equal($"homelab-secrets/{set.Consumer}", settings["RuntimeDirectory"].Text());
            Assert.Equal(Credentials(host.Plan, set), Json.Texts(settings["LoadCredential"]).Select(Credential));
            Assert.Equal(set.Declaration.Source is OnePasswordSource, script.Contains("/bin/op read"));
            Json.Equal(new[] { "multi-user.target" }, host.Service(unit)["wantedBy"]);
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void The_token_is_out_of_sight_of_the_units_that_read_data(string name)
    {
        var host = Hosts.Get(name);
        string[] web = host.Plan.Backrest is null ? [] : ["backrest"];
        var readers = JobTests.Opening(host.Plan).Select(opening => opening.Unit).Concat(web).Concat(DrillTests.Unit(host.Plan));
        foreach (var unit in readers)
        {
            var hidden = host.ServiceConfig(unit)["InaccessiblePaths"] switch
            {
                null => [],
                System.Text.Json.Nodes.JsonArray list => Json.Texts(list),
                var one => [one.Text()],
            };
            Assert.All(hidden, path => Assert.StartsWith("-", path));
            string[] token = host.Plan.TokenFile is { } file ? [file.Value] : [];
            string[] secrets = unit == "backrest" ? ["/run/homelab-secrets"] : [];
            Assert.Equal([.. token, .. secrets], hidden.Select(path => Readers.SystemdWord(path[1..])));
        }
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Backrest_shows_what_the_jobs_make(string name)
    {
        var host = Hosts.Get(name);
        if (host.Plan.Backrest is null)
        {
            Assert.DoesNotContain(host.Store, file => file.Value.Contains("backrest.json"));
            return;
        }

        var disabled = new { schedule = new { disabled = true } };
        Json.Equal(
            new
            {
                version = 6,
                modno = 1,
                instance = host.Plan.Name,
                repos = host.Plan.Destinations.Select(destination => new
                {
                    id = destination.Id,
                    uri = destination.Repository,
                    guid = Guid(destination),
                    // References that Backrest expands from its environment: no value.
                    env = Variables(destination.Secrets)
                        .Select(variable => $"{variable}=${{{Prefixed(destination.Id, variable)}}}"),
                    flags = new[] { destination.Kind == RepositoryKind.Local ? "--no-lock" : "--retry-lock=30m" },
                    autoUnlock = false,
                    forgetPolicy = disabled,
                    prunePolicy = disabled,
                    checkPolicy = disabled,
                }),
                plans = host.Plan.Jobs.Select(job => new
                {
                    id = job.Name,
                    repo = job.Destination.Id,
                    paths = JobTests.Paths(job),
                    excludes = JobTests.Excludes(host.Plan, job),
                    schedule = new { disabled = true },
                    retention = new { policyKeepAll = true },
                    backup_flags = new[] { $"--host={host.Plan.Name}" },
                }),
            },
            System.Text.Json.Nodes.JsonNode.Parse(host.File("backrest.json")));
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void Backrest_listens_where_it_is_told_and_indexes_after_each_backup(string name)
    {
        var host = Hosts.Get(name);
        string[] index = host.Plan.Backrest is null ? [] : ["backrest-index.service"];
        foreach (var job in host.Plan.Jobs)
        {
            Json.Equal(index, host.Service($"restic-backups-{job.Name}")["onSuccess"]);
            Json.Equal(index, host.Service($"restic-backups-{job.Name}")["onFailure"]);
        }

        if (host.Plan.Backrest is not { } backrest)
            return;
        var listen = new System.Net.IPEndPoint(backrest.Listen.Address, backrest.Listen.Port).ToString();
        Assert.Equal(listen, host.Service("backrest").At("environment")["BACKREST_PORT"].Text());
        Assert.Equal(
            host.Plan.Destinations.Select(destination => $"-/run/homelab-secrets/{destination.Id}/current/prefixed-env"),
            Json.Texts(host.ServiceConfig("backrest")["EnvironmentFile"]));
        Assert.Equal(
            SecretsUnits(host.Plan).Append("backrest-index.service").Append("network-online.target"),
            Json.Texts(host.Service("backrest")["wants"]));
        Assert.Equal(SecretsUnits(host.Plan).Append("network-online.target"), Json.Texts(host.Service("backrest")["after"]));
        Assert.Equal(
            "password:/run/homelab-secrets/backrest/current/BACKREST_PASSWORD",
            host.ServiceConfig("backrest")["LoadCredential"].Text());
        Assert.Contains($"--arg name {backrest.User} ", host.File("backrest-render"));
        var repositories = string.Join(' ', host.Plan.Destinations.Select(destination => destination.Id));
        Assert.Contains($"for repository in {repositories}; do", host.File("backrest-index"));
        var own = backrest.Listen.Address.ToString() switch { "0.0.0.0" => "127.0.0.1", "::" => "::1", var address => address };
        var url = own.Contains(':')
            ? $"'http://[{own}]:{backrest.Listen.Port}/v1.Backrest/DoRepoTask'"
            : $"http://{own}:{backrest.Listen.Port}/v1.Backrest/DoRepoTask";
        Assert.Contains($"  {url} || failed=1", host.File("backrest-index"));
    }

    private static string Guid(DestinationPlan destination) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"nixgen destination {destination.Id}")));

    private static string Prefixed(string consumer, string variable) => $"{consumer.Replace('-', '_')}_{variable}";

    private static IEnumerable<string> SecretsUnits(HostPlan plan) =>
        plan.Secrets.Select(set => $"homelab-secrets-{set.Consumer}.service");

    private static IEnumerable<SecretVariable> Sorted(SecretsPlan set) =>
        set.Declaration.Source.Variables.OrderBy(variable => variable.Name, StringComparer.Ordinal);

    private static IEnumerable<string> Variables(SecretsPlan set) =>
        Sorted(set).Select(variable => variable.Name).Where(variable => variable != "BACKREST_PASSWORD");

    private static IEnumerable<string> Fetches(SecretsPlan set) => set.Declaration.Source.Variables
        .OrderBy(variable => variable.Name, StringComparer.Ordinal)
        .Select(variable => set.Declaration.Source is OnePasswordSource source
            ? $"{variable.Name} op://{set.Vault}/{source.Item.Value}/{variable.Reference}"
            : $"{variable.Name} {variable.Name}");

    private static IEnumerable<string> Fetched(string script) => script.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.StartsWith("fetch ", StringComparison.Ordinal))
        .Select(line => string.Join(' ', Readers.ShellWords(line.EndsWith(" &&") ? line[..^3] : line).Skip(1)));

    private static IEnumerable<(string Name, string File)> Credentials(HostPlan plan, SecretsPlan set) =>
        set.Declaration.Source is OnePasswordSource
        ? [("op-token", plan.TokenFile!.Value.Value)]
        : Sorted(set).Select(variable => (variable.Name, variable.Reference));

    // LoadCredential= is read up to the colon; what follows is one path, blanks and quotes included.
    private static (string Name, string File) Credential(string text)
    {
        var parts = text.Split(':', 2);
        Assert.DoesNotContain('%', parts[1].Replace("%%", ""));
        return (parts[0], parts[1].Replace("%%", "%"));
    }
}
