# Evaluates generated modules where there is neither NixOS nor nixpkgs: a test double of both. Nix 2.8 or newer is enough, no
# store is written, nothing is built:
#
#   nix-instantiate --store dummy:// --eval --strict --json evaluate.nix \
#     --arg modules '[ ../../../generated/homelab ]' -A failedAssertions
#   … -A units
#   … --arg inline true -A config.systemd.services.homelab-secrets-b2.serviceConfig.ExecStart
#   … --arg extra '[ { homelab.backupPaths = [ "/srv/x" ]; } ]' -A config.services.restic.backups.b2.paths
#
# library.nix has the functions of `lib`, module-system.nix the merging, systemd-module.nix the units and restic-module.nix
# services.restic. What a generated module uses and is not in one of them is an error, so the double can only be too strict.
{
  # Files, folders, functions or sets.
  modules,
  # Further modules, as people write them by hand.
  extra ? [ ],
  # Versions of packages, to try the assertions with: { restic = "0.16.0"; }
  versions ? { },
  # true: a text file stands as its text in whatever names it, not as its path. For looking at scripts.
  inline ? false,
  # How a text file stands in whatever names it: from name and text to a string.
  file ?
    if inline then
      (_: text: text)
    else
      (name: text: "${store}/${builtins.hashString "md5" text}-${name}"),
  store ? "/nix/store",
  # Whether somebody passes a ready-made package set, as a flake that sets nixpkgs.pkgs does.
  externalPackages ? false,
}:
let
  lib = import ./library.nix;
  system = import ./module-system.nix { };

  # Printed and compared as its path.
  package = name: version: {
    outPath = "${store}/${name}";
    pname = name;
    version = versions.${name} or version;
  };
  script = name: text: file name "#!${pkgs.bash}/bin/bash\n${text}\n";
  pkgs =
    lib.mapAttrs package {
      _1password-cli = "2.30.0";
      backrest = "1.14.1";
      bash = "5.3";
      coreutils = "9.11";
      curl = "8.20.0";
      diffutils = "3.12";
      findutils = "4.10.0";
      gnugrep = "3.12";
      gnused = "4.9";
      jq = "1.8.1";
      mariadb = "11.4.9";
      mkpasswd = "5.6.6";
      openssh = "10.3p1";
      openssl = "3.6.2";
      postgresql = "18.3";
      restic = "0.19.1";
      sqlite = "3.53.0";
      systemd = "260.2";
      util-linux = "2.42.1";
    }
    // {
      writeText = file;
      writeScript = file;
      writeShellScript = script;
      # A folder with a program in it; here the folder is the program.
      writeShellScriptBin = script;
      writeShellApplication =
        {
          name,
          runtimeInputs,
          text,
        }:
        let
          path = lib.concatMapStringsSep ":" (package: "${package}/bin") runtimeInputs;
        in
        script name "set -euo pipefail\nexport PATH=\"${path}:$PATH\"\n${text}";
    };

  # Options of NixOS outside of units and restic.
  nixos = {
    options =
      let
        inherit (lib) types mkOption;
        option =
          type: default:
          mkOption {
            inherit type default;
          };
        sets = type: option (types.attrsOf type) { };
      in
      {
        assertions = option (types.listOf types.anything) [ ];
        environment.systemPackages = option (types.listOf types.str) [ ];
        nixpkgs.config = sets types.anything;
        # The servers themselves are not here.
        services.mysql = {
          enable = option types.bool false;
          package = option types.package pkgs.mariadb;
        };
        services.postgresql = {
          enable = option types.bool false;
          package = option types.package pkgs.postgresql;
          settings.port = option types.int 5432;
        };
        users.groups = sets types.anything;
        users.users = sets types.anything;
      };
  };

  evaluated = system.evaluate {
    first = [
      nixos
      ./systemd-module.nix
      ./restic-module.nix
    ];
    modules = modules ++ extra;
    arguments = {
      inherit lib pkgs;
      options.nixpkgs.pkgs.isDefined = externalPackages;
    };
  };
  inherit (evaluated) config;
in
{
  # Everything, with defaults, and what NixOS makes of it.
  config = removeAttrs config [ "assertions" ] // {
    systemd = removeAttrs config.systemd [ "unitTexts" ];
  };
  # What the modules say themselves.
  defined = removeAttrs evaluated.defined [ "assertions" ];
  # From the name of a unit file to its text.
  units = config.systemd.unitTexts;
  # Their messages.
  failedAssertions = map (a: a.message) (lib.filter (a: !a.assertion) config.assertions);
}
