namespace NixGen.Tests.Cli;

/// <summary>The native program, which users get: built without warnings, and no different from the other.</summary>
public sealed class NativeProgramTests
{
    // The compiler needs a linker, and the linker the C library's start files, which come with g++.
    [ToolFact("g++", "git", "tar")]
    public void Native_program_builds_without_warnings_and_generates_the_same()
    {
        using var folder = new TemporaryFolder();
        // In a copy, so that the packages of one platform do not get into the ordinary build.
        ToolProcess.Run(
            "bash",
            ["-c", "git ls-files -z src templates '*.props' global.json .editorconfig | tar --create --null --files-from=- | tar --extract --directory \"$1\"", "copy", folder.Path],
            workingDirectory: RepositoryRoot.Path).Succeeded();
        var build = ToolProcess.Run(
            "dotnet",
            ["publish", folder.At("src/NixGen.Cli"), "--configuration", "Release", "--use-current-runtime", "-p:PublishAot=true", "--output", folder.At("bin"), "--disable-build-servers"],
            timeout: TimeSpan.FromMinutes(10)).Succeeded();
        Assert.DoesNotContain("warning", build.Output, StringComparison.OrdinalIgnoreCase);

        var native = folder.At("bin/nixgen");
        // Each into folders of its own: to put one in the place of another is a loss, which is refused.
        foreach (var name in new[] { "own", "awkward-names", "two-destinations", "catalogue" })
        {
            var inventory = name == "own" ? "inventory.yaml" : $"tests/NixGen.Tests/Cases/{name}/inventory.yaml";
            string[] arguments = ["generate", "--quiet", "--inventory", RepositoryRoot.At(inventory), "--output"];
            ToolProcess.Run(native, [.. arguments, folder.At($"native/{name}")]).Succeeded();
            ToolProcess.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "nixgen.dll"), .. arguments, folder.At($"managed/{name}")]).Succeeded();
            Assert.Equal(Texts(folder.At($"managed/{name}")), Texts(folder.At($"native/{name}")));
        }

        var findings = ToolProcess.Run(native, ["validate", "--format", "json", "--inventory", RepositoryRoot.At("tests/NixGen.Tests/Cases/finds-references/inventory.yaml")]);
        Assert.Equal((1, ""), (findings.ExitCode, findings.Error));
        Assert.Contains("NG2002", findings.Output);
        Assert.Equal(2, ToolProcess.Run(native, ["frobnicate"]).ExitCode);
    }

    private static SortedDictionary<string, string> Texts(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllText),
        StringComparer.Ordinal);
}
