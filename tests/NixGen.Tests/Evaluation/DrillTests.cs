using NixGen.Inventory;
using NixGen.Planning;

namespace NixGen.Tests.Evaluation;

/// <summary>The unit of the restore drill: where there is one, what it waits for, and what it may do.</summary>
public sealed class DrillTests
{
    private const string Name = "restic-drill";

    public static TheoryData<string> Names => Hosts.Names;

    [ToolFact(Nix.Program)]
    public void The_inventories_try_what_there_is_to_try()
    {
        var plans = Hosts.All.Select(host => host.Plan).ToList();
        Assert.Contains(plans, plan => plan.Drill.Schedule is null);
        Assert.Contains(plans, plan => plan.Drill.Schedule is not null && !Unit(plan).Any());
        Assert.Contains(plans, plan => plan.Drill.Scratch.At != default);
        Assert.Contains(plans, plan => Unit(plan).Any() && plan.Services.Any(service => !service.MayBeDrilled));
        Assert.Contains(plans, plan => plan.Destinations.All(destination => destination.Kind == RepositoryKind.Local));
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void It_wants_all_secrets_and_writes_to_its_own_folders_alone(string name)
    {
        var host = Hosts.Get(name);
        if (!Unit(host.Plan).Any())
        {
            Assert.Null(host.Config.At("systemd")["tmpfiles"]?["settings"]?["homelab-drill"]);
            return;
        }

        var (unit, settings, scratch) = (host.Service(Name), host.ServiceConfig(Name), host.Plan.Drill.Scratch.Value);
        string[] wanted = [.. host.Plan.Destinations.Select(destination => $"homelab-secrets-{destination.Id}.service"), "network-online.target"];
        Json.Equal(wanted, unit["wants"]);
        Json.Equal(wanted.Append("time-sync.target"), unit["after"]);
        Json.Equal(Array.Empty<string>(), unit["requires"]);
        Assert.False(unit["restartIfChanged"]!.GetValue<bool>());
        Assert.Equal(scratch, settings["ReadWritePaths"].Text());
        Assert.Equal(
            host.Plan.Jobs.Select(job => $"restic-backups-{job.Name}").Order(StringComparer.Ordinal),
            Json.Texts(settings["CacheDirectory"]).Order(StringComparer.Ordinal));
        var local = host.Plan.Destinations.Where(destination => destination.Kind == RepositoryKind.Local).Select(destination => destination.Repository).ToList();
        Assert.Equal([scratch, .. local.Distinct()], Json.Texts(unit.At("unitConfig")["RequiresMountsFor"]).Select(Readers.SystemdWord));
        Assert.Equal(local.Count == host.Plan.Destinations.Count, settings["PrivateNetwork"]?.GetValue<bool>() ?? false);
        Json.Equal(
            new Dictionary<string, object> { [scratch] = new { d = new { mode = "0700", user = "root", group = "root" } } },
            host.Config.At("systemd", "tmpfiles", "settings", "homelab-drill"));
        Assert.EndsWith("/bin/nixgen-restore drill", settings["ExecStart"].Text());
    }

    [ToolTheory(Nix.Program)]
    [MemberData(nameof(Names))]
    public void What_it_restores_is_never_backed_up(string name)
    {
        var host = Hosts.Get(name);
        Assert.Contains(host.Plan.NeverBackUp, never => never.Path == host.Plan.Drill.Scratch.Value);
        foreach (var job in host.Plan.Jobs)
            Assert.DoesNotContain(JobTests.Paths(job), path => HiddenPlaces.Contains(host.Plan.Drill.Scratch.Value, path));
    }

    /// <summary>The unit, where there is one.</summary>
    internal static IEnumerable<string> Unit(HostPlan plan) =>
        plan.Drill.Schedule is not null && plan.Services.Any(service => service is { HasData: true, MayBeDrilled: true }) ? [Name] : [];
}
