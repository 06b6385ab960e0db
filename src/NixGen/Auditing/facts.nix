# What a host runs, as plain data, for `nixgen audit` and `nixgen import`. Evaluates, builds nothing, and reads no secret:
#
#   nix eval --json .#nixosConfigurations.HOST --apply "$(nixgen audit --print-expression)"
#
# Every value is taken on its own. One that throws is listed in `unreadable` and costs no other, unless nothing is known without it.
system:
let
  # Of each service that NixGen knows: the option that enables it, and those that move its data. "*" is any instance.
  catalogue = { };

  inherit (builtins)
    attrNames
    concatLists
    concatStringsSep
    deepSeq
    elem
    filter
    foldl'
    head
    isAttrs
    isFunction
    isList
    isPath
    isString
    listToAttrs
    map
    mapAttrs
    match
    split
    tail
    toString
    tryEval
    unsafeDiscardStringContext
    ;
  inherit (system) config;
  options = system.options or { };

  # Without what would have to be built: a string may name a store path, but does not depend on it.
  plain =
    value:
    if isString value then
      unsafeDiscardStringContext value
    else if isPath value then
      # toString, unlike "${…}", copies nothing into the store.
      toString value
    else if isList value then
      map plain value
    else if isAttrs value then
      (if value ? outPath || value ? _type then null else mapAttrs (_: plain) value)
    else if isFunction value then
      null
    else
      value;
  attempt =
    value:
    let
      result = plain value;
    in
    tryEval (deepSeq result result);

  # The value at the end of some names: { value }, { } where there is none, { failed } where it throws: the names up to there.
  follow = walk [ ];
  walk =
    past: names: tree:
    let
      here = tryEval tree;
    in
    if !here.success then
      { failed = past; }
    else if names == [ ] then
      { inherit (here) value; }
    else if isAttrs here.value && here.value ? ${head names} then
      walk (past ++ [ (head names) ]) (tail names) here.value.${head names}
    else
      { };
  read =
    names: tree:
    let
      found = follow names tree;
      result = attempt found.value;
    in
    if !(found ? value) then
      found
    else if result.success then
      { inherit (result) value; }
    else
      { failed = names; };
  # Where the names themselves throw, "*" stands for all of them: what is read below it says so.
  namesAt =
    names:
    let
      found = follow names config;
    in
    if found ? failed then
      [ "*" ]
    else if found ? value && isAttrs found.value then
      attrNames found.value
    else
      [ ];
  # What every host can say. One that cannot is broken as a whole, and Nix itself shall say why.
  certain = foldl' (tree: name: tree.${name} or { }) config;

  # Some values of one thing: those that are set, and the names of those that throw.
  gather =
    path: wanted:
    let
      results = mapAttrs (_: names: read (path ++ names) config) wanted;
      set = filter (key: results.${key}.value or null != null) (attrNames results);
    in
    {
      value = listToAttrs (
        map (name: {
          inherit name;
          inherit (results.${name}) value;
        }) set
      );
      unreadable = concatLists (map (key: failure results.${key}) (attrNames results));
    };
  # The same for each of a map.
  each =
    path: wanted:
    let
      found = listToAttrs (
        map (name: {
          inherit name;
          value = gather (path ++ [ name ]) wanted;
        }) (attrNames (certain path))
      );
    in
    {
      value = mapAttrs (_: thing: thing.value) found;
      unreadable = concatLists (map (name: found.${name}.unreadable) (attrNames found));
    };
  show = concatStringsSep ".";
  failure = found: if found ? failed then [ (show found.failed) ] else [ ];
  only =
    keep: things:
    things
    // {
      value = listToAttrs (
        map (name: {
          inherit name;
          value = things.value.${name};
        }) (filter (name: keep things.value.${name}) (attrNames things.value))
      );
    };

  units = only (unit: unit.enable or true) (
    each
      [
        "systemd"
        "services"
      ]
      (
        {
          enable = [ "enable" ];
        }
        //
          mapAttrs
            (_: key: [
              "serviceConfig"
              key
            ])
            {
              stateDirectory = "StateDirectory";
              cacheDirectory = "CacheDirectory";
              logsDirectory = "LogsDirectory";
              runtimeDirectory = "RuntimeDirectory";
              dynamicUser = "DynamicUser";
              readWritePaths = "ReadWritePaths";
              bindPaths = "BindPaths";
              user = "User";
              workingDirectory = "WorkingDirectory";
            }
      )
  );
  users = only (user: user ? home && user.home != "/var/empty") (
    each
      [
        "users"
        "users"
      ]
      {
        home = [ "home" ];
        isNormalUser = [ "isNormalUser" ];
        createHome = [ "createHome" ];
        group = [ "group" ];
      }
  );
  # Where it is off, what it would say may throw and matters to nobody.
  server =
    name:
    let
      path = [
        "services"
        name
      ];
      enabled = gather path { enable = [ "enable" ]; };
    in
    if enabled.value.enable or false then
      gather path {
        enable = [ "enable" ];
        dataDir = [ "dataDir" ];
        ensureDatabases = [ "ensureDatabases" ];
      }
    else
      enabled;
  postgresql = server "postgresql";
  mysql = server "mysql";
  oci =
    each
      [
        "virtualisation"
        "oci-containers"
        "containers"
      ]
      {
        image = [ "image" ];
        volumes = [ "volumes" ];
        serviceName = [ "serviceName" ];
        podmanUser = [
          "podman"
          "user"
        ];
      };
  machines = each [ "containers" ] {
    bindMounts = [ "bindMounts" ];
    ephemeral = [ "ephemeral" ];
  };
  # Never a login: what stands before the last @ of an address goes.
  withoutLogin =
    repository:
    let
      parts = match "([^/]*//).*@(.*)" repository;
    in
    if parts == null then repository else concatStringsSep "" parts;
  restic =
    let
      jobs =
        each
          [
            "services"
            "restic"
            "backups"
          ]
          {
            paths = [ "paths" ];
            exclude = [ "exclude" ];
            repository = [ "repository" ];
            timerConfig = [ "timerConfig" ];
            pruneOpts = [ "pruneOpts" ];
            passwordFile = [ "passwordFile" ];
            environmentFile = [ "environmentFile" ];
            dynamicFilesFrom = [ "dynamicFilesFrom" ];
          };
    in
    jobs
    // {
      value = mapAttrs (
        _: job:
        job
        // {
          # A script; that there is one is all.
          dynamicFilesFrom = job ? dynamicFilesFrom;
        }
        // (
          if job ? repository then
            {
              repository = withoutLogin job.repository;
              hasLogin = withoutLogin job.repository != job.repository;
            }
          else
            { }
        )
      ) jobs.value;
    };
  fileSystems = each [ "fileSystems" ] {
    device = [ "device" ];
    fsType = [ "fsType" ];
    options = [ "options" ];
  };
  single = gather [ ] {
    stateVersion = [
      "system"
      "stateVersion"
    ];
    ociBackend = [
      "virtualisation"
      "oci-containers"
      "backend"
    ];
    backupPaths = [
      "homelab"
      "backupPaths"
    ];
    backupExcludes = [
      "homelab"
      "backupExcludes"
    ];
  };

  # --- The catalogue

  namesOf = option: filter isString (split "[.]" option);
  before = names: if head names == "*" then [ ] else [ (head names) ] ++ before (tail names);
  fill = instance: map (name: if name == "*" then instance else name);
  candidates =
    option:
    map (instance: {
      inherit option instance;
      enabled = read (fill instance (namesOf option)) config;
      moved = map (moving: fill instance (namesOf moving)) catalogue.${option};
    }) (if elem "*" (namesOf option) then namesAt (before (namesOf option)) else [ null ]);
  known = concatLists (map candidates (attrNames catalogue));
  running = filter (candidate: candidate.enabled.value or false == true) known;
  moves = concatLists (
    map (
      candidate:
      map (names: {
        option = show names;
        now = read names config;
        default = read (names ++ [ "default" ]) options;
      }) candidate.moved
    ) running
  );
in
{
  generator = "nixgen audit";
  format = 1;
  host = certain [
    "networking"
    "hostName"
  ];
  stateVersion = single.value.stateVersion or null;
  services = units.value;
  users = users.value;
  enabled = map (candidate: { inherit (candidate) option instance; }) running;
  moved = listToAttrs (
    map (move: {
      name = move.option;
      value = {
        inherit (move.now) value;
        default = move.default.value or null;
      };
    }) (filter (move: move.now.value or null != null) moves)
  );
  postgresql = postgresql.value;
  mysql = mysql.value;
  ociBackend = single.value.ociBackend or null;
  ociContainers = oci.value;
  containers = machines.value;
  backupPaths = single.value.backupPaths or [ ];
  backupExcludes = single.value.backupExcludes or [ ];
  restic = restic.value;
  fileSystems = fileSystems.value;
  unreadable =
    concatLists (
      map (facts: facts.unreadable) [
        single
        units
        users
        postgresql
        mysql
        oci
        machines
        restic
        fileSystems
      ]
    )
    ++ concatLists (map (candidate: failure candidate.enabled) known)
    ++ concatLists (map (move: failure move.now) moves);
}
