using System.Diagnostics;
using NixGen.Tests.Evaluation;
using NixGen.Tests.Shell;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// What can go wrong in a night. Each fault ends as it should, says so in the log, and loses nothing: the snapshots from before are all
/// there, and the first night after it is a good one.
/// </summary>
public sealed class FaultTests
{
    private const string Job = "restic-backups-disk";

    private static readonly string[] Tags = ["created-by:box", "plan:disk"];

    // Retention counts one snapshot, so that whatever is forgotten wrongly is missed.
    private static string Inventory(string repository = "/mnt/backup", string more = "", string services = "") => $$"""
        defaults: { {{more}} }
        destinations:
          disk:
            repository: {{repository}}
            secrets: disk
            schedule: "03:00"
            retention: { last: 1 }
            initialize: true
        secrets:
          disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
        hosts:
          box:
            destinations: [disk]
            services:
              one: { backupPaths: [/var/lib/one] }
              two: { backupPaths: [/var/lib/two] }
        {{services}}
        """;

    private static readonly Lazy<EvaluatedHost> Continue = new(() => BackedUpHost.Evaluate(Inventory())["box"]);

    private static readonly Lazy<EvaluatedHost> Refuse = new(() => BackedUpHost.Evaluate(Inventory(more: "missing: refuse"))["box"]);

    /// <summary>The tests of what has to go well.</summary>
    internal static readonly IReadOnlyList<string> WithoutFault = [nameof(A_good_night), nameof(The_file_of_another_user_is_read)];

    [EndToEndFact]
    public void A_good_night()
    {
        using var host = Host(Continue.Value);
        Assert.Equal(["created-by:box", "plan:disk"], Assert.Single(Night(host)).Tags);
    }

    [EndToEndFact]
    public void A_path_is_missing() => Lacking(
        host => Directory.Delete(host.Root.At("/var/lib/two"), recursive: true), "<3>disk: not backed up: /var/lib/two does not exist\n");

    [EndToEndFact]
    public void A_path_became_a_symlink() => Lacking(
        host => host.Root.Bash("mkdir -p /var/lib/private && mv /var/lib/two /var/lib/private/two && ln -s private/two /var/lib/two").Succeeded(),
        "<3>disk: not backed up: /var/lib/two is a symlink to /var/lib/private/two, restic would store the link alone: declare the target\n");

    [EndToEndFact]
    public void A_path_holds_no_file() => Lacking(
        host => File.Delete(host.Root.At("/var/lib/two/file")), "<3>disk: not backed up: /var/lib/two holds no file\n");

    // Continuing, what is there is backed up and nothing is forgotten; refusing, nothing is done.
    private static void Lacking(Action<BackedUpHost> damage, string line)
    {
        using var host = Host(Continue.Value);
        var before = Night(host);
        damage(host);
        var result = host.Units.Start(Job);
        result.FailedWith("exit-code", 1, line);
        Assert.Contains("<3>disk: the backup is incomplete, so nothing is forgotten\n", result.Log);
        var after = host.Snapshots("disk");
        Assert.Equal(before, after.Take(1), Same);
        Assert.Equal(["created-by:box", "incomplete", "plan:disk"], after[1].Tags);
        Assert.Equal("one", host.Restic("disk", "dump", after[1].Id, "/var/lib/one/file").Succeeded().Output);
        Assert.Equal("two", host.Restic("disk", "dump", before[0].Id, "/var/lib/two/file").Succeeded().Output);

        host.Root.Bash("rm -rf /var/lib/two").Succeeded();
        Fill(host);
        // The complete snapshot is counted for itself, the incomplete one for itself.
        Assert.Equal([false, true], Night(host).Select(snapshot => snapshot.IsIncomplete).Order());

        using var strict = Host(Refuse.Value);
        before = Night(strict);
        damage(strict);
        strict.Units.Start(Job).FailedWith("exit-code", 1, line.Replace("not backed up: ", ""));
        Assert.Equal(before, strict.Snapshots("disk"), Same);
    }

    [EndToEndFact]
    public void A_file_cannot_be_read()
    {
        using var host = Host(Continue.Value);
        var before = Night(host);
        // Nobody may read this one, not even root.
        host.Root.Bash("mount --bind /host/proc/sys/vm/drop_caches /var/lib/two/file").Succeeded();
        var result = host.Units.Start(Job);
        result.FailedWith("exit-code", 3, "open /var/lib/two/file: permission denied");
        Assert.Contains("restic backup", result.Failed);
        // What restic could read, it stored; nothing was forgotten.
        var after = host.Snapshots("disk");
        Assert.Equal(before, after.Take(1), Same);
        Assert.Equal(2, after.Count);
        Assert.True(after[1].IsIncomplete);
        Assert.Equal("one", host.Restic("disk", "dump", after[1].Id, "/var/lib/one/file").Succeeded().Output);

        host.Root.Bash("umount /var/lib/two/file").Succeeded();
        Assert.Single(Night(host), snapshot => !snapshot.IsIncomplete);
    }

    [EndToEndFact]
    public void The_file_of_another_user_is_read()
    {
        using var host = Host(Continue.Value);
        host.Root.Bash("chown -R 1234:1234 /var/lib/two && chmod 0700 /var/lib/two && chmod 0400 /var/lib/two/file").Succeeded();
        Night(host);
    }

    [EndToEndFact]
    public void The_repository_is_gone()
    {
        using var host = Host(Continue.Value);
        var before = Night(host);
        Directory.Move(host.Root.At("/mnt/backup"), host.Root.At("/mnt/unplugged"));
        Directory.CreateDirectory(host.Root.At("/mnt/backup"));
        host.Units.Start(Job).FailedWith("exit-code", 10, $"<3>disk: the repository used so far ({CheapRepository.Id}) is gone\n");
        Assert.Empty(Directory.GetFileSystemEntries(host.Root.At("/mnt/backup")));

        Directory.Delete(host.Root.At("/mnt/backup"));
        Directory.Move(host.Root.At("/mnt/unplugged"), host.Root.At("/mnt/backup"));
        Assert.Equal(before, host.Snapshots("disk"), Same);
        Night(host);
    }

    [EndToEndFact]
    public void Another_repository_is_there()
    {
        using var host = Host(Continue.Value);
        Night(host);
        host.Root.Write("/var/lib/homelab-restic/disk/repository-id", new string('a', 64) + "\n");
        host.Units.Start(Job).FailedWith("exit-code", 1, $"<3>disk: this is another repository ({CheapRepository.Id}) than the one used so far");
        Assert.Single(host.Snapshots("disk"));
    }

    [EndToEndFact]
    public void The_repository_is_locked()
    {
        using var host = Host(Continue.Value);
        var before = Night(host);
        using var prune = new HeldPrune(host);
        // A test does not wait for half an hour.
        host.Units.Rewrite = words => [.. words.Select(word => word == "30m" ? "1s" : word)];
        host.Units.Start(Job).FailedWith("exit-code", 11, "unable to create lock in backend: repository is already locked exclusively");
        Assert.Equal(before, host.Snapshots("disk"), Same);

        // It waits for a lock that goes away.
        host.Units.Rewrite = words => words;
        var waiting = Task.Run(() => host.Units.Start(Job));
        Thread.Sleep(1500);
        Assert.False(waiting.IsCompleted);
        prune.LetGo();
        waiting.GetAwaiter().GetResult().Succeeded();
        Assert.NotEqual(before[0].Id, Assert.Single(host.Snapshots("disk")).Id);
    }

    [EndToEndFact]
    public void The_password_is_wrong()
    {
        using var host = Host(Continue.Value);
        var before = Night(host);
        host.Root.Write("/etc/secrets/restic", "wrong\n");
        var result = host.Units.Start(Job);
        result.FailedWith("exit-code", 12, "wrong password or no key found");
        Assert.Contains("<4>disk: the repository password changed; unless the repository has a key for it, the next backup fails\n", result.Log);
        host.Root.Write("/etc/secrets/restic", "correct\n");
        Assert.Single(Night(host), snapshot => snapshot.Id != before[0].Id);
    }

    [EndToEndFact]
    public void There_are_no_secrets()
    {
        using var host = Host(Continue.Value);
        File.Delete(host.Root.At("/etc/secrets/restic"));
        host.Units.Start(Job).FailedWith("resources", null, "Failed to load environment files: /run/homelab-secrets/disk/current/env\n");
        Assert.Empty(Directory.GetFiles(host.Root.At("/mnt/backup/snapshots")));

        // After a good night they are still in memory, and the next one is good, too.
        host.Root.Write("/etc/secrets/restic", "correct\n");
        Night(host);
        File.Delete(host.Root.At("/etc/secrets/restic"));
        var stale = host.Units.Start(Job).Succeeded();
        Assert.Contains("Failed to set up credentials: /etc/secrets/restic\n", stale.Log);
    }

    [EndToEndFact]
    public void One_password_does_not_answer()
    {
        using var host = Host(BackedUpHost.Evaluate(Inventory()
            .Replace("{ files: { RESTIC_PASSWORD: /etc/secrets/restic } }", "{ onePassword: { vault: v, item: i, fields: { RESTIC_PASSWORD: p } } }")
            .Replace("defaults: {  }", "defaults: { onePassword: { tokenFile: /etc/secrets/token } }"))["box"]);
        host.Root.Write("/etc/secrets/token", "token\n");
        host.Root.WriteProgram("/store/_1password-cli/bin/op", "#!/store/bash/bin/bash\n[[ -e /etc/secrets/answers ]] && printf correct\n");
        // Its pauses are not worth a test's time.
        File.Delete(host.Root.At("/store/coreutils/bin/sleep"));
        host.Root.WriteProgram("/store/coreutils/bin/sleep", "#!/store/bash/bin/bash\n");

        host.Units.Start(Job).FailedWith("resources", null, "<3>disk: no answer for the secrets, and there is no earlier set\n");
        host.Root.Write("/etc/secrets/answers", "");
        Night(host);
        File.Delete(host.Root.At("/etc/secrets/answers"));
        var fetched = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (var (age, log) in new[] { (60, "disk: the secrets are fresh\n"), (86400, "<4>disk: no answer for the secrets, keeping"), (700000, "<3>disk: no answer for the secrets, keeping") })
        {
            host.Root.Write("/run/homelab-secrets/disk/current/fetched-at", $"{fetched - age}\n");
            Assert.Contains(log, host.Units.Start(Job).Succeeded().Log);
        }

        Assert.Single(host.Snapshots("disk"));
    }

    [EndToEndFact]
    public void The_server_is_down()
    {
        using var folder = new TemporaryFolder();
        CheapRepository.Create(folder.At("box"));
        using var server = new RestServer(folder.Path);
        using var host = Host(BackedUpHost.Evaluate(Inventory($"rest:http://127.0.0.1:{server.Port}/box"))["box"], withRepository: false);
        var before = Night(host);
        server.Stop();
        // restic would try for a quarter of an hour.
        host.Units.Timeout = TimeSpan.FromSeconds(2);
        host.Units.Start(Job).FailedWith("timeout", 124, "connection refused");
        Assert.Equal(before[0].Id, Path.GetFileName(Assert.Single(Directory.GetFiles(folder.At("box", "snapshots")))));

        // It goes on when the server is back.
        host.Units.Timeout = TimeSpan.FromMinutes(1);
        var waiting = Task.Run(() => host.Units.Start(Job));
        Thread.Sleep(500);
        server.Start();
        waiting.GetAwaiter().GetResult().Succeeded();
        Assert.Single(host.Snapshots("disk"));
    }

    [EndToEndFact]
    public void The_disk_is_full()
    {
        using var host = Host(Continue.Value, withRepository: false);
        host.Root.Bash("mount -t tmpfs -o size=2m,mode=0700 tmpfs /mnt/backup").Succeeded();
        host.CreateRepository("/mnt/backup");
        var before = Night(host);
        host.Root.Bash("head -c 8M /dev/urandom >/var/lib/two/large").Succeeded();
        host.Units.Start(Job).FailedWith("exit-code", 1, "no space left on device");
        Assert.Equal(before, host.Snapshots("disk"), Same);
        Assert.Equal("two", host.Restic("disk", "dump", before[0].Id, "/var/lib/two/file").Succeeded().Output);

        host.Root.Bash("mount -o remount,size=32m /mnt/backup").Succeeded();
        Assert.NotEqual(before[0].Id, Assert.Single(Night(host)).Id);
        host.Restic("disk", "check", "--read-data").Succeeded();
    }

    [EndToEndFact]
    public void The_power_fails_during_the_backup()
    {
        using var host = Host(Continue.Value);
        var before = Night(host);
        host.Root.Bash("rm /var/lib/two/file; for n in {1..200}; do head -c 200000 /dev/urandom >/var/lib/two/$n; done").Succeeded();
        host.Units.Rewrite = words => words is [_, "backup", ..] ? [.. words, "--limit-upload", "200"] : words;
        host.Units.Start("homelab-secrets-disk");
        using (var night = host.Units.Begin(Job))
        {
            WaitFor(() => Locks(host).Length == 1 && Directory.GetFiles(host.Root.At("/mnt/backup/data"), "*", SearchOption.AllDirectories).Length > 3);
            night.Kill();
        }

        Assert.Single(Locks(host));
        Assert.Equal(before, host.Snapshots("disk"), Same);
        // Memory is empty after that.
        Directory.Delete(host.Root.At("/run"), recursive: true);
        Directory.CreateDirectory(host.Root.At("/run"));

        host.Units.Rewrite = words => words;
        host.Root.Bash("rm /var/lib/two/*").Succeeded();
        Fill(host);
        Assert.NotEqual(before[0].Id, Assert.Single(Night(host)).Id);
        Assert.Empty(Locks(host));
        host.Restic("disk", "check", "--read-data").Succeeded();
    }

    [EndToEndFact]
    public void A_prune_was_killed()
    {
        using var host = Host(Continue.Value);
        Night(host);
        using (var prune = new HeldPrune(host))
            prune.Kill();
        Assert.Equal(11, host.Restic("disk", "backup", "/var/lib/one").ExitCode);
        Night(host);
        Assert.Empty(Locks(host));
    }

    [EndToEndFact]
    public void Two_jobs_run_at_once()
    {
        using var folder = new TemporaryFolder();
        using var server = new RestServer(folder.Path);
        CheapRepository.Create(folder.At("box"));
        using var host = Host(
            BackedUpHost.Evaluate(Inventory(
                $"rest:http://127.0.0.1:{server.Port}/box", services: "      three: { backupPaths: [/var/lib/three], schedule: \"04:00\" }"))["box"],
            withRepository: false);
        host.Root.Write("/var/lib/three/file", "three");
        host.Units.Run("homelab-secrets-disk").Succeeded();
        // The service of its own schedule is a job of its own.
        string[] jobs = [Job, Job + "-three"];
        for (var night = 0; night < 2; night++)
        {
            var results = jobs.Select(job => Task.Run(() => host.Units.Run(job))).ToList();
            foreach (var result in results)
                result.GetAwaiter().GetResult().Succeeded();
        }

        Assert.Equal(
            ["created-by:box plan:disk", "created-by:box plan:disk-three"],
            host.Snapshots("disk").Select(snapshot => string.Join(' ', snapshot.Tags)).Order());
        host.Restic("disk", "check", "--read-data").Succeeded();
    }

    [EndToEndFact]
    public void Two_hosts_start_with_an_empty_repository()
    {
        using var folder = new TemporaryFolder();
        using var server = new RestServer(folder.Path);
        var fleet = BackedUpHost.Evaluate($$"""
            destinations:
              disk:
                repository: rest:http://127.0.0.1:{{server.Port}}/fleet
                secrets: disk
                schedule: "03:00"
                retention: { last: 1 }
                initialize: true
                maintenance: { host: first }
            secrets:
              disk: { files: { RESTIC_PASSWORD: /etc/secrets/restic } }
            hosts:
              first: { destinations: [disk], services: { one: { backupPaths: [/var/lib/one] }, two: { backupPaths: [/var/lib/two] } } }
              second: { destinations: [disk], services: { one: { backupPaths: [/var/lib/one] }, two: { backupPaths: [/var/lib/two] } } }
            """);
        using var first = Host(fleet["first"], withRepository: false);
        using var second = Host(fleet["second"], withRepository: false);

        // Alone, the second may not create it.
        second.Units.Start(Job).FailedWith("exit-code", 10, "<3>disk: there is no repository, and this host may not create it (initialize, maintenance.host)\n");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        for (var round = 0; round < 2; round++)
        {
            var both = new[] { first, second }.Select(host => Task.Run(() => host.Units.Start(Job))).ToList();
            both[0].GetAwaiter().GetResult().Succeeded();
            var late = both[1].GetAwaiter().GetResult();
            // It came before or after the first one's `init`.
            if (late.Result != "success")
                late.FailedWith("exit-code", 10, "may not create it");
            var id = first.Root.Read("/var/lib/homelab-restic/disk/repository-id");
            second.Units.Start(Job).Succeeded();
            Assert.Equal(id, second.Root.Read("/var/lib/homelab-restic/disk/repository-id"));
            Assert.Equal(["first", "second"], first.Snapshots("disk").Select(snapshot => snapshot.Host).Order());
            Assert.Single(Directory.GetFiles(folder.At("fleet", "keys")));
            first.Restic("disk", "check").Succeeded();

            // From the beginning.
            Directory.Delete(folder.At("fleet"), recursive: true);
            foreach (var host in new[] { first, second })
                Directory.Delete(host.Root.At("/var/lib/homelab-restic"), recursive: true);
        }
    }

    /// <summary>A night that succeeds, after which its snapshot alone is kept.</summary>
    private static IReadOnlyList<HostSnapshot> Night(BackedUpHost host)
    {
        host.Units.Start(Job).Succeeded();
        var snapshots = host.Snapshots("disk");
        Assert.Single(snapshots, snapshot => Tags.SequenceEqual(snapshot.Tags));
        return snapshots;
    }

    private static BackedUpHost Host(EvaluatedHost evaluated, bool withRepository = true)
    {
        var host = new BackedUpHost(evaluated);
        if (withRepository)
            host.CreateRepository("/mnt/backup");
        host.Root.Write("/etc/secrets/restic", CheapRepository.Password + "\n");
        Fill(host);
        return host;
    }

    private static void Fill(BackedUpHost host)
    {
        host.Root.Write("/var/lib/one/file", "one");
        host.Root.Write("/var/lib/two/file", "two");
    }

    // Not those that are being written.
    private static string[] Locks(BackedUpHost host) =>
        [.. Directory.GetFiles(host.Root.At("/mnt/backup/locks")).Where(file => Path.GetFileName(file).Length == 64)];

    private static void WaitFor(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(10))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), "it does not come to that");
    }

    private static bool Same(HostSnapshot one, HostSnapshot other) => one.Id == other.Id && one.Tags.SequenceEqual(other.Tags);

    /// <summary>A real prune, which has locked the repository and waits for an index that nobody writes.</summary>
    private sealed class HeldPrune : IDisposable
    {
        private static readonly string Index = "/mnt/backup/index/" + new string('a', 64);

        private readonly BackedUpHost _host;
        private readonly Process _process;

        public HeldPrune(BackedUpHost host)
        {
            _host = host;
            host.Root.Bash($"mkfifo {Index}").Succeeded();
            _process = Process.Start(new ProcessStartInfo(
                Tool.Require("nsenter"),
                [
                    .. host.Root.Enter, "/store/coreutils/bin/env", "RESTIC_REPOSITORY=/mnt/backup", "RESTIC_PASSWORD_FILE=/etc/secrets/restic",
                    "/store/restic/bin/restic", "prune", "--no-cache", "--quiet",
                ])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            WaitFor(() => Locks(host).Length == 1);
        }

        /// <summary>The prune finds no index there, ends and removes its lock.</summary>
        public void LetGo()
        {
            _host.Root.Bash($"exec 3<>{Index}; rm {Index}").Succeeded();
            _process.WaitForExit();
        }

        /// <summary>The prune leaves its lock behind.</summary>
        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
            File.Delete(_host.Root.At(Index));
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                Kill();
            _process.Dispose();
        }
    }
}
