using NixGen.Planning;
using NixGen.Publishing;
using NixGen.Rendering;

namespace NixGen.Modules;

/// <summary>The modules of one host: which there are, and what stands in <c>default.nix</c> and <c>options.nix</c>.</summary>
internal static class HostModules
{
    public static IEnumerable<Module> Compose(HostPlan plan)
    {
        var modules = new List<Module>();
        if (plan.DeclaresOptions)
            modules.Add(Module(plan, "options.nix", Model.Of()));
        modules.Add(Module(plan, "secrets.nix", SecretsModule.Compose(plan)));
        if (PrepareModule.Compose(plan) is { } prepare)
            modules.Add(Module(plan, "prepare.nix", prepare));
        modules.Add(Module(plan, "restic.nix", ResticModule.Compose(plan)));
        if (plan.Backrest is { } backrest)
            modules.Add(Module(plan, "backrest.nix", BackrestModule.Compose(plan, backrest)));
        if (RestoreModule.Compose(plan) is { } restore)
            modules.Add(Module(plan, "restore.nix", restore));
        if (PurgeModule.Compose(plan) is { } purge)
            modules.Add(Module(plan, "purge.nix", purge));
        modules.Add(Module(plan, "default.nix", Model.Of(("modules", Model.List(modules.Select(module => module.Template).ToList())))));
        modules.Add(Module(plan, "BACKUPS.md", BackupsPage.Compose(plan)));
        modules.Add(Module(plan, "RESTORE.md", RestorePage.Compose(plan)));
        return modules;
    }

    private static Module Module(HostPlan plan, string name, Scriban.Runtime.ScriptObject model)
    {
        model.Add("header", name.EndsWith(".md", StringComparison.Ordinal) ? FirstLineOfPage : FirstLine);
        model.Add("host", plan.Name);
        return new Module($"{plan.Name}/{name}", name, model);
    }

    private static readonly RawText FirstLine = new($"# {Header.Notice}");

    private static readonly RawText FirstLineOfPage = new($"<!-- {Header.Notice} -->");
}
