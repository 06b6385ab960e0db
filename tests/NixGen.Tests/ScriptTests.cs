namespace NixGen.Tests;

/// <summary>The scripts that run the tests. tests/run is tried on a stand-in for dotnet that leaves results files.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ToolTheory("shellcheck")]
    [InlineData("tests/install-tools")]
    [InlineData("tests/run")]
    [InlineData("tests/accept")]
    [InlineData(".ci/run")]
    public void Shellcheck_finds_nothing(string script) =>
        ToolProcess.Run("shellcheck", ["--enable=require-double-brackets", RepositoryRoot.At(script)]).Succeeded();

    [Theory]
    // Good.
    [InlineData("results 5 5 5 0", 0, "5 passed, 0 failed", 0)]
    [InlineData("results 5 4 4 0", 0, "4 passed, 0 failed, 1 skipped", 0)]
    [InlineData("results 5 5 5 0; results 3 2 2 0", 0, "7 passed, 0 failed, 1 skipped", 0)]
    // Tests fail.
    [InlineData("results 5 5 3 2", 1, "3 passed, 2 failed", 1)]
    [InlineData("results 5 5 3 2; results 2 2 1 1", 1, "4 passed, 3 failed", 1)]
    // They fail though dotnet does not say so.
    [InlineData("results 5 5 3 2", 0, "3 passed, 2 failed", 1)]
    // The test host crashes, with and without results.
    [InlineData("results 5 5 5 0", 134, "5 passed, 1 failed", 1)]
    [InlineData("true", 1, "0 passed, 1 failed", 1)]
    // No test runs.
    [InlineData("true", 0, "0 passed, 1 failed", 1)]
    [InlineData("results 0 0 0 0", 0, "0 passed, 1 failed", 1)]
    [InlineData("results 3 0 0 0", 0, "0 passed, 1 failed, 3 skipped", 1)]
    public void The_last_line_counts_the_tests(string test, int dotnetCode, string lastLine, int code)
    {
        var result = Run(dotnet: $"""
            [ "$1" = test ] || exit 0
            number=0
            results() {'{'}
              number=$((number + 1))
              echo "<x><Counters total=\"$1\" executed=\"$2\" passed=\"$3\" failed=\"$4\" error=\"0\" /></x>" \
                > artifacts/test-results/$number.trx
            {'}'}
            {test}
            exit {dotnetCode}
            """);
        Assert.Equal((lastLine, code), (LastLine(result), result.ExitCode));
    }

    [Fact]
    public void A_failing_build_is_a_failure()
    {
        var result = Run(dotnet: "exit 1");
        Assert.Equal(("0 passed, 1 failed", 1), (LastLine(result), result.ExitCode));
    }

    [Theory]
    [InlineData("true", "1 passed, 1 failed", 1)]
    [InlineData(null, "1 passed, 0 failed", 0)]
    public void Missing_tools_are_a_failure_in_continuous_integration_only(string? ci, string lastLine, int code)
    {
        const string onePassed = """
            [ "$1" = test ] || exit 0
            echo '<Counters total="1" executed="1" passed="1" failed="0" />' > artifacts/test-results/1.trx
            """;
        var result = Run(onePassed, installTools: "exit 1", ci);
        Assert.Equal((lastLine, code), (LastLine(result), result.ExitCode));
    }

    [Fact]
    public void Arguments_go_to_dotnet_test()
    {
        Run(dotnet: "printf '<%s>' \"$@\" >> calls");
        Assert.Contains("<--filter><Name~a b>", File.ReadAllText(folder.At("calls")));
    }

    private ToolResult Run(string dotnet, string installTools = "exit 0", string? ci = null)
    {
        folder.WriteProgram("bin/dotnet", $"#!/bin/sh\n{dotnet}\n");
        folder.WriteProgram("tests/install-tools", $"#!/bin/sh\n{installTools}\n");
        var script = folder.WriteProgram("tests/run", File.ReadAllText(RepositoryRoot.At("tests", "run")));
        var environment = new Dictionary<string, string?> { ["PATH"] = $"{folder.At("bin")}:{Tool.SearchPath}", ["CI"] = ci };
        return ToolProcess.Run(script, ["--filter", "Name~a b"], environment: environment);
    }

    private static string LastLine(ToolResult result) => result.Output.TrimEnd('\n').Split('\n')[^1];
}
