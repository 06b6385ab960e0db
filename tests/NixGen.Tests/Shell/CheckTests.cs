namespace NixGen.Tests.Shell;

/// <summary>The weekly check reads one slice of the data after the other, so that all of it is read in a known number of weeks.</summary>
public class CheckTests
{
    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Slices_take_turns_and_begin_anew()
    {
        using var machine = Logged();
        for (var week = 0; week < 4; week++)
            Check(machine).Succeeded();
        Assert.Equal("1/3\n2/3\n3/3\n1/3\n", machine.Read("slices"));
        Assert.Equal("1\n", machine.Read("state/slice"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_failed_check_keeps_its_slice()
    {
        using var machine = Logged();
        Check(machine).Succeeded();
        machine.Write("password", "wrong");
        Assert.NotEqual(0, Check(machine).ExitCode);
        Assert.Equal("1\n", machine.Read("state/slice"));
        machine.Write("password", CheapRepository.Password);
        Check(machine).Succeeded();
        Assert.Equal("1/3\n2/3\n2/3\n", machine.Read("slices"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Damaged_data_fails_the_check_of_its_slice()
    {
        using var machine = Logged();
        foreach (var pack in Directory.GetFiles(machine.Repository + "/data", "*", SearchOption.AllDirectories))
        {
            using var file = File.OpenWrite(pack);
            file.WriteByte(0xff);
            file.WriteByte(0xff);
        }

        // One slice or the other holds them; the index knows sizes only.
        var results = Enumerable.Range(0, 3).Select(_ =>
        {
            var result = Check(machine);
            if (result.ExitCode != 0)
                machine.Write("state/slice", machine.Read("slices").TrimEnd().Split('\n')[^1][..1] + "\n");
            return result.ExitCode;
        }).ToList();
        Assert.Contains(1, results);
        Assert.Equal("1/3\n2/3\n3/3\n", machine.Read("slices"));
    }

    [ToolTheory(Nix.Program, "bash", "restic", "flock", "jq")]
    [InlineData("", 1)]
    [InlineData("\n", 1)]
    [InlineData("x\n", 1)]
    [InlineData("-1\n", 1)]
    [InlineData("1.5\n", 1)]
    [InlineData("1\n2\n", 1)]
    [InlineData("$(touch pwned)\n", 1)]
    [InlineData("a[$(touch pwned)]\n", 1)]
    [InlineData("0\n", 1)]
    [InlineData("02\n", 3)]
    [InlineData("08\n", 3)]
    [InlineData("3\n", 1)]
    [InlineData("7\n", 2)]
    [InlineData("99999999999999999999\n", 1)]
    [InlineData("9223372036854775807\n", 1)]
    public void A_garbled_number_begins_anew(string text, int slice)
    {
        using var machine = Logged(real: false);
        machine.Write("state/slice", text);
        Check(machine).Succeeded();
        Assert.Equal(($"{slice}/3\n", $"{slice}\n"), (machine.Read("slices"), machine.Read("state/slice")));
        Assert.False(File.Exists(machine.At("tmp", "pwned")));
    }

    private static ToolResult Check(ResticMachine machine) =>
        machine.RunCommand(ResticMachine.Scripts("continue").Units["restic-check-shelf"].Commands[0]);

    /// <summary>With a restic that also logs which slice it is asked for.</summary>
    private static ResticMachine Logged(bool real = true)
    {
        var machine = new ResticMachine();
        if (real)
        {
            machine.FillAll();
            machine.Backup().Succeeded();
        }

        File.Delete(machine.At("packages", "bin", "restic"));
        machine.Stub("restic", $"""
            [[ "$1 $2 $3 $4 $#" == "check --retry-lock 2h --read-data-subset 5" ]] || exit 100
            echo "$5" >>$machine/slices
            {(real ? $"exec {Tool.Require("restic")} \"$@\"" : "")}
            """);
        return machine;
    }
}
