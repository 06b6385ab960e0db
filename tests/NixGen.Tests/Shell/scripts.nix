# Takes the shell scripts and command lines out of generated modules, with a library and packages reduced to what they need.
#
# A script stands in the result where a unit names its path: between U+0001 and U+0002, as JSON with its name and its text,
# which can hold further scripts. `${pkgs.X}/bin/Y` becomes `<place>/bin/Y` for every X.
{
  # The folder of a host.
  modules,
  place,
}:
let
  inherit (builtins)
    all
    any
    attrNames
    attrValues
    compareVersions
    concatMap
    concatStringsSep
    elem
    filter
    foldl'
    fromJSON
    genList
    head
    isAttrs
    isFunction
    isList
    length
    map
    mapAttrs
    match
    pathExists
    replaceStrings
    sort
    split
    stringLength
    substring
    tail
    toJSON
    ;

  recursiveUpdate =
    left: right:
    left
    // mapAttrs (
      name: value:
      if isAttrs value && isAttrs (left.${name} or null) then
        recursiveUpdate left.${name} value
      else
        value
    ) right;

  lib = rec {
    inherit
      all
      any
      attrNames
      attrValues
      concatMap
      concatStringsSep
      elem
      filter
      head
      length
      mapAttrs
      recursiveUpdate
      replaceStrings
      sort
      tail
      ;
    types = {
      attrsOf = type: type;
      listOf = type: type;
      str = null;
    };
    mkOption = option: option;
    mkIf = condition: value: if condition then value else { };
    mkAfter = value: value;
    concatLines = concatMapStringsSep "" (line: line + "\n");
    getName = package: package.pname;
    optionalAttrs = condition: value: if condition then value else { };
    optionalString = condition: value: if condition then value else "";
    concatMapStringsSep =
      separator: function: list:
      concatStringsSep separator (map function list);
    hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
    hasSuffix =
      suffix: text:
      stringLength suffix <= stringLength text
      && substring (stringLength text - stringLength suffix) (-1) text == suffix;
    removeSuffix =
      suffix: text:
      if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
    findFirst =
      test: otherwise: list:
      let
        found = filter test list;
      in
      if found == [ ] then otherwise else head found;
    unique = foldl' (list: item: if elem item list then list else list ++ [ item ]) [ ];
    splitString =
      separator: text:
      filter (part: !isList part) (split (replaceStrings [ "/" ] [ "[/]" ] separator) text);
    stringToCharacters = text: genList (index: substring index 1 text) (stringLength text);
    escapeShellArg =
      text:
      if match "[[:alnum:],._+:@%/-]+" text != null then
        text
      else
        "'${replaceStrings [ "'" ] [ "'\\''" ] text}'";
    escapeShellArgs = concatMapStringsSep " " escapeShellArg;
    subtractLists = without: filter (item: !elem item without);
    intersectLists = with': filter (item: elem item with');
    versionAtLeast = version: wanted: compareVersions version wanted >= 0;
    versionOlder = version: wanted: compareVersions version wanted < 0;
  };

  opening = fromJSON "\"\\u0001\"";
  closing = fromJSON "\"\\u0002\"";
  write = name: text: "${opening}${toJSON { inherit name text; }}${closing}";
  package = {
    outPath = place;
    pname = "package";
    version = "0.19.1";
  };
  pkgs = {
    writeShellScript = write;
    # As a string, like the others; what it runs with is what the test puts into PATH.
    writeShellApplication =
      { name, text, ... }:
      write name "set -o errexit\nset -o nounset\nset -o pipefail\n${text}";
    writeText = write;
    restic = package;
    _1password-cli = package;
    backrest = package // {
      version = "1.14.1";
    };
    curl = package;
    diffutils = package;
    jq = package;
    mariadb = package;
    mkpasswd = package;
    openssl = package;
    sqlite = package;
    util-linux = package;
  };

  files = filter pathExists (
    map (name: modules + "/${name}.nix") [
      "options"
      "secrets"
      "prepare"
      "restic"
      "backrest"
      "restore"
      "purge"
    ]
  );
  evaluated = map (
    file:
    let
      module = import file;
      value =
        if isFunction module then
          module {
            inherit config lib pkgs;
            options = { };
          }
        else
          module;
    in
    value.config or (removeAttrs value [ "options" ])
  ) files;
  config = foldl' recursiveUpdate {
    homelab = {
      backupPaths = [ ];
      backupExcludes = [ ];
    };
    services.restic.backups = { };
    services.postgresql = {
      inherit package;
      settings.port = 5432;
    };
    services.mysql.package = package;
  } evaluated;

  commands =
    unit: name:
    let
      value = unit.serviceConfig.${name} or [ ];
    in
    if isList value then value else [ value ];
in
{
  backups = mapAttrs (_: backup: {
    inherit (backup)
      backupPrepareCommand
      exclude
      extraBackupArgs
      paths
      ;
  }) config.services.restic.backups;
  programs = concatMap (module: module.environment.systemPackages or [ ]) evaluated;
  units = mapAttrs (_: unit: {
    before = commands unit "ExecStartPre";
    commands = commands unit "ExecStart";
    after = commands unit "ExecStopPost";
    credentials = commands unit "LoadCredential";
  }) config.systemd.services;
}
