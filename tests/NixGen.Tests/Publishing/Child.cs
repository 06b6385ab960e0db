using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NixGen.Tests.Publishing;

/// <summary>A process of <see cref="EntryPoint"/>.</summary>
internal static class Child
{
    private static readonly string Dotnet = Path.GetFullPath(
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
    );

    public static Process Start(params IEnumerable<string> arguments) => Start(Dotnet, Arguments(arguments));

    /// <summary>As nobody, if the tests run as root, who may do everything.</summary>
    public static Process StartUnprivileged(params IEnumerable<string> arguments) =>
        Environment.IsPrivilegedProcess
            ? Start("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Dotnet, .. Arguments(arguments)])
            : Start(arguments);

    private static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;

    private static IEnumerable<string> Arguments(IEnumerable<string> arguments) =>
        ["exec", typeof(EntryPoint).Assembly.Location, .. arguments];
}
