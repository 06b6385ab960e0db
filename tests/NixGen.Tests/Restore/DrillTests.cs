using NixGen.Tests.Publishing;
using NixGen.Tests.Shell;

namespace NixGen.Tests.Restore;

/// <summary>A drill passes only if everything came back, says so, remembers whose turn it is, and leaves nothing behind.</summary>
public sealed class DrillTests
{
    private const string Inventory = """
        defaults: { destinations: [shelf], drill: { scratch: /mnt/scratch } }
        destinations:
          shelf: { repository: /mnt/repository, secrets: shelf, schedule: "02:00", retention: keep-all }
          attic: { repository: /mnt/attic, secrets: attic, schedule: "02:00", retention: keep-all }
        secrets:
          shelf: { files: { RESTIC_PASSWORD: /etc/secrets/shelf } }
          attic: { files: { RESTIC_PASSWORD: /etc/secrets/attic } }
        hosts:
          den:
            services:
              app: { backupPaths: [/srv/app], databases: { sqlite: [data/app.db] } }
              both: { backupPaths: ["/srv/both [*] $x"], destinations: [attic, shelf] }
              huge: { backupPaths: [/srv/huge], drill: false }
              one: { backupPaths: [/srv/one, { path: /srv/maybe, optional: true }] }
              rare: { backupPaths: [/srv/rare], schedule: monthly, drill: false }
              servers: { databases: { mariadb: [wiki], postgresql: [gitea] }, drill: false }
        """;

    private static readonly Lazy<GeneratedScripts> Scripts = new(() => GeneratedScripts.Generate(Inventory, "den"));

    // Backs up the services but `servers`, each alone, so that each has packs of its own.
    private const string Start = """
        cp -r /mnt/repository /mnt/attic; cp -r /run/homelab-secrets/shelf /run/homelab-secrets/attic
        copies=/var/lib/homelab-copies
        both='/srv/both [*] $x'
        hours=23
        # An hour after the one before; restic keeps no order of equal times.
        next() {
          hours=$((hours - 1))
          backup "$(date -d "$hours hours ago" '+%F %T')" "$@"
        }
        mkdir -p /srv/app/data "$copies/app/current/sqlite/srv/app/data"
        fill "$both"; fill /srv/one; fill /srv/huge; echo text >/srv/app/file
        sqlite3 "$copies/app/current/sqlite/srv/app/data/app.db" 'CREATE TABLE t(x); INSERT INTO t VALUES (42)'
        next /srv/app "$copies/app/current"
        next /srv/one
        next "$both"
        next /srv/huge
        RESTIC_PASSWORD=correct restic --repo /mnt/attic --cache-dir /var/cache/other --quiet backup --host den --tag plan:attic,created-by:den "$both"
        state=/var/lib/homelab-drill
        restic=$(realpath "$machine/path/restic")
        # What the last $1 drills were: service, job, result.
        drilled() { tail -n "$1" $state/results.jsonl | jq -r '"\(.service) \(.job) \(.result)"'; }
        # A drill fails with $1; then arguments.
        fails() {
          local expected=$1
          shift
          refused "$expected" drill "$@"
          [ -z "$(ls -A /mnt/scratch)" ] || fail "left behind: $(ls -A /mnt/scratch)"
        }
        # Runs $1 in place of restic when it restores, after it did.
        after_restore() {
          rm "$machine/path/restic"
          printf '#!%s\n%q "$@" || exit\nif [ "$1" = restore ]; then shift 5; %s; fi\n' "$BASH" "$restic" "$1" >"$machine/path/restic"
          chmod +x "$machine/path/restic"
        }

        """;

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl", "flock")]
    public void Each_service_and_job_has_its_turn_and_what_was_found_is_kept()
    {
        Passes("""
            state /srv >/run/before
            tool list | grep '^one .* never  *shelf$' || fail never
            tool list | grep '^huge .* off (drill: false) *shelf$' || fail off
            for turn in 'app shelf' 'both attic' 'both shelf' 'one shelf' 'app shelf'; do
              tool drill 2>$machine/said || fail "$(cat "$machine/said")"
              [ "$(drilled 1)" = "$turn passed" ] || fail "$turn: $(drilled 1)"
              grep -q "^<6>${turn/ /, }: drill passed: [1-9][0-9]* files" "$machine/said" || fail "$(cat "$machine/said")"
              [ -z "$(ls -A /mnt/scratch)" ] || fail "left behind"
            done
            state /srv | diff /run/before -
            # By name, and what is never drilled by itself.
            tool drill huge both 2>/dev/null
            [ "$(drilled 3)" = $'huge shelf passed\nboth attic passed\nboth shelf passed' ] || fail "$(drilled 3)"
            tool drill 2>/dev/null
            [ "$(drilled 1)" = 'one shelf passed' ] || fail "$(drilled 1)"
            head -n 1 $state/results.jsonl | jq --exit-status --argjson size "$(stat -c %s /srv/app/file "$copies"/app/current/sqlite/srv/app/data/app.db | jq -s add)" '
              .files == 2 and .bytes == $size and .databases == 1 and (.snapshot | length) == 64 and .seconds >= 0 and (.time | length) == 25' || fail record
            tool list | grep "^one .* $(date +%F)  *shelf$" || fail list
            tool show one | grep '^  drill .* shelf  passed  4 files, 4 folders, 1 symlinks, .* 4 of them compared' || fail "$(tool show one)"
            refused 'there is no service' drill nothing
            refused 'nixgen-restore list' drill --yes

            # Bounded, and not stopped by a line that is no result.
            for line in {1..1500}; do echo "{\"service\":\"gone\",\"job\":\"shelf\",\"result\":\"passed\",\"time\":\"$line\",\"message\":\"$(printf '%0300d' 0)\"}"; done >$state/more
            cat $state/more $state/results.jsonl >$state/all; echo '{ torn' >>$state/all; mv $state/all $state/results.jsonl
            tool drill 2>/dev/null
            [ "$(drilled 1)" = 'app shelf passed' ] && [ "$(wc -l <$state/results.jsonl)" = 1000 ] || fail "$(wc -l <$state/results.jsonl)"
            # One at a time.
            flock $state/lock sleep 1 &
            sleep 0.3
            tool drill app 2>$machine/said; grep -q 'waiting for another drill' "$machine/said" || fail lock
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl", "flock")]
    public void A_damaged_repository_fails_is_tried_again_and_keeps_no_other_from_its_turn()
    {
        Passes("""
            # The contents of the file of this service alone.
            find /mnt/repository/data -type f | sort >/run/packs
            head -c 200000 /dev/urandom >/srv/one/new; next /srv/one
            pack=$(find /mnt/repository/data -type f -size +150k | sort | comm -13 /run/packs -)
            chmod u+w "$pack"; cp "$pack" /run/pack; printf damage | dd of="$pack" bs=1 seek=50000 conv=notrunc status=none
            fails '<3>one, shelf: drill failed: /srv/one could not be restored' app one both
            [ "$(drilled 4)" = $'app shelf passed\none shelf failed\nboth attic passed\nboth shelf passed' ] || fail "$(drilled 4)"
            tool list | grep "^one .* failed $(date +%F) *shelf$" || fail list
            for other in 'app shelf' 'both attic'; do
              fails 'could not be restored'
              [ "$(drilled 2)" = $'one shelf failed\n'"$other passed" ] || fail "$(drilled 2)"
            done
            cat /run/pack >"$pack"
            tool drill 2>/dev/null
            [ "$(drilled 2)" = $'one shelf passed\nboth shelf passed' ] || fail "$(drilled 2)"
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl", "flock")]
    public void What_restic_does_not_notice_fails_too()
    {
        Passes("""
            after_restore 'rm "$1/srv/one/deep/link"'
            fails 'what came back is not what the snapshot holds: 4 files, 4 folders, 0 symlinks' one
            after_restore 'truncate -s -1 "$1/srv/one/deep/er/bytes"'
            fails 'what came back is not what the snapshot holds: 4 files, 4 folders, 1 symlinks' one
            after_restore 'printf X | dd of="$1/srv/one/deep/er/bytes" conv=notrunc status=none'
            fails '/srv/one/deep/er/bytes came back with other contents' one
            after_restore 'echo more >"$1/srv/one/more"'
            fails 'what came back is not what the snapshot holds: 5 files' one
            after_restore 'exit 7'
            fails '/srv/one could not be restored' one
            # Damage that was backed up.
            after_restore :
            head -c 5000 /dev/urandom >>"$copies/app/current/sqlite/srv/app/data/app.db"
            dd if=/dev/urandom of="$copies/app/current/sqlite/srv/app/data/app.db" bs=1 seek=4096 count=100 conv=notrunc status=none
            next /srv/app "$copies/app/current"
            fails 'the copy of /srv/app/data/app.db is malformed' app
            rm "$copies/app/current/sqlite/srv/app/data/app.db"
            next /srv/app "$copies/app/current"
            fails 'holds no copy of /srv/app/data/app.db' app
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl", "flock")]
    public void What_cannot_be_tried_fails()
    {
        Passes("""
            mount -t tmpfs -o size=380k tmpfs /mnt/scratch 2>/dev/null || { mkdir /mnt/scratch; mount -t tmpfs -o size=380k tmpfs /mnt/scratch; }
            tool drill app 2>/dev/null || fail app
            fails 'no room to restore it: ' one
            grep -q 'bytes are needed in /mnt/scratch, 389120 are free' "$machine/said" || fail "$(cat "$machine/said")"
            umount /mnt/scratch

            mount -t tmpfs -o mode=0755,uid=1234 tmpfs /mnt/scratch
            fails 'somebody else may write to a folder above /mnt/scratch' app
            umount /mnt/scratch

            mkdir /srv/empty; rm -r /srv/one/*; next /srv/one
            fails 'the snapshot holds no file' one
            fails 'no snapshot of the job shelf has all of servers' servers
            # Three months for a monthly backup, eight days for a daily one.
            mkdir /srv/rare; echo text | tee /srv/rare/file >/srv/huge/file
            aged() { repository backup --host den --tag "plan:$1,created-by:den" --time "$(date -d "$2 days ago" '+%F %T')" "/srv/$3"; }
            repository forget --host den --tag plan:shelf --group-by '' --unsafe-allow-remove-all
            aged shelf 8 huge; tool drill huge 2>/dev/null || fail huge
            repository forget --host den --tag plan:shelf --group-by '' --unsafe-allow-remove-all
            aged shelf 9 huge; fails 'the newest complete snapshot is 9 days old, more than 8' huge
            aged shelf-rare 93 rare; tool drill rare 2>/dev/null || fail rare
            repository forget --host den --tag plan:shelf-rare --group-by '' --unsafe-allow-remove-all
            aged shelf-rare 94 rare; fails 'is 94 days old, more than 93' rare
            rm /run/homelab-secrets/shelf/current/RESTIC_PASSWORD
            fails '<3>both, shelf: drill failed: the secrets of shelf cannot be read; systemctl start homelab-secrets-shelf' both
            [ "$(drilled 2)" = $'both attic passed\nboth shelf failed' ] || fail "$(drilled 2)"
            mv /mnt/attic /mnt/gone
            fails 'the repository of attic cannot be read' both
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl", "flock")]
    public void A_run_that_was_ended_leaves_nothing_for_long()
    {
        Passes("""
            set -m
            for signal in KILL TERM; do
              rm -f /run/hit
              after_restore 'touch /run/hit; sleep 100'
              tool drill one 2>$machine/said &
              for wait in {1..300}; do [ -e /run/hit ] && break; sleep 0.1; done
              [ -e /mnt/scratch/.nixgen-drill.*/srv/one/file ] || fail "not there: $(find /mnt/scratch)"
              kill -$signal -- -$!
              wait $! || :
              for wait in {1..100}; do flock --nonblock $state/lock true && break; sleep 0.1; done
              after_restore :
              if [ $signal = TERM ]; then
                [ -z "$(ls -A /mnt/scratch)" ] || fail "left behind"
                [ "$(drilled 1)" = 'one shelf failed' ] && grep -q '<3>one, shelf: drill failed: it was interrupted' "$machine/said" || fail "$(cat "$machine/said")"
              else
                [ -n "$(ls -A /mnt/scratch)" ] && [ ! -e $state/results.jsonl ] || fail KILL
                # Somebody's own files are none of ours.
                touch /mnt/scratch/mine
                tool drill 2>/dev/null
                [ "$(ls -A /mnt/scratch) $(drilled 1)" = 'mine app shelf passed' ] || fail "$(ls -A /mnt/scratch)"
                rm /mnt/scratch/mine
              fi
            done
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl", "flock", "postgres", "setpriv")]
    public void Dumps_are_read_to_their_end()
    {
        using var server = new PostgreSqlServer();
        server.Sql("postgres", "CREATE DATABASE gitea").Succeeded();
        server.Sql("gitea", "CREATE TABLE t AS SELECT n, md5(n::text) AS h FROM generate_series(1, 3000) n").Succeeded();
        var dump = server.At("socket") + "/dump";
        server.As(PostgreSqlServer.Program("pg_dump"), "--format", "custom", "--compress", "0", "--dbname", "gitea", "--file", dump).Succeeded();
        Passes(
            $$"""
            mkdir -p $copies/servers/current/{mariadb,postgresql}
            dump() {
              printf '%s\n' 'CREATE TABLE t;' "$1" >$copies/servers/current/mariadb/wiki.sql
              head -c "$2" {{dump}} >$copies/servers/current/postgresql/gitea.dump
              next $copies/servers/current
            }
            dump '-- Dump completed' 10000000
            tool drill servers 2>$machine/said || fail "$(cat "$machine/said")"
            tail -n 1 $state/results.jsonl | jq --exit-status '.databases == 2 and .files == 2' || fail databases
            dump 'INSERT INTO t' 10000000
            fails 'the dump of the MariaDB database wiki is not complete' servers
            dump '-- Dump completed' 90000
            fails 'the dump of the PostgreSQL database gitea is malformed' servers
            """,
            machine => File.CreateSymbolicLink(machine.At("packages", "bin", "pg_restore"), PostgreSqlServer.Program("pg_restore")));
    }

    private static void Passes(string script, Action<RestoreMachine>? prepare = null)
    {
        using var machine = new RestoreMachine(Scripts.Value);
        prepare?.Invoke(machine);
        var result = machine.Scenario(Start + script).Succeeded();
        Assert.EndsWith("finished\n", result.Output);
    }
}
