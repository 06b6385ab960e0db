using System.Net;
using NixGen.Findings;

namespace NixGen.Planning.Rules;

/// <summary>Backrest speaks plain HTTP, and who is logged in runs commands.</summary>
internal static class OpenListenerRule
{
    public static void Check(HostPlan plan, Lints lints)
    {
        if (plan.Backrest is { Listen: { } listen } && !IPAddress.IsLoopback(listen.Address))
            lints.Report(Codes.OpenListener, plan.At, $"Backrest of host '{plan.Name}' listens on {new IPEndPoint(listen.Address, listen.Port)}", plan.Declaration);
    }
}
