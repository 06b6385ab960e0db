namespace NixGen.Findings;

/// <summary>
/// Every code that NixGen can report, in one list: the contract that users put into scripts and searches.
/// <c>nixgen explain NG1003</c> prints an entry.
/// </summary>
public static class Codes
{
    // Reading: from text to a tree

    public static readonly FindingCode BrokenYaml = new(
        "NG1001",
        Severity.Error,
        "not valid YAML",
        "The text cannot be read as YAML from this place on; nothing after it was looked at.",
        "services:\n  radarr: [unclosed",
        "Correct the syntax. A missing quote, bracket or blank after a colon just before the place is the usual reason.");

    public static readonly FindingCode EmptyFile = new(
        "NG1002",
        Severity.Error,
        "empty file",
        "The file holds nothing, or only comments. An inventory that says nothing would generate nothing.",
        "# all commented out",
        "Write the inventory, or delete the file.");

    public static readonly FindingCode UnknownKey = new(
        "NG1003",
        Severity.Error,
        "unknown key",
        "No such key exists here. NixGen refuses it because a mistyped key that is ignored means that something is not backed up.",
        "backupPath: [/var/lib/hass]",
        "Correct the spelling, or remove the key. The keys are listed in docs/inventory.md.");

    public static readonly FindingCode DuplicateKey = new(
        "NG1004",
        Severity.Error,
        "set twice",
        "The same key is set twice, in one file or in two files of the inventory folder. One of the two would be lost.",
        "radarr: { covers: a }\nradarr: { covers: b }",
        "Keep one of the two, or merge them by hand.");

    public static readonly FindingCode Alias = new(
        "NG1005",
        Severity.Error,
        "anchor or alias",
        "Anchors (&x) and aliases (*x) make a text mean something that does not stand where it is read.",
        "destinations: &all [b2]",
        "Write the value out, or use `defaults` for what several hosts or services share.");

    public static readonly FindingCode MergeKey = new(
        "NG1006",
        Severity.Error,
        "merge key",
        "The merge key (<<) left YAML with version 1.2; readers disagree on what it does.",
        "radarr:\n  <<: *arr",
        "Use `defaults`, or write the keys out.");

    public static readonly FindingCode SeveralDocuments = new(
        "NG1007",
        Severity.Error,
        "several documents",
        "A file holds one YAML document; what follows a second `---` would be dropped.",
        "hosts: {}\n---\nhosts: {}",
        "Put each document into a file of its own in the folder inventory/.");

    public static readonly FindingCode NotUtf8 = new(
        "NG1008",
        Severity.Error,
        "not UTF-8",
        "The file holds bytes that are not UTF-8, or a NUL; Nix strings cannot carry them.",
        "covers: caf\\xe9",
        "Save the file as UTF-8.");

    public static readonly FindingCode Tab = new(
        "NG1009",
        Severity.Error,
        "tab as indentation",
        "YAML forbids tabs as indentation.",
        "hosts:\n\\thomelab: {}",
        "Indent with blanks.");

    public static readonly FindingCode TooDeep = new(
        "NG1010",
        Severity.Error,
        "nested too deeply",
        "The value is nested deeper than any inventory needs to be.",
        "[[[[[[[[[[ ...",
        "Flatten it.");

    public static readonly FindingCode AmbiguousScalar = new(
        "NG1011",
        Severity.Error,
        "means another thing to other readers",
        "YAML 1.1 readers take this plain word for a boolean, an octal or base-60 number, or nothing at all; people and tools would read two things.",
        "schedule: 13:00\ncovers: no",
        "Put it in quotes if it is text; write true, false or a plain decimal number otherwise.");

    public static readonly FindingCode Tag = new(
        "NG1012",
        Severity.Error,
        "tag",
        "Tags (!x, !!str) change what a value is; the inventory has no use for them.",
        "covers: !!str 5",
        "Remove the tag; quote the value if it is text.");

    public static readonly FindingCode ComplexKey = new(
        "NG1013",
        Severity.Error,
        "key that is not a word",
        "A key must be a single word or text, not a list, a map or nothing.",
        "? [a, b]\n: c",
        "Write a plain key.");

    public static readonly FindingCode ControlCharacter = new(
        "NG1014",
        Severity.Error,
        "control character",
        "The value holds a control character (a line break, a tab, an escape). It would reach paths, units and logs.",
        "covers: \"a\\u0007b\"",
        "Remove it.");

    public static readonly FindingCode TooLarge = new(
        "NG1015",
        Severity.Error,
        "file too large",
        "The file is larger than any inventory needs to be.",
        "(over 64 MiB)",
        "Split the inventory over several files in the folder inventory/.");

    public static readonly FindingCode WrongKind = new(
        "NG1016",
        Severity.Error,
        "another kind of value expected",
        "The key takes another kind of value: a text, a list, or a map of keys.",
        "backupPaths: /var/lib/hass",
        "Write the value in the form that the message names.");

    public static readonly FindingCode BadValue = new(
        "NG1017",
        Severity.Error,
        "value not possible",
        "The value is none of those possible here.",
        "missing: ignore",
        "Write one of the values that the message names.");

    public static readonly FindingCode MissingKey = new(
        "NG1018",
        Severity.Error,
        "key missing",
        "A key that must be there is not.",
        "destinations:\n  b2: {}",
        "Add the key.");

    public static readonly FindingCode NoInventory = new(
        "NG1019",
        Severity.Error,
        "no inventory found",
        "There is neither inventory.yaml nor a folder inventory/ here, or both and one would be ignored; or what --inventory names does not exist or holds no YAML file.",
        "nixgen generate --inventory missing.yaml",
        "Go to the folder that holds the inventory, or name it with --inventory. `nixgen import` writes a first one.");

    public static readonly FindingCode NoValue = new(
        "NG1020",
        Severity.Error,
        "key without a value",
        "The key has no value. Readers disagree on whether that means empty, unset or the default.",
        "backupPaths:",
        "Write the value, or remove the key; an empty list is [] and an empty map {}.");

    public static readonly FindingCode TwoCatalogues = new(
        "NG1021",
        Severity.Error,
        "two catalogues",
        "There is a catalogue.yaml in the folder of the inventory and another one beside it. One of the two would be ignored.",
        "inventory/catalogue.yaml and catalogue.yaml",
        "Keep one of them, or name one with --catalogue.");

    // Binding: from a tree to an inventory

    public static readonly FindingCode BadName = new(
        "NG1101",
        Severity.Error,
        "name not usable",
        "Names of hosts, services, destinations and secrets become parts of file names, unit names and restic tags.",
        "services:\n  \"my app!\": {}",
        "Use letters, digits, - and _, beginning with a letter or digit, at most 50 characters. The name for people is the `title` of a service.");

    public static readonly FindingCode BadPath = new(
        "NG1102",
        Severity.Error,
        "path not usable",
        "A backup path is taken literally and must name one place: absolute, without . or .. or empty parts, without a slash at the end.",
        "backupPaths: [var/lib/hass/]",
        "Write the path as `readlink -f` prints it on the host.");

    public static readonly FindingCode HiddenPath = new(
        "NG1103",
        Severity.Error,
        "path that the backup cannot see",
        "The path is no data of a service (/nix, /proc, /sys, /dev, /run), or the hardened unit has a private view of it (/tmp, /var/tmp). The backup would be empty, or endless.",
        "backupPaths: [/tmp/export]",
        "Move the data below /var/lib, or declare the folders that matter.");

    public static readonly FindingCode BadExclude = new(
        "NG1104",
        Severity.Error,
        "exclude not usable",
        "restic would refuse the pattern, or match something else than it says.",
        "backupExcludes: [\"[a-\"]",
        "Write a restic pattern: * ? [a-z] and ** as a whole part; a backslash takes the next character literally.");

    public static readonly FindingCode ForeignExclude = new(
        "NG1105",
        Severity.Error,
        "exclude that matches nothing",
        "The pattern lies in none of the backup paths of its service. It would exclude nothing, or another service's data.",
        "backupPaths: [/var/lib/hass]\nbackupExcludes: [/var/lib/jellyfin/log]",
        "Write it relative to the backup paths (log, *.tmp, **/cache), or absolute inside one of them.")
    {
        IsLint = true,
    };

    public static readonly FindingCode BadSchedule = new(
        "NG1106",
        Severity.Error,
        "schedule not understood",
        "systemd would refuse the calendar expression, and the timer would never run.",
        "schedule: nightly",
        "Write a systemd calendar expression: \"03:00\", \"Sun 05:00\", \"Mon..Fri 22:30\", \"*-*-01 04:00\", daily. systemd-analyze calendar explains them.");

    public static readonly FindingCode NeverElapses = new(
        "NG1107",
        Severity.Error,
        "schedule that never comes",
        "The calendar expression names a time that never comes (again); systemd accepts it without a word and the job never runs.",
        "schedule: \"*-02-30 03:00\"",
        "Correct the date.");

    public static readonly FindingCode KeepsNothing = new(
        "NG1108",
        Severity.Error,
        "retention that keeps nothing",
        "A retention without any count above zero would forget every snapshot.",
        "retention: { daily: 0 }",
        "Give at least one count above zero, or write retention: keep-all.");

    public static readonly FindingCode BadRepository = new(
        "NG1109",
        Severity.Error,
        "repository not usable",
        "The repository is not written in a form that restic, systemd and Backrest all read the same way.",
        "repository: b2",
        "Write kind:place, such as b2:bucket:folder, s3:https://host/bucket, rest:https://host/path or an absolute local path.");

    public static readonly FindingCode PasswordInRepository = new(
        "NG1110",
        Severity.Error,
        "password in a repository",
        "The repository names a user and a password. It would be readable by everybody in the Nix store, in git and in the unit.",
        "repository: rest:https://me:secret@nas/",
        "Remove user and password; give them as RESTIC_REST_USERNAME and RESTIC_REST_PASSWORD in `secrets`.")
    {
        IsLint = true,
    };

    public static readonly FindingCode UnsupportedRepository = new(
        "NG1111",
        Severity.Error,
        "repository kind not supported",
        "The kind needs programs and files (ssh, rclone) that the generated units do not set up; they would fail at night.",
        "repository: sftp:me@nas:/backup",
        "Use a local path, rest:, s3:, b2:, azure:, gs: or swift:.");

    public static readonly FindingCode BadSecretReference = new(
        "NG1112",
        Severity.Error,
        "secret reference not addressable",
        "op reads op://vault/item/field with letters, digits, blanks, - _ and . only; other characters cannot be addressed by name.",
        "item: \"Backblaze (B2)\"",
        "Use the unique ID of the vault, item or field, as `op item get NAME --format json` prints it.")
    {
        IsLint = true,
    };

    public static readonly FindingCode BadVariable = new(
        "NG1113",
        Severity.Error,
        "variable not usable",
        "Only variables that restic reads belong into a set of secrets; others could change how the units run, or are mistyped.",
        "fields: { B2_ACOUNT_ID: keyID }",
        "Correct the name: RESTIC_PASSWORD, RESTIC_REST_USERNAME, RESTIC_REST_PASSWORD, GOOGLE_PROJECT_ID, GOOGLE_ACCESS_TOKEN, B2_*, AWS_*, AZURE_*, OS_* or ST_*; Backrest's password is BACKREST_PASSWORD.");

    public static readonly FindingCode BadListen = new(
        "NG1114",
        Severity.Error,
        "address not usable",
        "Backrest listens on an IP address and a port.",
        "listen: 9898",
        "Write \"127.0.0.1:9898\"; in front of a reverse proxy the loopback address is right.");

    public static readonly FindingCode BadDuration = new(
        "NG1115",
        Severity.Error,
        "time span not understood",
        "systemd would refuse the time span.",
        "randomizedDelay: soon",
        "Write a number and a unit: 90s, 30m, 1h.");

    public static readonly FindingCode BadUnit = new(
        "NG1116",
        Severity.Error,
        "unit not usable",
        "The name is not that of a systemd unit that can be stopped and started.",
        "units: [\"home assistant\"]",
        "Write the name as `systemctl status` takes it, such as home-assistant.service.");

    public static readonly FindingCode BadDatabase = new(
        "NG1117",
        Severity.Error,
        "database not usable",
        "It is not clear which database is meant, or its name would mean something else to the tool that copies it.",
        "databases: { sqlite: [../app.db], postgresql: [\"my db\"] }",
        "Write an SQLite file in full, or relative to the only backup path, and not below /run, /tmp and the like; other databases by a name of letters, digits, - and _.");

    // Planning: from an inventory to what each host does

    public static readonly FindingCode NothingToDo = new(
        "NG2001",
        Severity.Error,
        "nothing to generate",
        "No host backs up anything. A generator that yields nothing and calls it success is how backups get lost.",
        "hosts: {}",
        "Declare at least one host with a service that has backupPaths.");

    public static readonly FindingCode UnknownReference = new(
        "NG2002",
        Severity.Error,
        "name not declared",
        "The name refers to something that is declared nowhere.",
        "destinations: [b3]",
        "Correct the name, or declare it.");

    public static readonly FindingCode NoPaths = new(
        "NG2003",
        Severity.Error,
        "service that says nothing",
        "The service has neither backupPaths nor noBackup; whether its data matters is not said.",
        "services:\n  radarr: {}",
        "Add backupPaths, or noBackup with the reason.");

    public static readonly FindingCode PathsAndNoBackup = new(
        "NG2004",
        Severity.Error,
        "backed up and not",
        "The service says both what to back up and that it is not backed up.",
        "radarr:\n  backupPaths: [/var/lib/radarr]\n  noBackup: rebuilt from scratch",
        "Remove one of the two.");

    public static readonly FindingCode NeverBackedUp = new(
        "NG2005",
        Severity.Error,
        "path that must never be backed up",
        "The path lies in one that neverBackUp names.",
        "neverBackUp: { /var/lib/media: too large }\nbackupPaths: [/var/lib/media/films]",
        "Remove the path, or the entry of neverBackUp.")
    {
        IsLint = true,
    };

    public static readonly FindingCode NeverExcluded = new(
        "NG2006",
        Severity.Note,
        "left out of a backup path",
        "neverBackUp names a place inside a backup path; it is excluded from the backup.",
        "neverBackUp: { /var/lib/media: too large }\nbackupPaths: [/var/lib]",
        "Nothing, if that is what you want.");

    public static readonly FindingCode MissingVariable = new(
        "NG2007",
        Severity.Error,
        "secret missing",
        "The kind of repository needs a variable that the set of secrets does not give; restic would fail every night.",
        "fields: { B2_ACCOUNT_ID: keyID }",
        "Add the variable to the set.");

    public static readonly FindingCode SameRepository = new(
        "NG2008",
        Severity.Error,
        "one repository, two destinations",
        "Two destinations name the same repository. Each would forget and prune as if it were alone.",
        "b2: { repository: b2:x:y }\nbee: { repository: b2:x:y }",
        "Keep one of the two; services with other needs get a schedule and retention of their own.")
    {
        IsLint = true,
    };

    public static readonly FindingCode NoMaintainer = new(
        "NG2009",
        Severity.Error,
        "shared repository without a maintainer",
        "Several hosts share the repository. Exactly one of them may create it, reclaim space and check it.",
        "hosts: { a: ..., b: ... }  # both use b2",
        "Name it: maintenance: { host: a }. Or give each host its own repository with {host} in the name.")
    {
        IsLint = true,
    };

    public static readonly FindingCode NoWebPassword = new(
        "NG2010",
        Severity.Error,
        "web interface without a password",
        "Whoever reaches Backrest reads all backups and runs commands; it has to ask for a password.",
        "backrest: { listen: \"127.0.0.1:9898\" }",
        "Name the set of secrets that holds BACKREST_PASSWORD: backrest: { secrets: backrest }. Or turn it off: backrest: { enable: false }.");

    public static readonly FindingCode UnusedService = new(
        "NG2011",
        Severity.Error,
        "service on no host",
        "The service is declared but on no host, so nothing backs it up.",
        "services: { radarr: {...} }\nhosts: { homelab: { services: {} } }",
        "Add it to a host: services: { radarr: {} }. Or remove it.")
    {
        IsLint = true,
    };

    public static readonly FindingCode Unused = new(
        "NG2012",
        Severity.Warning,
        "declared but not used",
        "Nothing refers to the declaration.",
        "destinations: { old: {...} }",
        "Use it or remove it.")
    {
        IsLint = true,
    };

    public static readonly FindingCode NameClash = new(
        "NG2013",
        Severity.Error,
        "two things with one name",
        "Two jobs, or two hosts on a file system that ignores case, would have the same name.",
        "hosts: { nas: {}, NAS: {} }",
        "Rename one of the two.");

    public static readonly FindingCode NoDestination = new(
        "NG2014",
        Severity.Error,
        "no destination",
        "The service has something to back up but nowhere to put it.",
        "destinations: []",
        "Declare one below `destinations` at the top level, and name it in `destinations` of defaults, of the host or of the service: [NAME].");

    public static readonly FindingCode NoToken = new(
        "NG2015",
        Severity.Error,
        "1Password without a token file",
        "A set of secrets comes from 1Password, but it is not said where the host keeps its service-account token.",
        "secrets: { b2: { onePassword: ... } }",
        "Set onePassword: { tokenFile: /etc/homelab/op-token } in defaults or for the host.");

    public static readonly FindingCode NoSchedule = new(
        "NG2016",
        Severity.Error,
        "no schedule",
        "Neither the service nor its host nor the destination nor defaults says when to back up.",
        "destinations: { b2: { repository: b2:x:y } }",
        "Add schedule: \"03:00\" to the destination.");

    public static readonly FindingCode NoRetention = new(
        "NG2017",
        Severity.Error,
        "no retention",
        "Neither the service nor its host nor the destination nor defaults says which snapshots to keep.",
        "destinations: { b2: { repository: b2:x:y } }",
        "Add retention: { daily: 7, weekly: 4, monthly: 6 }, or retention: keep-all.");

    public static readonly FindingCode OpenListener = new(
        "NG2018",
        Severity.Warning,
        "web interface on the network",
        "Backrest listens beyond this machine, unencrypted: password and files cross the network in the clear.",
        "listen: \"0.0.0.0:9898\"",
        "Listen on 127.0.0.1 and put a reverse proxy with TLS in front.")
    {
        IsLint = true,
    };

    public static readonly FindingCode WrongMaintainer = new(
        "NG2019",
        Severity.Error,
        "maintainer that does not use the repository",
        "The host that maintains the repository does not back up to it, so its unit would have no secrets.",
        "maintenance: { host: c }",
        "Name one of the hosts that use the destination.")
    {
        IsLint = true,
    };

    public static readonly FindingCode SharedPath = new(
        "NG2020",
        Severity.Error,
        "path in two services",
        "Two services of the host declare the same path; which of them owns it, and restores it, is not said.",
        "a: { backupPaths: [/srv/x] }\nb: { backupPaths: [/srv/x] }",
        "Declare it once.")
    {
        IsLint = true,
    };

    public static readonly FindingCode TokenInBackup = new(
        "NG2021",
        Severity.Error,
        "token in a backup path",
        "The backup path is the 1Password token itself, or the token would be all that is left out of it.",
        "tokenFile: /var/lib/token\nbackupPaths: [/var/lib/token]",
        "Keep the token out of the backup: whoever reads it reads every secret.");

    public static readonly FindingCode WalWithoutCopy = new(
        "NG2022",
        Severity.Error,
        "write-ahead log left out of a live database",
        "The pattern leaves the -wal, -shm or -journal file of an SQLite database out of the backup, but not the database. What was written last would be missing from the copy, or the copy be malformed.",
        "backupExcludes: [\"data/*.sqlite-wal\"]",
        "Remove the exclude, and declare the database: databases: { sqlite: [FILE] }. It is then copied consistently, and its live files stay out.")
    {
        IsLint = true,
    };

    public static readonly FindingCode StopWithoutUnits = new(
        "NG2023",
        Severity.Error,
        "stop without units",
        "The service asks to be stopped for its backup, but not which units are to be stopped.",
        "radarr: { stop: true }",
        "Name them: units: [radarr.service].");

    public static readonly FindingCode StopAndCopy = new(
        "NG2024",
        Severity.Error,
        "stopped and copied",
        "Databases are copied while the service runs, or the service is stopped while its files are read; both together say that one of them is not trusted.",
        "radarr: { stop: true, databases: { sqlite: [radarr.db] } }",
        "Keep one: `databases` costs no downtime; `stop` suits files that no tool copies.");

    public static readonly FindingCode ExcludedPath = new(
        "NG2025",
        Severity.Error,
        "backup path that an exclude empties",
        "An exclude holds for everything that restic backs up in one run. This one leaves out a path that is to be backed up; restic would store an empty folder and call it success.",
        "outer: { backupPaths: [/srv], backupExcludes: [inner] }\ninner: { backupPaths: [/srv/inner] }",
        "Remove the exclude, or make it narrower. If both are wanted, give one of the services a schedule of its own: it gets a job of its own.")
    {
        IsLint = true,
    };

    // Lints: what may be intended

    public static readonly FindingCode BadAcceptance = new(
        "NG2100",
        Severity.Error,
        "finding that cannot be accepted",
        "`accept` names a code that does not exist, or one that is no lint: nothing useful could be generated, whoever accepts it.",
        "accept: { NG2016: no schedule is needed }",
        "Correct the code; docs/lints.md lists those that can be accepted. Everything else has to be mended.");

    public static readonly FindingCode AcceptsNothing = new(
        "NG2101",
        Severity.Warning,
        "acceptance of nothing",
        "Nothing is found that this `accept` would accept: the reason was mended, or it stands at another service, host or destination. Left alone, it would hide the next finding of its kind.",
        "accept: { NG2018: only reachable through the VPN }  # and listen: \"127.0.0.1:9898\"",
        "Remove it, or move it to what the finding is about.");

    public static readonly FindingCode LiveDatabase = new(
        "NG2102",
        Severity.Warning,
        "live database without a consistent copy",
        "As far as the catalogue knows, the service keeps a database that is written to while restic reads it, or that a server keeps elsewhere. Copies of a database with its write-ahead log, made while a few rows a second were written, were malformed in 11 of 20 tries; under load, in all of them.",
        "radarr: { backupPaths: [/var/lib/radarr] }",
        "Declare what is to be copied (databases: { sqlite: [radarr.db] }), or stop the service meanwhile (stop: true, with its units).")
    {
        IsLint = true,
    };

    public static readonly FindingCode LinkedPath = new(
        "NG2103",
        Severity.Warning,
        "path of a DynamicUser that is a link",
        "The unit of this service has a DynamicUser: systemd keeps its data below a folder `private`, and the path is a symlink to it. restic stores the link and none of the data, so the backup ends failed.",
        "backupPaths: [/var/lib/prowlarr]",
        "Write the real path, /var/lib/private/prowlarr. Accept it if your unit has a user of its own.")
    {
        IsLint = true,
    };

    public static readonly FindingCode StateElsewhere = new(
        "NG2104",
        Severity.Warning,
        "state that lies elsewhere",
        "The service keeps state in a further place, or outside of /var/lib, which no service of the host backs up.",
        "pihole-ftl: { backupPaths: [/var/lib/pihole] }  # and /etc/pihole?",
        "Add the place, or say in neverBackUp why it is not needed.")
    {
        IsLint = true,
    };

    public static readonly FindingCode DatedPath = new(
        "NG2105",
        Severity.Warning,
        "path that depends on stateVersion",
        "Where the service keeps its state depends on system.stateVersion, so the path that is right for one host is wrong for another.",
        "vaultwarden: { backupPaths: [/var/lib/vaultwarden] }",
        "Declare both places, with `optional: true` at the one that may be absent. Or look at the host, and accept with its stateVersion as reason.")
    {
        IsLint = true,
    };

    public static readonly FindingCode MediaInBackup = new(
        "NG2106",
        Severity.Warning,
        "media in a backup path",
        "The service keeps large data of users inside of what is backed up; it can make the repository many times larger.",
        "transmission: { backupPaths: [/var/lib/transmission] }",
        "Exclude it, name it in neverBackUp, or accept it with the reason if it is what you want to keep.")
    {
        IsLint = true,
    };

    public static readonly FindingCode NestedPath = new(
        "NG2107",
        Severity.Warning,
        "path inside another one",
        "The path lies in another path of the same backup. It is backed up once, but two declarations own it, and a restore of the outer one replaces the inner one, too.",
        "backupPaths: [/srv/git, /srv/git/hooks]",
        "Remove one of the two. A service with a schedule of its own may repeat a path: it has a backup of its own.")
    {
        IsLint = true,
    };

    public static readonly FindingCode IdleExclude = new(
        "NG2108",
        Severity.Warning,
        "exclude without effect",
        "By the rules of restic the pattern matches no file that is likely to exist, or nothing that another exclude does not match already.",
        "backupExcludes: [.log]",
        "Write what is meant: *.log at the top, **/*.log at any depth. restic knows * ? [a-z] and **, but no { , } and no ~.")
    {
        IsLint = true,
    };

    public static readonly FindingCode LiteralPath = new(
        "NG2109",
        Severity.Warning,
        "path that looks like a pattern",
        "Paths are taken literally: * ? and [ ] are characters of a name. If no file is called so, nothing is backed up, or nothing is left out.",
        "backupPaths: [/home/*/Documents]",
        "Write each path out, or the folder around them with excludes. Accept it if the name is like that.")
    {
        IsLint = true,
    };

    public static readonly FindingCode IdleSetting = new(
        "NG2110",
        Severity.Warning,
        "setting that no backup uses",
        "The schedule, retention, list of destinations or token file holds for nothing: something nearer says otherwise everywhere, or there is nothing to back up. Who reads it takes it for true.",
        "defaults: { retention: { daily: 30 } }  # and every destination has its own",
        "Remove it, or remove what goes before it.")
    {
        IsLint = true,
    };

    public static readonly FindingCode ThinnedAppendOnly = new(
        "NG2111",
        Severity.Error,
        "append-only repository that would be thinned",
        "The destination is append-only: nothing can be deleted from it with what the host knows. Forgetting and reclaiming would fail every time, and the backup with them.",
        "disk: { appendOnly: true, retention: { daily: 7 } }",
        "Write retention: keep-all, and leave maintenance.reclaim out. Thin the repository out from a trusted machine.")
    {
        IsLint = true,
    };

    public static readonly FindingCode Collision = new(
        "NG2112",
        Severity.Warning,
        "at the same minute",
        "Reclaiming, checking and forgetting need a repository for themselves; a backup that waits for them gives up after 30 minutes. And two backups to different places read the same disk at once.",
        "schedule: \"03:00\"\nmaintenance: { reclaim: \"Sun 03:00\" }",
        "Move one of them by an hour or more, or give it a randomizedDelay.")
    {
        IsLint = true,
    };

    public static readonly FindingCode SkippedHour = new(
        "NG2113",
        Severity.Warning,
        "time that clocks skip in spring",
        "When summer time begins, clocks go from 02:00 to 03:00, in some zones at another hour. systemd leaves out what would elapse in between, and does not catch it up: a day without a backup, or a week for a weekly run.",
        "schedule: \"02:30\"",
        "Choose a time before 01:00 or from 03:00 on, or one in UTC: \"02:30 UTC\". Accept it if the host's zone has no summer time.")
    {
        IsLint = true,
    };

    public static readonly FindingCode PlainSecret = new(
        "NG2114",
        Severity.Error,
        "secret in plain text",
        "The text has the form of a key, a token, or a password in an address. The inventory stands in git, and whoever reads it could use the secret.",
        "token: ops_eyJ...",
        "Revoke the secret: it may be in git's history, too. Put the new one into 1Password or a file of the host, and name it in `secrets`.")
    {
        IsLint = true,
    };

    // Planning: what the catalogue says

    public static readonly FindingCode NotFromCatalogue = new(
        "NG2150",
        Severity.Error,
        "not to be taken from the catalogue",
        "The catalogue knows the service, but not enough to back it up by name: there may be several of it, or its live files must not be read.",
        "services:\n  postgresql: {}",
        "Write what the message says; `nixgen catalogue NAME` says what is known.");

    public static readonly FindingCode UnverifiedEntry = new(
        "NG2151",
        Severity.Warning,
        "entry of the catalogue not verified",
        "The entry was written without the text of the NixOS module, or with a part of it only. Its data may lie elsewhere.",
        "services:\n  backrest: {}",
        "Look on the host, then write backupPaths; or say verified: true in a catalogue.yaml of your own.");

    public static readonly FindingCode ExcludesSuggested = new(
        "NG2152",
        Severity.Note,
        "excludes suggested",
        "The catalogue knows what of the service can be made again, such as caches. Nothing is left out before somebody has accepted it: a wrong exclude loses data.",
        "services:\n  jellyfin: {}",
        "acceptExcludes: true leaves them out; acceptExcludes: false keeps them, and this note is not printed again.");

    public static readonly FindingCode NothingSuggested = new(
        "NG2153",
        Severity.Error,
        "nothing to accept",
        "acceptExcludes accepts what the catalogue suggests; here it suggests nothing, or the service takes nothing from it.",
        "app: { backupPaths: [/srv/app], acceptExcludes: true }",
        "Remove acceptExcludes, and write backupExcludes if you want to leave something out.");

    // Rendering: from a plan to text

    public static readonly FindingCode BrokenTemplate = new(
        "NG3001",
        Severity.Error,
        "template not valid",
        "The template cannot be read.",
        "{{ if x }} without end",
        "Correct the template.");

    public static readonly FindingCode TemplateFailed = new(
        "NG3002",
        Severity.Error,
        "template failed",
        "The template asks for something that does not exist, or fails while it runs.",
        "{{ jobs.nmae }}",
        "Correct the template; docs/templates.md lists what it can use.");

    public static readonly FindingCode UnknownTemplate = new(
        "NG3003",
        Severity.Error,
        "template that nothing uses",
        "The folder of --templates holds a file that replaces none of NixGen's own templates, or none at all; it would be ignored.",
        "restik.nix.scriban",
        "Rename it to one of the names in the message, or remove it.");

    public static readonly FindingCode MalformedOutput = new(
        "NG3004",
        Severity.Error,
        "template made broken Nix",
        "The rendered text is not well-formed: an unclosed string, bracket or comment.",
        "paths = [ {{ x }}",
        "Correct the template.");

    // Publishing: from text to files

    public static readonly FindingCode CannotRead = new(
        "NG4001",
        Severity.Error,
        "cannot be read",
        "The file or folder exists but cannot be read.",
        "(permission denied)",
        "Look at its owner and mode, and at the disk.");

    public static readonly FindingCode CannotWrite = new(
        "NG4002",
        Severity.Error,
        "cannot be written",
        "The file or folder cannot be written. No file is cut off: each is as it was before, or new; the next `nixgen generate` finishes the rest.",
        "(disk full)",
        "Make room or correct owner and mode, and run `nixgen generate` again.");

    public static readonly FindingCode ForeignFile = new(
        "NG4003",
        Severity.Error,
        "in the way",
        "A file that NixGen did not write, a folder or a symbolic link stands where a generated file belongs. NixGen never overwrites what it did not write, and follows no links; nothing was written.",
        "generated/homelab/restic.nix (by hand)",
        "Move it away, or choose another --output.");

    public static readonly FindingCode Drifted = new(
        "NG4004",
        Severity.Error,
        "not what the inventory says",
        "The committed file was generated from another inventory, with other templates, or by another version.",
        "(inventory changed, not generated again)",
        "Run `nixgen generate` and commit the result.");

    public static readonly FindingCode MissingFile = new(
        "NG4005",
        Severity.Error,
        "not generated yet",
        "The inventory asks for a file that is not there.",
        "(new host, not generated)",
        "Run `nixgen generate` and commit the result.");

    public static readonly FindingCode LeftOver = new(
        "NG4006",
        Severity.Error,
        "left over",
        "NixGen wrote the file once, but the inventory no longer asks for it; or a run that was interrupted left it.",
        "(host removed, its folder still there)",
        "Run `nixgen generate` and commit the result.");

    public static readonly FindingCode EditedByHand = new(
        "NG4007",
        Severity.Error,
        "edited by hand",
        "The file was changed after NixGen wrote it. The next `nixgen generate` replaces the change.",
        "(paths added in generated/homelab/restic.nix)",
        "Make the change in the inventory, in a template (--templates) or in a module of your own; then run `nixgen generate`.");

    public static readonly FindingCode BrokenManifest = new(
        "NG4008",
        Severity.Error,
        "manifest not readable",
        "manifest.json in the output folder is damaged, so NixGen cannot tell which files are its own, and which were edited.",
        "(merge conflict in manifest.json)",
        "Take one side of it (git checkout --ours, or --theirs) and run `nixgen generate`. If you delete it instead, look for the folders of removed hosts yourself.");

    public static readonly FindingCode Busy = new(
        "NG4009",
        Severity.Error,
        "another run is at work",
        "Another nixgen writes to the same folder and did not finish in time.",
        "(two terminals)",
        "Wait for it, then try again.");

    public static readonly FindingCode NewerManifest = new(
        "NG4010",
        Severity.Error,
        "written by a newer version",
        "The folder was written by a newer NixGen with another format.",
        "(an old nixgen in CI)",
        "Update this NixGen.");

    public static readonly FindingCode EditReplaced = new(
        "NG4011",
        Severity.Warning,
        "edit replaced",
        "The file had been changed by hand; `generate` has replaced the change.",
        "(paths added in generated/homelab/restic.nix)",
        "If the change was wanted, find it in git and make it in the inventory.");

    public static readonly FindingCode LeftOverKept = new(
        "NG4012",
        Severity.Warning,
        "left-over kept",
        "The inventory no longer asks for the file, but it is not as NixGen wrote it. It was left in place and is no longer NixGen's.",
        "(host removed, its restic.nix edited by hand)",
        "Delete it, or keep it as a file of your own.");

    // Changes: from what was backed up to what will be

    public static readonly FindingCode BacksUpLess = new(
        "NG5001",
        Severity.Error,
        "backs up less than before",
        "Something that was backed up no longer is, goes to fewer places, or is kept for less time, and the inventory does not say that this is meant. Nothing was written.",
        "radarr:\n  # backupPaths: [/var/lib/radarr]\n  noBackup: (a service commented out, renamed, or moved to a file that is not read)",
        "Put it back; or write it into `retired` with date and reason, which keeps the reason in BACKUPS.md; or run the command once with --accept-shrink.");

    public static readonly FindingCode CannotCompare = new(
        "NG5002",
        Severity.Error,
        "nothing to compare with",
        "What was backed up before stands in generated/<host>/backups.json. It is missing, damaged, or cannot be had from git, so NixGen cannot tell whether something is lost.",
        "(merge conflict in backups.json)",
        "Get the file back (git checkout -- generated), or run the command once with --accept-shrink.");

    public static readonly FindingCode RetiredButBackedUp = new(
        "NG5003",
        Severity.Error,
        "retired, but backed up",
        "An entry of `retired` names something that is still backed up. Left there, it would let the same thing go without a word the next time.",
        "retired: [{ service: radarr, date: \"2026-01-31\", reason: moved }]\nhosts: { nas: { services: { radarr: { backupPaths: [/var/lib/radarr] } } } }",
        "Remove the entry, or what it names.");

    public static readonly FindingCode ShrinkAccepted = new(
        "NG5004",
        Severity.Warning,
        "less is backed up, and accepted",
        "--accept-shrink let a change pass that backs up less, or that could not be compared with what was before. No reason of it is kept.",
        "nixgen generate --accept-shrink",
        "Nothing, if it was meant. An entry of `retired` keeps the reason.");

    public static readonly FindingCode NoCoverageYet = new(
        "NG5005",
        Severity.Warning,
        "not yet known what was backed up",
        "The generated files of the host come from a NixGen that wrote no backups.json. Whether something is lost cannot be told this one time.",
        "(first run after an update)",
        "Look at the difference of BACKUPS.md yourself, and commit the new files.");

    // Auditing: what a host runs, and what of it is backed up

    public static readonly FindingCode BadFacts = new(
        "NG6001",
        Severity.Error,
        "facts not readable",
        "The file is not what the expression of `nixgen audit` makes, or it is damaged: who audited it would call things covered that are only unread.",
        "{ \"generator\": \"nixgen audit\", \"format\": 1, \"services\": [] }",
        "Make it again: nix eval --json .#nixosConfigurations.HOST --apply \"$(nixgen audit --print-expression)\".");

    public static readonly FindingCode FactsOfAnotherFormat = new(
        "NG6002",
        Severity.Error,
        "facts of another format",
        "The facts were made by the expression of another NixGen, whose format this one does not read.",
        "{ \"generator\": \"nixgen audit\", \"format\": 2 }",
        "Make them with the expression of this NixGen.");

    public static readonly FindingCode NixFailed = new(
        "NG6003",
        Severity.Error,
        "evaluation failed",
        "`nix eval` of the configuration failed, so what the host runs is not known.",
        "nixgen audit --flake .#hots",
        "Correct what Nix says. The host must build its configuration without an error.");

    public static readonly FindingCode FactsIncomplete = new(
        "NG6004",
        Severity.Warning,
        "configuration not read whole",
        "Some options throw when they are read. What they say is not in the audit, and may be a gap.",
        "{ \"unreadable\": [\"services.broken.dataDir\"] }",
        "Look at these options by hand, or correct them in the configuration.");

    public static readonly FindingCode BadBaseline = new(
        "NG6005",
        Severity.Error,
        "baseline not readable",
        "The baseline cannot be read, so what it accepts is not known.",
        "{ \"format\": 1, \"accepted\": [{ \"key\": \"gap radarr /srv\" }] }",
        "Correct it, or write it again with --write-baseline.");

    public static readonly FindingCode StaleBaseline = new(
        "NG6006",
        Severity.Note,
        "baseline entry without a gap",
        "The baseline accepts something that is no longer found. It would hide the same gap if it came back.",
        "{ \"host\": \"nas\", \"key\": \"gap removed /var/lib/removed\" }",
        "Remove the entry, or write the baseline again with --write-baseline.");

    public static readonly FindingCode NotExpressed = new(
        "NG6007",
        Severity.Warning,
        "not in the inventory",
        "`nixgen import` found something in the configuration that it could not write into the inventory.",
        "services.restic.backups.nas.repository = \"sftp:…\";",
        "Add it by hand, or decide that it is not needed.");

    public static readonly FindingCode NotCovered = new(
        "NG6101",
        Severity.Error,
        "not covered",
        "A service that runs on the host keeps data that no backup contains.",
        "services.radarr.enable = true;  # and no radarr in the inventory",
        "Add its paths or databases to the inventory, or say there why not: with `noBackup` or `neverBackUp`.");

    public static readonly FindingCode CoveredInPart = new(
        "NG6102",
        Severity.Error,
        "covered in part",
        "Some of the data of a service is backed up, and some of it is not.",
        "hosts: { nas: { services: { photos: { backupPaths: [/var/lib/photos/db] } } } }",
        "Back up the rest, too; leave out with `backupExcludes` or `neverBackUp` what is not needed.");

    public static readonly FindingCode NotRunning = new(
        "NG6103",
        Severity.Warning,
        "declared but not running",
        "The inventory backs up a service that the host does not run: it was removed, or has another name than its units.",
        "hosts: { nas: { services: { jackett: { backupPaths: [/var/lib/jackett] } } } }",
        "Remove it from the inventory if its data is no longer needed, or name its `units`.");

    public static readonly FindingCode BackedUpTwice = new(
        "NG6104",
        Severity.Warning,
        "backed up by two services",
        "A backup path lies in one of another service: excludes and schedules of both hold for it, and nobody knows which.",
        "services: { a: { backupPaths: [/srv] }, b: { backupPaths: [/srv/b] } }",
        "Leave it to one of the two.");

    public static readonly FindingCode MediaBackedUp = new(
        "NG6105",
        Severity.Note,
        "media in a backup",
        "Large data of users lies in a folder that is backed up. It may be meant, or cost much.",
        "transmission: { backupPaths: [/var/lib/transmission] }  # with its Downloads",
        "Leave it out with `backupExcludes` or `neverBackUp`, or accept it in the baseline.");

    public static readonly FindingCode PathOfNobody = new(
        "NG6106",
        Severity.Note,
        "path of no service",
        "Nothing that runs on the host is known to write to a backup path. It may be mistyped, or left over.",
        "app: { backupPaths: [/var/lib/ap] }",
        "Correct the path, or name the `units` that write to it.");

    public static readonly FindingCode MachineState = new(
        "NG6107",
        Severity.Note,
        "state of the machine",
        "NixOS keeps it on the machine for no single service, such as host keys of SSH. A new machine makes its own, which is not the same.",
        "ssh and /etc/ssh",
        "Declare it by its name in the catalogue, or say in `neverBackUp` why it is not needed.");

    // Probing: declared paths on the machine itself

    public static readonly FindingCode ProbeMissing = new(
        "NG7001",
        Severity.Error,
        "declared path does not exist here",
        "The inventory declares the path, and this machine does not have it. The backup would end as failed, without it.",
        "backupPaths: [/var/lib/hass]   # and there is no /var/lib/hass",
        "Correct the path, start the service once, or write { path: …, optional: true }. Is this the machine that the host is?");

    public static readonly FindingCode ProbeSymlink = new(
        "NG7002",
        Severity.Error,
        "declared path is a symlink here",
        "restic stores a symlink that it is told to back up, and nothing of what it leads to. systemd makes such links for services with a dynamic user.",
        "backupPaths: [/var/lib/prowlarr]   # -> private/prowlarr",
        "Declare the path that it leads to.");

    public static readonly FindingCode ProbeEmpty = new(
        "NG7003",
        Severity.Error,
        "declared path is empty here",
        "There is a folder at the path, but no file in it. The backup would end as failed: an empty folder is what a wrong path or a missing mount looks like.",
        "backupPaths: [/srv/photos]   # a mount point, and nothing is mounted",
        "Correct the path, mount what belongs there, or write { path: …, optional: true }.");

    public static readonly FindingCode ProbeUnreadable = new(
        "NG7004",
        Severity.Warning,
        "not readable",
        "Something could not be read: what lies in a closed folder is in no figure, and databases may be overlooked. The backup itself runs with the right to read everything.",
        "nixgen probe   # not as root",
        "Run the probe as root.");

    public static readonly FindingCode ProbeDatabase = new(
        "NG7005",
        Severity.Warning,
        "live database in a backup path",
        "A database lies in the path and is not declared as one. restic reads its files one after the other while it is written: most copies that are made like this are malformed.",
        "radarr: { backupPaths: [/var/lib/radarr/.config/Radarr] }   # holds radarr.db",
        "Declare it in `databases`, or stop the service while it is backed up (stop: true).");

    // NixGen itself

    public static readonly FindingCode Bug = new(
        "NG9001",
        Severity.Error,
        "bug in NixGen",
        "NixGen failed in a way it should not. Nothing was written after that.",
        "",
        "Please report it with the command and, if you can, the inventory.");

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<FindingCode> All { get; } =
    [
        BrokenYaml,
        EmptyFile,
        UnknownKey,
        DuplicateKey,
        Alias,
        MergeKey,
        SeveralDocuments,
        NotUtf8,
        Tab,
        TooDeep,
        AmbiguousScalar,
        Tag,
        ComplexKey,
        ControlCharacter,
        TooLarge,
        WrongKind,
        BadValue,
        MissingKey,
        NoInventory,
        NoValue,
        TwoCatalogues,
        BadName,
        BadPath,
        HiddenPath,
        BadExclude,
        ForeignExclude,
        BadSchedule,
        NeverElapses,
        KeepsNothing,
        BadRepository,
        PasswordInRepository,
        UnsupportedRepository,
        BadSecretReference,
        BadVariable,
        BadListen,
        BadDuration,
        BadUnit,
        BadDatabase,
        NothingToDo,
        UnknownReference,
        NoPaths,
        PathsAndNoBackup,
        NeverBackedUp,
        NeverExcluded,
        MissingVariable,
        SameRepository,
        NoMaintainer,
        NoWebPassword,
        UnusedService,
        Unused,
        NameClash,
        NoDestination,
        NoToken,
        NoSchedule,
        NoRetention,
        OpenListener,
        WrongMaintainer,
        SharedPath,
        TokenInBackup,
        WalWithoutCopy,
        StopWithoutUnits,
        StopAndCopy,
        ExcludedPath,
        BadAcceptance,
        AcceptsNothing,
        LiveDatabase,
        LinkedPath,
        StateElsewhere,
        DatedPath,
        MediaInBackup,
        NestedPath,
        IdleExclude,
        LiteralPath,
        IdleSetting,
        ThinnedAppendOnly,
        Collision,
        SkippedHour,
        PlainSecret,
        NotFromCatalogue,
        UnverifiedEntry,
        ExcludesSuggested,
        NothingSuggested,
        BrokenTemplate,
        TemplateFailed,
        UnknownTemplate,
        MalformedOutput,
        CannotRead,
        CannotWrite,
        ForeignFile,
        Drifted,
        MissingFile,
        LeftOver,
        EditedByHand,
        BrokenManifest,
        Busy,
        NewerManifest,
        EditReplaced,
        LeftOverKept,
        BacksUpLess,
        CannotCompare,
        RetiredButBackedUp,
        ShrinkAccepted,
        NoCoverageYet,
        BadFacts,
        FactsOfAnotherFormat,
        NixFailed,
        FactsIncomplete,
        BadBaseline,
        StaleBaseline,
        NotExpressed,
        NotCovered,
        CoveredInPart,
        NotRunning,
        BackedUpTwice,
        MediaBackedUp,
        PathOfNobody,
        MachineState,
        ProbeMissing,
        ProbeSymlink,
        ProbeEmpty,
        ProbeUnreadable,
        ProbeDatabase,
        Bug,
    ];
}
