using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NixGen.Probing;

internal enum FileKind
{
    Missing,
    Unreadable,
    File,
    Folder,
    Link,

    /// <summary>A pipe, a socket, a device.</summary>
    Other,
}

/// <summary>
/// What stands at a path, by one call that follows no link: .NET makes several, and does not tell hard links and file systems apart.
/// Linux only, as a host of NixOS is.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Of a file, in bytes.</param>
/// <param name="Names">How many names it has.</param>
/// <param name="FileSystem">On which file system it is.</param>
/// <param name="Number">Which it is there.</param>
internal readonly partial record struct FileLook(FileKind Kind, long Size, uint Names, ulong FileSystem, ulong Number)
{
    public static FileLook At(string path)
    {
        if (StatX(CurrentFolder, path, NoFollow | NoAutomount, BasicStats, out var found) != 0)
        {
            // A name that is not UTF-8 comes changed from .NET, and cannot be asked for.
            var isMissing = Marshal.GetLastPInvokeError() is NoEntry or NoFolder && !path.Contains('\uFFFD');
            return new FileLook(isMissing ? FileKind.Missing : FileKind.Unreadable, 0, 0, 0, 0);
        }

        var kind = (found.Mode & TypeOfFile) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        var size = kind == FileKind.File ? (long)Math.Min(found.Size, long.MaxValue) : 0;
        return new FileLook(kind, size, found.Links, ((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Number);
    }

    /// <summary>Whether a file begins with these bytes; null if it may not be read.</summary>
    public static bool? Begins(string file, ReadOnlySpan<byte> bytes)
    {
        // .NET's own way locks a file while it is open, and a service that wants a lock just then would not get it.
        using var handle = Open(file, CloseOnExec | DoNotWait | NoFollowOpen);
        if (handle.IsInvalid)
            return Marshal.GetLastPInvokeError() is NoEntry or Loop ? false : null;
        if (bytes.IsEmpty)
            return true;
        Span<byte> read = stackalloc byte[bytes.Length];
        try
        {
            return RandomAccess.Read(handle, read, 0) == bytes.Length && read.SequenceEqual(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // linux/fcntl.h, linux/stat.h, asm-generic/errno-base.h
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int NoAutomount = 0x800;
    private const uint BasicStats = 0x7ff;
    private const int TypeOfFile = 0xF000;
    private const int CloseOnExec = 0x80000;
    private const int DoNotWait = 0x800;

    // The one flag that differs: a service may put a link where a file was a moment ago, and root would open what it leads to.
    private static readonly int NoFollowOpen = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86
        or Architecture.S390x or Architecture.LoongArch64 or Architecture.RiscV64 ? 0x20000 : 0x8000;

    private const int NoEntry = 2;
    private const int NoFolder = 20;
    private const int Loop = 40;

    // struct statx, which is the same on every processor, unlike struct stat.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(16)]
        public uint Links;
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(32)]
        public ulong Number;
        [FieldOffset(40)]
        public ulong Size;
        [FieldOffset(136)]
        public uint DeviceMajor;
        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
