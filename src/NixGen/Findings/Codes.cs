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
        "Go to the folder that holds the inventory, or name it with --inventory.");

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
        "Write it relative to the backup paths (log, *.tmp, **/cache), or absolute inside one of them.");

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
        "Remove user and password; give them as RESTIC_REST_USERNAME and RESTIC_REST_PASSWORD in `secrets`.");

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
        "Use the unique ID of the vault, item or field, as `op item get NAME --format json` prints it.");

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
        "Remove the path, or the entry of neverBackUp.");

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
        "Keep one of the two; services with other needs get a schedule and retention of their own.");

    public static readonly FindingCode NoMaintainer = new(
        "NG2009",
        Severity.Error,
        "shared repository without a maintainer",
        "Several hosts share the repository. Exactly one of them may create it, reclaim space and check it.",
        "hosts: { a: ..., b: ... }  # both use b2",
        "Name it: maintenance: { host: a }. Or give each host its own repository with {host} in the name.");

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
        "Add it to a host: services: { radarr: {} }. Or remove it.");

    public static readonly FindingCode Unused = new(
        "NG2012",
        Severity.Warning,
        "declared but not used",
        "Nothing refers to the declaration.",
        "destinations: { old: {...} }",
        "Use it or remove it.");

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
        "Name destinations in defaults, for the host or for the service.");

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
        "Listen on 127.0.0.1 and put a reverse proxy with TLS in front.");

    public static readonly FindingCode WrongMaintainer = new(
        "NG2019",
        Severity.Error,
        "maintainer that does not use the repository",
        "The host that maintains the repository does not back up to it, so its unit would have no secrets.",
        "maintenance: { host: c }",
        "Name one of the hosts that use the destination.");

    public static readonly FindingCode SharedPath = new(
        "NG2020",
        Severity.Error,
        "path in two services",
        "Two services of the host declare the same path; which of them owns it, and restores it, is not said.",
        "a: { backupPaths: [/srv/x] }\nb: { backupPaths: [/srv/x] }",
        "Declare it once.");

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
        "Declare the database: databases: { sqlite: [data/oplog.sqlite] }. It is then copied consistently, and its live files stay out. Or remove the exclude.");

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
        "Remove the exclude, or make it narrower. If both are wanted, give one of the services a schedule of its own: it gets a job of its own.");

    // Planning: what the catalogue says

    public static readonly FindingCode NotFromCatalogue = new(
        "NG2101",
        Severity.Error,
        "not to be taken from the catalogue",
        "The catalogue knows the service, but not enough to back it up by name: there may be several of it, or its live files must not be read.",
        "services:\n  postgresql: {}",
        "Write what the message says; `nixgen catalogue NAME` says what is known.");

    public static readonly FindingCode UnverifiedEntry = new(
        "NG2102",
        Severity.Warning,
        "entry of the catalogue not verified",
        "The entry was written without the text of the NixOS module, or with a part of it only. Its data may lie elsewhere.",
        "services:\n  backrest: {}",
        "Look on the host, then write backupPaths; or say verified: true in a catalogue.yaml of your own.");

    public static readonly FindingCode ExcludesSuggested = new(
        "NG2103",
        Severity.Note,
        "excludes suggested",
        "The catalogue knows what of the service can be made again, such as caches. Nothing is left out before somebody has accepted it: a wrong exclude loses data.",
        "services:\n  jellyfin: {}",
        "acceptExcludes: true leaves them out; acceptExcludes: false keeps them, and this note is not printed again.");

    public static readonly FindingCode MediaInState = new(
        "NG2104",
        Severity.Note,
        "media in the state of a service",
        "The service keeps large data among its state, such as downloads or recordings; it is backed up.",
        "services:\n  frigate: {}",
        "Leave it out (backupExcludes, neverBackUp), or do nothing if that is what you want.");

    public static readonly FindingCode NothingSuggested = new(
        "NG2105",
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
        NotFromCatalogue,
        UnverifiedEntry,
        ExcludesSuggested,
        MediaInState,
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
        Bug,
    ];
}
