using System.Runtime.InteropServices;

namespace NixGen.Publishing;

/// <summary>The system refused something; with the path in the output folder, and the system's own words for why.</summary>
internal sealed class DiskException(string path, Exception cause) : Exception(cause.Message, cause)
{
    public string Path { get; } = path;

    public string Reason { get; } = Explain(cause);

    /// <summary>
    /// "No space left on device" instead of .NET's sentence, which repeats the path in full. On Unix an IOException carries
    /// errno as HResult, and UnauthorizedAccessException wraps such an IOException.
    /// </summary>
    private static string Explain(Exception cause)
    {
        var errno = (cause.InnerException as IOException ?? cause).HResult;
        return !OperatingSystem.IsWindows() && errno is > 0 and < 4096
            ? Marshal.GetPInvokeErrorMessage(errno)
            : cause.Message.ReplaceLineEndings(" ");
    }
}
