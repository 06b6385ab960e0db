# The functions of nixpkgs' `lib` that the templates use, with the behaviour of nixpkgs 26.11. A template that uses another one
# fails to evaluate until it stands here.
let
  inherit (builtins)
    concatLists
    elem
    filter
    genList
    isAttrs
    match
    stringLength
    substring
    ;
in
rec {
  inherit (builtins)
    all
    any
    attrNames
    attrValues
    concatStringsSep
    elem
    filter
    head
    isList
    length
    listToAttrs
    mapAttrs
    replaceStrings
    sort
    tail
    ;

  # Attribute sets
  attrByPath =
    path: default: set:
    if path == [ ] then
      set
    else if isAttrs set && set ? ${builtins.head path} then
      attrByPath (builtins.tail path) default set.${builtins.head path}
    else
      default;

  # Lists
  concatMap = f: list: concatLists (map f list);
  findFirst =
    test: default: list:
    let
      found = filter test list;
    in
    if found == [ ] then default else head found;
  intersectLists = allowed: filter (item: elem item allowed);
  optional = condition: item: if condition then [ item ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  subtractLists = unwanted: filter (item: !elem item unwanted);
  toList = value: if isList value then value else [ value ];
  unique = builtins.foldl' (seen: item: if elem item seen then seen else seen ++ [ item ]) [ ];

  # Sets
  filterAttrs =
    test: set:
    listToAttrs (
      concatMap (name: optionals (test name set.${name}) [ (nameValuePair name set.${name}) ]) (
        attrNames set
      )
    );
  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  nameValuePair = name: value: { inherit name value; };
  optionalAttrs = condition: set: if condition then set else { };
  recursiveUpdate =
    left: right:
    left
    // mapAttrs (
      name: value:
      if isAttrs value && left ? ${name} && isAttrs left.${name} then
        recursiveUpdate left.${name} value
      else
        value
    ) right;

  # Texts
  concatLines = concatMapStrings (line: line + "\n");
  concatMapStrings = concatMapStringsSep "";
  concatMapStringsSep =
    separator: f: list:
    concatStringsSep separator (map f list);
  escapeShellArg =
    value:
    let
      text = toString value;
    in
    if match "[[:alnum:],._+:@%/-]+" text == null then
      "'${replaceStrings [ "'" ] [ "'\\''" ] text}'"
    else
      text;
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  escapeRegex =
    let
      special = stringToCharacters "\\[{()^$?*+|.";
    in
    replaceStrings special (map (c: "\\${c}") special);
  # nixpkgs also reads it off the name of a package without a pname.
  getName = package: package.pname;
  hasInfix = infix: text: replaceStrings [ infix ] [ "" ] text != text;
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      rest = stringLength text - stringLength suffix;
    in
    rest >= 0 && substring rest (stringLength suffix) text == suffix;
  optionalString = condition: text: if condition then text else "";
  removePrefix =
    prefix: text:
    if hasPrefix prefix text then
      substring (stringLength prefix) (stringLength text - stringLength prefix) text
    else
      text;
  removeSuffix =
    suffix: text:
    if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
  # As bytes, like nixpkgs.
  stringToCharacters = text: genList (at: substring at 1 text) (stringLength text);
  # Each character in brackets of its own is a regular expression for the text; enough for what has no bracket or caret.
  splitString =
    separator: text:
    filter (part: !isList part) (
      builtins.split (concatMapStrings (c: "[${c}]") (stringToCharacters separator)) text
    );

  # Versions
  versionAtLeast = version: least: builtins.compareVersions version least >= 0;
  versionOlder = version: limit: builtins.compareVersions version limit < 0;

  # Definitions with properties; module-system.nix reads them.
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkForce = mkOverride 50;
  mkDefault = mkOverride 1000;

  # Options
  mkOption = option: option // { _type = "option"; };
  inherit (import ./module-system.nix { }) types;
}
