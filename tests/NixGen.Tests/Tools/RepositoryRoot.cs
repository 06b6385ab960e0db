namespace NixGen.Tests.Tools;

/// <summary>The folder that holds NixGen.sln.</summary>
public static class RepositoryRoot
{
    /// <summary>Its full path, without a slash at the end.</summary>
    public static string Path { get; } = Find();

    /// <summary>The full path of something in the repository, such as <c>At("tests", "NixGen.Tests", "Cases")</c>.</summary>
    public static string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "NixGen.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No NixGen.sln in {AppContext.BaseDirectory} or above it.");
    }
}
