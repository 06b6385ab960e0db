# Merges modules as the module system of NixOS does, as far as the generated modules, and people's additions to them, go:
#
# - a module is a file, a function or a set, with `imports`, `options` and `config`, or definitions alone;
# - modules are taken in breadth-first order, which is the order in which lists are joined;
# - mkIf, mkMerge, mkOrder (mkBefore, mkAfter) and mkOverride (mkForce, mkDefault) count at every depth below an option;
# - a definition of an undeclared option, of the wrong type or next to a different one is an error, and so is a second
#   definition of a read-only option.
#
# Not here: `disabledModules`, freeform types, options declared twice, `_module.args`, warnings.
{ }:
let
  inherit (builtins)
    all
    attrNames
    concatLists
    filter
    foldl'
    functionArgs
    head
    intersectAttrs
    isAttrs
    isBool
    isFunction
    isInt
    isList
    isString
    length
    listToAttrs
    mapAttrs
    sort
    tail
    toJSON
    ;

  show = builtins.concatStringsSep ".";
  has = type: value: isAttrs value && value._type or null == type;
  isPackage = value: isAttrs value && value ? outPath;

  # --- Definitions: from a value with properties to plain values in the order in which they count.

  defaultPriority = 100;
  defaultOrder = 1000;
  flatten =
    priority: order: value:
    if has "if" value then
      if value.condition then flatten priority order value.content else [ ]
    else if has "merge" value then
      concatLists (map (flatten priority order) value.contents)
    else if has "override" value then
      flatten value.priority order value.content
    else if has "order" value then
      flatten priority value.priority value.content
    else
      [ { inherit priority order value; } ];
  plain =
    raw:
    let
      definitions = concatLists (map (flatten defaultPriority defaultOrder) raw);
      strongest = foldl' (least: d: if d.priority < least then d.priority else least) 10000 definitions;
      counting = filter (d: d.priority == strongest) definitions;
    in
    # The sort is stable: equal orders stay in the order of the modules.
    map (d: d.value) (sort (a: b: a.order < b.order) counting);

  merge =
    type: path: raw:
    let
      values = plain raw;
      wrong = filter (value: !type.check value) values;
    in
    if wrong != [ ] then
      throw "A definition for option `${show path}' is not of type `${type.name}', but a ${builtins.typeOf (head wrong)}"
    else
      type.merge path values;

  # Each name of some sets, with its definitions; names whose definitions all fall to an mkIf are absent.
  eachName =
    f: sets:
    let
      byName = builtins.zipAttrsWith (_: raw: raw) sets;
    in
    listToAttrs (
      map (name: {
        inherit name;
        value = f name byName.${name};
      }) (filter (name: plain byName.${name} != [ ]) (attrNames byName))
    );

  equal =
    path: values:
    if all (value: value == head values) values then
      head values
    else
      throw "The option `${show path}' has conflicting definition values: ${toJSON values}";

  # Where one is a list, all join it.
  joinOrEqual =
    path: values:
    if builtins.any isList values then
      concatLists (map (value: if isList value then value else [ value ]) values)
    else
      equal path values;

  # --- Types: a name, whether one definition fits, and what several make together.

  types = rec {
    anything = {
      name = "anything";
      check = _: true;
      merge =
        path: values:
        if all (value: isAttrs value && !isPackage value) values then
          eachName (name: merge anything (path ++ [ name ])) values
        else
          joinOrEqual path values;
    };
    scalar = name: check: {
      inherit name check;
      merge = equal;
    };
    str = scalar "string" (value: isString value || isPackage value);
    bool = scalar "boolean" isBool;
    int = scalar "signed integer" isInt;
    package = scalar "package" isPackage;
    lines = str // {
      name = "strings concatenated with newlines";
      merge = _: builtins.concatStringsSep "\n";
    };
    nullOr = type: {
      name = "null or ${type.name}";
      check = value: value == null || type.check value;
      merge = path: values: if all (value: value == null) values then null else type.merge path values;
    };
    listOf = type: {
      name = "list of ${type.name}";
      # In NixOS a wrong item shows when it is read. Here everything is read anyway.
      check = value: isList value && all type.check value;
      merge = path: values: map (item: merge type path [ item ]) (concatLists values);
    };
    attrsOf = type: {
      name = "attribute set of ${type.name}";
      check = isAttrs;
      merge = path: eachName (name: merge type (path ++ [ name ]));
    };
    submodule = declared: {
      name = "submodule";
      check = isAttrs;
      merge = mergeOptions declared;
    };
    # A setting of a unit (nixos/lib/systemd-unit-options.nix, unitOption).
    systemdOption = {
      name = "systemd option";
      check = _: true;
      merge = joinOrEqual;
    };
  };

  # --- Options: a tree of sets with an option at each end.

  mergeOptions =
    declared: path: definitions:
    let
      byName = builtins.zipAttrsWith (_: raw: raw) definitions;
    in
    mapAttrs (
      name: raw:
      let
        here = path ++ [ name ];
        known = declared.${name} or (throw "The option `${show here}' does not exist.");
      in
      if has "option" known then mergeOption known here raw else mergeOptions known here (plain raw)
    ) (mapAttrs (_: _: [ ]) declared // byName);

  mergeOption =
    option: path: raw:
    let
      values = plain raw;
    in
    if option.readOnly or false && length values > 1 then
      throw "The option `${show path}' is read-only, but it's set multiple times."
    else if values != [ ] then
      # With its properties once more: the type reads those further below.
      merge option.type path raw
    else
      option.default or (throw "The option `${show path}' was accessed but has no value defined.");

  mergeDeclarations = foldl' (
    left: right:
    left
    // mapAttrs (
      name: value:
      if !(left ? ${name}) then
        value
      else if has "option" value || has "option" left.${name} then
        throw "The option `${name}' is already declared."
      else
        mergeDeclarations [
          left.${name}
          value
        ]
    ) right
  ) { };

  # --- Modules

  load =
    arguments: module:
    let
      value = if isAttrs module || isFunction module then module else import module;
      body = if isFunction value then value (intersectAttrs (functionArgs value) arguments) else value;
      rest = removeAttrs body [
        "imports"
        "options"
        "config"
      ];
    in
    if (body ? config || body ? options) && rest != { } then
      throw "Module has an unsupported attribute `${head (attrNames rest)}': it belongs below `config'."
    else
      {
        imports = body.imports or [ ];
        options = body.options or { };
        config = body.config or rest;
      };
  collect =
    arguments: modules:
    let
      level = map (load arguments) modules;
      below = concatLists (map (body: body.imports) level);
    in
    if modules == [ ] then [ ] else level ++ collect arguments below;
in
{
  inherit types;

  # `first` come before the modules and everything that they import, as the modules of NixOS itself do.
  evaluate =
    {
      first,
      modules,
      arguments,
    }:
    let
      own = collect all' modules;
      bodies = collect all' first ++ own;
      all' = arguments // {
        inherit config;
      };
      config = mergeOptions (mergeDeclarations (map (body: body.options) bodies)) [ ] (
        map (body: body.config) bodies
      );
    in
    {
      inherit config;
      # What `modules` say themselves: no defaults, nothing that another module makes of it.
      defined = merge types.anything [ ] (map (body: body.config) own);
    };
}
