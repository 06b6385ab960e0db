# Stands in for nixpkgs where flake.nix is evaluated without a network: only the functions and packages that it asks for.
{
  outputs =
    { self }:
    let
      lib = {
        inherit (builtins) head attrNames;
        genAttrs =
          names: value:
          builtins.listToAttrs (
            map (name: {
              inherit name;
              value = value name;
            }) names
          );
        filterAttrs =
          keeps: set:
          lib.genAttrs (builtins.filter (name: keeps name set.${name}) (lib.attrNames set)) (
            name: set.${name}
          );
        nameValuePair = name: value: { inherit name value; };
        mapAttrs' = pair: set: builtins.listToAttrs (map (name: pair name set.${name}) (lib.attrNames set));
        licenses.mit = "MIT";
        trivial.release = "26.11";
        fileset = {
          # Nothing that it names may be missing.
          unions =
            files:
            assert builtins.all builtins.pathExists files;
            files;
          toSource = { root, fileset }: builtins.concatStringsSep " " (map toString fileset);
        };
        # The modules are read, and the rest is taken for granted.
        nixosSystem =
          { system, modules }:
          let
            read = map (module: map import (module.imports or [ ])) modules;
          in
          {
            config.system.build.toplevel = builtins.deepSeq read (package system "system");
          };
      };

      package =
        system: name:
        derivation {
          inherit system name;
          builder = "/bin/sh";
        };

      packages =
        system:
        lib.genAttrs [
          "attr"
          "curl"
          "git"
          "jq"
          "mariadb"
          "mkpasswd"
          "nix"
          "nixfmt-tree"
          "openssl"
          "postgresql"
          "restic"
          "restic-rest-server"
          "shellcheck"
          "sqlite"
          "systemd"
          "time"
          "unzip"
          "util-linux"
        ] (package system)
        // {
          buildDotnetModule =
            module:
            package system module.pname
            // {
              inherit (module)
                pname
                version
                src
                projectFile
                meta
                ;
              deps = builtins.fromJSON (builtins.readFile module.nugetDeps);
            };
          dotnetCorePackages = {
            sdk_10_0 = package system "sdk";
            runtime_10_0 = package system "runtime";
          };
          mkShell = shell: package system "shell" // shell;
          runCommand =
            name: environment: script:
            package system name // { inherit script; };
          writeText = name: text: package system name // { inherit text; };
        };
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ] packages;
    };
}
