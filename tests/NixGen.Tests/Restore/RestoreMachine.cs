using NixGen.Tests.Shell;

namespace NixGen.Tests.Restore;

/// <summary>
/// Runs the generated nixgen-restore as root with the real restic, in a mount namespace where the folders that it works on are
/// empty and in memory. A test is a bash script, for which a few functions are at hand.
/// </summary>
internal sealed class RestoreMachine : Machine
{
    private const string Inventory = """
        defaults: { destinations: [shelf] }
        destinations:
          shelf: { repository: /mnt/repository, secrets: shelf, schedule: "02:00", retention: keep-all }
        secrets:
          shelf: { files: { RESTIC_PASSWORD: /etc/secrets/shelf } }
        hosts:
          den:
            services:
              plain: { backupPaths: [/srv/one, /var/lib/two], units: [plain, plain-web] }
              maybe: { backupPaths: [/srv/always, { path: /srv/maybe, optional: true }] }
              app: { backupPaths: [/srv/app], databases: { sqlite: [data/app.db] }, units: [app] }
              apart: { databases: { sqlite: [/srv/apart/it's.db] } }
              dynamic: { backupPaths: [/var/lib/private/dynamic] }
              nested: { backupPaths: [/srv/owner/data] }
              outer: { backupPaths: [/srv/outer] }
              inner: { backupPaths: [/srv/outer/inner], databases: { sqlite: [live.db] } }
              forge: { backupPaths: [/srv/forge], databases: { postgresql: [forge, Odd-Name] }, units: [forge] }
              wiki: { databases: { mariadb: [wiki, old-wiki] }, units: [wiki] }
              awkward:
                backupPaths:
                  - "/srv/with  blanks"
                  - "/srv/it's \"quoted\""
                  - /srv/-rf
                  - "/srv/$(touch pwned)`touch pwned`$HOME"
                  - "/srv/[glob]*?\\"
                  - /srv/ünï
                  - /srv/#hash
        """;

    private static readonly Lazy<GeneratedScripts> Scripts = new(() => GeneratedScripts.Generate(Inventory, "den"));

    public RestoreMachine(GeneratedScripts? scripts = null) : base(scripts ?? Scripts.Value)
    {
        foreach (var program in new[] { "restic", "jq", "sqlite3", "findmnt", "flock", "getent", "setpriv", "getfattr", "setfattr" })
            File.CreateSymbolicLink(At("path", program), Tool.Require(program));
        // util-linux has it since 2.40; this makes the same system call.
        if (Tool.Find("exch") is { } exch)
            File.CreateSymbolicLink(At("path", "exch"), exch);
        else
            Stub("path/exch", $$"""exec {{Tool.Require("perl")}} -e 'exit(syscall((`uname -m` =~ /x86/) ? 316 : 276, -100, $ARGV[0], -100, $ARGV[1], 2) == 0 ? 0 : 1)' -- "$@" """);
        Package("restic", "flock", "jq", "sqlite3");
        // Units are files here: one that exists runs.
        Stub("path/systemctl", """
            verb=$1
            if [ "$verb" != show ]; then echo "$*" >>/run/systemctl; fi
            shift
            for unit in "$@"; do
              case $verb in
                is-active) [ -e "/run/units/$2" ] || exit 3; exit ;;
                show) if [ -e "/run/units/$4" ]; then echo activating; else echo inactive; fi; exit ;;
                stop) rm -f "/run/units/$unit" ;;
                start) touch "/run/units/$unit" ;;
              esac
            done
            """);
        CheapRepository.Create(At("repository"));
        Write("prelude", Prelude);
        // The owner of a server goes through here.
        ToolProcess.Run("chmod", ["0711", At(".")]).Succeeded();
    }

    /// <summary>Runs a scenario to its end; where something is not as it must be, it says so and fails.</summary>
    public ToolResult Scenario(string script)
    {
        Write("scenario", script);
        string[] path = [At("path"), .. Tool.SearchPath.Split(':')];
        return ToolProcess.Run(
            "unshare",
            ["--mount", Bash, "-c", ". \"$1/prelude\"; . \"$1/scenario\"; echo finished", "scenario", At(".")],
            environment: new Dictionary<string, string?> { ["PATH"] = string.Join(':', path), ["TZ"] = "UTC" },
            timeout: TimeSpan.FromMinutes(4),
            workingDirectory: At("tmp"));
    }

    private const string Prelude = """
        set -euo pipefail
        machine=$1
        mount --make-rprivate /
        cp -r "$machine/repository" "$machine/start"
        for folder in /srv /mnt /var/lib /var/cache /run; do mount -t tmpfs tmpfs "$folder"; done
        mv "$machine/start" /mnt/repository
        mkdir -p /run/units /run/homelab-secrets/shelf/current
        echo correct >/run/homelab-secrets/shelf/current/RESTIC_PASSWORD
        : >/run/homelab-secrets/shelf/current/env

        fail() { echo "FAILED: $*"; exit 1; }
        # Runs nixgen-restore with what it has on NixOS, and nobody at the terminal.
        tool() { env -i PATH="$machine/path" TZ=UTC "$BASH" "$machine/scripts/nixgen-restore" "$@" </dev/null; }
        # It must fail and say $1.
        refused() {
          local expected=$1
          shift
          if tool "$@" >"$machine/said" 2>&1; then fail "not refused: $*"; fi
          grep --quiet --fixed-strings -- "$expected" "$machine/said" || fail "says: $(cat "$machine/said")"
        }
        repository() { RESTIC_PASSWORD=correct restic --repo /mnt/repository --cache-dir /var/cache/other --quiet "$@"; }
        # $1: a time, then options and paths
        backup() {
          local time=$1
          shift
          repository backup --host den --tag plan:shelf,created-by:den --time "$time" "$@"
        }
        # Copies the databases of the service $1 as before a backup.
        copy() {
          mkdir -p "/run/homelab-copy/$1" "/var/lib/homelab-copies/$1"
          chmod 0711 /var/lib/homelab-copies "/var/lib/homelab-copies/$1"
          env -i PATH="$machine/path" RUNTIME_DIRECTORY="/run/homelab-copy/$1" STATE_DIRECTORY="/var/lib/homelab-copies/$1" \
            "$BASH" "$machine/scripts/homelab-copy-$1"
        }
        # Has call number $2 of the program $1 of a package do $3 first; $real is the program.
        stub() {
          rm -f /run/count /run/hit; : >/run/count; chmod 0666 /run/count; mkdir -p /run/real
          mv "$machine/packages/bin/$1" /run/real/
          cat >"$machine/packages/bin/$1" <<STUB
        #!$BASH
        real=/run/real/$1
        signal() { echo "\$1 \$PPID" >/run/signals; sleep 0.3; }
        n=\$((\$(cat /run/count) + 1)); echo \$n >/run/count
        if [ \$n = $2 ]; then : >/run/hit; $3
        fi
        exec \$real "\$@"
        STUB
          chmod 0755 "$machine/packages/bin/$1"
          chmod 0777 /run
          # Whoever is not root asks for it to be sent: `signal NAME` signals who has called the program.
          if [ ! -e /run/signals ]; then
            mkfifo --mode 0666 /run/signals
            (while read -r name process; do kill "-$name" "$process"; done) <>/run/signals &
            sender=$!
            trap 'kill "$sender"' EXIT
          fi
        }
        unstub() { mv "/run/real/$1" "$machine/packages/bin/"; }
        # Everything that a restore must bring back: types, modes, owners, times, contents, links and extended attributes.
        state() {
          (
            cd "$1"
            find . -printf '%P %y %m %U %G %T@ %l\n' | LC_ALL=C sort
            find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum
            find . -print0 | LC_ALL=C sort -z | perl -0ne '
              chomp; my $list = "\0" x 4096; my $n = syscall((`uname -m` =~ /x86/) ? 194 : 11, $_, $list, 4096);
              print "$_ ", join(",", sort split /\0/, substr($list, 0, $n)), "\n" if $n > 0'
          )
        }
        # $1: a folder to fill
        fill() {
          mkdir -p "$1/empty" "$1/deep/er"
          echo "text of $1" >"$1/file"
          head -c 300000 /dev/urandom >"$1/deep/er/bytes"
          printf x >"$1/deep/odd"$'\n\xff'" name"
          ln -s ../file "$1/deep/link"
          ln "$1/file" "$1/hard"
          chmod 0640 "$1/file"; chmod 2750 "$1/deep"; chmod 4711 "$1/deep/er/bytes"
          chown -h 1234:4321 "$1" "$1/file" "$1/deep/link" "$1/deep/er/bytes"
          chmod 0710 "$1"
          perl -e 'my ($f, $n, $v) = ($ARGV[0], "trusted.nixgen", "value"); exit(syscall((`uname -m` =~ /x86/) ? 188 : 5, $f, $n, $v, 5, 0) != 0)' "$1/file" ||
            fail "no extended attributes here"
          touch -d '2020-02-02 02:02:02.123456789' "$1/file" "$1/deep"
        }
        """;
}
