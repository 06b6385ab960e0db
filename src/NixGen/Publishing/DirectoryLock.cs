using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NixGen.Publishing;

/// <summary>
/// flock(2) on the output folder itself, so that no lock file is left behind and the kernel lets go when a process dies.
/// .NET locks only files that it can open, and it does not open folders.
/// </summary>
internal sealed partial class DirectoryLock : IDisposable
{
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int DoNotWait = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SafeFileHandle? _folder;

    private DirectoryLock(SafeFileHandle? folder) => _folder = folder;

    /// <summary>For what needs no lock.</summary>
    public static DirectoryLock None { get; } = new(null);

    /// <param name="folder">The folder, which must exist.</param>
    /// <param name="exclusive">Whether nobody else may hold it; otherwise others may, who do not want it exclusively.</param>
    /// <param name="patience">How long to wait for the others.</param>
    /// <returns>The lock, or null when it was not to be had in time.</returns>
    /// <exception cref="DiskException">The folder cannot be opened.</exception>
    public static DirectoryLock? Take(string folder, bool exclusive, TimeSpan patience)
    {
        // Windows has no such lock for folders, and NixOS is not built there: two runs at once are not kept apart.
        if (OperatingSystem.IsWindows())
            return None;

        var handle = Open(folder, CloseOnExec);
        if (handle.IsInvalid)
        {
            var errno = Marshal.GetLastPInvokeError();
            throw new DiskException("", new IOException(Marshal.GetPInvokeErrorMessage(errno), errno));
        }

        var waited = Stopwatch.StartNew();
        while (Flock(handle, (exclusive ? Exclusive : Shared) | DoNotWait) != 0)
        {
            // Some file systems cannot lock folders (NFS answers EBADF to an exclusive lock on what is not open for writing).
            // To refuse there would take NixGen away from its user for a rare clash that check would find.
            if (Marshal.GetLastPInvokeError() != WouldBlock)
                break;
            if (waited.Elapsed >= patience)
            {
                handle.Dispose();
                return null;
            }
            Thread.Sleep(Pause);
        }
        return new(handle);
    }

    public void Dispose() => _folder?.Dispose();

    // The kernels disagree on the numbers: asm-generic/fcntl.h, asm-generic/errno-base.h; macOS sys/fcntl.h, sys/errno.h.
    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    private static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle folder, int operation);
}
