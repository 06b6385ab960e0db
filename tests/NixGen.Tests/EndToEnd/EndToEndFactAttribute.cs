using NixGen.Tests.Publishing;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// A test that runs whole units: as root, who alone can give files to other users and mount, with the programs that a unit calls.
/// Skipped where something is missing, except that a missing program fails in continuous integration.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EndToEndFactAttribute : FactAttribute
{
    private static readonly string[] Programs =
    [
        Nix.Program, "bash", "restic", "rest-server", "sqlite3", "jq", "flock", "cmp", "mount", "unshare", "nsenter", "setpriv", "chroot",
    ];

    public EndToEndFactAttribute() => Skip = Tool.ReasonToSkip(Programs, Tool.IsContinuousIntegration) ?? new NeedsAttribute("mount").Skip;
}
