using NixGen.Tests.Publishing;
using NixGen.Tests.Shell;

namespace NixGen.Tests.Restore;

/// <summary>Databases of real servers come back in place as they were copied; a failure costs nothing of the live ones.</summary>
public sealed class RestoreDatabaseTests
{
    private const string PostgreSql = """"
        as() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
        sql() { as psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$@"; }
        # All that a dump holds of a database, and of the database itself; less the key of this one dump.
        all() { for name in forge Odd-Name; do as pg_dump --create "$name" | grep --invert-match '^.\(un\)\?restrict '; done; }
        databases() { sql postgres --command "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1" | tr '\n' ' '; }
        roles() { as pg_dumpall --roles-only | grep -E '^(CREATE|ALTER|GRANT)' | sort; }
        sql postgres <<'SQL'
        CREATE ROLE forge LOGIN PASSWORD 'secret';
        CREATE ROLE "Odd ""role""" NOLOGIN;
        CREATE ROLE reader;
        GRANT reader TO forge;
        ALTER ROLE reader SET work_mem TO '5MB';
        CREATE DATABASE forge OWNER forge TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C';
        ALTER DATABASE forge SET search_path TO inner_part, public;
        ALTER DATABASE forge CONNECTION LIMIT 77;
        ALTER ROLE reader IN DATABASE forge SET work_mem TO '6MB';
        REVOKE CONNECT ON DATABASE forge FROM PUBLIC;
        GRANT CONNECT ON DATABASE forge TO reader;
        COMMENT ON DATABASE forge IS 'it''s the forge';
        CREATE DATABASE "Odd-Name" OWNER "Odd ""role""";
        SQL
        sql forge <<'SQL'
        CREATE SCHEMA inner_part AUTHORIZATION forge;
        CREATE TABLE item (id serial PRIMARY KEY, b bytea, t text CHECK (t <> ''));
        INSERT INTO item (b, t) SELECT decode('00ff275c0a', 'hex'), 'it''s \ ' || i FROM generate_series(1, 1000) AS i;
        CREATE TABLE log (n int);
        ALTER TABLE item OWNER TO forge;
        GRANT SELECT ON item TO reader;
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO log VALUES (NEW.id); RETURN NEW; END $$;
        CREATE TRIGGER noted AFTER INSERT ON item FOR EACH ROW EXECUTE FUNCTION note();
        CREATE VIEW many AS SELECT count(*) FROM item;
        SELECT lo_from_bytea(4711, 'large');
        SQL
        sql Odd-Name --command "CREATE TABLE odd (t text); INSERT INTO odd VALUES ('ünï 🦊'); ALTER TABLE odd OWNER TO \"Odd \"\"role\"\"\""
        mkdir /srv/forge; echo files >/srv/forge/file
        copy forge
        backup '2026-01-01 02:00:00' /srv/forge /var/lib/homelab-copies/forge/current
        all >/run/all; roles >/run/roles
        """";

    private const string MariaDb = """"
        sql() { mariadb --no-defaults --batch --skip-column-names --default-character-set=utf8mb4 "$@"; }
        all() { mariadb-dump --no-defaults --default-character-set=utf8mb4 --skip-dump-date --routines --events --triggers --databases wiki old-wiki; }
        databases() { sql --execute "SHOW DATABASES" | grep -v -e _schema -e '^mysql$' -e '^sys$' | sort | tr '\n' ' '; }
        sql <<'SQL'
        CREATE DATABASE wiki CHARACTER SET latin2 COLLATE latin2_croatian_ci COMMENT 'it\'s \\ the wiki';
        USE wiki;
        CREATE TABLE item (id INT AUTO_INCREMENT PRIMARY KEY, b BLOB, t TEXT CHARACTER SET utf8mb4) ENGINE = InnoDB;
        INSERT INTO item (b, t) SELECT x'00ff275c0d0a1a', CONCAT('it''s "ünï" \\! 🦊\r\n', seq) FROM seq_1_to_1000;
        CREATE TABLE part (id INT PRIMARY KEY, item INT, FOREIGN KEY (item) REFERENCES item (id)) ENGINE = InnoDB;
        INSERT INTO part VALUES (1, 1);
        CREATE TABLE log (n INT) ENGINE = InnoDB;
        CREATE VIEW many AS SELECT COUNT(*) FROM item;
        DELIMITER ;;
        CREATE TRIGGER noted AFTER INSERT ON item FOR EACH ROW BEGIN INSERT INTO log VALUES (NEW.id); END;;
        CREATE PROCEDURE twice(x INT) BEGIN SELECT 2 * x; END;;
        CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM item WHERE id < 0; END;;
        DELIMITER ;
        CREATE DATABASE `old-wiki`;
        CREATE TABLE `old-wiki`.a (n INT) ENGINE = MyISAM;
        INSERT INTO `old-wiki`.a VALUES (1);
        SQL
        copy wiki
        backup '2026-01-01 02:00:00' /var/lib/homelab-copies/wiki/current
        all >/run/all
        """";

    [Needs("mount", "unshare", "nix-instantiate", "jq", "postgres", "getfattr")]
    public void PostgreSQL_databases_come_back_while_somebody_is_in_them()
    {
        using var server = new PostgreSqlServer();
        Passes(server, PostgreSql + "\n" + """"
            sql postgres --command "ALTER ROLE forge PASSWORD 'newer'; ALTER ROLE reader SET work_mem TO '7MB'; REVOKE reader FROM forge"
            roles >/run/changed
            damage() { sql forge --command "DROP TABLE item CASCADE"; sql Odd-Name --command "DELETE FROM odd"; echo damage >/srv/forge/file; }
            damage
            tool restore forge --dry-run >/run/said
            grep -qx 'replace: the PostgreSQL database forge' /run/said; grep -qx 'replace: the PostgreSQL database Odd-Name' /run/said
            [ "$(databases)" = 'Odd-Name forge postgres ' ] || fail "touched: $(databases)"
            touch /run/units/forge.service
            sql forge --command 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
            sleep 0.2
            tool restore forge --yes >/run/said
            wait $! && fail 'somebody stayed'
            diff /run/all <(all); diff /run/changed <(roles); [ "$(cat /srv/forge/file)" = files ]; [ -e /run/units/forge.service ]
            # As it says: what was there before, and how it goes away.
            kept=$(sed -n 's/^what was there before: the PostgreSQL database \(forge_replaced_[^;]*\);.*/\1/p' /run/said)
            [ "$(sql "$kept" --command "SELECT coalesce(to_regclass('item')::text, 'gone')")" = gone ] || fail kept
            sed -n 's/^what was there before: the PostgreSQL database .*; runuser --user postgres -- //p' /run/said >/run/drop
            as bash -e /run/drop
            [ "$(databases)" = 'Odd-Name forge postgres ' ] || fail "left: $(databases)"

            # On a new machine there is nothing, not even the roles.
            sql postgres --command 'DROP DATABASE forge' --command 'DROP DATABASE "Odd-Name"' --command 'DROP ROLE forge, reader, "Odd ""role"""'
            rm -r /srv/forge
            tool restore forge --yes >/run/said
            grep -qx 'create: the PostgreSQL role Odd "role"' /run/said; grep -qx 'create: the PostgreSQL database forge' /run/said
            diff /run/all <(all); diff /run/roles <(roles)
            sql forge --command "INSERT INTO item (t) VALUES ('next') RETURNING id" | grep -x 1001

            tool restore forge --to /mnt/there >/run/said; grep -qx 'a PostgreSQL database, for pg_restore: /mnt/there/var/lib/homelab-copies/forge/current/postgresql/Odd-Name.dump' /run/said
            [ -s /mnt/there/var/lib/homelab-copies/forge/current/postgresql/Odd-Name.dump ] || fail to
            """");
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "postgres", "getfattr")]
    public void A_PostgreSQL_database_that_cannot_be_restored_stays_as_it_is()
    {
        using var server = new PostgreSqlServer();
        Passes(server, PostgreSql + "\n" + """"
            sql forge --command "DELETE FROM item WHERE id > 10"; sql Odd-Name --command "DELETE FROM odd"; echo damage >/srv/forge/file
            all >/run/all
            unchanged() {
              diff /run/all <(all) || fail "changed: $1"
              [ "$(databases)" = 'Odd-Name forge postgres ' ] || fail "left after $1: $(databases)"
              [ "$(cat /srv/forge/file)" = damage ] && [ -e /run/units/forge.service ] && [ "$(ls -A /srv)" = forge ] || fail "$1"
            }
            # $1: what it says, $2: program, $3: which of its calls, $4: what happens then
            trouble() {
              stub "$2" "$3" "$4"
              rm -f /run/units/*; touch /run/units/forge.service
              refused "$1" restore forge --yes
              [ -e /run/hit ] || fail "not reached: $*"
              unchanged "$*"
              unstub "$2"
            }
            # pg_restore lists, describes and loads; psql's calls are from both.
            trouble 'forge could not be loaded' pg_restore 6 'exit 1'
            trouble 'Odd-Name could not be loaded' pg_restore 3 'head -c 3000 | $real "$@"; exit 1'
            trouble 'Odd-Name could not be loaded' pg_restore 3 'kill -KILL $$'
            trouble '' pg_restore 3 'signal TERM; exit 1'
            trouble 'Odd-Name cannot be read' pg_restore 1 'echo "; nothing"; exit 0'
            trouble 'forge cannot be read' pg_restore 5 '$real "$@"; sed -i "s/^ALTER DATABASE forge OWNER/ALTER DATABASE other OWNER/" "$5"; exit 0'
            # Every call of psql from loading and switching on, and one before.
            stub psql 0 ''; tool restore forge --yes >/dev/null; unstub psql; calls=$(cat /run/count)
            for name in forge Odd-Name; do
              sql postgres --command "DROP DATABASE \"$name\""
              sql postgres --command "ALTER DATABASE \"$(sql postgres --command "SELECT datname FROM pg_database WHERE datname LIKE '$name%_replaced_%'")\" RENAME TO \"$name\""
            done
            rm -r /srv/forge; mv /srv/forge.replaced-* /srv/forge
            [ "$calls" -gt 12 ] || fail "$calls calls"
            for call in 2 $(seq 11 "$calls"); do
              stub psql "$call" "$([ $((call % 2)) = 0 ] && echo 'exit 1' || echo '$real "$@"; signal TERM; exit 1')"
              touch /run/units/forge.service
              if tool restore forge --yes >/run/said 2>&1; then
                # One that is tried again.
                for name in forge Odd-Name; do
                  sql postgres --command "DROP DATABASE \"$name\""
                  sql postgres --command "ALTER DATABASE \"$(sql postgres --command "SELECT datname FROM pg_database WHERE datname LIKE '$name%_replaced_%'")\" RENAME TO \"$name\""
                done
                rm -r /srv/forge; mv /srv/forge.replaced-* /srv/forge
              fi
              unchanged "psql $call: $(cat /run/said)"
              unstub psql
            done

            # Killed: the next one clears up.
            stub pg_restore 3 'signal KILL; exit 1'
            tool restore forge --yes >/run/said 2>&1 && fail 'not killed'
            unstub pg_restore
            databases | grep -q '_nixgen_' || fail 'nothing to clear up'
            ls -d /srv/.nixgen-restore.forge.* >/dev/null
            mkdir /srv/.nixgen-restore.other.abcdef
            tool restore forge --yes >/run/said
            grep -q '^drop, left by a restore that was killed: the PostgreSQL database .*_nixgen_' /run/said
            grep -q '^remove, left by a restore that was killed: /srv/.nixgen-restore.forge.' /run/said
            databases | grep -q '_nixgen_' && fail left
            [ "$(cd /srv; echo .nixgen-restore.*)" = .nixgen-restore.other.abcdef ] || fail 'not only its own'

            umount /run/postgresql
            refused 'systemctl start postgresql.service' restore forge --yes
            """");
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "mariadbd", "mariadb-dump", "getfattr")]
    public void MariaDB_databases_come_back()
    {
        using var server = new MariaDbServer();
        Passes(server, MariaDb + "\n" + """"
            sql wiki --execute "DROP VIEW many; DROP TABLE part, item; DROP PROCEDURE twice; CREATE TABLE newer (n INT)"; sql old-wiki --execute "DELETE FROM a"
            sql --execute "ALTER DATABASE wiki CHARACTER SET utf8mb4"
            all >/run/damaged
            tool restore wiki --dry-run >/run/said
            grep -qx 'replace: the MariaDB database wiki' /run/said; diff /run/damaged <(all); [ "$(databases)" = 'old-wiki wiki ' ] || fail "touched: $(databases)"
            touch /run/units/wiki.service
            tool restore wiki --yes >/run/said
            diff /run/all <(all); [ "$(databases)" = 'old-wiki wiki ' ] || fail "left: $(databases)"; [ -e /run/units/wiki.service ]
            sql wiki --execute "INSERT INTO item (t) VALUES ('next'); SELECT (SELECT MAX(n) FROM log) = (SELECT MAX(id) FROM item)" | grep -x 1
            # What was there before loads, too.
            kept=$(sed -n 's/^what was there before: the MariaDB database wiki, as //p' /run/said)
            [ "$(stat -c '%u %a' "$kept")" = '0 600' ] || fail rights
            sql --execute 'DROP DATABASE wiki; CREATE DATABASE wiki; DROP DATABASE `old-wiki`; CREATE DATABASE `old-wiki`'
            sql wiki <"$kept"; sql old-wiki <"${kept%/*}/old-wiki.sql"
            diff /run/damaged <(all)

            sql --execute 'DROP DATABASE wiki; DROP DATABASE `old-wiki`'
            tool restore wiki --yes >/run/said
            grep -qx 'create: the MariaDB database wiki' /run/said; diff /run/all <(all)
            tool restore wiki --to /mnt/there >/run/said; grep -qx 'a MariaDB database, for mariadb: /mnt/there/var/lib/homelab-copies/wiki/current/mariadb/wiki.sql' /run/said
            """");
    }

    [Needs("mount", "unshare", "nix-instantiate", "jq", "mariadbd", "mariadb-dump", "getfattr")]
    public void A_MariaDB_database_that_cannot_be_restored_stays_as_it_is()
    {
        using var server = new MariaDbServer();
        Passes(server, MariaDb + "\n" + """"
            sql wiki --execute "DELETE FROM item WHERE id > 10"; sql old-wiki --execute "DELETE FROM a"
            # What cannot be dumped is not given up.
            sql wiki --execute 'RENAME TABLE item TO other'
            refused 'drop it yourself' restore wiki --yes
            sql wiki --execute 'RENAME TABLE other TO item'
            all >/run/all
            unchanged() {
              diff /run/all <(all) || fail "changed: $1"
              [ "$(databases)" = 'old-wiki wiki ' ] || fail "left after $1: $(databases)"
              [ -e /run/units/wiki.service ] || fail "not started: $1"
            }
            trouble() {
              stub "$2" "$3" "$4"
              rm -f /run/units/*; touch /run/units/wiki.service
              refused "$1" restore wiki --yes
              [ -e /run/hit ] || fail "not reached: $*"
              unchanged "$*"
              unstub "$2"
            }
            trouble 'could not be dumped' mariadb-dump 1 'exit 1'
            trouble 'not complete' mariadb-dump 2 '$real "$@" | head -c 2000; exit 0'
            trouble '' mariadb-dump 2 '$real "$@"; signal TERM; exit 1'
            [ "$(cd /var/lib/homelab-copies/wiki; echo *)" = 'current lock' ] || fail "left: $(ls /var/lib/homelab-copies/wiki)"
            stub mariadb 0 ''; tool restore wiki --yes >/run/said; unstub mariadb; calls=$(cat /run/count)
            back() { for name in wiki old-wiki; do sql --execute "DROP DATABASE \`$name\`; CREATE DATABASE \`$name\`"; sql "$name" <"$(echo /var/lib/homelab-copies/wiki/replaced-*/mariadb/$name.sql)"; done; rm -r /var/lib/homelab-copies/wiki/replaced-*; }
            back
            [ "$calls" -gt 20 ] || fail "$calls calls"
            for call in 2 $(seq 15 "$calls"); do
              # A load that ends in the middle, or somebody who ends all of it.
              stub mariadb "$call" "$([ $((call % 2)) = 0 ] && echo 'head -c 3000 | $real "$@"; exit 1' || echo '$real "$@"; signal TERM; exit 1')"
              touch /run/units/wiki.service
              if tool restore wiki --yes >/run/said 2>&1; then back; fi
              unchanged "mariadb $call: $(cat /run/said)"
              rm -rf /var/lib/homelab-copies/wiki/replaced-*
              unstub mariadb
            done

            # Dumps that do not load, or that name a database and would be loaded into that one.
            dump=/var/lib/homelab-copies/wiki/current/mariadb/wiki.sql
            cp "$dump" /run/dump
            spoiled() {
              backup "$1" /var/lib/homelab-copies/wiki/current
              refused "$2" restore wiki --yes
              unchanged "$2"; cp /run/dump "$dump"
            }
            { sed 's/AUTO_INCREMENT/NONSENSE/' /run/dump; } >"$dump"; spoiled '2026-01-02 02:00:00' 'could not be loaded'
            { echo 'USE `wiki`;'; cat /run/dump; } >"$dump"; spoiled '2026-01-03 02:00:00' 'names its database'
            head -n -1 /run/dump >"$dump"; spoiled '2026-01-04 02:00:00' 'is not complete'
            { head -n 1 /run/dump; echo '\! touch /run/pwned'; sed 1d /run/dump; } >"$dump"; spoiled '2026-01-05 02:00:00' 'could not be loaded'
            [ ! -e /run/pwned ] || fail pwned

            umount /run/mysqld
            refused 'systemctl start mysql.service' restore wiki --yes
            """");
    }

    private static void Passes(PostgreSqlServer server, string script)
    {
        using var machine = new RestoreMachine();
        foreach (var program in new[] { "psql", "pg_dump", "pg_dumpall", "pg_restore" })
            File.CreateSymbolicLink(machine.At("packages", "bin", program), PostgreSqlServer.Program(program));
        Passes(machine, $"PATH=$machine/packages/bin:$PATH\nmkdir /run/postgresql; mount --bind {server.At("socket")} /run/postgresql\n{script}");
    }

    private static void Passes(MariaDbServer server, string script)
    {
        using var machine = new RestoreMachine();
        machine.Package("mariadb", "mariadb-dump");
        Passes(machine, $"mkdir /run/mysqld; mount --bind {server.At("socket")} /run/mysqld\n{script}");
    }

    private static void Passes(RestoreMachine machine, string script)
    {
        var result = machine.Scenario(script).Succeeded();
        Assert.EndsWith("finished\n", result.Output);
    }
}
