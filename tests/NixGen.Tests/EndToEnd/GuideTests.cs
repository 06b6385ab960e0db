using System.Globalization;
using NixGen.Planning;
using NixGen.Tests.Evaluation;
using NixGen.Tests.Shell;
using Xunit.Abstractions;

namespace NixGen.Tests.EndToEnd;

/// <summary>
/// RESTORE.md, followed to the letter: the page that was generated for a host, every block of it, in its order, on the machine that its
/// chapter is about. Before that, the whole way there: generate, evaluate, back up two nights to a server on loopback and to a disk.
/// </summary>
public sealed class GuideTests(ITestOutputHelper output)
{
    private const string OldToken = "ops_old";
    private const string NewToken = "ops_new+/=";

    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["RESTIC_PASSWORD"] = CheapRepository.Password,
        ["RESTIC_REST_PASSWORD"] = GuideMachine.HttpPassword,
        ["RESTIC_REST_USERNAME"] = "me",
    };

    private static string Inventory(int port) => $$"""
        defaults:
          destinations: [cloud, disk]
          onePassword: { vault: Home lab, tokenFile: /etc/homelab/op-token }
        neverBackUp: { /srv/media: Too large }
        destinations:
          cloud: { repository: "rest:http://127.0.0.1:{{port}}/{host}", secrets: cloud, schedule: "03:00", retention: { last: 9 } }
          disk: { repository: /mnt/disk/restic, secrets: disk, schedule: "04:00", retention: { last: 9 } }
        secrets:
          cloud:
            onePassword:
              item: Rest server - den
              fields: { RESTIC_PASSWORD: restic password, RESTIC_REST_USERNAME: user, RESTIC_REST_PASSWORD: http password }
          disk: { files: { RESTIC_PASSWORD: /etc/secrets/disk } }
        hosts:
          den:
            services:
              plain:
                title: Plain | files
                backupPaths: [/var/lib/plain, "/srv/it's $HOME `id` [x]*"]
                backupExcludes: [cache]
                units: [plain, plain-web]
              notes: { backupPaths: [/var/lib/notes], backupExcludes: [cache], databases: { sqlite: [notes.db] }, units: [notes], destinations: [cloud] }
              dynamic:
                backupPaths: [/var/lib/private/dynamic, { path: /var/lib/maybe, optional: true }]
                backupExcludes: [/var/lib/private/dynamic/cache]
                destinations: [disk]
              films: { noBackup: Can be had again }
        """;

    [EndToEndFact]
    public void Following_the_guide_brings_everything_back()
    {
        using var folder = new TemporaryFolder();
        using var server = new RestServer(folder.At("server"));
        string[] repositories = [folder.At("server", "den"), folder.At("disk", "restic")];
        Array.ForEach(repositories, CheapRepository.Create);
        var evaluated = BackedUpHost.Evaluate(Inventory(server.Port))["den"];
        var plan = evaluated.Plan;
        var page = evaluated.Modules["den/RESTORE.md"];
        var blocks = Guide.Read(page);
        Assert.Equal([1, 2, 3, 4], blocks.Select(block => block.Chapter).Distinct());
        var reader = new Follower(blocks);

        using var old = new GuideMachine(folder.At("disk"), OldToken);
        old.Host.Root.Write("/etc/homelab/op-token", OldToken + "\n");
        old.Host.Root.Write("/etc/secrets/disk", CheapRepository.Password + "\n");
        old.Boot(evaluated);
        var states = old.TwoNights(plan);
        reader.Values["when it died: YYYY-MM-DD HH:MM"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        reader.Values["git repository of the configuration"] = GuideMachine.Repository;
        reader.Values["path"] = "/var/lib/plain";
        foreach (var job in plan.Jobs)
            reader.Values[$"ID of a snapshot of {job.Name}"] = old.Host.Snapshots(job.Name)[^1].Id[..8];

        // 1. One service after the other loses its data.
        foreach (var service in plan.Services.Where(service => service.HasData))
        {
            var paths = service.Paths.Where(path => !path.Optional).Select(path => path.Path).ToList();
            paths.ForEach(old.Damage);
            Assert.Contains("is as it was on", reader.Follow(old, 1, service.Title, "y\n"));
            Assert.All(paths, path => old.AssertIs(path, states[path]));
            Assert.NotEqual("", old.Replaced);
            reader.Follow(old, 1, service.Title);
            Assert.Equal("", old.Replaced);
            Assert.All(service.Units, unit => Assert.True(old.Runs(unit)));
        }

        old.AssertNotes();
        reader.Follow(old, 1, "Paths of hand-written modules");
        old.AssertIs("/var/lib/plain", states["/var/lib/plain"], "/var/tmp/restored");

        // What the guide is there to prevent happened all the same: a whole snapshot of services that lost everything.
        Thread.Sleep(1100);
        foreach (var path in states.Keys.Where(path => path != "/var/lib/notes"))
            old.Damage(path);
        old.Night(plan);
        var before = Snapshots();
        Assert.All(plan.Jobs, job => Assert.Equal([false, false, false], old.Host.Snapshots(job.Name).Select(snapshot => snapshot.IsIncomplete)));

        // 2. The machine is gone. Whenever the clock strikes three meanwhile, the empty services are not backed up.
        using var machine = new GuideMachine(folder.At("disk"), NewToken);
        machine.StartInstaller(evaluated);
        while (reader.Next is { Chapter: 2, Heading: not "2.6 Back to normal" } block)
        {
            var said = reader.Follow(machine, 2, block.Heading, !block.Text.Contains("/dev/stdin")
                ? ""
                : (block.Text.Contains("op-token") ? NewToken : CheapRepository.Password) + "\n");
            if (block.Heading == "2.4 Look at the backups")
                Assert.DoesNotContain("none", said);
            machine.RebootIfInstalled(evaluated);
            machine.Strike();
            Assert.Equal(before, Snapshots());
        }

        Assert.False(machine.HasTimers);
        Assert.All(states, state => machine.AssertIs(state.Key, state.Value));
        machine.AssertNotes();
        Assert.False(Directory.Exists(machine.Host.Root.At("/var/lib/maybe")));
        Assert.All(plan.Services.SelectMany(service => service.Units), unit => Assert.True(machine.Runs(unit)));
        Assert.Equal("400\n400\n", machine.Host.Root.Bash("stat --format %a /etc/homelab/op-token /etc/secrets/disk").Succeeded().Output);

        reader.Follow(machine, 2, "2.6 Back to normal");
        Assert.True(machine.HasTimers);
        Assert.Equal(before + plan.Jobs.Count, Snapshots());
        Assert.All(plan.Jobs, job => Assert.False(machine.Host.Snapshots(job.Name)[^1].IsIncomplete));

        // The clock has struck all along.
        machine.Strike();
        Assert.Equal(before + (2 * plan.Jobs.Count), Snapshots());

        // 3. Any other machine.
        using var other = new GuideMachine(folder.At("disk"), NewToken);
        other.BeAnyLinux();
        while (reader.Next is { Chapter: 3 } block)
        {
            var names = Secrets.Keys.Where(name => block.Text.Contains(name)).ToList();
            var typed = block.Text.Contains("read -rsp");
            if (names.Count > 0)
                other.Reader.Run($"unset {string.Join(' ', names)}").Succeeded();
            if (block.Text.StartsWith("restic restore", StringComparison.Ordinal))
                other.Host.Root.Bash("rm -rf /root/work/restored/{srv,var/lib/plain}").Succeeded();

            var said = reader.Follow(other, 3, block.Heading, typed ? string.Concat(names.Order(StringComparer.Ordinal).Select(name => Secrets[name] + "\n")) : "");

            Assert.All(names, name => Assert.Equal(Secrets[name], other.Exported(name)));
            if (block.Heading == "SQLite databases")
                Assert.Equal("ok", said.Trim());
            if (block.Text.StartsWith("restic restore", StringComparison.Ordinal))
            {
                var job = plan.Jobs.Single(job => block.Text.Contains($"of {job.Name}>"));
                foreach (var path in job.Services.SelectMany(service => service.Paths).Where(path => !path.Optional))
                    other.AssertIs(path.Path, states[path.Path], "/root/work/restored");
            }
        }

        other.AssertNotes("/root/work/restored");

        // 4. At last.
        Assert.Contains("0 loaded units", reader.Follow(machine, 4, "Verify"));
        Assert.Null(reader.Next);
        Assert.Empty(reader.Unused);
        foreach (var typed in new[] { old, machine }.Select(each => each.Host.Root.Read("/root/typed")))
        {
            foreach (var secret in new[] { OldToken, NewToken, GuideMachine.HttpPassword, CheapRepository.Password })
                Assert.DoesNotContain(secret, typed);
        }

        output.WriteLine($"{blocks.Count} blocks followed");

        int Snapshots() => repositories.Sum(repository => Directory.GetFiles(Path.Combine(repository, "snapshots")).Length);
    }

    /// <summary>Goes through the blocks of a page, in order and without leaving one out.</summary>
    private sealed class Follower(IReadOnlyList<GuideBlock> blocks)
    {
        private readonly HashSet<string> _used = [];
        private int _at;

        /// <summary>What to put in for a placeholder.</summary>
        public Dictionary<string, string> Values { get; } = [];

        public IEnumerable<string> Unused => Values.Keys.Except(_used);

        public GuideBlock? Next => _at < blocks.Count ? blocks[_at] : null;

        /// <summary>Runs the next block, which must be the expected one, and returns what the terminal showed.</summary>
        public string Follow(GuideMachine machine, int chapter, string heading, string answers = "")
        {
            var block = blocks[_at++];
            Assert.Equal((chapter, heading), (block.Chapter, block.Heading));
            var result = machine.Reader.Run(Guide.Fill(block.Text, Values, _used), answers);
            Assert.True(result.ExitCode == 0, $"{heading}: exit code {result.ExitCode}\n{block.Text}\n{result.Output}\n{machine.Log}");
            return result.Output.ReplaceLineEndings("\n");
        }
    }
}
