namespace NixGen.Tests.Tools;

public class ToolTests
{
    [Fact]
    public void A_program_of_every_system_is_found_with_its_full_path() =>
        Assert.True(Path.IsPathFullyQualified(Tool.Require("sh")));

    [Fact]
    public void A_missing_program_fails_with_the_way_to_get_it()
    {
        var exception = Assert.Throws<ToolMissingException>(() => Tool.Require("no-such-program"));
        Assert.Equal("no-such-program", exception.Program);
        Assert.Contains("tests/install-tools", exception.Message);
    }

    [Fact]
    public void A_missing_program_skips_a_test_and_the_reason_names_it()
    {
        Assert.Equal("needs no-such-program: run tests/install-tools", Tool.ReasonToSkip(["sh", "no-such-program"], false));
        Assert.Null(Tool.ReasonToSkip(["sh"], false));
    }

    [Fact]
    public void Nothing_is_skipped_in_continuous_integration() =>
        Assert.Null(Tool.ReasonToSkip(["no-such-program"], isContinuousIntegration: true));

    [Fact]
    public void The_repository_is_found() => Assert.True(File.Exists(RepositoryRoot.At("NixGen.sln")));

    [Fact]
    public void A_temporary_folder_goes_with_all_that_is_in_it()
    {
        string path;
        using (var folder = new TemporaryFolder())
        {
            path = folder.Path;
            folder.Write("a/b/c.txt", "text");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder.At("a", "b"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        Assert.False(Directory.Exists(path));
    }
}
