# Units, as far as the generated modules and services.restic use them: options, and the text that NixOS writes into a unit file.
#
# Source: nixpkgs 26.11 (2026-07), nixos/lib/systemd-unit-options.nix for the options, nixos/lib/systemd-lib.nix for the text
# (unitConfig, serviceConfig, stage2ServiceConfig, makeJobScript, attrsToSection, serviceToUnit, timerToUnit).
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) types mkOption;

  list = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };
  text = mkOption {
    type = types.str;
    default = "";
  };
  lines = mkOption {
    type = types.lines;
    default = "";
  };
  settings = mkOption {
    type = types.attrsOf types.systemdOption;
    default = { };
  };
  unit = {
    description = text;
    wantedBy = list;
    wants = list;
    requires = list;
    after = list;
    onFailure = list;
    onSuccess = list;
    unitConfig = settings;
    startLimitIntervalSec = mkOption {
      type = types.nullOr types.int;
      default = null;
    };
  };

  # --- Text

  show =
    value:
    if value == true then
      "true"
    else if value == false then
      "false"
    else
      toString value;
  section = name: settings: "[${name}]\n${keys settings}";
  keys =
    settings:
    lib.concatMapStrings (
      key: lib.concatMapStrings (value: "${key}=${show value}\n") (lib.toList settings.${key})
    ) (lib.attrNames settings);

  unitSection =
    unit:
    section "Unit" (
      lib.optionalAttrs (unit.requires != [ ]) { Requires = toString unit.requires; }
      // lib.optionalAttrs (unit.wants != [ ]) { Wants = toString unit.wants; }
      // lib.optionalAttrs (unit.after != [ ]) { After = toString unit.after; }
      // lib.optionalAttrs (unit.description != "") { Description = unit.description; }
      // lib.optionalAttrs (unit.onFailure != [ ]) { OnFailure = toString unit.onFailure; }
      // lib.optionalAttrs (unit.onSuccess != [ ]) { OnSuccess = toString unit.onSuccess; }
      // lib.optionalAttrs (unit.startLimitIntervalSec != null) {
        StartLimitIntervalSec = toString unit.startLimitIntervalSec;
      }
      // unit.unitConfig
    );
  install =
    unit:
    lib.optionalString (
      unit.wantedBy != [ ]
    ) "\n[Install]\nWantedBy=${lib.concatStringsSep " " unit.wantedBy}\n";

  searchPath =
    packages:
    lib.concatStringsSep ":" (
      map (package: "${package}/bin") packages ++ map (package: "${package}/sbin") packages
    );
  defaultPath = [
    pkgs.coreutils
    pkgs.findutils
    pkgs.gnugrep
    pkgs.gnused
    pkgs.systemd
  ];

  job = name: text: "${pkgs.writeShellScriptBin name "set -e\n\n${text}\n"}/bin/${name}";
  withJob =
    key: text: name: settings:
    lib.optionalAttrs (text != "") {
      ${key} = [ (job name text) ] ++ lib.toList (settings.${key} or [ ]);
    };

  service =
    name: unit:
    let
      environment = unit.environment // {
        PATH = searchPath (unit.path ++ defaultPath);
      };
    in
    unitSection unit
    + "\n[Service]\n"
    + lib.concatMapStrings (
      variable:
      lib.optionalString (
        environment.${variable} != null
      ) "Environment=${builtins.toJSON "${variable}=${environment.${variable}}"}\n"
    ) (lib.attrNames environment)
    + lib.optionalString (!unit.restartIfChanged) "X-RestartIfChanged=false\n"
    + keys (
      unit.serviceConfig
      // withJob "ExecStartPre" unit.preStart "${name}-pre-start" unit.serviceConfig
      // withJob "ExecStopPost" unit.postStop "${name}-post-stop" unit.serviceConfig
    )
    + install unit;

  timer = unit: unitSection unit + "\n" + section "Timer" unit.timerConfig + install unit;
in
{
  options.systemd = {
    services = mkOption {
      default = { };
      type = types.attrsOf (
        types.submodule (
          unit
          // {
            environment = mkOption {
              type = types.attrsOf (types.nullOr types.str);
              default = { };
            };
            path = mkOption {
              type = types.listOf types.package;
              default = [ ];
            };
            preStart = lines;
            postStop = lines;
            restartIfChanged = mkOption {
              type = types.bool;
              default = true;
            };
            serviceConfig = settings;
          }
        )
      );
    };
    timers = mkOption {
      default = { };
      type = types.attrsOf (types.submodule (unit // { timerConfig = settings; }));
    };
    tmpfiles.settings = mkOption {
      default = { };
      type = types.attrsOf (types.attrsOf (types.attrsOf (types.attrsOf types.str)));
    };
    # From the name of a unit file to its text.
    unitTexts = mkOption { type = types.attrsOf types.str; };
  };

  config.systemd.unitTexts =
    lib.mapAttrs' (
      name: unit: lib.nameValuePair "${name}.service" (service name unit)
    ) config.systemd.services
    // lib.mapAttrs' (name: unit: lib.nameValuePair "${name}.timer" (timer unit)) config.systemd.timers;
}
