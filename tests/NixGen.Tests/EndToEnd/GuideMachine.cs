using NixGen.Planning;
using NixGen.Tests.Evaluation;
using NixGen.Tests.Shell;

namespace NixGen.Tests.EndToEnd;

/// <summary>A machine on which somebody follows a guide: one that runs, one with an empty disk, or one without NixOS.</summary>
internal sealed class GuideMachine : IDisposable
{
    public const string Repository = "git@git.example.org:me/homelab.git";
    public const string HttpPassword = "it's \"$x\" `y` \\ #1";

    // What 1Password answers.
    private const string Answers = $$"""
        [[ $# == 3 && $1 == read && $2 == --no-newline ]] || { echo "nobody expected: op $*" >&2; exit 1; }
        case $3 in
          'op://Home lab/Rest server - den/restic password') value={{CheapRepository.Password}} ;;
          'op://Home lab/Rest server - den/user') value=me ;;
          'op://Home lab/Rest server - den/http password') value=$(</root/http-password) ;;
          *) echo "no such item: $3" >&2; exit 1 ;;
        esac
        printf %s "$value"
        """;

    private readonly string _token;
    private readonly PlayedSystemd _systemd;
    private bool _installed;

    /// <param name="disk">The folder of the disk that holds a repository, on whichever machine it is mounted.</param>
    /// <param name="token">The token that opens 1Password for a service.</param>
    public GuideMachine(string disk, string token)
    {
        _token = token;
        _systemd = new PlayedSystemd(Host);
        Reader = new GuideReader(Host.Root, _systemd.Call);
        Host.Root.Write("/root/http-password", HttpPassword);
        Host.Root.Bash("""mkdir /mnt/disk && mount --bind "/host$1" /mnt/disk""", disk).Succeeded();
    }

    public BackedUpHost Host { get; } = new();

    public GuideReader Reader { get; }

    public void Dispose() => Host.Dispose();

    /// <summary>Boots a configuration.</summary>
    public void Boot(EvaluatedHost evaluated)
    {
        Host.Switch(evaluated);
        Host.Root.WriteProgram("/store/_1password-cli/bin/op", $$"""
            #!/store/bash/bin/bash
            [[ ${OP_SERVICE_ACCOUNT_TOKEN-} == '{{_token}}' ]] || { echo 'this token is not known' >&2; exit 1; }
            {{Answers}}

            """);
        foreach (var name in evaluated.Plan.Jobs.Select(job => $"restic-{job.Name}").Append("nixgen-restore"))
            Reader.Program(name, $"""exec /store/bash/bin/bash {Host.Command(name)} "$@" """);
        foreach (var unit in evaluated.Plan.Services.SelectMany(service => service.Units))
            _systemd.Services.Add(unit);
        _systemd.StartTimers();
        _installed = true;
    }

    /// <summary>Two nights of the services, and what belongs to each after them: facts and contents of every file.</summary>
    public Dictionary<string, IReadOnlyList<string>> TwoNights(HostPlan plan)
    {
        var script = """
            set -e
            fill() {
              mkdir -p -- "$1/empty" "$1/deep/er" "$1/cache"
              echo "text of $1" >"$1/file"
              head -c 100000 /dev/urandom >"$1/deep/er/bytes"
              ln -s ../file "$1/deep/link"
              ln -- "$1/file" "$1/hard"
              chmod 0640 -- "$1/file"; chmod 2750 -- "$1/deep"; chmod 4711 -- "$1/deep/er/bytes"
              chown -h 1234:4321 -- "$1" "$1/file" "$1/deep/link"; chown 61234:61234 -- "$1/deep/er/bytes"; chmod 4711 -- "$1/deep/er/bytes"
              touch -d '2020-02-02 02:02:02.123456789' -- "$1/file" "$1/deep"
              chmod 0710 -- "$1"
            }

            """;
        foreach (var path in Paths(plan))
            script += $"fill {AwkwardName.Quote(System.Text.Encoding.UTF8.GetBytes(path))}\n";
        foreach (var name in AwkwardName.All)
            script += $"echo {AwkwardName.Quote(name.Bytes)} >{AwkwardName.Quote([.. "/var/lib/plain/"u8, .. name.Bytes])}\n";
        script += """
            echo 'may be lost' >/var/lib/plain/cache/file
            sqlite3=/store/sqlite/bin/sqlite3
            $sqlite3 /var/lib/notes/notes.db "PRAGMA journal_mode=wal; CREATE TABLE t(x); INSERT INTO t VALUES ('first')" >/dev/null
            chown 1234:4321 /var/lib/notes/notes.db
            chmod 0640 /var/lib/notes/notes.db

            """;
        Host.Root.Write("/root/fill", script);
        Host.Root.Bash("exec bash /root/fill").Succeeded();
        foreach (var path in Paths(plan))
            Tree.SetAttribute(Host.Root.At(path + "/file"), "user.nixgen.test", [0, 1, 255]);
        Night(plan);
        Host.Root.Bash("""
            echo 'of the second day' >/var/lib/plain/deep/new
            rm /var/lib/plain/deep/er/bytes
            /store/sqlite/bin/sqlite3 /var/lib/notes/notes.db "INSERT INTO t VALUES ('second')"
            """).Succeeded();
        Night(plan);
        return Paths(plan).ToDictionary(path => path, path => State(path));
    }

    /// <summary>Runs every nightly job.</summary>
    public void Night(HostPlan plan)
    {
        foreach (var job in plan.Jobs)
            Host.Units.Start($"restic-backups-{job.Name}").Succeeded();
    }

    /// <summary>What a path held is there again, below a folder or in place, and nothing else.</summary>
    public void AssertIs(string path, IReadOnlyList<string> state, string below = "")
    {
        Assert.Equal(state, State(path, below));
        Host.Root.Bash("""[ "$1/file" -ef "$1/hard" ]""", below + path).Succeeded();
    }

    /// <summary>A database holds what was written into it, and only its copy came back: its owner, its mode and no log of another one.</summary>
    public void AssertNotes(string below = "")
    {
        var said = Host.Root.Bash(
            """cd "$1/var/lib/notes" && stat --format '%a %u %g' notes.db && echo notes.db* && /store/sqlite/bin/sqlite3 notes.db 'PRAGMA integrity_check; SELECT x FROM t'""",
            below).Succeeded().Output;
        Assert.Equal("640 1234 4321\nnotes.db\nok\nfirst\nsecond\n", said);
    }

    /// <summary>Takes the data of a service away, and puts something else there.</summary>
    public void Damage(string path) => Host.Root.Bash(
        """find "$1" -mindepth 1 -delete; mkdir -p "$1"; echo garbage >"$1/file"; echo garbage >"$1/notes.db"; echo stale >"$1/notes.db-wal" """,
        path).Succeeded();

    /// <summary>What stands beside the data because it was replaced.</summary>
    public string Replaced => Host.Root.Bash("find /var /srv -name '*.replaced-*' -prune").Succeeded().Output;

    /// <summary>Makes it the machine of chapter 2: the installer's programs, and nothing on the disk.</summary>
    public void StartInstaller(EvaluatedHost evaluated)
    {
        foreach (var (path, text) in evaluated.Modules)
            Host.Root.Write($"/root/repository/generated/{path}", text);
        Reader.Program("git", $$"""
            [[ $# == 3 && $1 == clone && $2 == {{Repository}} && $3 == /mnt/etc/nixos ]] || { echo "nobody expected: git $*" >&2; exit 1; }
            mkdir /mnt/etc
            cp -r /root/repository "$3"
            """);
        Reader.Program("nixos-generate-config", """
            [[ $* == '--root /mnt --show-hardware-config' ]] || { echo "nobody expected: $*" >&2; exit 1; }
            echo '{ fileSystems."/".device = "/dev/disk/by-uuid/1"; }'
            """);
        Reader.Program("nixos-install", $$"""
            [[ $* == '--flake /mnt/etc/nixos#{{evaluated.Plan.Name}}' && -e /mnt/etc/nixos/generated/{{evaluated.Plan.Name}}/default.nix ]] ||
              { echo "nobody expected: $*" >&2; exit 1; }
            touch /mnt/installed
            """);
    }

    /// <summary>
    /// After the installation: the reader reboots. What was cloned is what was evaluated, so the host switches to that. The services
    /// start, and make themselves at home.
    /// </summary>
    public void RebootIfInstalled(EvaluatedHost evaluated)
    {
        if (_installed || !File.Exists(Host.Root.At("/mnt/installed")))
            return;
        Host.Root.Bash("rm -r /programs/{git,nixos-generate-config,nixos-install} /root/repository && mv /mnt/etc/nixos /etc/nixos").Succeeded();
        foreach (var (path, text) in evaluated.Modules)
            Assert.Equal(text, Host.Root.Read($"/etc/nixos/generated/{path}"));
        Boot(evaluated);
        foreach (var path in new[] { "/var/lib/plain", "/var/lib/notes", "/var/lib/private/dynamic" })
        {
            Directory.CreateDirectory(Host.Root.At(path));
            Damage(path);
        }
    }

    /// <summary>It is three o'clock: what timers are active elapse.</summary>
    public void Strike()
    {
        if (!_installed)
            return;
        foreach (var timer in _systemd.Timers.Where(timer => timer.StartsWith("restic-backups-", StringComparison.Ordinal)).ToList())
            _systemd.Start(timer[..^".timer".Length]);
    }

    /// <summary>What systemd would tell.</summary>
    public string Log => string.Join('\n', _systemd.Log);

    public bool HasTimers => _systemd.Timers.Count > 0;

    public bool Runs(string unit) => _systemd.Services.Contains(unit);

    /// <summary>Makes it a machine without NixOS: what the guide asks for, and the program of 1Password.</summary>
    public void BeAnyLinux()
    {
        File.Delete(Host.Root.At("/programs/sudo"));
        File.Delete(Host.Root.At("/programs/systemctl"));
        Reader.Program("op", $$"""
            case $* in
              'account add') : >/root/added; exit ;;
              signin) [[ -e /root/added ]] && echo 'export OP_SESSION_me=session'; exit ;;
            esac
            [[ ${OP_SESSION_me-} == session ]] || { echo 'not signed in' >&2; exit 1; }
            {{Answers}}
            """);
    }

    /// <summary>A variable of the shell that the blocks run in.</summary>
    public string? Exported(string name)
    {
        var result = Host.Root.Bash("""env -i bash -c '. /root/exported; [[ -v $1 ]] && printf "%s." "${!1}"' - "$1" """, name);
        return result.ExitCode == 0 ? result.Output[..^1] : null;
    }

    private IReadOnlyList<string> State(string path, string below = "") =>
    [
        // Neither what is left out, nor the database, which comes back as another file with the same content.
        .. Tree.List(Host.Root, below + path, path == "/var/lib/notes" ? 1 : 0)
            .Where(line => !line.StartsWith("cache", StringComparison.Ordinal) && !line.StartsWith("notes.db", StringComparison.Ordinal)),
    ];

    private static IEnumerable<string> Paths(HostPlan plan) =>
        plan.Services.SelectMany(service => service.Paths).Where(path => !path.Optional).Select(path => path.Path);
}
