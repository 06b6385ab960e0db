using System.Diagnostics;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

/// <summary>A process that dies leaves old and new files, never half of one, and the next run heals what it left.</summary>
public sealed class InterruptionTests
{
    private sealed class KilledException : Exception;

    [Fact]
    public void Killed_before_any_step_each_file_is_old_or_new_and_the_next_run_heals()
    {
        var steps = CountSteps(Inventories.A, Inventories.B);
        Assert.InRange(steps, 15, 60);
        for (var step = 0; step < steps; step++)
        {
            foreach (var next in new[] { Inventories.A, Inventories.B, Inventories.C })
            {
                using var play = new Playground();
                play.Publish(Inventories.A);
                PublishKilled(play, Inventories.B, step);

                AssertOldOrNew(play, Inventories.A, Inventories.B, $"step {step}");
                AssertHeals(play, next, $"step {step}");
            }
        }
    }

    [Fact]
    public void Killed_twice_with_another_inventory_each_time()
    {
        var steps = CountSteps(Inventories.A, Inventories.B);
        for (var first = 0; first < steps; first++)
        {
            // The second run has other steps for each state that the first one left: go on until it gets through.
            for (var second = 0; ; second++)
            {
                using var play = new Playground();
                play.Publish(Inventories.A);
                PublishKilled(play, Inventories.B, first);
                var died = PublishKilled(play, Inventories.C, second);
                AssertHeals(play, Inventories.A, $"steps {first} and {second}");
                if (!died)
                    break;
            }
        }
    }

    [Fact]
    public void Killed_in_the_first_run_of_all()
    {
        for (var step = 0; ; step++)
        {
            using var play = new Playground();
            var died = PublishKilled(play, Inventories.A, step);
            AssertHeals(play, Inventories.B, $"step {step}");
            if (!died)
                break;
        }
    }

    [Fact]
    public void Killed_in_a_run_for_one_host_the_other_is_as_it_was()
    {
        for (var step = 0; ; step++)
        {
            using var play = new Playground();
            play.Publish(Inventories.A);
            PublishKilled(play, Inventories.B, step);
            var died = PublishKilled(play, Inventories.C, step, PublishScope.Only(["homelab"]));
            AssertHeals(play, Inventories.A, $"step {step}");
            if (!died)
                break;
        }
    }

    [Needs("kill")]
    public void A_process_killed_by_the_kernel_at_any_moment()
    {
        using var play = new Playground();
        play.Publish(Inventories.LargeA);
        var random = new Random(1);
        for (var round = 0; round < 12; round++)
        {
            using (var child = Child.Start("publish-for-ever", play.Output))
            {
                Assert.Equal("running", child.StandardOutput.ReadLine());
                Thread.Sleep(random.Next(0, 40));
                // SIGKILL.
                child.Kill();
                child.WaitForExit();
                Assert.Equal(137, child.ExitCode);
            }
            AssertOldOrNew(play, Inventories.LargeA, Inventories.LargeB, $"round {round}");
            if (round % 3 == 2)
                AssertHeals(play, round % 2 == 0 ? Inventories.LargeA : Inventories.LargeB, $"round {round}");
        }
    }

    private static int CountSteps(IReadOnlyList<GeneratedFile> from, IReadOnlyList<GeneratedFile> to)
    {
        using var play = new Playground();
        play.Publish(from);
        var steps = 0;
        play.Publish(to, beforeStep: _ => steps++);
        return steps;
    }

    /// <returns>Whether it came to the step.</returns>
    private static bool PublishKilled(Playground play, IReadOnlyList<GeneratedFile> files, int step, PublishScope? scope = null)
    {
        try
        {
            play.TryPublish(
                files,
                scope,
                beforeStep: _ =>
                {
                    if (step-- == 0)
                        throw new KilledException();
                }
            );
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    private static void AssertOldOrNew(
        Playground play,
        IReadOnlyList<GeneratedFile> old,
        IReadOnlyList<GeneratedFile> @new,
        string when
    )
    {
        foreach (var path in old.Concat(@new).Select(file => file.Path).Distinct())
        {
            var possible = new[] { Text(old, path), Text(@new, path) };
            Assert.True(
                possible.Contains(File.Exists(play.At(path)) ? play.Read(path) : null),
                $"{path} is neither old nor new, {when}"
            );
        }
        // Check reports a mixture: what it calls clean is.
        if (play.Check(@new).Findings.Count == 0)
            Assert.Equal(Playground.SnapshotOf(@new), play.Snapshot());
        if (play.Check(old).Findings.Count == 0)
            Assert.Equal(Playground.SnapshotOf(old), play.Snapshot());
    }

    private static string? Text(IReadOnlyList<GeneratedFile> files, string path) =>
        files.FirstOrDefault(file => file.Path == path)?.Text;

    /// <summary>And no word of edits by hand, which there were none.</summary>
    private static void AssertHeals(Playground play, IReadOnlyList<GeneratedFile> files, string when)
    {
        var (_, findings) = play.Publish(files);
        Assert.True(findings.Count == 0, $"{string.Join("; ", findings)}, {when}");
        Assert.True(Playground.SnapshotOf(files) == play.Snapshot(), $"{play.Snapshot()}, {when}");
        play.AssertClean(files);
    }
}
