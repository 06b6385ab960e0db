using System.Diagnostics;
using System.Text;

namespace NixGen.Tests.Tools;

public class ToolProcessTests
{
    [Fact]
    public void Exit_code_and_both_outputs_come_back()
    {
        var result = ToolProcess.Run("sh", ["-c", "echo out; echo err >&2; exit 3"]);
        Assert.Equal((3, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void Arguments_arrive_unchanged()
    {
        string[] arguments = ["", "a b", "\"", "'", "\\", "$HOME", "*", "ü\n-"];
        var result = ToolProcess.Run("sh", ["-c", "printf '%s\\0' \"$@\"", "sh", .. arguments]);
        Assert.Equal(arguments, result.Output.Split('\0')[..^1]);
    }

    [Fact]
    public void Input_and_output_far_larger_than_a_pipe_arrive_complete()
    {
        // 8 MB in, and as much out on both sides, while tee writes before it has read all.
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcde\n", 512 * 1024)));
        var result = ToolProcess.Run("sh", ["-c", "tee /dev/stderr"], inputBytes: bytes).Succeeded();
        Assert.Equal(bytes, result.OutputBytes);
        Assert.Equal(bytes, result.ErrorBytes);
    }

    [Fact]
    public void A_program_that_does_not_read_its_input_is_no_trouble() =>
        Assert.Equal("", ToolProcess.Run("true", inputBytes: new byte[1 << 20]).Succeeded().Output);

    [Fact]
    public void Without_input_there_is_an_end_of_input() => Assert.Equal("", ToolProcess.Run("cat").Succeeded().Output);

    [Fact]
    public void Variables_are_set_and_taken_away()
    {
        var environment = new Dictionary<string, string?> { ["NIXGEN_ONE"] = "1", ["HOME"] = null };
        var result = ToolProcess.Run("sh", ["-c", "echo \"$NIXGEN_ONE ${HOME-none} $LC_ALL\""], environment: environment);
        Assert.Equal("1 none C.UTF-8\n", result.Output);
    }

    [Fact]
    public void It_runs_where_it_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal($"{folder.Path}\n", ToolProcess.Run("pwd", ["-P"], workingDirectory: folder.Path).Output);
    }

    [Fact]
    public void A_time_out_kills_the_whole_tree_and_tells_what_was_said()
    {
        using var folder = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        var exception = Assert.Throws<TimeoutException>(() => ToolProcess.Run(
            "sh",
            ["-c", "echo so far; sh -c 'echo $$ > child; exec sleep 300' & wait"],
            timeout: TimeSpan.FromSeconds(1),
            workingDirectory: folder.Path));
        Assert.Contains("did not end", exception.Message);
        Assert.Contains("so far", exception.Message);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"took {clock.Elapsed}");
        AssertEnds(int.Parse(File.ReadAllText(folder.At("child"))));
    }

    [Fact]
    public void A_process_left_behind_does_not_block_for_ever()
    {
        using var folder = new TemporaryFolder();
        var exception = Assert.Throws<TimeoutException>(() => ToolProcess.Run(
            "sh", ["-c", "sleep 300 & echo $! > child"], timeout: TimeSpan.FromSeconds(1), workingDirectory: folder.Path));
        using var child = Process.GetProcessById(int.Parse(File.ReadAllText(folder.At("child"))));
        child.Kill();
        Assert.Contains("left a process behind", exception.Message);
    }

    [Fact]
    public void A_failure_carries_both_outputs()
    {
        var result = ToolProcess.Run("sh", ["-c", "echo out; echo err >&2; exit 1"]);
        var exception = Assert.ThrowsAny<Exception>(result.Succeeded);
        Assert.Contains("exit code 1 from: ", exception.Message);
        Assert.EndsWith("\n--- stdout:\nout\n--- stderr:\nerr", exception.Message);
    }

    [Fact]
    public void Just_written_programs_start_while_others_are_being_started()
    {
        using var folder = new TemporaryFolder();
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 8 }, index =>
        {
            var program = folder.WriteProgram($"program-{index}", $"#!/bin/sh\necho {index}\n");
            Assert.Equal($"{index}\n", ToolProcess.Run(program).Succeeded().Output);
        });
    }

    private static void AssertEnds(int id)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                // A killed orphan that no init has reaped yet still has an entry.
                if (process.HasExited || File.ReadAllText($"/proc/{id}/stat").Contains(") Z "))
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is ArgumentException or IOException)
            {
                return;
            }

            Thread.Sleep(50);
        }

        Assert.Fail($"process {id} still runs");
    }
}
