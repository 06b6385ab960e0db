# A host as `nixosConfigurations.HOST` is one: its configuration merged by the double of the module system, options that throw put
# in afterwards. What a real NixOS has beside the services under test stands here, too, so that a false alarm shows.
{
  # What to make of it.
  apply ? (system: system),
  # Further modules.
  extra ? [ ],
}:
let
  lib = import ../Evaluation/library.nix;
  modules = import ../Evaluation/module-system.nix { };
  inherit (lib) types mkOption;
  sets = mkOption {
    type = types.attrsOf types.anything;
    default = { };
  };
  units = lib.mapAttrs (_: serviceConfig: { inherit serviceConfig; });

  evaluated = modules.evaluate {
    arguments = {
      inherit lib;
      pkgs = { };
    };
    first = [
      {
        options = {
          networking = sets;
          system = sets;
          users = sets;
          services = sets;
          virtualisation = sets;
          containers = sets;
          homelab = sets;
          fileSystems = sets;
          systemd.services = sets;
        };
      }
    ];
    modules = [ host ] ++ extra;
  };

  on = {
    enable = true;
  };
  host = {
    networking.hostName = "nas";
    system.stateVersion = "23.11";

    networking.networkmanager = on;

    services = {
      adguardhome = on;
      audiobookshelf = on // {
        dataDir = "books";
      };
      authelia.instances = {
        main = on;
        old.enable = false;
      };
      home-assistant = on // {
        configDir = "/var/lib/hass";
      };
      immich = on // {
        mediaLocation = "/var/lib/immich";
      };
      jellyfin = on // {
        dataDir = "/srv/jellyfin";
      };
      miniflux = on;
      mosquitto = on // {
        dataDir = "/var/lib/mosquitto/";
      };
      mysql = on // {
        dataDir = "/var/lib/mysql";
        ensureDatabases = [ "wiki" ];
      };
      node-red = on;
      openssh = on;
      ntfy-sh = on;
      paperless = on // {
        mediaDir = "/tank/documents";
        consumptionDir = "/var/lib/paperless/consume";
      };
      postgresql = on // {
        dataDir = "/var/lib/postgresql/17";
        ensureDatabases = [
          "immich"
          "miniflux"
          "shop"
        ];
      };
      prowlarr = on // {
        dataDir = "/var/lib/prowlarr";
      };
      radarr = on // {
        dataDir = "/var/lib/radarr/.config/Radarr";
      };
      sonarr = on;
      redis.servers.paperless = on;
      syncthing = on;
      transmission = on // {
        home = "/tank/transmission";
      };
      uptime-kuma = on // {
        settings.DATA_DIR = "/var/lib/uptime-kuma/";
      };
      unbound = on;
      vaultwarden = on;
      zigbee2mqtt = on;
      zwave-js = on // {
        settings.storage.cacheDir = "/var/cache/zwave-js";
      };
      lidarr.enable = false;
      restic.backups = {
        legacy = {
          paths = [ "/srv/ledger" ];
          exclude = [
            "/srv/ledger/cache"
            "*.tmp"
          ];
          repository = "rest:https://joe:secret@backup.lan:8000/nas";
          timerConfig = {
            OnCalendar = "04:15";
            RandomizedDelaySec = "10m";
          };
          pruneOpts = [
            "--keep-daily 5"
            "--keep-within 1y"
          ];
          passwordFile = "/etc/secrets/legacy";
        };
        cloud = {
          paths = [
            "/var/lib/hass"
            "/opt/notes"
          ];
          repository = "b2:bucket:nas";
          timerConfig.OnCalendar = [ "Sun 02:00" ];
          pruneOpts = [ "--keep-weekly=8" ];
          passwordFile = "/etc/secrets/cloud";
          environmentFile = "/etc/secrets/cloud.env";
        };
      };
    };

    systemd.services = units {
      adguardhome = {
        StateDirectory = "AdGuardHome";
        DynamicUser = true;
      };
      audiobookshelf.StateDirectory = "books";
      authelia-main.StateDirectory = "authelia-main";
      home-assistant = {
        ReadWritePaths = [
          "/var/lib/hass"
          "/tmp"
        ];
        User = "hass";
      };
      immich-server.StateDirectory = "immich";
      jellyfin = {
        WorkingDirectory = "/srv/jellyfin";
        CacheDirectory = "jellyfin";
      };
      miniflux = {
        DynamicUser = true;
        RuntimeDirectory = "miniflux";
      };
      mosquitto.ReadWritePaths = [ "/var/lib/mosquitto" ];
      mysql.StateDirectory = "mysql";
      node-red.StateDirectory = "node-red";
      # Of an older release, where it was no DynamicUser yet.
      ntfy-sh.StateDirectory = "ntfy-sh";
      paperless-web.ReadWritePaths = [
        "/var/lib/paperless/consume"
        "/var/lib/paperless"
      ];
      postgresql = {
        StateDirectory = "postgresql postgresql/17";
        User = "postgres";
      };
      postgresql-setup.User = "postgres";
      prowlarr = {
        StateDirectory = "prowlarr";
        DynamicUser = "yes";
      };
      radarr.User = "radarr";
      redis-paperless.StateDirectory = "redis-paperless";
      transmission.StateDirectory = [
        "transmission"
        "transmission/Downloads"
      ];
      uptime-kuma = {
        StateDirectory = "uptime-kuma";
        DynamicUser = true;
      };
      vaultwarden.StateDirectory = "bitwarden_rs";
      zwave-js = {
        CacheDirectory = "zwave-js";
        DynamicUser = true;
      };
      backrest = {
        StateDirectory = "backrest";
        CacheDirectory = "backrest";
      };

      # Of nobody's module.
      photos = {
        StateDirectory = "photos";
        LogsDirectory = "photos";
        ReadWritePaths = "/var/lib/photos/originals -/var/log/photos %t/photos /proc/sys";
      };
      photos-import.StateDirectory = "photos/import";
      ledger = {
        ReadWritePaths = [
          "/lost"
          ""
          "-/srv/ledger"
        ];
        BindPaths = [ "/srv/receipts:/receipts" ];
        BindReadOnlyPaths = [ "/etc/ledger" ];
        User = "ledger";
      };
      feeds = {
        DynamicUser = true;
        StateDirectory = "feeds:news";
        WorkingDirectory = "/var/lib/feeds";
      };
      "sync@".StateDirectory = "sync/%i";
      "sync@work".StateDirectory = "sync/%i";
      scratch.ReadWritePaths = [ "/scratch/big" ];
      renderer = {
        CacheDirectory = "renderer";
        RuntimeDirectory = "renderer";
        WorkingDirectory = "/var/cache/renderer";
      };
      web-app = {
        User = "javier";
        WorkingDirectory = "/home/javier/app";
      };
      podman-dash.Type = "notify";

      # Of every NixOS.
      acme-setup = {
        StateDirectory = "acme acme/.lego";
        ReadWritePaths = [ "/var/lib/acme" ];
      };
      chronyd.ReadWritePaths = [ "/var/lib/chrony" ];
      fail2ban.StateDirectory = "fail2ban";
      fwupd-refresh.StateDirectory = "fwupd";
      generate-shutdown-ramfs.ReadWritePaths = "/run/initramfs";
      linger-users.WorkingDirectory = "/var/lib/systemd/linger";
      logrotate.ReadWritePaths = [ "/var/log" ];
      NetworkManager.StateDirectory = "NetworkManager";
      nscd.RuntimeDirectory = "nscd";
      restic-backups-legacy = {
        CacheDirectory = "restic-backups-legacy";
        ReadWritePaths = [ "/mnt/backup" ];
      };
      systemd-timesyncd.StateDirectory = "systemd/timesync";
      wpa_supplicant.BindPaths = [
        "/etc/wpa_supplicant"
        "/dev/rfkill"
      ];
      homelab-copy-immich.StateDirectory = "homelab-copies/immich";
    };

    users.users = {
      hass.home = "/var/lib/hass";
      javier = {
        isNormalUser = true;
        home = "/home/javier";
        createHome = true;
      };
      ledger.home = "/var/lib/ledger";
      nobody.home = "/var/empty";
      postgres.home = "/var/lib/postgresql/17";
      radarr.home = "/var/lib/radarr/.config/Radarr";
      root.home = "/root";
    };

    virtualisation.oci-containers = {
      backend = "podman";
      containers.dash = {
        image = "ghcr.io/example/dash:1";
        volumes = [
          "dash-data:/data"
          "/srv/dash:/config"
          "/srv/media:/media:ro"
          "/etc/localtime:/etc/localtime"
          "/run/podman/podman.sock:/var/run/docker.sock"
          "/dev/dri:/dev/dri"
          "/anonymous"
        ];
      };
    };
    containers = {
      web.bindMounts = {
        "/data" = {
          hostPath = "/srv/web";
          isReadOnly = false;
        };
        "/keys" = {
          hostPath = "/etc/keys";
          isReadOnly = true;
        };
      };
      throwaway = {
        ephemeral = true;
        bindMounts = { };
      };
    };

    homelab.backupPaths = [ "/srv/extra" ];
    homelab.backupExcludes = [ "/srv/extra/tmp" ];

    fileSystems = {
      "/" = {
        device = "/dev/sda1";
        fsType = "ext4";
      };
      "/scratch" = {
        device = "none";
        fsType = "tmpfs";
      };
      "/var/lib/sonarr" = {
        device = "/tank/sonarr";
        options = [ "bind" ];
      };
    };
  };

  default = value: { inherit value; } // { default = value; };
in
apply {
  config = evaluated.config // {
    services = evaluated.config.services // {
      # A removed option, a broken package, an option without a value.
      kanidm = throw "services.kanidm has been removed";
      # Of any number of instances, not even their names.
      gitea-actions-runner.instances = throw "no runner";
      grafana = {
        enable = true;
        dataDir = throw "no value";
      };
    };
    systemd = {
      services = evaluated.config.systemd.services // {
        grafana = {
          enable = true;
          serviceConfig.StateDirectory = throw "broken";
        };
        old-cloud.serviceConfig = throw "the release of the package is not said";
        switched-off = {
          enable = false;
          serviceConfig.StateDirectory = "switched-off";
        };
      };
    };
  };
  options.services = {
    jellyfin.dataDir = default "/var/lib/jellyfin";
    audiobookshelf.dataDir = default "audiobookshelf";
    transmission.home = default "/var/lib/transmission";
    prowlarr.dataDir = default "/var/lib/prowlarr";
  };
}
