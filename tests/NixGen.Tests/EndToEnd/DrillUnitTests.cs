using NixGen.Tests.Evaluation;

namespace NixGen.Tests.EndToEnd;

/// <summary>The restore drill as systemd runs it: with the capabilities and folders of its unit, and no others.</summary>
public sealed class DrillUnitTests
{
    private const string Unit = "restic-drill";

    private static readonly Lazy<EvaluatedHost> Box = new(() => BackedUpHost.Evaluate("""
        destinations:
          disk: { repository: /mnt/backup, secrets: disk, schedule: "03:00", retention: { last: 3 } }
        secrets:
          disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
        hosts:
          box:
            destinations: [disk]
            services:
              one: { backupPaths: [/var/lib/one] }
              two: { backupPaths: [/var/lib/two] }
        """)["box"]);

    [EndToEndFact]
    public void Owners_modes_and_attributes_come_back_with_the_rights_of_the_unit()
    {
        using var host = Host();
        host.Root.Bash(
            """
            cd /var/lib/one && mkdir -p deep closed && echo text >deep/file && echo secret >closed/file && cp deep/file deep/program && ln -s file deep/link
            "$1" -e 'exit(syscall(`uname -m` =~ /x86/ ? 188 : 5, "deep/program", "security.capability", pack("V5", 0x02000000, 0x400, 0, 0, 0), 20, 0) != 0)'
            "$1" -e 'exit(syscall(`uname -m` =~ /x86/ ? 188 : 5, "closed/file", "user.nixgen", my $v = "value", 5, 0) != 0)'
            chown -R 1234:4321 . && chmod 2770 deep && chmod 0400 closed/file && chmod 0500 closed && mkfifo pipe
            """,
            NixOsRoot.Host("perl")).Succeeded();
        host.Units.Start("restic-backups-disk").Succeeded();
        foreach (var service in new[] { "one", "two", "one" })
        {
            var result = host.Units.Start(Unit).Succeeded();
            Assert.Contains($"<6>{service}, disk: drill passed: ", result.Log);
            Assert.Empty(Directory.GetFileSystemEntries(host.Root.At("/var/lib/homelab-drill/scratch")));
        }

        Assert.Equal(3, File.ReadAllLines(host.Root.At("/var/lib/homelab-drill/results.jsonl")).Length);
    }

    [EndToEndFact]
    public void Without_secrets_or_snapshots_the_unit_fails()
    {
        using var host = Host();
        host.Units.Start(Unit).FailedWith("exit-code", 1, "<3>one, disk: drill failed: no snapshot of the job disk has all of one");
        host.Units.Start("restic-backups-disk").Succeeded();
        host.Root.Bash("rm /etc/secrets/restic; rm -r /run/homelab-secrets").Succeeded();
        host.Units.Start(Unit).FailedWith("exit-code", 1, "<3>one, disk: drill failed: the secrets of disk cannot be read; systemctl start homelab-secrets-disk");
    }

    private static BackedUpHost Host()
    {
        var host = new BackedUpHost(Box.Value);
        host.Root.Write("/etc/secrets/restic", Shell.CheapRepository.Password);
        foreach (var service in new[] { "one", "two" })
            host.Root.Write($"/var/lib/{service}/file", service);
        host.CreateRepository("/mnt/backup");
        return host;
    }
}
