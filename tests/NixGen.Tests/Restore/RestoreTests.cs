using NixGen.Tests.Publishing;

namespace NixGen.Tests.Restore;

/// <summary>What was backed up comes back as it was, and nothing else is touched; what stood there before is kept.</summary>
public class RestoreTests
{
    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl")]
    public void Data_comes_back_in_place_with_owners_modes_times_and_attributes()
    {
        Passes("""
            fill /srv/one; fill /var/lib/two
            touch /run/units/plain.service
            backup '2026-01-01 02:00:00' /srv/one /var/lib/two
            state /srv/one >/run/one; state /var/lib/two >/run/two
            # Newer, but of an incomplete night.
            backup '2026-01-02 02:00:00' /srv/one
            echo damage >/srv/one/file; rm -r /var/lib/two; touch /srv/one/new
            tool list | grep '^plain  *2026-01-01 02:00:00 *never *shelf$' || fail list
            tool show plain | grep -c snapshot | grep -qx 2
            tool show plain | grep '2026-01-02 02:00:00  lacks a path$'
            tool restore plain --yes
            diff /run/one <(state /srv/one); diff /run/two <(state /var/lib/two)
            kept=(/srv/one.replaced-*)
            [ "$(cat "$kept/file")" = damage ] && [ -e "$kept/new" ] || fail kept
            [ -e /run/units/plain.service ] && [ ! -e /run/units/plain-web.service ] || fail units
            grep -qx 'stop plain.service plain-web.service' /run/systemctl
            [ "$(ls -A /srv)" = $'one\n'"${kept#/srv/}" ] || fail "left behind: $(ls -A /srv)"
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl")]
    public void Awkward_names_come_back()
    {
        Passes("""
            paths=("/srv/with  blanks" "/srv/it's \"quoted\"" /srv/-rf '/srv/$(touch pwned)`touch pwned`$HOME' '/srv/[glob]*?\' /srv/ünï '/srv/#hash')
            # What a pattern would also match.
            for path in "${paths[@]}" /srv/gXY; do fill "$path"; done
            backup '2026-01-01 02:00:00' "${paths[@]}" /srv/gXY
            for path in "${paths[@]}"; do state "$path"; done >/run/before
            rm -r /srv/*
            tool restore awkward --yes
            for path in "${paths[@]}"; do state "$path"; done | diff /run/before -
            [ ! -e /srv/gXY ] && [ ! -e pwned ] || fail more
            rm -r /srv/*
            tool restore awkward --to /var/lib/there
            for path in "${paths[@]}"; do state "/var/lib/there$path"; done | diff /run/before -
            [ -z "$(ls -A /srv)" ] || fail touched
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl")]
    public void Copies_of_SQLite_databases_come_back_as_live_ones()
    {
        Passes("""
            copies=/var/lib/homelab-copies
            mkdir -p /srv/app/data /srv/apart "$copies/app/current/sqlite/srv/app/data" "$copies/apart/current/sqlite/srv/apart"
            for database in /srv/app/data/app.db "/srv/apart/it's.db"; do
              service=app; [[ $database == *apart* ]] && service=apart
              sqlite3 "$database" 'PRAGMA journal_mode=wal; CREATE TABLE t(x); INSERT INTO t VALUES (42)'
              chown 1234:4321 "$database"; chmod 0640 "$database"
              sqlite3 "$database" "VACUUM INTO '/run/copy'"
              chown 1234:4321 /run/copy; chmod 0640 /run/copy
              mv /run/copy "$copies/$service/current/sqlite$database"
            done
            backup '2026-01-01 02:00:00' --exclude '/srv/app/data/app.db*' /srv/app "$copies/app/current" "$copies/apart/current"
            for database in /srv/app/data/app.db "/srv/apart/it's.db"; do
              echo garbage >"$database"; echo stale >"$database-wal"; echo stale >"$database-shm"
            done
            tool restore app --yes; tool restore apart --yes
            for database in /srv/app/data/app.db "/srv/apart/it's.db"; do
              [ ! -e "$database-wal" ] && [ ! -e "$database-shm" ] || fail stale
              [ "$(stat -c '%u %g %a' "$database")" = '1234 4321 640' ] || fail owner
              [ "$(sqlite3 "$database" 'PRAGMA integrity_check; SELECT x FROM t')" = $'ok\n42' ] || fail content
            done
            [ "$(cat /srv/app.replaced-*/data/app.db)" = garbage ] && [ "$(cat /srv/apart/*.replaced-*-wal)" = stale ] || fail kept

            # A malformed copy is not put in place.
            head -c 5000 /dev/urandom >"$copies/app/current/sqlite/srv/app/data/app.db"
            backup '2026-01-02 02:00:00' /srv/app "$copies/app/current"
            state /srv/app >/run/before
            refused 'the copy of /srv/app/data/app.db' restore app --yes
            [ -z "$(find /srv -name '.nixgen-restore*')" ] || fail staging; state /srv/app | diff /run/before -
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl")]
    public void Snapshots_are_chosen_by_id_and_time_and_only_those_of_the_service()
    {
        Passes("""
            mkdir -p /srv/always /srv/maybe; echo live >/srv/maybe/file
            for day in 1 2 3; do
              echo "day $day" >/srv/always/file
              backup "2026-01-0$day 02:00:00" /srv/always
            done
            echo foreign >/srv/always/file
            repository backup --host den --tag plan:other,created-by:den --time '2026-01-04 02:00:00' /srv/always
            repository backup --host other --tag plan:shelf,created-by:den --time '2026-01-04 02:00:00' /srv/always
            mkdir /srv/else; backup '2026-01-05 02:00:00' /srv/else
            id() { repository snapshots --json | jq -r --arg time "$1" --arg host "${2:-den}" '.[] | select(.hostname == $host and (.time | startswith($time))) | .id'; }
            came() { [ "$(cat /srv/always/file)" = "$1" ] || fail "$1"; rm -rf /srv/*.replaced-*; }

            tool restore maybe --yes | grep 'leave alone, not in the snapshot: /srv/maybe'; came 'day 3'
            repository tag --add incomplete "$(id 2026-01-02)" >/run/said
            tool restore maybe --yes --at '2026-01-02 23:00' 2>/run/said; came 'day 2'
            grep -q 'that night ended incomplete' /run/said || fail incomplete
            tool show maybe | grep '2026-01-02 02:00:00  of an incomplete night$' || fail show
            tool restore maybe --yes --at '2026-01-03 01:00 UTC'; came 'day 2'
            tool restore maybe --yes --at '2026-01-03 02:30 +0100'; came 'day 2'
            first=$(id 2026-01-01)
            tool restore maybe --yes --snapshot "${first:0:8}"; came 'day 1'
            [ "$(cat /srv/maybe/file)" = live ] || fail optional
            state /srv >/run/before
            refused 'no snapshot of the job' restore maybe --yes --at 2025-01-01
            refused 'is no date' restore maybe --yes --at nonsense
            refused 'has no snapshot' restore maybe --yes --snapshot "$(id 2026-01-04)"
            refused 'has no snapshot' restore maybe --yes --snapshot "$(id 2026-01-04 other)"
            refused 'does not have all of maybe' restore maybe --yes --snapshot "$(id 2026-01-05)"
            refused 'exclude each other' restore maybe --snapshot a --at b
            refused 'no service' restore mayb
            refused 'in no job' restore maybe --job other
            refused 'needs a value' restore maybe --to
            refused 'no snapshot of the job' restore plain --yes
            rm /run/homelab-secrets/shelf/current/RESTIC_PASSWORD
            refused 'systemctl start homelab-secrets-shelf' list
            echo wrong >/run/homelab-secrets/shelf/current/RESTIC_PASSWORD
            refused 'cannot be read' restore maybe --yes
            state /srv | diff /run/before -
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl", "script")]
    public void Nothing_is_touched_unless_somebody_agrees_and_the_place_is_safe()
    {
        Passes("""
            fill /srv/one; fill /var/lib/two
            backup '2026-01-01 02:00:00' /srv/one /var/lib/two
            echo damage >/srv/one/file
            touch /run/units/plain.service
            state /srv >/run/before
            tool restore plain --dry-run | grep '^replace: /srv/one$'
            refused 'nobody is here' restore plain
            for answer in n '' No; do
              echo "$answer" | script --quiet --return --command "$BASH $machine/scripts/nixgen-restore restore plain" /dev/null >/run/said && fail "$answer"
              grep -q 'nothing was changed' /run/said
            done
            for place in / /nix /nix/store/x /etc /boot/x /proc/1 /sys /dev/shm /run/x /srv/../etc relative /srv/one/in /var/lib/two /srv/file; do
              touch /srv/file; touch -r /srv/one /srv/file
              if tool restore plain --to "$place" --yes; then fail "$place"; fi
              rm /srv/file
            done
            ln -s /etc /mnt/link
            refused 'is no place' restore plain --to /mnt/link/new
            refused 'is not empty' restore plain --to /mnt
            tool restore plain --to /mnt/new --dry-run; [ ! -e /mnt/new ]
            touch -d '2001-01-01' /srv; sed -i '1d' /run/before; state /srv | sed 1d | diff /run/before -
            [ ! -e /run/systemctl ] || fail systemctl

            mkdir /srv/one/inner; mount -t tmpfs tmpfs /srv/one/inner
            refused 'mount point' restore plain --yes
            umount /srv/one/inner; rmdir /srv/one/inner
            mv /srv/one /srv/target; ln -s target /srv/one
            refused 'is a symlink' restore plain --yes
            [ ! -e /run/systemctl ] || fail systemctl

            rm /srv/one; mv /srv/target /srv/one
            echo y | script --quiet --return --command "$BASH $machine/scripts/nixgen-restore restore plain" /dev/null >/run/said
            [ "$(cat /srv/one/file)" = 'text of /srv/one' ] || fail yes
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "perl")]
    public void A_failure_or_a_signal_at_any_step_leaves_the_old_data_and_starts_what_ran()
    {
        Passes("""
            fill /srv/one; fill /var/lib/two
            backup '2026-01-01 02:00:00' /srv/one /var/lib/two
            echo damage | tee /srv/one/file >/var/lib/two/file
            state /srv/one >/run/one; state /var/lib/two >/run/two
            runs=0
            # $1: program, $2: which of its calls, $3: what happens in its place or after it
            trouble() {
              runs=$((runs + 1))
              rm -f /run/count /run/hit /run/units/*; touch /run/units/plain.service
              mkdir -p /run/path
              cat >"/run/path/$1" <<STUB
            #!$BASH
            n=\$((\$(cat /run/count 2>/dev/null || echo 0) + 1)); echo \$n >/run/count
            if [ \$n = $2 ]; then touch /run/hit; $3; fi
            exec $machine/path/$1 "\$@"
            STUB
              chmod +x "/run/path/$1"
              status=0
              env -i PATH="/run/path:$machine/path" "$BASH" "$machine/scripts/nixgen-restore" restore plain --yes >/run/said 2>&1 </dev/null || status=$?
              rm "/run/path/$1"
            }
            # Which call it is decides where it stops: restic lists, measures twice, restores, is asked for a user and a group, and
            # restores; exch is tried twice, then used; systemctl is asked for what runs until the sixth call.
            for step in restic:1 restic:3 restic:5 restic:7 exch:2 exch:3 exch:4 mv:1 mv:2 systemctl:4 systemctl:6 systemctl:7 sync:1; do
              program=${step%:*} call=${step#*:}
              for what in 'exit 1' "$machine/path/$program \"\\\$@\"; kill -TERM \\\$PPID; exit 0" 'kill -TERM \$PPID; exit 1'; do
                trouble "$program" "$call" "$(printf '%s' "$what" | sed 's/\\\$/$/g')"
                [ -e /run/hit ] || { rm -rf /srv/one /var/lib/two; mv /srv/one.replaced-* /srv/one; mv /var/lib/two.replaced-* /var/lib/two; continue; }
                if [ "$status" = 0 ]; then
                  # Asking whether a unit runs may say no.
                  [ "$program" = systemctl ] || fail "$program $call $what: $(cat /run/said)"
                  rm -rf /srv/one /var/lib/two; mv /srv/one.replaced-* /srv/one; mv /var/lib/two.replaced-* /var/lib/two
                  continue
                fi
                if [ -e /srv/one.replaced-* ]; then
                  # Everything was in place already, and only a unit did not start.
                  [ "$program" = systemctl ] || fail "half: $program $call $what: $(cat /run/said)"
                  rm -rf /srv/one /var/lib/two; mv /srv/one.replaced-* /srv/one; mv /var/lib/two.replaced-* /var/lib/two
                fi
                diff /run/one <(state /srv/one); diff /run/two <(state /var/lib/two)
                [ "$(ls -A /srv) $(ls -A /var/lib)" = 'one two' ] || fail "left behind: $(ls -A /srv /var/lib)"
                [ "$program" = systemctl ] || [ -e /run/units/plain.service ] || fail "not started: $program $call $what"
              done
            done
            echo "$runs runs"

            # Killed without a chance to clean up: old or new stands at each place, and the old data is somewhere.
            for step in exch:2 exch:3 exch:4 mv:1 mv:2; do
              program=${step%:*} call=${step#*:}
              for what in "$machine/path/$program \"\$@\"; kill -KILL \$PPID; exit 0" 'kill -KILL $PPID; exit 1'; do
                trouble "$program" "$call" "$what"
                for place in /srv/one /var/lib/two; do
                  grep -qx -e damage -e "text of $place" "$place/file" || fail "neither old nor new: $program $call"
                  grep -rqx damage "$place" "$place".replaced-* || fail "lost: $program $call"
                  grep -qx damage "$place/file" || { rm -r "$place"; mv "$place".replaced-* "$place"; }
                  rm -rf "$place".replaced-* "${place%/*}"/.nixgen-restore.*
                done
              done
            done
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "getfattr", "perl")]
    public void Data_belongs_to_whom_it_belonged_by_name()
    {
        Passes("""
            named() { (cd "$1"; find . -printf '%P %y %m %u %g %T@ %l\n' | LC_ALL=C sort; getfattr -Rhd -m - --absolute-names . | sort); }
            # $1: passwd or group, then entries
            cp /etc/passwd /etc/group /run/
            known() { local kind=$1; shift; { cat "/run/$kind"; printf '%s\n' "$@"; } >"/run/$kind.${1%%:*}"; mount --bind "/run/$kind.${1%%:*}" "/etc/$kind"; }
            known passwd alice:x:1234:4321::/: bob:x:2345:4321::/: gone:x:3456:4321::/:; known group team:x:4321: crew:x:5432:
            for place in /srv/one /var/lib/two; do
              fill "$place"
              echo bob >"$place/bob"; chown 2345:5432 "$place/bob"; ln "$place/bob" "$place/bob again"
              echo program >"$place/program"; chown 1234:5432 "$place/program"; chmod 6755 "$place/program"
              echo able >"$place/able"$'\n'; chown 2345:0 "$place/able"$'\n'
              setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 "$place/able"$'\n'
              echo gone >"$place/gone"; chown 3456 "$place/gone"; echo nobody >"$place/number"; chown 7777:7777 "$place/number"
            done
            mkdir /srv/apart "/var/lib/homelab-copies"; sqlite3 "/srv/apart/it's.db" 'CREATE TABLE t(x)'; chown 2345:5432 "/srv/apart/it's.db"
            copy apart
            backup '2026-01-01 02:00:00' /srv/one /var/lib/two /var/lib/homelab-copies/apart/current
            named /srv/one >/run/one; named /var/lib/two >/run/two
            # Each has the number of the other.
            known passwd bob:x:1234:1::/: alice:x:2345:1::/: stranger:x:3456:1::/:; known group crew:x:4321: team:x:6543:
            rm -r /srv/one /var/lib/two "/srv/apart/it's.db"
            tool restore plain --yes >/run/said
            # The numbers of those unknown here stay.
            sed -i 's/^gone f \(.*\) gone /gone f \1 stranger /' /run/one /run/two
            diff /run/one <(named /srv/one); diff /run/two <(named /var/lib/two)
            grep -cx 'unknown here (passwd): gone; its files keep the number 3456, which is that of stranger' /run/said | grep -x 1
            tool restore plain --to /mnt/there
            diff /run/one <(named /mnt/there/srv/one); diff /run/two <(named /mnt/there/var/lib/two)
            tool restore apart --yes
            [ "$(stat -c '%U %G' "/srv/apart/it's.db")" = 'bob crew' ] || fail database
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "getfattr")]
    public void Nothing_begins_where_there_is_no_room()
    {
        Passes("""
            paths=("/srv/with  blanks" "/srv/it's \"quoted\"" /srv/-rf '/srv/$(touch pwned)`touch pwned`$HOME' '/srv/[glob]*?\' /srv/ünï /srv/#hash)
            for path in "${paths[@]}"; do mkdir "$path"; head -c 300000 /dev/urandom >"$path/bytes"; ln "$path/bytes" "$path/again"; done
            backup '2026-01-01 02:00:00' "${paths[@]}"
            state /srv >/run/before
            # Enough for each of them, but not for all.
            mount -o remount,size=3500k /srv
            refused 'no room in /srv/: ' restore awkward --yes
            grep -Eq ': 2[0-9]{6} bytes are needed, 1[0-9]{6} are free' "$machine/said" || fail "says: $(cat "$machine/said")"
            state /srv | diff /run/before -; [ ! -e /run/systemctl ] || fail systemctl
            mount -t tmpfs -o size=1m tmpfs /mnt/repository/locks
            refused 'no room in /mnt/repository/locks/' restore awkward --to /mnt/repository/locks/there
            [ ! -e /mnt/repository/locks/there ] || fail made
            # What has two names takes room once.
            mount -o remount,size=4600k /srv
            tool restore awkward --yes
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "getfattr")]
    public void Backups_and_restores_keep_out_of_each_others_way()
    {
        Passes("""
            mkdir -p /srv/app/data /run/job /run/homelab-stop /var/lib/homelab-copies/app; sqlite3 /srv/app/data/app.db 'CREATE TABLE t(x)'
            copy app
            backup '2026-01-01 02:00:00' --exclude '/srv/app/data/app.db' /srv/app /var/lib/homelab-copies/app/current
            for unit in restic-backups-shelf homelab-copy-app; do
              touch "/run/units/$unit.service"
              refused "$unit.service runs just now" restore app --yes
              tool restore app --to "/mnt/$unit"
              rm "/run/units/$unit.service"
            done
            # In the middle of a restore: the backup, the copy before it, and a second restore.
            cat >/run/systemctl.stub <<STUB
            #!$BASH
            if [ "\$1" = stop ]; then
              (
                exec 9>&-
                export RUNTIME_DIRECTORY=/run/job STATE_DIRECTORY=/run/job
                "$BASH" "$machine/scripts/restic-preflight-shelf" && echo 'the backup began'
                RUNTIME_DIRECTORY=/run/homelab-copy/app STATE_DIRECTORY=/var/lib/homelab-copies/app "$BASH" "$machine/scripts/homelab-copy-app" && echo 'the copy began'
                "$BASH" "$machine/scripts/nixgen-restore" restore maybe --yes && echo 'the restore began'
              ) >/run/meanwhile 2>&1
            fi
            exec $machine/path/systemctl "\$@"
            STUB
            mkdir /run/path; mv /run/systemctl.stub /run/path/systemctl; chmod +x /run/path/systemctl
            mkdir /srv/always; backup '2026-01-01 03:00:00' /srv/always
            env -i PATH="/run/path:$machine/path" "$BASH" "$machine/scripts/nixgen-restore" restore app --yes
            diff <(sed "s/snapshot .*/snapshot SNAPSHOT/" /run/meanwhile) - <<'SAID'
            <3>shelf: nixgen-restore is replacing data of this job, so nothing was backed up; start it again after that
            <3>app: nixgen-restore is replacing its data; start the backup again after that
            restore maybe as of 2026-01-01 03:00:00, from the job shelf, snapshot SNAPSHOT
            leave alone, not in the snapshot: /srv/maybe
            nixgen-restore: another restore runs; it is done when /run/nixgen-restore is free
            SAID
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "getfattr")]
    public void The_plan_names_what_of_others_is_replaced()
    {
        Passes("""
            mkdir -p /srv/outer/inner; echo other >/srv/outer/inner/file
            backup '2026-01-01 02:00:00' /srv/outer
            tool restore outer --dry-run >/run/said
            diff <(grep belongs /run/said) - <<'SAID'
            replace, and it belongs to inner: /srv/outer/inner; stop its units yourself, and restore inner afterwards
            replace, and it belongs to inner: /srv/outer/inner/live.db; stop its units yourself, and restore inner afterwards
            SAID
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "getfattr")]
    public void A_folder_of_a_DynamicUser_comes_back_with_one_owner_and_out_of_reach()
    {
        Passes("""
            mkdir -p -m 0700 /var/lib/private; mkdir /var/lib/private/dynamic; echo data >/var/lib/private/dynamic/file
            chown -R 61234:61234 /var/lib/private/dynamic
            backup '2026-01-01 02:00:00' /var/lib/private/dynamic
            echo 'dynamic:x:64321:64321::/:' >/run/passwd; mount --bind /run/passwd /etc/passwd
            rm -r /var/lib/private
            tool restore dynamic --yes
            [ "$(stat -c '%u %g %a' /var/lib/private)" = '0 0 700' ] || fail "widened: $(stat -c '%u %g %a' /var/lib/private)"
            # systemd goes through the folder at the start of the unit, unless its owner is right already.
            [ "$(find /var/lib/private/dynamic -printf '%U %G\n' | sort -u)" = '61234 61234' ] || fail owner
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "getfattr", "setpriv")]
    public void Who_owns_the_folder_above_cannot_redirect_what_root_writes()
    {
        Passes("""
            # Somebody whose folder holds the data, and who exchanges every folder in it for a link to one of root.
            mkdir -p /srv/owner /var/lib/victim; chown 1234:1234 /srv/owner
            mkdir /srv/owner/data; echo mine >/srv/owner/data/file; chown -R 1234:1234 /srv/owner/data
            backup '2026-01-01 02:00:00' /srv/owner/data
            (
              exec setpriv --reuid 1234 --regid 1234 --clear-groups "$BASH" -c '
                for try in {1..2000}; do
                  for folder in /srv/owner/.nixgen-restore.*; do
                    if [ -d "$folder" ]; then mv -T "$folder" /srv/owner/stolen && ln -s /var/lib/victim "$folder" && exit; fi
                  done
                  sleep 0.005
                done' 2>/dev/null
            ) &
            attacker=$!
            tool restore nested --yes || true
            kill "$attacker" 2>/dev/null || true; wait "$attacker" || true
            [ -z "$(ls -A /var/lib/victim)" ] || fail "written: $(find /var/lib/victim)"
            [ ! -e /srv/owner/stolen ] || fail 'root wrote into the folder of another'
            [ "$(cat /srv/owner/data/file)" = mine ] || fail data

            # Nor where there is no other folder on the file system.
            mount -t tmpfs -o mode=0755,uid=1234 tmpfs /srv/owner
            refused 'somebody else may write to every folder above /srv/owner/data' restore nested --yes
            [ -z "$(ls -A /srv/owner)" ] || fail "written: $(ls -A /srv/owner)"
            tool restore nested --to /mnt/there
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "getfattr")]
    public void A_symlink_in_the_snapshot_leads_nowhere()
    {
        Passes("""
            mkdir -p /srv/app/data; sqlite3 /srv/app/data/app.db 'CREATE TABLE t(x)'; chown -R 1234:1234 /srv/app
            copy app
            # The owner of the data puts a link in the place of the folder before restic reads it.
            mkdir /mnt/victim; rm -r /srv/app/data; ln -s /mnt/victim /srv/app/data
            backup '2026-01-01 02:00:00' --exclude /srv/app/data/app.db /srv/app /var/lib/homelab-copies/app/current
            refused 'is a symlink in the snapshot' restore app --yes
            refused 'is a symlink in the snapshot' restore app --to /mnt/there
            [ -z "$(ls -A /mnt/victim)" ] || fail "written: $(ls -A /mnt/victim)"
            # Or in the place of the path itself: restic stores the link alone, and a warning says so that night.
            fill /srv/one; mkdir /var/lib/two /mnt/elsewhere; echo data >/var/lib/two/file
            backup '2026-01-02 02:00:00' /srv/one /var/lib/two
            mv /var/lib/two /mnt/elsewhere/; ln -s /mnt/elsewhere/two /var/lib/two
            backup '2026-01-03 02:00:00' /srv/one /var/lib/two
            rm /var/lib/two; mv /mnt/elsewhere/two /var/lib/two
            refused '/var/lib/two is a symlink in the snapshot' restore plain --yes
            [ "$(cat /var/lib/two/file)" = data ] || fail data
            """);
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "sqlite3", "getfattr")]
    public void A_unit_that_something_starts_again_keeps_its_data()
    {
        Passes("""
            fill /srv/one; fill /var/lib/two
            backup '2026-01-01 02:00:00' /srv/one /var/lib/two
            echo damage >/srv/one/file; touch /run/units/plain.service
            mkdir /run/path
            cat >/run/path/systemctl <<STUB
            #!$BASH
            "$machine/path/systemctl" "\$@" || exit
            if [ "\$1" = stop ]; then touch /run/units/plain.service; fi
            STUB
            chmod +x /run/path/systemctl
            if env -i PATH="/run/path:$machine/path" "$BASH" "$machine/scripts/nixgen-restore" restore plain --yes >/run/said 2>&1; then fail 'not refused'; fi
            grep -q 'plain.service runs again' /run/said || fail "says: $(cat /run/said)"
            [ "$(cat /srv/one/file)" = damage ] || fail swapped
            """);
    }

    private static void Passes(string script)
    {
        using var machine = new RestoreMachine();
        var result = machine.Scenario(script).Succeeded();
        Assert.EndsWith("finished\n", result.Output);
    }
}
