namespace NixGen.Tests.Shell;

/// <summary>Each declared path is looked at before restic starts, because restic passes over what is not there.</summary>
public class PreflightTests
{
    public static TheoryData<string> Names => [.. ResticMachine.Names];

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void With_every_path_in_place_nothing_is_said()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        var result = machine.Preflight().Succeeded();
        Assert.Equal("", result.Error);
        Assert.Equal("", machine.Read("run/problems"));
        // It went on to the repository.
        Assert.Equal(CheapRepository.Id + "\n", machine.Read("state/repository-id"));
    }

    [ToolTheory(Nix.Program, "bash", "restic", "flock", "jq")]
    [MemberData(nameof(Names))]
    public void A_missing_path_is_named_and_the_rest_goes_on(string name)
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        Directory.Delete(machine.Declared(name), recursive: true);
        var result = machine.Preflight().Succeeded();
        Assert.Equal($"<3>shelf: {machine.Declared(name)} does not exist\n", result.Error);
        Assert.Equal($"{machine.Declared(name)} does not exist\n", machine.Read("run/problems"));
        Assert.False(File.Exists(machine.At("tmp", "pwned")));
    }

    [ToolTheory(Nix.Program, "bash", "restic", "flock", "jq")]
    [MemberData(nameof(Names))]
    public void A_path_without_a_file_is_named(string name)
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        File.Delete(machine.Declared(name) + "/file");
        Directory.CreateDirectory(machine.Declared(name) + "/empty/too");
        machine.Preflight().Succeeded();
        Assert.Equal($"{machine.Declared(name)} holds no file\n", machine.Read("run/problems"));
    }

    [ToolTheory(Nix.Program, "bash", "restic", "flock", "jq")]
    [MemberData(nameof(Names))]
    public void A_symlink_is_named_with_its_target(string name)
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        Directory.Move(machine.Declared(name), machine.Declared("target"));
        Directory.CreateSymbolicLink(machine.Declared(name), "target");
        machine.Preflight().Succeeded();
        Assert.Equal(
            $"{machine.Declared(name)} is a symlink to {machine.Declared("target")}, restic would store the link alone: declare the target\n",
            machine.Read("run/problems"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_dangling_symlink_is_a_problem_too()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        Directory.Delete(machine.Declared("plain"), recursive: true);
        File.CreateSymbolicLink(machine.Declared("plain"), "/nowhere/at/all");
        machine.Preflight().Succeeded();
        Assert.Contains("plain is a symlink to", machine.Read("run/problems"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void A_file_is_as_good_as_a_folder()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        Directory.Delete(machine.Declared("plain"), recursive: true);
        File.WriteAllText(machine.Declared("plain"), "");
        machine.Preflight().Succeeded();
        Assert.Equal("", machine.Read("run/problems"));
    }

    [ToolTheory(Nix.Program, "bash", "restic", "flock", "jq")]
    [InlineData(false, "does not exist")]
    [InlineData(true, "holds no file")]
    public void An_optional_path_may_be_absent_or_empty(bool empty, string reason)
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        Directory.Delete(machine.Declared("maybe"), recursive: true);
        if (empty)
            Directory.CreateDirectory(machine.Declared("maybe"));
        var result = machine.Preflight().Succeeded();
        Assert.Equal($"<4>shelf: {machine.Declared("maybe")} {reason}; it is optional, going on without it\n", result.Error);
        Assert.Equal("", machine.Read("run/problems"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void An_optional_path_must_still_be_no_symlink()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        Directory.Delete(machine.Declared("maybe"), recursive: true);
        File.CreateSymbolicLink(machine.Declared("maybe"), "plain");
        machine.Preflight().Succeeded();
        Assert.Contains("maybe is a symlink to", machine.Read("run/problems"));
    }

    [ToolTheory(Nix.Program, "bash", "restic", "flock", "jq")]
    [InlineData("continue")]
    [InlineData("refuse")]
    public void With_nothing_left_restic_does_not_start(string missing)
    {
        using var machine = new ResticMachine(missing);
        var result = machine.Preflight();
        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith("<3>shelf: there is nothing to back up\n", result.Error);
        Assert.Equal("", machine.Read("state/repository-id"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Where_the_inventory_says_refuse_one_missing_path_stops_the_backup()
    {
        using var machine = new ResticMachine("refuse");
        machine.FillAll();
        machine.Preflight().Succeeded();
        File.Delete(machine.At("state", "repository-id"));

        Directory.Delete(machine.Declared("plain"), recursive: true);
        Directory.Delete(machine.Declared("-rf"), recursive: true);
        var result = machine.Preflight();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            $"<3>shelf: {machine.Declared("-rf")} does not exist\n<3>shelf: {machine.Declared("plain")} does not exist\n<3>shelf: nothing was backed up\n",
            result.Error);
        Assert.Equal("", machine.Read("state/repository-id"));
    }

    [ToolFact(Nix.Program, "bash", "restic", "flock", "jq")]
    public void Problems_of_the_night_before_are_forgotten()
    {
        using var machine = new ResticMachine();
        machine.FillAll();
        machine.Write("run/problems", "old\n");
        machine.Preflight().Succeeded();
        Assert.Equal("", machine.Read("run/problems"));
    }
}
