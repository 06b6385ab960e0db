using NixGen.Tests.Shell;

namespace NixGen.Tests.Purge;

/// <summary>
/// Runs the generated nixgen-rewrite and nixgen-reclaim as root with the real restic, in a mount namespace where the folders that they
/// work on are empty and in memory. A test is a bash script, for which a few functions are at hand.
/// </summary>
internal sealed class PurgeMachine : Machine
{
    private readonly string _repository;

    /// <param name="repository">Where the backups go; a folder of its own if not said.</param>
    public PurgeMachine(string repository = "/mnt/repository") : base(GeneratedScripts.Generate(Inventory(repository), "den"))
    {
        _repository = repository;
        foreach (var program in new[] { "restic", "jq", "flock", "csplit", "cmp" })
            File.CreateSymbolicLink(At("path", program), Tool.Require(program));
        // The state of the unit of a job is in a file.
        Stub("path/systemctl", """
            [ "$1 $2 $3" = 'show --property ActiveState' ] || exit 1
            if [ -e "/run/units/$5" ]; then cat "/run/units/$5"; else echo inactive; fi
            """);
        Write("prelude", Prelude);
    }

    /// <summary>Runs a scenario to its end; where something is not as it must be, it says so and fails.</summary>
    public void Passes(string script)
    {
        Write("scenario", script);
        string[] path = [At("path"), .. Tool.SearchPath.Split(':')];
        var result = ToolProcess.Run(
            "unshare",
            ["--mount", Bash, "-c", ". \"$1/prelude\"; . \"$1/scenario\"; echo finished", "scenario", At("."), _repository],
            environment: new Dictionary<string, string?> { ["PATH"] = string.Join(':', path), ["TZ"] = "UTC" },
            timeout: TimeSpan.FromMinutes(2),
            workingDirectory: At("tmp")).Succeeded();
        Assert.EndsWith("finished\n", result.Output);
    }

    private static string Inventory(string repository) => $$"""
        defaults: { destinations: [shelf] }
        destinations:
          shelf: { repository: "{{repository}}", secrets: shelf, schedule: "02:00", retention: { last: 3 }, maintenance: { host: den } }
          shared: { repository: "s3:https://example.org/bucket", secrets: far, schedule: "02:00", retention: keep-all, maintenance: { host: attic } }
          theirs: { repository: "s3:https://example.org/theirs", secrets: far, schedule: "04:00", retention: keep-all, accept: { NG2009: They prune it } }
        secrets:
          shelf: { files: { RESTIC_PASSWORD: /etc/secrets/shelf } }
          far: { files: { RESTIC_PASSWORD: /etc/secrets/far, AWS_ACCESS_KEY_ID: /etc/secrets/id, AWS_SECRET_ACCESS_KEY: /etc/secrets/key } }
        hosts:
          attic:
            services: { far: { backupPaths: [/srv/far], destinations: [shared, theirs] } }
          den:
            services:
              lent: { backupPaths: [/srv/lent], destinations: [theirs] }
              media:
                backupPaths: [/srv/media, "/srv/more [1]*"]
                backupExcludes:
                  - transcodes
                  - "with  blanks"
                  - "it's \"quoted\""
                  - "**/*.tmp"
                  - "[ab]?.log"
                  - "\\[literal\\]\\*"
                  - "x!important"
                  - "/srv/media/!important"
                  - "$(touch pwned)`touch pwned`$HOME"
                  - "#hash"
                  - ünï
                  - "back\\\\slash"
              app: { backupPaths: [/srv/app], backupExcludes: [cache], databases: { sqlite: [app.db] } }
              bare: { backupPaths: [/srv/bare], schedule: "05:00" }
              docs: { backupPaths: [/srv/docs], backupExcludes: [junk], schedule: "04:00" }
              far: { backupPaths: [/srv/far], destinations: [shared] }
        """;

    private const string Prelude = """
        set -euo pipefail
        machine=$1
        export RESTIC_REPOSITORY=$2 RESTIC_PASSWORD=correct RESTIC_CACHE_DIR=/var/cache/other
        mount --make-rprivate /
        for folder in /srv /mnt /var/lib /var/cache /run; do mount -t tmpfs tmpfs "$folder"; done
        if [ -e "$machine/repository" ]; then cp -r "$machine/repository" /mnt/repository; fi
        mkdir -p /run/units /run/homelab-secrets/shelf/current /var/lib/homelab-restic/shelf
        echo correct >/run/homelab-secrets/shelf/current/RESTIC_PASSWORD
        : >/run/homelab-secrets/shelf/current/env
        restic cat config | jq -r .id >/var/lib/homelab-restic/shelf/repository-id

        fail() { echo "FAILED: $*"; exit 1; }
        # Runs a command with what it has on NixOS, and nobody at the terminal.
        tool() { env -i PATH="/run/path:$machine/path" TZ=UTC TMPDIR=/run "$BASH" "$machine/scripts/nixgen-$1" "${@:2}" </dev/null; }
        # It must fail, say $1, and change nothing in the repository.
        refused() {
          local expected=$1
          shift
          restic snapshots --no-lock --json | jq 'sort_by(.id)' >/run/before-refusal
          if tool "$@" >/run/said 2>&1; then fail "not refused: $*"; fi
          grep --quiet --fixed-strings -- "$expected" /run/said || fail "says: $(cat /run/said)"
          restic snapshots --no-lock --json | jq 'sort_by(.id)' | cmp - /run/before-refusal || fail "changed something: $*"
          [ -z "$(ls -d /run/tmp.* 2>/dev/null)" ] || fail "left behind"
        }
        # $1: a time, then options and paths
        backup() {
          local time=$1
          shift
          restic backup --quiet --host den --tag plan:shelf,created-by:den --time "$time" "$@"
        }
        # What is to be kept of each snapshot of the job, by its time.
        told() { restic snapshots --no-lock --json --host den --tag plan:shelf,created-by:den | jq -S -c 'sort_by(.time)[] | [.time, .hostname, .username, .uid, .gid, .paths, .tags, .program_version]'; }
        ids() { restic snapshots --no-lock --json "$@" | jq -r '.[].id' | sort; }
        # $1: a folder. Restores every snapshot of the job to a folder with the name of its time.
        restore_all() {
          local id time
          while read -r id time; do
            restic restore --no-lock --quiet "$id" --target "$1/$time" >/dev/null
          done < <(restic snapshots --no-lock --json --host den --tag plan:shelf,created-by:den | jq -r '.[] | "\(.id) \(.time)"')
        }
        # Everything of a tree: types, modes, owners, times, links, contents.
        state() {
          (
            cd "$1"
            # Restoring a folder with less in it may give it another size, nothing else.
            find . -printf '%P %y %m %U %G %T@ %l\n' | LC_ALL=C sort
            find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum
          )
        }
        # $1: a file of so many bytes ($2) that nothing else has
        junk() { mkdir -p "${1%/*}"; head -c "$2" /dev/urandom >"$1"; }
        """;
}
