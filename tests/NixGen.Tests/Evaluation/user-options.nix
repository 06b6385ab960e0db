# What a flake has that declares homelab.backupPaths itself, for hosts whose inventory says `declareOptions: false`.
{ lib, ... }:
{
  options.homelab = {
    backupPaths = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
    };
    backupExcludes = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
    };
  };
}
