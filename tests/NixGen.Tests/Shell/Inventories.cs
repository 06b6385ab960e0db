namespace NixGen.Tests.Shell;

/// <summary>What the scripts under test are generated from, beside the homelab.</summary>
internal static class Inventories
{
    /// <summary>Stands in the scripts for a folder of the test; below a temporary folder no backup path is accepted.</summary>
    public const string Root = "/srv/nixgen-test";

    public const string Workshop = """
        defaults:
          destinations: [shelf, cold-b2]
          missing: refuse
        destinations:
          shelf:
            repository: /srv/nixgen-test/repository
            secrets: shelf
            initialize: true
            schedule: "02:00"
            retention: { last: 2 }
          cold-b2:
            repository: b2:bucket:folder
            secrets: cold
            schedule: "Sun 03:00"
            retention: keep-all
            maintenance: { checkSlices: 7 }
        secrets:
          shelf:
            files: { RESTIC_PASSWORD: /etc/secrets/shelf }
          cold:
            files:
              B2_ACCOUNT_ID: /etc/secrets/b2 id
              B2_ACCOUNT_KEY: /etc/secrets/b2-key
              RESTIC_PASSWORD: /etc/secrets/cold
          web:
            files: { BACKREST_PASSWORD: /etc/secrets/web }
        hosts:
          workshop:
            backrest: { listen: "[::1]:9900", user: oneil, secrets: web }
            services:
              wood: { backupPaths: [/srv/nixgen-test/wood, "/srv/nixgen-test/it's wood"] }
              iron: { backupPaths: [/srv/nixgen-test/iron], destinations: [cold-b2], schedule: "12:00" }
        """;

    /// <summary>Databases of each kind, and a service that is stopped.</summary>
    public const string Cellar = """
        destinations:
          shelf:
            repository: /srv/nixgen-test/repository
            secrets: shelf
            initialize: true
            schedule: "02:00"
            retention: { last: 2 }
        secrets:
          shelf:
            files: { RESTIC_PASSWORD: /etc/secrets/shelf }
        hosts:
          cellar:
            destinations: [shelf]
            services:
              pair: { backupPaths: [/srv/nixgen-test/pair], databases: { sqlite: [one.db, deep/two.db] } }
              names:
                backupPaths: [/srv/nixgen-test/names]
                databases:
                  sqlite:
                    - "it's \"quoted\" [1]*?.db"
                    - "$(touch pwned)`touch pwned`$HOME.db"
                    - "a blank /and\\backslash.db"
                    - -rf.db
                    - ünï.db
                    - "blank at the end "
              ledger: { backupPaths: [/srv/nixgen-test/ledger], units: [ledger.socket, ledger, ledger-web], stop: true }
          servers:
            destinations: [shelf]
            services:
              gitea: { databases: { postgresql: [gitea] } }
              wiki: { databases: { mariadb: [wiki, old-wiki] } }
        """;

    /// <summary>One destination that keeps the last two snapshots, and paths whose names hurt.</summary>
    public static string Attic(string missing) => $$"""
        defaults: { missing: {{missing}} }
        destinations:
          shelf:
            repository: /srv/nixgen-test/repository
            secrets: shelf
            initialize: true
            schedule: "02:00"
            retention: { last: 2 }
            maintenance: { checkSlices: 3 }
          pinned:
            repository: /srv/nixgen-test/other
            secrets: shelf
            schedule: "04:00"
            retention: { last: 2 }
        secrets:
          shelf:
            files: { RESTIC_PASSWORD: /etc/secrets/shelf }
        hosts:
          attic:
            destinations: [shelf]
            services:
              boxes:
                backupPaths:
                  - /srv/nixgen-test/plain
                  - "/srv/nixgen-test/with  blanks"
                  - "/srv/nixgen-test/it's \"quoted\""
                  - /srv/nixgen-test/-rf
                  - "/srv/nixgen-test/$(touch pwned)`touch pwned`$HOME"
                  - "/srv/nixgen-test/[glob]*?\\"
                  - /srv/nixgen-test/ünï
                  - { path: /srv/nixgen-test/maybe, optional: true }
              foreign: { backupPaths: [/srv/nixgen-test/foreign], destinations: [pinned] }
        """;
}
