{
  description = "NixGen: from a service inventory to NixOS modules that back the services up";

  # The modules need a Backrest of 1.13 or newer, so not an older release.
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;

      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      eachSystem =
        outputs: lib.genAttrs systems (system: outputs system nixpkgs.legacyPackages.${system});

      # One folder per host; manifest.json lies beside them.
      hosts = lib.attrNames (
        lib.filterAttrs (_: kind: kind == "directory") (builtins.readDir ./generated)
      );
      # Sets, not paths: `nix flake check` of older Nix refuses a path as a module.
      modules = lib.genAttrs hosts (host: {
        imports = [ (./generated + "/${host}") ];
      });

      # <Version>0.1.0</Version>, so that it is said in one place.
      version = lib.head (
        builtins.match ".*<Version>([^<]+)</Version>.*" (builtins.readFile ./Directory.Build.props)
      );

      # Only what is named, so that a change of anything else builds nothing again.
      only =
        files:
        lib.fileset.toSource {
          root = ./.;
          fileset = lib.fileset.unions files;
        };

      nixgen =
        pkgs:
        pkgs.buildDotnetModule {
          pname = "nixgen";
          inherit version;
          src = only [
            ./Directory.Build.props
            ./Directory.Packages.props
            ./global.json
            ./src
            ./templates
          ];
          projectFile = "src/NixGen.Cli/NixGen.Cli.csproj";
          # Written by tests/update-deps.
          nugetDeps = ./deps.json;
          dotnet-sdk = pkgs.dotnetCorePackages.sdk_10_0;
          dotnet-runtime = pkgs.dotnetCorePackages.runtime_10_0;
          executables = [ "nixgen" ];
          # deps.json says which packages, by the hashes of their files. NuGet's lock files would be compared with the packages
          # as nixpkgs repacks them, and name the SDK's own package in another version.
          postPatch = "rm src/*/packages*.lock.json";
          dotnetFlags = [ "-p:RestorePackagesWithLockFile=false" ];
          meta = {
            description = "Generates NixOS backup modules from a service inventory";
            license = lib.licenses.mit;
            mainProgram = "nixgen";
            platforms = systems;
          };
        };

      # The smallest system that the modules of a host can be part of.
      systemOf =
        system: host:
        nixpkgs.lib.nixosSystem {
          inherit system;
          modules = [
            modules.${host}
            {
              boot.isContainer = true;
              system.stateVersion = lib.trivial.release;
            }
          ];
        };
    in
    {
      # inputs.nixgen.nixosModules.<host>: the modules that are committed here.
      nixosModules = modules;

      packages = eachSystem (
        system: pkgs: {
          default = self.packages.${system}.nixgen;
          nixgen = nixgen pkgs;
        }
      );

      apps = eachSystem (
        system: _: {
          default = {
            type = "app";
            program = "${self.packages.${system}.nixgen}/bin/nixgen";
            meta.description = "Generates NixOS backup modules from a service inventory";
          };
        }
      );

      # `nix develop --command tests/run`: everything that tests/install-tools brings elsewhere. A C++ compiler comes with mkShell.
      devShells = eachSystem (
        _: pkgs: {
          default = pkgs.mkShell {
            packages = [
              pkgs.dotnetCorePackages.sdk_10_0
              pkgs.attr
              pkgs.curl
              pkgs.git
              pkgs.jq
              pkgs.mariadb
              pkgs.mkpasswd
              pkgs.nix
              pkgs.openssl
              pkgs.postgresql
              pkgs.restic
              pkgs.restic-rest-server
              pkgs.shellcheck
              pkgs.sqlite
              pkgs.systemd
              pkgs.time
              pkgs.unzip
              pkgs.util-linux
            ];
          };
        }
      );

      # Nix files below the current folder; those in generated/ are formatted already.
      formatter = eachSystem (_: pkgs: pkgs.nixfmt-tree);

      checks = eachSystem (
        system: pkgs:
        {
          package = self.packages.${system}.nixgen;

          # What is committed is what the inventory says.
          generated =
            pkgs.runCommand "nixgen-check" { nativeBuildInputs = [ self.packages.${system}.nixgen ]; }
              ''
                cd ${
                  only [
                    ./inventory.yaml
                    ./generated
                  ]
                }
                nixgen check
                touch "$out"
              '';
        }
        # The whole configuration is evaluated, assertions included; nothing of it is built.
        // lib.mapAttrs' (
          host: _:
          lib.nameValuePair "evaluates-${host}" (
            pkgs.writeText "evaluates-${host}" (
              builtins.unsafeDiscardStringContext (systemOf system host).config.system.build.toplevel.drvPath
            )
          )
        ) modules
      );
    };
}
