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
        Assert.Equal((0.278m, 0.7367m), (b2.Prices!.Monthly(b2.Least), b2.Prices.Monthly(b2.Most)));
        Assert.Equal(0, b2.Prices.Monthly(5_000_000_000));
        Assert.Null(probe.Destinations.Single(destination => destination.Id == "nas").Prices);
        Assert.Equal(0, probe.Destinations.Single(destination => destination.Id == "nas").Data - 100_000_000_000);
    }

    /// <summary>Its copy is backed up instead of it.</summary>
    [ToolFact("sqlite3")]
    public void A_database_counts_once_as_its_copy()
    {
        Directory.CreateDirectory(_folder.At("srv/app"));
        ToolProcess.Run("sqlite3", [_folder.At("srv/app/app.db"), "CREATE TABLE t(x); INSERT INTO t SELECT zeroblob(100000)"]).Succeeded();
        _folder.Write("srv/app/app.db-wal", "12345");
        _folder.Write("srv/app/file", "12345");
        var size = new FileInfo(_folder.At("srv/app/app.db")).Length;
        var (probe, findings) = Probe("app: { backupPaths: [/srv/app], databases: { sqlite: [app.db], postgresql: [app], mariadb: [wiki] } }");
        Assert.Empty(findings);
        var app = probe.Services.Single();
        Assert.Equal((5, size + 5), (app.Paths.Single().Bytes, app.Paths.Single().LeftOut));
        Assert.Equal(size + 5, app.Bytes);
        // Of a server's nothing is known before the first night, and that is said.
        Assert.All(probe.Destinations, destination => Assert.Equal(
            (size + 5, "mariadb:wiki postgresql:app"),
            (destination.Data, string.Join(' ', destination.NotCounted))));
    }

    [ToolFact("sqlite3")]
    public void The_copies_of_the_last_night_are_the_true_figures()
    {
        _folder.Write("live.db", "12345");
        var sqlite = new DatabasePlan(DatabaseKind.Sqlite, _folder.At("live.db"), "sqlite/live.db");
        var server = new DatabasePlan(DatabaseKind.PostgreSql, "app", "postgresql/app.dump");
        var before = new[] { sqlite, server }.Select(database => CopyProbe.Of(database, _folder.At("current")));
        Assert.Equal([(5L, false, PathState.Data), (null, false, PathState.Missing)], before.Select(copy => (copy.Bytes, copy.IsCopy, copy.State)));
        _folder.Write("current/sqlite/live.db", "1234");
        _folder.Write("current/postgresql/app.dump", "123");
        var after = new[] { sqlite, server }.Select(database => CopyProbe.Of(database, _folder.At("current")));
        Assert.Equal([(4L, true, PathState.Data), (3L, true, PathState.Data)], after.Select(copy => (copy.Bytes, copy.IsCopy, copy.State)));
    }

    /// <summary>The unit that copies it would fail, and with it the backup.</summary>
    [Fact]
    public void A_database_that_is_not_there_or_behind_a_symlink_is_an_error()
    {
        _folder.Write("srv/app/real/app.db", "12345");
        Directory.CreateSymbolicLink(_folder.At("srv/app/link"), "real");
        var (probe, findings) = Probe("app: { backupPaths: [/srv/app], databases: { sqlite: [gone.db, link/app.db] } }");
        Assert.Equal(
            [
                "NG7001 '/srv/app/gone.db', a database of service 'app', does not exist on this machine",
                "NG7002 '/srv/app/link/app.db', a database of service 'app', is reached through the symlink '/srv/app/link'",
            ],
            findings.Select(finding => $"{finding.Code.Id} {finding.Message.Replace(_folder.Path, "")}"));
        Assert.Equal(2, probe.Destinations[0].NotCounted.Count);
    }

    /// <summary>As the modules do it.</summary>
    [Fact]
    public void What_must_never_be_backed_up_is_left_out()
    {
        _folder.Write("srv/app/file", "12345");
        _folder.Write("srv/app/media [x] /film", new string('x', 700));
        var path = Probe("app: { backupPaths: [/srv/app] }", never: "/srv/app/media [x] ").Probe.Services.Single().Paths.Single();
        Assert.Equal((5, 700), (path.Bytes, path.LeftOut));
    }

    [Fact]
    public void What_lies_in_another_path_counts_once()
    {
        _folder.Write("srv/app/file", "12345");
        _folder.Write("srv/app/sub/file", "1234567");
        _folder.Write("srv/app/out/file", new string('x', 100));
        var (probe, _) = Probe("""
            app: { backupPaths: [/srv/app, /srv/app/sub], backupExcludes: [/srv/app/out] }
            own: { backupPaths: [/srv/app/out], destinations: [nas], schedule: "04:00" }
            sub: { backupPaths: [/srv/app/sub/file], schedule: "05:00" }
            """, changes: 1);
        Assert.Equal([("app", 12L), ("own", 100L), ("sub", 7L)], probe.Services.Select(service => (service.Name, service.Bytes)));
        // Of 17 snapshots of either job the first one brings nothing of its own, as all together.
        Assert.Equal([("b2", 12L, 12 + 16 * (12L + 7)), ("nas", 112L, 112 + 364 * (12L + 7 + 100))], probe.Destinations.Select(each => (each.Id, each.Data, each.Most)));
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
    private (HostProbe Probe, FindingList Findings) Probe(string services, decimal changes = 0, string? never = null)
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
        var plans = Generator.Plan("inventory.yaml", Path.GetDirectoryName(inventory)!, findings);
        Assert.Empty(findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Message));
        var plan = plans!.Single();
        var moved = plan with
        {
            Services =
            [
                .. plan.Services.Select(service => service with
                {
                    Paths = [.. service.Paths.Select(path => path with { Path = _folder.Path + path.Path })],
                    Databases = [.. service.Databases.Select(database => database with { Source = Moved(database) })],
                    Excludes = [.. service.Excludes.Select(pattern => _folder.Path + pattern)],
                }),
            ],
            NeverBackUp = never is null ? [] : [new NeverDeclaration(_folder.Path + never, "Too large", default)],
        };
        var found = new FindingList();
        return (HostProbe.Of(moved, changes, found), found);
    }

    private string Moved(DatabasePlan database) => database.Kind == DatabaseKind.Sqlite ? _folder.Path + database.Source : database.Source;
}
