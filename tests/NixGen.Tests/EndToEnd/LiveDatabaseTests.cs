using System.Diagnostics;
using System.Globalization;
using NixGen.Tests.Evaluation;
using NixGen.Tests.Shell;
using Xunit.Abstractions;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// A SQLite database that somebody writes to all the time is backed up: no copy is malformed, and each holds every transaction that was
/// committed before the backup began. Read as it lies there, as restic alone would, it is not.
/// </summary>
public sealed class LiveDatabaseTests(ITestOutputHelper output)
{
    internal const int Backups = 100;
    private const int Tries = 10;
    private const string Database = "/var/lib/hass/home-assistant_v2.db";
    private const string Copy = "/var/lib/homelab-copies/hass/current/sqlite" + Database;

    private static readonly Lazy<EvaluatedHost> Evaluated = new(() => BackedUpHost.Evaluate($$"""
        destinations:
          disk: { repository: /mnt/backup, secrets: disk, schedule: "03:00", retention: { last: 100 } }
        secrets:
          disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
        hosts:
          box:
            destinations: [disk]
            services:
              hass:
                backupPaths: [/var/lib/hass]
                databases: { sqlite: [{{Path.GetFileName(Database)}}] }
                units: [home-assistant]
        """)["box"]);

    [EndToEndFact]
    public void A_hundred_backups_under_load_come_back_whole()
    {
        using var host = Host();
        using var writer = new Writer(host);
        var (during, largest) = (0L, 0L);
        for (var run = 0; run < Backups; run++)
        {
            // The whole night, and back from the repository.
            var before = writer.Committed;
            host.Units.Start("restic-backups-disk").Succeeded();
            during += writer.Committed - before;
            host.Restic("disk", "restore", "latest", "--target", "/restored").Succeeded();
            Whole(host, "/restored" + Copy, before);
            Assert.Equal(["config"], Directory.GetFiles(host.Root.At("/restored/var/lib/hass")).Select(Path.GetFileName));
            Assert.Equal("644 1234 1234\n", host.Root.Bash($"stat --format '%a %u %g' /restored{Copy}").Succeeded().Output);
            Directory.Delete(host.Root.At("/restored"), recursive: true);
            largest = Math.Max(largest, new FileInfo(host.Root.At(Copy)).Length);
        }

        // Something was written while they ran, or nothing was proved.
        Assert.True(during > Backups, $"{during} transactions during the backups");
        writer.Stop();
        // The live one has suffered nothing, and its owner can still open it.
        Whole(host, Database, writer.Committed);
        output.WriteLine(
            $"{Backups} databases backed up under load, and back: all whole; {writer.Committed} transactions, {during} of them during "
            + $"the backups, copies up to {largest / 1048576} MiB");
    }

    [EndToEndFact]
    public void A_database_that_restic_reads_as_it_lies_there_is_not()
    {
        using var host = Host();
        using var writer = new Writer(host);
        var bad = 0;
        for (var run = 0; run < Tries; run++)
        {
            var before = writer.Committed;
            host.Restic("disk", "backup", "--quiet", "/var/lib/hass").Succeeded();
            host.Restic("disk", "restore", "latest", "--target", "/restored").Succeeded();
            var (result, rows, last) = Read(host, "/restored" + Database);
            if (result != "ok" || rows != last || last < before)
                bad++;
            Directory.Delete(host.Root.At("/restored"), recursive: true);
        }

        output.WriteLine($"{bad} of {Tries} plain copies malformed or incomplete");
        Assert.True(bad > 0, "plain copies are whole, so the other test proves nothing");
    }

    /// <summary>Nobody but root gets below <c>/var/lib/private</c>, and systemd lets a DynamicUser in only in its own unit.</summary>
    [EndToEndFact]
    public void The_database_of_a_DynamicUser_is_copied_too()
    {
        const string database = "/var/lib/private/app/deep/app.db";
        using var host = new BackedUpHost(BackedUpHost.Evaluate("""
            destinations: { disk: { repository: /mnt/backup, secrets: disk, schedule: "03:00", retention: keep-all } }
            secrets: { disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } } }
            hosts:
              box:
                destinations: [disk]
                services: { app: { backupPaths: [/var/lib/private/app], databases: { sqlite: [deep/app.db] } } }
            """)["box"]);
        host.Root.Bash("""
            set -e
            mkdir -m 0700 /var/lib/private; mkdir -p "${1%/*}"
            /store/sqlite/bin/sqlite3 "$1" "PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES ('all')"
            chown -R 65534:65534 /var/lib/private/app
            """, database).Succeeded();
        host.Units.Run("homelab-copy-app").Succeeded();
        const string copy = "/var/lib/homelab-copies/app/current/sqlite" + database;
        Assert.Equal("all\n", host.Root.Bash("""/store/sqlite/bin/sqlite3 -readonly "$1" 'SELECT x FROM t'""", copy).Succeeded().Output);
        Assert.Equal("65534 644\n", host.Root.Bash("""stat --format '%u %a' "$1" """, copy).Succeeded().Output);
        Assert.Equal("65534\n", host.Root.Bash("""stat --format %u "${1%/*}"/* | sort --unique""", database).Succeeded().Output);

        // What it could have put in its place meanwhile is not read with that right.
        host.Root.Bash("""
            set -e
            /store/sqlite/bin/sqlite3 /srv/other.db "CREATE TABLE t (x); INSERT INTO t VALUES ('of another')"; chmod 0600 /srv/other.db
            rm "$1"*; ln -s /srv/other.db "$1"
            """, database).Succeeded();
        Assert.NotEqual("success", host.Units.Run("homelab-copy-app").Result);
        Assert.Equal("all\n", host.Root.Bash("""/store/sqlite/bin/sqlite3 -readonly "$1" 'SELECT x FROM t'""", copy).Succeeded().Output);
    }

    private static void Whole(BackedUpHost host, string path, long before)
    {
        var (result, rows, last) = Read(host, path);
        Assert.Equal("ok", result);
        Assert.Equal(last, rows);
        Assert.True(last >= before, $"the last of {before} transactions is {last}");
    }

    /// <summary>Whether the database is whole, and how many transactions it holds: their number and the last one.</summary>
    private static (string Result, long Rows, long Last) Read(BackedUpHost host, string path)
    {
        var answer = host.Root.Bash(
            """exec setpriv --reuid 1234 --regid 1234 --clear-groups /store/sqlite/bin/sqlite3 "$1" 'PRAGMA integrity_check(1); SELECT count(*) FROM log; SELECT max(id) FROM log;'""",
            ReadableToItsOwner(host, path)).Output.Split('\n');
        return answer is [var result, var rows, var last, ""]
            ? (result, long.Parse(rows, CultureInfo.InvariantCulture), long.Parse(last, CultureInfo.InvariantCulture))
            : (string.Join(' ', answer), 0, 0);
    }

    // What the copies lie in belongs to root alone; the database is looked at as its owner will.
    private static string ReadableToItsOwner(BackedUpHost host, string path)
    {
        if (path == Database)
            return path;
        host.Root.Bash(
            """rm -rf /srv/look && mkdir /srv/look && for file in "$1" "$1-wal" "$1-shm"; do [[ ! -e $file ]] || cp -p "$file" /srv/look; done; chown 1234:1234 /srv/look""",
            path).Succeeded();
        return "/srv/look/" + Path.GetFileName(path);
    }

    private static BackedUpHost Host()
    {
        var host = new BackedUpHost(Evaluated.Value);
        host.CreateRepository("/mnt/backup");
        host.Root.Write("/etc/secrets/restic", CheapRepository.Password + "\n");
        host.Root.Write("/var/lib/hass/config", "config");
        host.Units.Run("homelab-secrets-disk").Succeeded();
        return host;
    }

    /// <summary>
    /// Writes one transaction after the other, as the user of the service, and hears of each that it is committed: a line in a log that
    /// grows, and pages here and there in a table of several megabytes.
    /// </summary>
    private sealed class Writer : IDisposable
    {
        private readonly Process _sqlite;
        private readonly Thread _thread;
        private long _committed;
        private volatile bool _stop;

        public Writer(BackedUpHost host)
        {
            host.Root.Bash("chown -R 1234:1234 /var/lib/hass").Succeeded();
            _sqlite = Process.Start(new ProcessStartInfo(
                Tool.Require("nsenter"),
                [
                    .. host.Root.Enter, NixOsRoot.Host("setpriv"), "--reuid", "1234", "--regid", "1234", "--clear-groups",
                    "/store/sqlite/bin/sqlite3", "-bail", "-batch", Database,
                ])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            // The write-ahead log goes over into the database more often than by default, 1000 pages.
            Say("""
                PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=50; PRAGMA busy_timeout=60000;
                CREATE TABLE log(id INTEGER PRIMARY KEY); CREATE TABLE pages(id INTEGER PRIMARY KEY, what BLOB);
                CREATE INDEX by_what ON pages(what);
                WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 3000) INSERT INTO pages SELECT id, randomblob(1000) FROM n;
                SELECT 0;
                """);
            while (_sqlite.StandardOutput.ReadLine() is { } line && line != "0")
                ;
            _thread = new Thread(Write) { IsBackground = true };
            _thread.Start();
            while (Committed < 50)
            {
                Assert.False(_sqlite.HasExited);
                Thread.Sleep(10);
            }
        }

        /// <summary>The number of the last transaction that is certainly committed.</summary>
        public long Committed => Interlocked.Read(ref _committed);

        public void Stop()
        {
            _stop = true;
            _thread.Join();
            _sqlite.StandardInput.Close();
            _sqlite.WaitForExit();
        }

        public void Dispose()
        {
            if (!_stop)
                Stop();
            _sqlite.Dispose();
        }

        private void Write()
        {
            for (var id = 1L; !_stop; id++)
            {
                Say($"""
                    BEGIN; INSERT INTO log VALUES ({id}); UPDATE pages SET what = randomblob(1000) WHERE id IN ({id * 7919 % 3000 + 1}, {id * 104729 % 3000 + 1}); COMMIT; SELECT {id};
                    """);
                if (_sqlite.StandardOutput.ReadLine() != id.ToString(CultureInfo.InvariantCulture))
                    return;
                Interlocked.Exchange(ref _committed, id);
                // Some hundred in a second.
                Thread.Sleep(1);
            }
        }

        private void Say(string text)
        {
            _sqlite.StandardInput.WriteLine(text);
            _sqlite.StandardInput.Flush();
        }
    }
}
