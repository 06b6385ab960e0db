using System.Diagnostics;
using System.Runtime.Versioning;
using NixGen.Findings;
using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

/// <summary>A full disk, a missing right, a read-only file system: findings, and every file as it was before.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RefusedBySystemTests : IDisposable
{
    private readonly Playground _play = new();

    public void Dispose() => _play.Dispose();

    [Needs("mount", "umount")]
    public void A_full_disk()
    {
        using var mounted = new Mounted(_play.Output, "size=64k");
        _play.Publish(Inventories.A);
        var before = _play.Snapshot();

        // The first ones fit; all are taken back.
        var large = Enumerable.Range(0, 20).Select(i => Inventories.File($"vps/f{i}.nix", new string('x', 8000)));
        var finding = Assert.Single(_play.TryPublish([.. Inventories.B, .. large]).Findings);
        Assert.Equal(Codes.CannotWrite, finding.Code);
        Assert.Equal("cannot be written: No space left on device", finding.Message);
        Assert.Contains("/vps/f", finding.At!.Value.File);
        Assert.Equal(before, _play.Snapshot());
        _play.AssertClean(Inventories.A);
    }

    [Needs("mount", "umount")]
    public void A_read_only_file_system()
    {
        using var mounted = new Mounted(_play.Output, "size=1m");
        _play.Publish(Inventories.A);
        mounted.Remount("ro");

        var finding = Assert.Single(_play.TryPublish(Inventories.B).Findings);
        Assert.Equal(Codes.CannotWrite, finding.Code);
        Assert.Equal("cannot be written: Read-only file system", finding.Message);
        // What needs no writing works.
        _play.Publish(Inventories.A);
        _play.AssertClean(Inventories.A);
    }

    [Needs("setpriv")]
    public void A_folder_that_must_not_be_written()
    {
        _play.Publish(Inventories.B);
        var before = _play.Snapshot();
        using var locked = new Modes(_play, writable: false);
        Assert.StartsWith($"NG4002 {_play.Output}/", RunUnprivileged("publish"));
        Assert.Equal(before, _play.Snapshot());
    }

    [Needs("setpriv")]
    public void A_file_that_must_not_be_read()
    {
        _play.Publish(Inventories.A);
        using var locked = new Modes(_play, writable: true);
        File.SetUnixFileMode(_play.At("homelab/restic.nix"), UnixFileMode.None);
        var expected = $"NG4001 {_play.Output}/homelab/restic.nix cannot be read: Permission denied\n";
        Assert.Equal(expected, RunUnprivileged("publish"));
        Assert.Equal(expected, RunUnprivileged("check"));
    }

    [Needs("setpriv")]
    public void An_output_folder_that_must_not_be_read()
    {
        _play.Publish(Inventories.A);
        using var locked = new Modes(_play, writable: true);
        File.SetUnixFileMode(_play.Output, UnixFileMode.None);
        var expected = $"NG4001 {_play.Output} cannot be read: Permission denied\n";
        Assert.Equal(expected, RunUnprivileged("publish"));
        Assert.Equal(expected, RunUnprivileged("check"));
    }

    [Fact]
    public void A_target_that_cannot_be_replaced_takes_back_what_was()
    {
        _play.Publish(Inventories.A);
        var before = _play.Snapshot();

        // A folder appears where the last file belongs, after the comparison.
        var late = _play.At("vps/docs/restore.md");
        var (_, findings) = _play.TryPublish(
            Inventories.B,
            beforeStep: step =>
            {
                if (step == "swap vps/docs/restore.md")
                    Directory.CreateDirectory(late);
            }
        );

        Assert.Equal([Codes.CannotWrite], findings.Select(finding => finding.Code));
        Directory.Delete(late);
        Directory.Delete(_play.At("vps/docs"));
        Directory.Delete(_play.At("vps"));
        Assert.Equal(before, _play.Snapshot());
    }

    [Fact]
    public void What_cannot_be_taken_back_is_healed_by_the_next_run()
    {
        _play.Publish(Inventories.A);
        var late = _play.At("vps/docs/restore.md");
        var failed = false;
        _play.TryPublish(
            Inventories.B,
            beforeStep: step =>
            {
                if (step == "swap vps/docs/restore.md")
                {
                    failed = true;
                    Directory.CreateDirectory(late);
                }
                // Nor can the old text be written beside the new one.
                if (failed && step == "stage homelab/restic.nix")
                    Directory.CreateDirectory(_play.At("homelab/.restic.nix.nixgen-new"));
            }
        );
        Assert.Contains("new", _play.Read("homelab/restic.nix"));
        Directory.Delete(late);
        Directory.Delete(_play.At("homelab/.restic.nix.nixgen-new"));

        Assert.Empty(_play.Publish(Inventories.A).Findings);
        _play.AssertClean(Inventories.A);
    }

    private string RunUnprivileged(string command)
    {
        using var child = Child.StartUnprivileged(command, _play.Output);
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.Equal(1, child.ExitCode);
        return output;
    }

    /// <summary>Opens the folders to everybody, or to readers only; and gives them back for the removal.</summary>
    private sealed class Modes : IDisposable
    {
        private const UnixFileMode All = (UnixFileMode)0b111_111_111;
        private const UnixFileMode ReadOnly = (UnixFileMode)0b101_101_101;
        private readonly Playground _play;

        public Modes(Playground play, bool writable)
        {
            _play = play;
            File.SetUnixFileMode(play.Top, All);
            Set(writable ? All : ReadOnly);
        }

        public void Dispose()
        {
            File.SetUnixFileMode(_play.Output, All);
            Set(All);
        }

        private void Set(UnixFileMode mode)
        {
            foreach (var folder in Directory.GetDirectories(_play.Output, "*", SearchOption.AllDirectories).Append(_play.Output))
                File.SetUnixFileMode(folder, mode);
        }
    }

    private sealed class Mounted : IDisposable
    {
        private readonly string _folder;

        public Mounted(string folder, string options)
        {
            _folder = Directory.CreateDirectory(folder).FullName;
            Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder);
        }

        public void Remount(string option) => Run("mount", "-o", $"remount,{option}", _folder);

        public void Dispose() => Run("umount", _folder);

        private static void Run(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
