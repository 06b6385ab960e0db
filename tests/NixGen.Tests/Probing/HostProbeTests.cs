using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Planning;
using NixGen.Probing;

namespace NixGen.Tests.Probing;

/// <summary>What is found becomes findings with the place of the declaration, and sums for each destination.</summary>
public sealed class HostProbeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolFact("sqlite3")]
    public void What_would_fail_at_night_is_a_finding()
    {
        Directory.CreateDirectory(_folder.At("srv/empty"));
        Directory.CreateSymbolicLink(_folder.At("srv/link"), "private/link");
        Directory.CreateDirectory(_folder.At("srv/app/sub"));
        foreach (var name in new[] { "sub/live \"one\".db", "copied.db" })
            ToolProcess.Run("sqlite3", [_folder.At("srv/app", name), "CREATE TABLE t(x)"]).Succeeded();
        _folder.Write("srv/server/global/pg_control", "x");

        var (_, findings) = Probe("""
            gone: { backupPaths: [/srv/gone] }
            empty: { backupPaths: [/srv/empty] }
            link: { backupPaths: [/srv/link] }
            maybe: { backupPaths: [{ path: /srv/nothing, optional: true }] }
            app: { backupPaths: [/srv/app], databases: { sqlite: [copied.db] } }
            server: { backupPaths: [/srv/server] }
            """);
        Assert.Equal(
            [
                "NG7001 '/srv/gone' does not exist on this machine",
                "NG7003 '/srv/empty' holds no file",
                "NG7002 '/srv/link' is a symlink to 'private/link'",
                "NG7005 '/srv/app/sub/live \"one\".db' is an SQLite database, copied while it may be written",
                "NG7005 '/srv/server' is the data of a PostgreSQL server, copied while it may be written",
            ],
            findings.Select(finding => $"{finding.Code.Id} {finding.Message.Replace(_folder.Path, "")}"));
        Assert.Contains("Declare /srv/private/link instead.", findings.Select(finding => finding.Help.Replace(_folder.Path, "")));
        Assert.Contains(
            "Add to service 'app': databases: { sqlite: [\"sub/live \\\"one\\\".db\"] }. Or stop: true.",
            findings.Select(finding => finding.Help));
        Assert.All(findings, finding => Assert.Equal("inventory.yaml", finding.At?.File));
    }

    [ToolFact("sqlite3")]
    public void A_service_that_is_stopped_may_hold_databases()
    {
        Directory.CreateDirectory(_folder.At("srv/app"));
        ToolProcess.Run("sqlite3", [_folder.At("srv/app/app.db"), "CREATE TABLE t(x)"]).Succeeded();
        Assert.Empty(Probe("app: { backupPaths: [/srv/app], stop: true, units: [app] }").Findings);
    }

    [Fact]
    public void Estimates_follow_from_sizes_retention_and_prices()
    {
        _folder.Write("srv/app/file", "");
        using (var file = File.OpenWrite(_folder.At("srv/app/file")))
            file.SetLength(100_000_000_000);
        var probe = Probe("app: { backupPaths: [/srv/app] }", changes: 0.01m).Probe;
        var b2 = probe.Destinations.Single(destination => destination.Id == "b2");
        // 7 + 4 + 6 snapshots: 16 of them with 1 % of their own.
        Assert.Equal((100_000_000_000, 50_000_000_000, 116_000_000_000), (b2.Data, b2.Least, b2.Most));
        // The first 10 GB cost nothing.
        Assert.Equal((0.24m, 0.636m, 1.00m), (b2.Prices!.Monthly(b2.Least), b2.Prices.Monthly(b2.Most), b2.Prices.Download(b2.Data)));
        Assert.Equal(0, b2.Prices.Monthly(5_000_000_000));
        Assert.Null(probe.Destinations.Single(destination => destination.Id == "nas").Prices);
        Assert.Equal(0, probe.Destinations.Single(destination => destination.Id == "nas").Data - 100_000_000_000);
    }

    [Fact]
    public void Backblaze_is_known_by_either_of_its_interfaces()
    {
        Assert.NotNull(Prices.For(RepositoryKind.B2, "b2:bucket:path"));
        Assert.NotNull(Prices.For(RepositoryKind.S3, "s3:https://s3.us-west-004.backblazeb2.com/bucket"));
        Assert.Null(Prices.For(RepositoryKind.S3, "s3:https://s3.amazonaws.com/bucket"));
        Assert.Null(Prices.For(RepositoryKind.Local, "/mnt/backup"));
    }

    // The paths of the inventory are those below the test's folder: what really lies in /srv is nobody's business here.
    private (HostProbe Probe, FindingList Findings) Probe(string services, decimal changes = 0)
    {
        var inventory = _folder.Write("inventory.yaml", $$"""
            destinations:
              b2: { repository: "b2:bucket:path", secrets: b2, schedule: "03:00", retention: { daily: 7, weekly: 4, monthly: 6 } }
              nas: { repository: /mnt/backup, secrets: nas, schedule: "03:00", retention: keep-all }
            secrets:
              b2: { files: { RESTIC_PASSWORD: /etc/secret, B2_ACCOUNT_ID: /etc/id, B2_ACCOUNT_KEY: /etc/key } }
              nas: { files: { RESTIC_PASSWORD: /etc/secret } }
            hosts:
              box:
                destinations: [b2, nas]
                services:
            {{string.Concat(services.Split('\n').Select(line => $"      {line}\n"))}}
            """);
        var findings = new FindingList();
        var plan = Generator.Plan("inventory.yaml", Path.GetDirectoryName(inventory)!, findings)!.Single();
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        var moved = plan with
        {
            Services =
            [
                .. plan.Services.Select(service => service with
                {
                    Paths = [.. service.Paths.Select(path => path with { Path = _folder.Path + path.Path })],
                    Databases = [.. service.Databases.Select(database => database with { Source = _folder.Path + database.Source })],
                    Excludes = [],
                }),
            ],
        };
        var found = new FindingList();
        return (HostProbe.Of(moved, changes, found), found);
    }
}
