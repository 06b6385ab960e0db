using NixGen.Tests.EndToEnd;
using NixGen.Tests.Publishing;
using NixGen.Tests.Shell;

namespace NixGen.Tests.Purge;

/// <summary>What is excluded now goes out of older snapshots of one job, and nothing else does.</summary>
public class PurgeTests
{
    // Data with everything that is excluded, and names that look alike. What is to go is in `junk_paths`.
    private const string Filled = """
        m=/srv/media more='/srv/more [1]*'
        junk_paths=(
          "$m/transcodes" "$m/with  blanks" "$m/it's \"quoted\"" "$m/one.tmp" "$m/deep/er/two.tmp" "$m/ax.log" "$m/[literal]*"
          "$m/x!important" "$m/!important" "$m"'/$(touch pwned)`touch pwned`$HOME' "$m/#hash" "$m/ünï" "$m/back\\slash"
          "$more/transcodes" "$more/three.tmp" /srv/app/cache "$m/deep/odd"$'\n\xff\x01\u200b\U0001F600\e"\\.tmp'
        )
        keep_paths=(
          "$m/keep" "$m/transcodes2/x" "$m/sub/transcodes/x" "$m/with blanks" "$m/its quoted" "$m/tmp" "$m/cx.log" "$m/axx.log" "$m/literal"
          "$m/important" "$m/hash" "$m/uni" "$m/backslash" "$m/odd"$'\n\xff' "$more/keep" "/srv/more 1/x" /srv/app/app.db /srv/app/app.db-wal /srv/app/settings
        )
        for path in "${keep_paths[@]}"; do junk "$path" 700; done
        for path in "${junk_paths[@]}"; do
          case $path in
            */transcodes) junk "$path/a/file" 900000; mkdir "$path/empty"; ln -s file "$path/a/link" ;;
            *) junk "$path" 3000 ;;
          esac
        done
        mkdir "$m/empty"; ln -s keep "$m/link"; ln "$m/keep" "$m/hard"
        chown 1234:4321 "$m/keep"; chmod 2750 "$m/deep"; touch -d '2020-02-02 02:02:02.123456789' "$m/keep" "$m/deep"
        copies=/var/lib/homelab-copies/app/current
        junk "$copies/sqlite/srv/app/app.db" 5000
        all=("$m" "$more" /srv/app)

        """;

    [Needs("mount", "unshare", "nix-instantiate", "jq", "perl")]
    public void What_is_excluded_goes_and_everything_else_stays_as_it_was()
    {
        using var machine = Local();
        machine.Passes(Filled + """
            backup '2026-01-01 02:00:00' "${all[@]}"
            echo other >"$m/keep"; backup '2026-01-02 02:00:00' --tag plan:shelf,created-by:den,incomplete "$m" "$more"
            backup '2026-01-03 02:00:00.123456789' "${all[@]}" "$copies"
            # Has nothing that is excluded.
            mkdir /run/aside; mv "$m"/transcodes /run/aside
            rm -rf "${junk_paths[@]}"; backup '2026-01-04 02:00:00' "${all[@]}"; clean=$(ids --tag plan:shelf latest)
            mv /run/aside/transcodes "$m"
            mkdir -p /srv/docs; junk /srv/docs/junk 500; echo doc >/srv/docs/doc
            restic backup -q --host den --tag plan:shelf-docs,created-by:den --time '2026-01-01 04:00:00' /srv/docs
            restic backup -q --host attic --tag plan:shelf,created-by:attic --time '2026-01-01 02:00:00' "$m"
            restic backup -q --host attic --tag plan:shelf,created-by:den --time '2026-01-01 02:00:00' "$m"
            restic backup -q --host den --tag plan:shelf,created-by:attic --time '2026-01-01 02:00:00' "$m"
            restic backup -q --host den --tag plan:shelf-else,created-by:den --time '2026-01-01 02:00:00' "$m"
            restore_all /mnt/before
            told >/run/told; ids >/run/ids; ids --host attic >/run/attic; ids --tag plan:shelf-else --tag plan:shelf-docs --tag created-by:attic >/run/others
            keeps() { restic forget --no-lock --dry-run --json --host den --tag plan:shelf,created-by:den --group-by host,tags --keep-last 1 | jq -c '[.[] | [.tags, [.keep[].time], [.remove[]?.time]]] | sort'; }
            keeps >/run/keeps

            # Looking changes nothing, not even a lock.
            find /mnt/repository -printf '%p %s %C@\n' | sort >/run/files
            tool rewrite shelf >/run/said
            tool reclaim shelf >>/run/said
            find /mnt/repository -printf '%p %s %C@\n' | sort | diff /run/files -
            grep -qx '3 of 4 snapshots have what is excluded now' /run/said
            grep -qE '^  [0-9a-f]{8}  2026-01-03 02:00:00 +19 files +[0-9.]+ MiB$' /run/said || fail "$(cat /run/said)"
            grep -qE "^ +878.9 KiB  $m/transcodes\$" /run/said || fail "$(cat /run/said)"
            grep -q 'nothing was changed; nixgen-rewrite shelf --apply' /run/said
            grep -q 'nothing was changed; nixgen-reclaim shelf --apply' /run/said
            if grep -q $'[\x01\e]' /run/said; then fail 'control characters'; fi
            refused 'nobody is here' rewrite shelf --apply
            for answer in n '' No; do
              echo "$answer" | script --quiet --return --command "TMPDIR=/run $BASH $machine/scripts/nixgen-rewrite shelf --apply" /dev/null >/run/said && fail "$answer"
              grep -q 'nothing was changed' /run/said
            done
            ids | diff /run/ids -

            tool rewrite shelf --apply --yes >/run/said
            [ "$(grep -c '^removed old snapshot' /run/said)" = 3 ] || fail "$(cat /run/said)"
            told | diff /run/told -
            ids --host attic | diff /run/attic -; ids --tag plan:shelf-else --tag plan:shelf-docs --tag created-by:attic | diff /run/others -
            [ "$(ids --tag plan:shelf latest)" = "$clean" ] || fail 'the clean one was rewritten'
            keeps | diff /run/keeps -
            restore_all /mnt/after
            [ "$(ls /mnt/after)" = "$(ls /mnt/before)" ] && [ "$(ls /mnt/after | wc -l)" = 4 ] || fail times
            for time in $(ls /mnt/before); do
              for path in "${junk_paths[@]}"; do rm -rf "/mnt/before/$time$path"; done
              # The time of a folder changes when something is removed from it here.
              diff <(state "/mnt/before/$time" | sed -E 's/^(.* d [0-9]+ [0-9]+ [0-9]+) .*/\1/') <(state "/mnt/after/$time" | sed -E 's/^(.* d [0-9]+ [0-9]+ [0-9]+) .*/\1/')
            done
            [ -e "/mnt/after/2026-01-01T02:00:00Z/srv/app/app.db" ] || fail 'the only copy of a database'
            tool rewrite shelf >/run/said; grep -qx 'there is nothing to take out' /run/said
            env -i PATH="$machine/path" TZ=UTC "$BASH" "$machine/scripts/nixgen-restore" restore media --at '2026-01-02 03:00' --to /mnt/there >/run/said
            [ "$(cat /mnt/there/srv/media/keep)" = other ] && [ ! -e /mnt/there/srv/media/transcodes ] || fail restore

            # Others still need the same data; when they are gone, the space comes back.
            size=$(du -s /mnt/repository/data | cut -f1)
            restic forget -q $(cat /run/attic) $(ids --tag plan:shelf-else) $(ids --tag created-by:attic)
            tool reclaim shelf >/run/said; grep -q 'total prune' /run/said
            [ "$(du -s /mnt/repository/data | cut -f1)" = "$size" ] || fail 'reclaimed by looking'
            tool reclaim shelf --apply >/run/said
            [ "$(du -s /mnt/repository/data | cut -f1)" -lt $((size / 4)) ] || fail "$size, now $(du -s /mnt/repository/data)"
            restic check -q --read-data
            rm -rf /mnt/after; restore_all /mnt/after
            diff <(state /mnt/before | grep -av ' d ') <(state /mnt/after | grep -av ' d ')
            [ ! -e pwned ] || fail pwned
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "perl")]
    public void Nothing_is_changed_where_it_is_not_safe()
    {
        using var machine = Local();
        machine.Passes(Filled + """
            backup '2026-01-01 02:00:00' "${all[@]}"
            for name in rewrite reclaim; do
              for arguments in '' '--aply' 'shelf more' '-x shelf'; do
                status=0; tool $name $arguments >/run/said 2>&1 || status=$?
                [ "$status" = 2 ] && grep -q "^nixgen-$name " /run/said || fail "$name $arguments"
              done
            done
            refused "there is no job 'shel', but: shared, shelf, shelf-bare, shelf-docs, theirs" rewrite shel
            refused 'nothing is excluded from the job shelf-bare' rewrite shelf-bare
            refused "there is no destination 'shel', but: shared, shelf, theirs" reclaim shel
            refused 'the repository of shared is maintained by host attic; run this there' reclaim shared --apply
            refused 'no host of the inventory maintains the repository of theirs' reclaim theirs --apply
            refused 'nothing is excluded from the job shared' rewrite shared
            if setpriv --reuid 65534 --clear-groups "$BASH" "$machine/scripts/nixgen-rewrite" shelf 2>/dev/null; then fail user; fi

            # Another job's path as a whole; a path in another one.
            backup '2026-01-02 02:00:00' "$m/transcodes" "$m"
            refused "would have nothing of /srv/media/transcodes any more" rewrite shelf
            refused "would have nothing of /srv/media/transcodes any more" rewrite shelf --apply --yes
            restic forget -q "$(ids --tag plan:shelf latest)"
            mkdir -p /run/kept; mv "$m"/* /run/kept; mv /run/kept/transcodes "$m"
            backup '2026-01-02 02:00:00' "${all[@]}"
            refused "would have nothing of /srv/media any more" rewrite shelf --apply --yes
            restic forget -q "$(ids --tag plan:shelf latest)"
            mv /run/kept/* "$m"
            # Another pattern that leaves a database out must not take its only copy.
            facts=$machine/scripts/nixgen-purge.json
            jq '.jobs.shelf.excludes += ["/srv/app/*.d[b]*"]' "$facts" >/run/facts; cp "$facts" /run/real; cat /run/facts >"$facts"
            refused "has no other copy of the database /srv/app/app.db" rewrite shelf --apply --yes
            restic forget -q $(ids --tag plan:shelf)
            backup '2026-01-01 02:00:00' "${all[@]}" "$copies"
            tool rewrite shelf >/run/said
            cat /run/real >"$facts"

            # In use by others, or another one.
            (restic backup -q --host attic --stdin --stdin-filename x < <(sleep 20) & echo $! >/run/pid; wait) & wait=$!
            for ((i = 0; i < 100; i++)); do [ -z "$(ls /mnt/repository/locks)" ] || break; sleep 0.05; done
            refused 'the repository of shelf is in use' rewrite shelf --apply --yes
            refused 'the repository of shelf is in use' reclaim shelf --apply
            kill "$(cat /run/pid)"; wait $wait || true
            exec 8>/var/lib/homelab-restic/shelf/lock; flock 8
            refused 'a backup to shelf is beginning' rewrite shelf --apply --yes
            refused 'a backup to shelf is beginning' reclaim shelf --apply
            exec 8>&-
            # Restic outlives the script.
            mkdir /run/path; printf '#!%s\nif [ "$1 $2" = "rewrite --forget" ]; then echo >/run/begun; exec sleep 20; fi\nexec %s "$@"\n' "$BASH" "$machine/path/restic" >/run/path/restic; chmod +x /run/path/restic
            setsid env -i PATH="/run/path:$machine/path" TMPDIR=/run "$BASH" "$machine/scripts/nixgen-rewrite" shelf --apply --yes </dev/null >/run/said 2>&1 & group=$!
            for ((i = 0; i < 200; i++)); do [ ! -e /run/begun ] || break; sleep 0.05; done
            kill -KILL "$group"; wait "$group" 2>/dev/null || true; rm -r /run/tmp.* /run/path
            refused 'or another of these commands is at work' rewrite shelf --apply --yes
            kill -KILL -- "-$group"
            echo activating >/run/units/restic-backups-shelf.service
            refused 'restic-backups-shelf.service is running' rewrite shelf --apply --yes
            rm /run/units/*
            # Somebody backs up while the question waits.
            mkdir /run/path; cp "$machine/path/systemctl" /run/path
            printf '#!%s\nrestic backup -q --host den --tag plan:shelf,created-by:den /srv/app/cache; echo inactive\n' "$BASH" >/run/path/systemctl
            ids >/run/ids
            if tool rewrite shelf --apply --yes >/run/said 2>&1; then fail race; fi
            grep -q 'there are other snapshots now than before' /run/said || fail "$(cat /run/said)"
            ids | comm -13 - /run/ids | grep . && fail removed
            rm -r /run/path; restic forget -q "$(ids | comm -23 - /run/ids)"

            id=$(cat /var/lib/homelab-restic/shelf/repository-id)
            echo 0000 >/var/lib/homelab-restic/shelf/repository-id
            refused "this is another repository ($id)" rewrite shelf
            refused "this is another repository ($id)" reclaim shelf --apply
            rm /var/lib/homelab-restic/shelf/repository-id
            refused 'nothing was backed up to shelf from here yet' rewrite shelf --apply --yes
            echo "$id" >/var/lib/homelab-restic/shelf/repository-id
            echo wrong >/run/homelab-secrets/shelf/current/RESTIC_PASSWORD
            refused 'cannot be read; what restic says is above' rewrite shelf
            rm /run/homelab-secrets/shelf/current/RESTIC_PASSWORD
            refused 'systemctl start homelab-secrets-shelf' reclaim shelf
            # Another restic than the one that is understood.
            echo correct >/run/homelab-secrets/shelf/current/RESTIC_PASSWORD
            mkdir /run/path; printf '#!%s\nexec %s "$@" | sed -E %s\n' "$BASH" "$machine/path/restic" "'s/^excluding \"(.*)\"/excluding \1/'" >/run/path/restic; chmod +x /run/path/restic
            refused 'it takes 0.19 or newer' rewrite shelf --apply --yes
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "perl")]
    public void Killed_at_any_moment_it_loses_nothing_and_the_next_run_finishes()
    {
        using var machine = Local();
        machine.Passes(Filled + """
            for day in {10..17}; do echo "$day" >"$m/keep"; backup "2026-01-$day 02:00:00" "${all[@]}"; done
            told >/run/told; cp -r /mnt/repository /mnt/start
            # Contents make the name of a tree, so that a snapshot has all that it must have if its tree is the right one and is there.
            trees() { restic snapshots --no-lock --json | jq -r '.[] | "\(.time) \(.tree)"' | sort; }
            trees >/run/untouched; tool rewrite shelf --apply --yes >/run/said; trees >/run/finished
            [ -z "$(comm -12 /run/untouched /run/finished)" ]
            declare -A started=()
            for file in /mnt/start/snapshots/*; do started[${file##*/}]=yes; done
            again() { rm -rf /mnt/repository; cp -r /mnt/start /mnt/repository; }
            killed=0
            # When so many snapshots have been written, and so many removed.
            for moment in 0:0 1:0 5:4; do
              for victim in script restic; do
                again
                setsid env -i PATH="$machine/path" TZ=UTC TMPDIR=/run "$BASH" "$machine/scripts/nixgen-rewrite" shelf --apply --yes </dev/null >/run/said 2>&1 & group=$!
                while [ -n "$(jobs -pr)" ]; do
                  for ((i = 0; i < 20; i++)); do
                    new=0 gone=8
                    for file in /mnt/repository/snapshots/*; do
                      if [ -n "${started[${file##*/}]-}" ]; then gone=$((gone - 1)); else new=$((new + 1)); fi
                    done
                    if [ "$new" -ge "${moment%:*}" ] && [ "$gone" -ge "${moment#*:}" ] && [ -n "$(ls /mnt/repository/locks)" ]; then break 2; fi
                  done
                done
                # With restic dead the script ends; without the script restic goes on.
                if [ "$victim" = script ]; then kill -KILL "$group" 2>/dev/null || true
                else pkill -KILL --pgroup "$group" --exact restic || true; fi
                status=0; wait "$group" 2>/dev/null || status=$?
                for ((i = 0; i < 200; i++)); do pgrep --pgroup "$group" --exact restic >/run/left || break; sleep 0.05; done
                if [ "$status" != 0 ]; then killed=$((killed + 1)); fi
                rm -rf /run/tmp.*
                trees >/run/trees
                [ -z "$(comm -23 /run/trees <(sort /run/untouched /run/finished))" ] && told | uniq | diff /run/told - || fail "$moment $victim"
                # What the next night does first.
                restic unlock -q; restic check -q
                tool rewrite shelf --apply --yes >/run/said || fail "$(cat /run/said)"
                trees | diff /run/finished -; told | diff /run/told -
              done
            done
            [ "$killed" -ge 3 ] || fail "only $killed were killed"

            # The moment between, for certain: the new snapshot is saved, the old one not yet removed.
            again
            cp -r /mnt/repository/snapshots /run/old
            tool rewrite shelf --apply --yes >/run/said
            cp -n /run/old/* /mnt/repository/snapshots
            [ "$(told | wc -l)" = 16 ] || fail twins
            tool rewrite shelf >/run/said
            [ "$(grep -c 'was left by an interrupted run' /run/said)" = 8 ] || fail "$(cat /run/said)"
            tool rewrite shelf --apply --yes >/run/said
            trees | diff /run/finished -
            # Something else was made of a snapshot: that is no twin.
            restic tag -q --tag plan:shelf --add incomplete latest; restic rewrite -q --forget --new-host attic "$(ids --tag incomplete)"
            tool rewrite shelf >/run/said; grep -qx 'there is nothing to take out' /run/said
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "perl", "rest-server")]
    public void Through_a_server_and_refused_by_one_that_only_appends()
    {
        using var folder = new TemporaryFolder();
        CheapRepository.Create(folder.Path);
        using var server = new RestServer(folder.Path);
        using var machine = new PurgeMachine($"rest:http://127.0.0.1:{server.Port}/");
        machine.Passes(Filled + """
            backup '2026-01-01 02:00:00' "${all[@]}"; backup '2026-01-02 02:00:00' "${all[@]}"
            junk /srv/else 200000; restic backup -q --tag plan:else /srv/else
            """);
        server.Stop();
        server.Start(appendOnly: true);
        machine.Passes($"folder={folder.Path}\n" + """
            told >/run/told; ids >/run/ids
            # However often: at most one twin, and nothing is gone.
            for run in 1 2 3; do
              if tool rewrite shelf --apply --yes >/run/said 2>&1; then fail 'not refused'; fi
              grep -q 'An append-only repository lets nobody delete' /run/said && grep -qi '403' /run/said || fail "$(cat /run/said)"
              [ "$(ids | comm -13 - /run/ids)" = "" ] || fail gone
              [ "$(ids | wc -l)" = 4 ] || fail "$(ids)"
            done
            rm "$folder/snapshots/$(ids --tag plan:else)"
            if tool reclaim shelf --apply >/run/said 2>&1; then fail 'not refused'; fi
            grep -q 'An append-only repository lets nobody delete' /run/said && grep -qi '403' /run/said || fail "$(cat /run/said)"
            """);
        server.Stop();
        server.Start();
        machine.Passes("""
            told | uniq >/run/told
            restore_all /mnt/before
            size=$(restic stats -q --mode raw-data --json | jq .total_size)
            tool rewrite shelf --apply --yes >/run/said
            told | diff /run/told -
            [ "$(ids | wc -l)" = 2 ] || fail "$(ids)"
            restore_all /mnt/after
            [ -e "/mnt/before/2026-01-01T02:00:00Z/srv/media/transcodes" ] && [ ! -e "/mnt/after/2026-01-01T02:00:00Z/srv/media/transcodes" ] || fail junk
            diff -r /mnt/before /mnt/after | grep -v '^Only in /mnt/before' | grep . && fail changed
            tool reclaim shelf --apply >/run/said
            restic check -q --read-data
            """);
        Assert.True(Directory.GetFiles(folder.At("data"), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) < 100_000);
    }

    private static PurgeMachine Local()
    {
        var machine = new PurgeMachine();
        CheapRepository.Create(machine.At("repository"));
        return machine;
    }
}
