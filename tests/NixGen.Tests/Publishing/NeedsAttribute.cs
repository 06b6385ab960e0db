using System.Diagnostics;

namespace NixGen.Tests.Publishing;

/// <summary>A test that needs programs, or root with the right to mount. Skipped where they are missing, except in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(TryMount);

    public NeedsAttribute(params string[] programs)
    {
        if (OperatingSystem.IsWindows())
            Skip = "needs Unix";
        else if (Tool.ReasonToSkip(programs, Tool.IsContinuousIntegration) is { } reason)
            Skip = reason;
        else if (
            programs.Contains("mount")
            && (!Environment.IsPrivilegedProcess || (!Tool.IsContinuousIntegration && !CanMount.Value))
        )
            Skip = "needs root with the right to mount";
    }

    private static bool TryMount()
    {
        var folder = Directory.CreateTempSubdirectory("nixgen-mount-").FullName;
        try
        {
            using var mount = Process.Start(
                new ProcessStartInfo("mount", ["-t", "tmpfs", "tmpfs", folder]) { RedirectStandardError = true }
            )!;
            mount.WaitForExit();
            if (mount.ExitCode != 0)
                return false;
            using var unmount = Process.Start("umount", [folder]);
            unmount.WaitForExit();
            return true;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}
