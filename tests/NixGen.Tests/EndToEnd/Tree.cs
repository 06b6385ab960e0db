using System.Runtime.InteropServices;
using System.Text;

namespace NixGen.Tests.EndToEnd;

/// <summary>Files below a folder, whose names are bytes: what <c>find</c> tells of each, a hash of its content, its extended attributes.</summary>
internal static class Tree
{
    /// <summary>One line each, in the order of bytes: equal lists, equal trees. A name is shown with its bytes as characters.</summary>
    /// <param name="root">The root directory in which the folder is.</param>
    /// <param name="folder">A path there.</param>
    /// <param name="depth">From how many levels below the folder on.</param>
    public static IReadOnlyList<string> List(NixOsRoot root, string folder, int depth = 0)
    {
        // The size of a folder says nothing.
        var found = root.Bash(
            """
            cd -- "$1" &&
            find . -mindepth "$2" \( -type d -printf '%y %m %U %G - %T@ %l\0%P\0' -o -printf '%y %m %U %G %s %T@ %l\0%P\0' \)
            """,
            folder, depth.ToString(System.Globalization.CultureInfo.InvariantCulture)).Succeeded().OutputBytes;
        var hashes = Split(root.Bash("""cd -- "$1" && find . -mindepth "$2" -type f -print0 | xargs -0 sha256sum -z --""",
                folder, depth.ToString(System.Globalization.CultureInfo.InvariantCulture)).Succeeded().OutputBytes)
            .ToDictionary(line => Latin(line[68..]), line => Latin(line[..64]));
        var parts = Split(found);
        return
        [
            .. Enumerable.Range(0, parts.Count / 2)
                .Select(index => (Path: parts[(2 * index) + 1], Facts: Latin(parts[2 * index])))
                .Select(entry => string.Join(
                    " | ",
                    Latin(entry.Path),
                    entry.Facts,
                    hashes.GetValueOrDefault(Latin(entry.Path)),
                    Attributes([.. Encoding.UTF8.GetBytes(root.At(folder) + "/"), .. entry.Path])))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Sets an extended attribute.</summary>
    public static void SetAttribute(string path, string name, byte[] value) => SetAttribute(Encoding.UTF8.GetBytes(path), name, value);

    public static void SetAttribute(byte[] path, string name, byte[] value) =>
        Assert.True(lsetxattr([.. path, 0], [.. Encoding.UTF8.GetBytes(name), 0], value, value.Length, 0) == 0,
            $"{name}: error {Marshal.GetLastPInvokeError()}; the file system has no extended attributes?");

    private static string Attributes(byte[] path)
    {
        var names = new byte[1024];
        var length = llistxattr([.. path, 0], names, names.Length);
        Assert.True(length >= 0, $"{Latin(path)}: error {Marshal.GetLastPInvokeError()}");
        return string.Join(',', Split(names[..(int)length]).Select(name =>
        {
            var value = new byte[1024];
            var size = lgetxattr([.. path, 0], [.. name, 0], value, value.Length);
            return $"{Latin(name)}={Convert.ToHexString(value.AsSpan(0, (int)size))}";
        }).Order(StringComparer.Ordinal));
    }

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private static List<byte[]> Split(byte[] bytes)
    {
        var parts = new List<byte[]>();
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)0, start);
            parts.Add(bytes[start..end]);
            start = end + 1;
        }

        return parts;
    }

#pragma warning disable SYSLIB1054 // LibraryImport would need unsafe code; paths are bytes here, not text.
    [DllImport("libc", SetLastError = true)]
    private static extern int lsetxattr(byte[] path, byte[] name, byte[] value, nint size, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint lgetxattr(byte[] path, byte[] name, byte[] value, nint size);

    [DllImport("libc", SetLastError = true)]
    private static extern nint llistxattr(byte[] path, byte[] list, nint size);
#pragma warning restore SYSLIB1054
}
