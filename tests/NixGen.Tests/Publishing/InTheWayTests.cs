using System.Diagnostics;
using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

/// <summary>What NixGen did not write is not overwritten, removed or followed, and then nothing at all is written.</summary>
public sealed class InTheWayTests : IDisposable
{
    private readonly Playground _play = new();

    public void Dispose() => _play.Dispose();

    [Fact]
    public void A_foreign_file()
    {
        _play.Write("homelab/restic.nix", "{ }\n");
        AssertRefused("homelab/restic.nix");
    }

    [Fact]
    public void A_foreign_file_that_speaks_of_NixGen_below_its_first_line()
    {
        _play.Write("homelab/restic.nix", $"{{ }}\n# {Header.Mark}\n");
        AssertRefused("homelab/restic.nix");
    }

    [Fact]
    public void A_foreign_file_that_is_right_already_is_taken_over()
    {
        _play.Write("homelab/restic.nix", "same\n");
        var (result, _) = _play.Publish([new("homelab/restic.nix", "same\n")]);
        Assert.Equal(1, result.Count(FileChange.Unchanged));
        _play.AssertClean([new("homelab/restic.nix", "same\n")]);
    }

    [Fact]
    public void An_empty_file()
    {
        _play.Write("homelab/restic.nix", "");
        AssertRefused("homelab/restic.nix");
    }

    [Fact]
    public void A_foreign_file_stops_the_update_of_all_others()
    {
        _play.Publish(Inventories.A);
        _play.Write("vps/docs/restore.md", "mine\n");
        var before = _play.Snapshot();
        Assert.Equal([Codes.ForeignFile], _play.TryPublish(Inventories.B).Findings.Select(finding => finding.Code));
        Assert.Equal(before, _play.Snapshot());
    }

    [Fact]
    public void A_link_in_place_of_a_file()
    {
        _play.Publish(Inventories.A);
        var elsewhere = Path.Combine(_play.Top, "elsewhere.nix");
        File.Move(_play.At("homelab/restic.nix"), elsewhere);
        File.CreateSymbolicLink(_play.At("homelab/restic.nix"), elsewhere);
        AssertRefused("homelab/restic.nix");
        Assert.Contains("old", File.ReadAllText(elsewhere));
    }

    [Fact]
    public void A_link_to_nowhere()
    {
        Directory.CreateDirectory(_play.At("homelab"));
        File.CreateSymbolicLink(_play.At("homelab/restic.nix"), Path.Combine(_play.Top, "new.nix"));
        AssertRefused("homelab/restic.nix");
        Assert.False(File.Exists(Path.Combine(_play.Top, "new.nix")));
    }

    [Fact]
    public void A_link_in_place_of_a_host()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_play.Top, "elsewhere")).FullName;
        Directory.CreateDirectory(_play.Output);
        Directory.CreateSymbolicLink(_play.At("homelab"), elsewhere);
        AssertRefused("homelab");
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public void A_link_in_place_of_a_removed_host()
    {
        _play.Publish(Inventories.A);
        var elsewhere = Path.Combine(_play.Top, "elsewhere");
        Directory.Move(_play.At("nas"), elsewhere);
        Directory.CreateSymbolicLink(_play.At("nas"), elsewhere);

        var (_, findings) = _play.Publish(Inventories.B);
        Assert.Equal([Codes.LeftOverKept, Codes.LeftOverKept], findings.Select(finding => finding.Code));
        Assert.True(File.Exists(Path.Combine(elsewhere, "restic.nix")));
        Assert.True(File.Exists(Path.Combine(elsewhere, "docs", "restore.md")));
    }

    [Fact]
    public void A_link_in_place_of_the_manifest()
    {
        _play.Publish(Inventories.A);
        var elsewhere = Path.Combine(_play.Top, "manifest.json");
        File.Move(_play.At("manifest.json"), elsewhere);
        File.CreateSymbolicLink(_play.At("manifest.json"), elsewhere);
        AssertRefused("manifest.json");
    }

    [Fact]
    public void A_link_by_the_name_of_a_temporary_file_is_not_written_through()
    {
        _play.Publish(Inventories.A);
        var victim = Path.Combine(_play.Top, "victim");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(_play.At("homelab/.restic.nix.nixgen-new"), victim);
        File.CreateSymbolicLink(_play.At(".manifest.json.nixgen-new"), victim);

        _play.Publish(Inventories.B);
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Equal(Playground.SnapshotOf(Inventories.B), _play.Snapshot());
    }

    [Fact]
    public void A_folder_in_place_of_a_file()
    {
        Directory.CreateDirectory(_play.At("homelab/restic.nix"));
        AssertRefused("homelab/restic.nix");
    }

    [Fact]
    public void A_file_in_place_of_a_host()
    {
        _play.Write("homelab", $"# {Header.Mark}\n");
        AssertRefused("homelab");
    }

    [Fact]
    public void A_file_in_place_of_the_output_folder()
    {
        File.WriteAllText(_play.Output, "");
        Assert.Equal([Codes.ForeignFile], _play.TryPublish(Inventories.A).Findings.Select(finding => finding.Code));
        Assert.Equal([Codes.ForeignFile], _play.Check(Inventories.A).Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void The_output_folder_itself_may_be_a_link()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_play.Top, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(_play.Output, elsewhere);
        _play.Publish(Inventories.A);
        Assert.True(File.Exists(Path.Combine(elsewhere, "homelab", "restic.nix")));
    }

    [Needs("mkfifo")]
    public void A_pipe_is_not_waited_for()
    {
        Directory.CreateDirectory(_play.At("homelab"));
        using (var mkfifo = Process.Start("mkfifo", _play.At("homelab/restic.nix")))
            mkfifo.WaitForExit();
        AssertRefused("homelab/restic.nix");
    }

    private void AssertRefused(string path)
    {
        GeneratedFile[] files = [Inventories.File("homelab/restic.nix", "new"), Inventories.File("homelab/default.nix", "new")];
        var before = _play.Snapshot();

        var finding = Assert.Single(_play.TryPublish(files).Findings);
        Assert.Equal(Codes.ForeignFile, finding.Code);
        Assert.Equal($"{_play.Output}/{path}", finding.At!.Value.File);
        Assert.Equal(before, _play.Snapshot());
        Assert.Contains(_play.Check(files).Findings, found => found == finding);
    }
}
