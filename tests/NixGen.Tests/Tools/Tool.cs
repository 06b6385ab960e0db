using System.Collections.Concurrent;

namespace NixGen.Tests.Tools;

/// <summary>
/// The programs that tests call. <c>tests/install-tools</c> installs them. A test that needs some says so with
/// <see cref="ToolFactAttribute"/> or <see cref="ToolTheoryAttribute"/> and gets their paths from <see cref="Require"/>: where
/// one is missing, the test is skipped on a developer's machine and fails in continuous integration.
/// </summary>
public static class Tool
{
    private static readonly ConcurrentDictionary<string, string?> Found = new(StringComparer.Ordinal);

    /// <summary>Whether this is continuous integration: <c>CI=true</c>, as <c>.ci/run</c> and most services set it.</summary>
    public static bool IsContinuousIntegration { get; } = Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>
    /// PATH with what tests/install-tools unpacked in front: restic and systemd's tools there are newer ones. Debian has the servers of
    /// databases in folders of their own.
    /// </summary>
    public static string SearchPath { get; } = string.Join(
        Path.PathSeparator,
        new[] { RepositoryRoot.At(".tools", "bin"), Environment.GetEnvironmentVariable("PATH"), "/usr/sbin" }
            .Concat(PostgreSql())
            .Where(part => !string.IsNullOrEmpty(part)));

    private static IEnumerable<string> PostgreSql() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
        : [];

    /// <summary>The full path of a program, or null.</summary>
    public static string? Find(string program) => Found.GetOrAdd(program, static program => Find(program, SearchPath));

    /// <summary>The full path of a program.</summary>
    /// <exception cref="ToolMissingException">It is not there.</exception>
    public static string Require(string program) => Find(program) ?? throw new ToolMissingException(program);

    /// <summary>Why a test that needs these programs is skipped, or null if it is not.</summary>
    internal static string? ReasonToSkip(IEnumerable<string> programs, bool isContinuousIntegration)
    {
        if (isContinuousIntegration)
        {
            return null;
        }

        var missing = programs.Where(program => Find(program) is null).ToList();
        return missing.Count == 0 ? null : $"needs {string.Join(", ", missing)}: run tests/install-tools";
    }

    private static string? Find(string program, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.GetFullPath(Path.Combine(folder, program)))
            .FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ExecuteBits) != 0);

    private const UnixFileMode ExecuteBits =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}

/// <summary>A program that a test needs is not there.</summary>
public sealed class ToolMissingException(string program) : Exception(
    $"{program} is neither in .tools/bin nor in PATH: run tests/install-tools, or enter the flake's development shell.")
{
    public string Program { get; } = program;
}
