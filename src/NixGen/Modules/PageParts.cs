using NixGen.Inventory;
using NixGen.Planning;
using Scriban.Runtime;

namespace NixGen.Modules;

/// <summary>What several pages say.</summary>
internal static class PageParts
{
    public static ScriptArray LeftOut(HostPlan plan) => Model.List(plan.Services
        .Where(service => service.NoBackup is not null)
        .Select(service => Model.Of(("title", service.Title), ("reason", service.NoBackup))));

    public static ScriptArray Never(HostPlan plan) =>
        Model.List(plan.NeverBackUp.Select(never => Model.Of(("path", never.Path), ("reason", never.Reason))));

    public static ScriptObject Database(DatabasePlan database) => Model.Of(("kind", database.Kind.Title()), ("name", database.Source));
}
