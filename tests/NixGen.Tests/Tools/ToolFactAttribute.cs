namespace NixGen.Tests.Tools;

/// <summary>
/// A test that needs programs: skipped with the reason where one is missing, but never in continuous integration, where
/// <see cref="Tool.Require"/> makes it fail. xUnit 2 decides on skipping before a test starts, thus the attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] programs)
    {
        Programs = programs;
        Skip = Tool.ReasonToSkip(programs, Tool.IsContinuousIntegration);
    }

    public IReadOnlyList<string> Programs { get; }
}

/// <summary>The same for a test with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] programs)
    {
        Programs = programs;
        Skip = Tool.ReasonToSkip(programs, Tool.IsContinuousIntegration);
    }

    public IReadOnlyList<string> Programs { get; }
}
