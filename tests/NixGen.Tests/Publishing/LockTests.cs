using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

public sealed class LockTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly Playground _play = new();

    public LockTests() => Directory.CreateDirectory(_play.Output);

    public void Dispose() => _play.Dispose();

    [Needs]
    public void A_run_that_writes_keeps_out_all_others()
    {
        _play.Publish(Inventories.A);
        using (DirectoryLock.Take(_play.Output, exclusive: true, Short))
        {
            Assert.Equal([Codes.Busy], _play.TryPublish(Inventories.B).Findings.Select(finding => finding.Code));
            Assert.Equal([Codes.Busy], _play.Check(Inventories.A).Findings.Select(finding => finding.Code));
        }
        _play.AssertClean(Inventories.A);
    }

    [Needs]
    public void Runs_that_read_keep_out_those_that_write_only()
    {
        _play.Publish(Inventories.A);
        using (DirectoryLock.Take(_play.Output, exclusive: false, Short))
        {
            _play.AssertClean(Inventories.A);
            Assert.Equal([Codes.Busy], _play.TryPublish(Inventories.A).Findings.Select(finding => finding.Code));
        }
    }

    [Needs]
    public async Task Waits_for_the_other()
    {
        var held = DirectoryLock.Take(_play.Output, exclusive: true, Short)!;
        var findings = new FindingList();
        var run = Task.Run(() => new Publisher(_play.Output, "1").Publish(Inventories.A, PublishScope.All, findings));
        await Task.Delay(100);
        Assert.False(run.IsCompleted);
        held.Dispose();
        Assert.NotNull(await run);
        Assert.Empty(findings);
    }

    [Needs]
    public void Many_runs_at_once_do_not_mix()
    {
        var inventories = new[] { Inventories.A, Inventories.B, Inventories.C };
        var all = new FindingList();
        Parallel.For(
            0,
            60,
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            i =>
            {
                var findings = new FindingList();
                new Publisher(_play.Output, "1").Publish(inventories[i % 3], PublishScope.All, findings);
                lock (all)
                {
                    foreach (var finding in findings)
                        all.Report(finding.Code, finding.At, finding.Message);
                }
            }
        );
        Assert.Empty(all);
        Assert.Contains(_play.Snapshot(), inventories.Select(Playground.SnapshotOf));
    }

    [Fact]
    public void Leaves_no_file_behind()
    {
        DirectoryLock.Take(_play.Output, exclusive: true, Short)!.Dispose();
        Assert.Equal("", _play.Snapshot());
    }
}
