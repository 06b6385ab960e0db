# What services.restic.backups.<job> becomes: the service, its timer, the wrapper, the assertions.
#
# Source: nixpkgs 26.11 (2026-07), nixos/modules/services/backup/restic.nix, written anew for the test double. The parts that no
# generated module uses are left out and refused as unknown options: rclone, `command`, `dynamicFilesFrom`, `inhibitsSleep`, …
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) types mkOption;

  text = mkOption {
    type = types.nullOr types.str;
    default = null;
  };
  texts = mkOption {
    type = types.listOf types.str;
    default = [ ];
  };

  # A job runs as a script before the backup, the backup, `forget`, `check`, and a script after all, also after a failure.
  service =
    name: backup:
    let
      restic =
        "${pkgs.restic}/bin/restic" + lib.concatMapStrings (option: " -o ${option}") backup.extraOptions;
      includes = "/run/restic-backups-${name}/includes";
      hasPaths = backup.paths != [ ];
      excludes = lib.optionals (backup.exclude != [ ]) [
        "--exclude-file=${pkgs.writeText "exclude-patterns" (lib.concatStringsSep "\n" backup.exclude)}"
      ];
      run = command: arguments: lib.concatStringsSep " " ([ "${restic} ${command}" ] ++ arguments);
    in
    {
      environment = {
        RESTIC_CACHE_DIR = "/var/cache/restic-backups-${name}";
        RESTIC_PASSWORD_FILE = backup.passwordFile;
        RESTIC_REPOSITORY = backup.repository;
        RESTIC_REPOSITORY_FILE = backup.repositoryFile;
      };
      path = [ pkgs.openssh ];
      restartIfChanged = false;
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];
      serviceConfig = {
        Type = "oneshot";
        ExecStart =
          lib.optionals hasPaths [
            (run "backup" (backup.extraBackupArgs ++ excludes ++ [ "--files-from=${includes}" ]))
          ]
          ++ lib.optionals (backup.pruneOpts != [ ]) [
            "${restic} unlock"
            (run "forget --prune" backup.pruneOpts)
          ]
          ++ lib.optionals (backup.checkOpts != [ ]) [ (run "check" backup.checkOpts) ];
        User = backup.user;
        RuntimeDirectory = "restic-backups-${name}";
        CacheDirectory = "restic-backups-${name}";
        CacheDirectoryMode = "0700";
        PrivateTmp = true;
      }
      // lib.optionalAttrs (backup.environmentFile != null) { EnvironmentFile = backup.environmentFile; };
      preStart =
        lib.optionalString (
          backup.backupPrepareCommand != null
        ) "${pkgs.writeScript "backupPrepareCommand" backup.backupPrepareCommand}\n"
        + lib.optionalString backup.initialize "${restic} cat config > /dev/null || ${restic} init\n"
        + lib.optionalString hasPaths "cat ${pkgs.writeText "staticPaths" (lib.concatLines backup.paths)} >> ${includes}\n";
      postStop =
        lib.optionalString (
          backup.backupCleanupCommand != null
        ) "${pkgs.writeScript "backupCleanupCommand" backup.backupCleanupCommand}\n"
        + lib.optionalString hasPaths "rm -f ${includes}\n";
    };
in
{
  options.services.restic.backups = mkOption {
    default = { };
    type = types.attrsOf (
      types.submodule {
        backupCleanupCommand = text;
        backupPrepareCommand = text;
        checkOpts = texts;
        createWrapper = mkOption {
          type = types.bool;
          default = true;
        };
        environmentFile = text;
        exclude = texts;
        extraBackupArgs = texts;
        extraOptions = texts;
        initialize = mkOption {
          type = types.bool;
          default = false;
        };
        passwordFile = text;
        paths = texts;
        pruneOpts = texts;
        repository = text;
        repositoryFile = text;
        timerConfig = mkOption {
          type = types.nullOr (types.attrsOf types.systemdOption);
          default = {
            OnCalendar = "daily";
            Persistent = true;
          };
        };
        user = mkOption {
          type = types.str;
          default = "root";
        };
      }
    );
  };

  config = {
    assertions = lib.concatMap (
      name:
      let
        backup = config.services.restic.backups.${name};
      in
      [
        {
          assertion =
            (backup.repository == null) != (backup.repositoryFile == null) || backup.environmentFile != null;
          message = "services.restic.backups.${name}: exactly one of repository, repositoryFile or environmentFile should be set";
        }
        {
          assertion = backup.passwordFile != null || backup.environmentFile != null;
          message = "services.restic.backups.${name}: passwordFile or environmentFile must be set";
        }
      ]
    ) (lib.attrNames config.services.restic.backups);

    systemd.services = lib.mapAttrs' (
      name: backup: lib.nameValuePair "restic-backups-${name}" (service name backup)
    ) config.services.restic.backups;

    systemd.timers = lib.mapAttrs' (
      name: backup:
      lib.nameValuePair "restic-backups-${name}" {
        wantedBy = [ "timers.target" ];
        inherit (backup) timerConfig;
        unitConfig.X-OnlyManualStart = true;
      }
    ) (lib.filterAttrs (_: backup: backup.timerConfig != null) config.services.restic.backups);

    # The wrapper reads the same secrets as the service, but as shell.
    environment.systemPackages = lib.mapAttrsToList (
      name: backup:
      pkgs.writeShellScriptBin "restic-${name}" (
        lib.concatLines (
          [ "set -a" ]
          ++ lib.optionals (backup.environmentFile != null) [ "source ${backup.environmentFile}" ]
          ++ lib.mapAttrsToList (variable: value: "${variable}=${lib.escapeShellArg value}") (
            lib.filterAttrs (
              _: value: value != null
            ) config.systemd.services."restic-backups-${name}".environment
          )
          ++ [
            "exec ${pkgs.restic}/bin/restic${
              lib.concatMapStrings (option: " -o ${option}") backup.extraOptions
            } \"$@\""
          ]
        )
      )
    ) (lib.filterAttrs (_: backup: backup.createWrapper) config.services.restic.backups);
  };
}
