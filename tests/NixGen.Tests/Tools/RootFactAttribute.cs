namespace NixGen.Tests.Tools;

/// <summary>A test that takes root besides its programs, because it becomes other users. Skipped for everybody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute(params string[] programs)
    {
        Skip = RootTest.ReasonToSkip(programs);
    }
}

/// <summary>The same for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute(params string[] programs)
    {
        Skip = RootTest.ReasonToSkip(programs);
    }
}

internal static class RootTest
{
    public static string? ReasonToSkip(IEnumerable<string> programs) =>
        Environment.IsPrivilegedProcess ? Tool.ReasonToSkip(programs, Tool.IsContinuousIntegration) : "needs root";
}
