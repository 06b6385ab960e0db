using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

/// <summary>What the tests start as a process of its own: to kill it, or to run it as another user.</summary>
internal static class EntryPoint
{
    public static int Main(string[] arguments) =>
        arguments switch
        {
            ["publish-for-ever", var folder] => PublishForEver(folder),
            ["publish", var folder] => Report(findings =>
                new Publisher(folder, "1").Publish(Inventories.A, PublishScope.All, findings)
            ),
            ["check", var folder] => Report(findings =>
                new Checker(folder, "1").Check(Inventories.A, PublishScope.All, findings)
            ),
            _ => 2,
        };

    private static int PublishForEver(string folder)
    {
        for (var i = 0; ; i++)
        {
            var findings = new FindingList();
            new Publisher(folder, "1").Publish(i % 2 == 0 ? Inventories.LargeB : Inventories.LargeA, PublishScope.All, findings);
            if (findings.Count > 0)
                return 1;
            if (i == 1)
                Console.WriteLine("running");
        }
    }

    private static int Report(Action<FindingList> run)
    {
        var findings = new FindingList();
        run(findings);
        foreach (var finding in findings)
            Console.WriteLine($"{finding.Code.Id} {finding.At} {finding.Message}");
        return findings.HasErrors ? 1 : 0;
    }
}
