namespace NixGen.Tests.Shell;

internal static class ToolResultExtensions
{
    /// <summary>It succeeded and said this.</summary>
    public static void Check(this ToolResult result, string output) => Assert.Equal(output, result.Succeeded().Output.TrimEnd('\n'));
}
