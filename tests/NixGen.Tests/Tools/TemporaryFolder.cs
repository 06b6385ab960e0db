namespace NixGen.Tests.Tools;

/// <summary>An empty folder for one test; it and everything in it is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("nixgen-test-").FullName;

    /// <summary>The full path of something in it, whether it exists or not.</summary>
    public string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a file as UTF-8 without a byte order mark, with the folders above it, and returns its full path.</summary>
    public string Write(string relativePath, string text)
    {
        var path = At(relativePath);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The same for a file that can be started.</summary>
    public string WriteProgram(string relativePath, string text)
    {
        var path = Write(relativePath, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }

        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it itself.
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
        {
            // A restored or checked-out tree can hold folders that nobody may write to.
            MakeFoldersWritable(Path);
            Directory.Delete(Path, recursive: true);
        }
    }

    private static void MakeFoldersWritable(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode all = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | all);
        foreach (var child in new DirectoryInfo(folder).EnumerateDirectories().Where(child => child.LinkTarget is null))
        {
            MakeFoldersWritable(child.FullName);
        }
    }
}
