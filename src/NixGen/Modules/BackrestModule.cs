using System.Net;
using NixGen.Inventory;
using NixGen.Inventory.Binding;
using NixGen.Languages.Systemd;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What <c>backrest.nix</c> says.</summary>
internal static class BackrestModule
{
    public static ScriptObject Compose(HostPlan plan, BackrestPlan backrest)
    {
        var own = Reachable(backrest.Listen.Address);
        return Model.Of(
            ("listen", new IPEndPoint(backrest.Listen.Address, backrest.Listen.Port).ToString()),
            ("user", backrest.User),
            ("index_user", SettingsBinding.IndexUser),
            ("index_host", own.ToString()),
            ("index_url", $"http://{new IPEndPoint(own, backrest.Listen.Port)}/v1.Backrest/DoRepoTask"),
            ("index_allow", IPAddress.IsLoopback(own) ? "localhost" : own.ToString()),
            ("inaccessible", Model.List(Inaccessible(plan))),
            ("repositories", Model.List(plan.Destinations.Select(destination => destination.Id))),
            ("destinations", Model.List(plan.Destinations.Select(Destination))),
            ("jobs", Model.List(plan.Jobs.Select(job => Model.Of(("name", job.Name), ("destination", job.Destination.Id))))));
    }

    private static ScriptObject Destination(DestinationPlan destination) => Model.Of(
        ("id", destination.Id),
        ("prefix", SecretsModule.Prefix(destination.Id)),
        ("repository", destination.Repository),
        ("variables", Model.List(destination.Secrets.Declaration.Source.Variables
            .Select(variable => variable.Name)
            .Where(name => name != SecretsBinding.BackrestPassword)
            .Order(StringComparer.Ordinal))),
        ("flags", Model.List(destination.Kind == RepositoryKind.Local
            // The repository belongs to root; Backrest may read it, so it shows and restores, but cannot leave a lock.
            ? ["--no-lock"]
            : new[] { "--retry-lock=30m" })));

    // What listens on every address is reached on the loopback one.
    private static IPAddress Reachable(IPAddress listen) => listen switch
    {
        _ when listen.Equals(IPAddress.Any) => IPAddress.Loopback,
        _ when listen.Equals(IPAddress.IPv6Any) => IPAddress.IPv6Loopback,
        _ => listen,
    };

    private static IEnumerable<string> Inaccessible(HostPlan plan)
    {
        if (plan.TokenFile is { } token)
            yield return "-" + SystemdWord.Setting(token.Value);
        yield return "-/run/homelab-secrets";
    }
}
