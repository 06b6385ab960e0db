using System.Text;

namespace NixGen.Tests.Auditing;

/// <summary>
/// `--flake` with Nix itself: the host of host.nix as one of a flake in a repository of git. Nix keeps store, state and caches in a
/// folder of the test, so that anybody may run it.
/// </summary>
public sealed class FlakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FlakeTests()
    {
        foreach (var file in (string[])["Auditing/host.nix", "Evaluation/library.nix", "Evaluation/module-system.nix"])
            _folder.Write($"flake/{file}", File.ReadAllText(RepositoryRoot.At("tests", "NixGen.Tests", file)));
        _folder.Write("settings/flake.nix", "{ outputs = _: { secure = true; }; }");
        // An input without a lock, for which nix would write a flake.lock.
        _folder.Write("flake/flake.nix", $$"""
            {
              inputs.settings.url = "path:{{_folder.At("settings")}}";
              outputs =
                { settings, ... }:
                let
                  host = import ./Auditing/host.nix { };
                  count = builtins.foldl' (sum: number: sum + number) 0;
                  numbers = builtins.genList (number: number) 4000;
                in
                {
                  nixosConfigurations = {
                    nas = assert settings.secure; host;
                    "nas.example.org" = host;
                    odd = import ./Auditing/host.nix { extra = [ { networking.hostName = "nas"; services.restic.backups.odd.paths = [ "/odd" ]; } ]; };
                    broken = builtins.trace "so far" (throw "no disk is declared for this host");
                    unknown = { config = throw "The option `services.absent' does not exist"; };
                    # Without the names of its units nothing can be said of a host.
                    unbuildable = host // { config = host.config // { systemd.services = throw "no list of strings"; }; };
                    # Fails after Nix has printed the beginning of the JSON.
                    halfway = host // { config = host.config // { networking.hostName = builtins.readFile ./absent; }; };
                    slow = builtins.seq (builtins.foldl' (sum: number: sum + number + count numbers) 0 numbers) host;
                  };
                };
            }
            """);
        _folder.Write("registry.json", "{ \"version\": 2, \"flakes\": [] }");
        _folder.Write("inventory.yaml", Nas.Inventory());
        Git("init", "--quiet");
        Git("add", ".");
    }

    public void Dispose() => _folder.Dispose();

    [ToolFact("nix", "git", Nix.Program)]
    public void A_host_of_a_flake_is_audited_as_its_facts_are()
    {
        _folder.Write("nas.json", Nas.Json);
        var covered = Run("audit", "--flake", "./flake#nas", "--format", "json").Succeeded();
        Assert.Equal(Run("audit", "--config-json", "nas.json", "--format", "json").Succeeded().Output, covered.Output);
        Assert.Contains("./flake#nas: warning NG6004: could not be evaluated: systemd.services.grafana.serviceConfig.StateDirectory, systemd.services.old-cloud.serviceConfig, services.gitea-actions-runner.instances, services.kanidm, services.grafana.dataDir\n", covered.Error);
        Assert.False(File.Exists(_folder.At("flake/flake.lock")));
        Assert.DoesNotContain('\r', covered.Error);

        _folder.Write("inventory.yaml", Nas.Inventory(("prowlarr", "backupPaths: [/var/lib/prowlarr]")));
        var gap = Run("audit", "--flake", "./flake#nas");
        Assert.Equal(1, gap.ExitCode);
        Assert.Contains("/var/lib/private/prowlarr is not backed up", gap.Output);
        Assert.Equal(1, gap.Output.Split("NG6101").Length - 1);
    }

    [ToolTheory("nix", "git")]
    [InlineData("./flake#nixosConfigurations.nas")]
    [InlineData("./flake#nixosConfigurations.\"nas\"")]
    [InlineData("path:./flake#nas")]
    [InlineData("./flake#nas.example.org", "--host", "nas")]
    [InlineData("./flake#\"nas.example.org\"", "--host", "nas")]
    [InlineData("./flake#nixosConfigurations.nas.example.org", "--host", "nas")]
    [InlineData("./flake#nixosConfigurations.\"nas.example.org\"", "--host", "nas")]
    public void A_host_is_named_as_nix_names_it(string flake, params string[] more) =>
        Assert.Contains("0 not covered", Run(["audit", "--flake", flake, .. more]).Succeeded().Output);

    [ToolTheory("nix", "git")]
    [InlineData("./flake#attic", "does not provide attribute", "nixosConfigurations.attic")]
    [InlineData("./flake#attic.example.org", "does not provide attribute", "nixosConfigurations.\"attic.example.org\"")]
    [InlineData("./flake#a\"b", "a\"b")]
    [InlineData("./absent#nas", "absent")]
    [InlineData("./flake#broken", "no disk is declared for this host")]
    [InlineData("./flake#unknown", "The option `services.absent' does not exist")]
    [InlineData("./flake#unbuildable", "no list of strings")]
    [InlineData("./flake#halfway", "absent")]
    public void What_nix_cannot_evaluate_is_4_with_what_it_says(string flake, params string[] said)
    {
        foreach (var command in (string[][])[["audit", "--flake", flake], ["import", "--flake", flake, "--output", "new.yaml"]])
        {
            var result = Run(command);
            Assert.Equal((4, ""), (result.ExitCode, result.Output));
            var error = result.Error[result.Error.IndexOf("error NG6003", StringComparison.Ordinal)..];
            Assert.StartsWith($"error NG6003: nix could not evaluate {flake} (exit code 1)\n    error: ", error, StringComparison.Ordinal);
            Assert.All(said, text => Assert.Contains(text, error));
            Assert.DoesNotContain("so far", error);
            Assert.DoesNotContain("warning", error);
            Assert.False(File.Exists(_folder.At("new.yaml")));
        }
    }

    [ToolFact("nix", "git", Nix.Program)]
    public void An_import_of_a_flake_is_that_of_its_facts_and_has_no_gap()
    {
        _folder.Write("nas.json", Nas.Json);
        Run("import", "--flake", "./flake#nas", "--output", "first.yaml").Succeeded();
        Assert.Equal(Run("import", "--config-json", "nas.json").Succeeded().Output, File.ReadAllText(_folder.At("first.yaml")));
        Run("audit", "--inventory", "first.yaml", "--flake", "./flake#nas").Succeeded();
    }

    /// <summary>One argument of a program ends at 128 KiB.</summary>
    [ToolTheory("nix", "git")]
    [InlineData(500, 1, false)]
    [InlineData(500, 6, true)]
    public void A_catalogue_of_any_size_reaches_nix(int entries, int places, bool isLong)
    {
        WriteCatalogue(entries, places);
        Assert.Equal(isLong, Run("audit", "--print-expression").Succeeded().OutputBytes.Length >= 128 * 1024);
        var audit = Run("audit", "--flake", "./flake#nas");
        Assert.Equal((1, ""), (audit.ExitCode, audit.ExitCode == 1 ? "" : audit.Error));
        Assert.Contains("My photos: /srv/mine is not backed up", audit.Output);
        Assert.DoesNotContain("NG6101", audit.Output);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.At(TemporaryFiles), "nixgen-*"));
    }

    [ToolFact("nix", "git")]
    public void Where_no_file_can_be_written_is_said()
    {
        WriteCatalogue(500, 6);
        var environment = Environment();
        environment["TMPDIR"] = _folder.At("absent");
        var audit = ToolProcess.Run("dotnet", [Program, "audit", "--flake", "./flake#nas"], environment: environment, workingDirectory: _folder.Path);
        Assert.Equal((4, ""), (audit.ExitCode, audit.Output));
        Assert.Contains("absent/: error NG4002: what nix is to evaluate cannot be written there\n    Make room, or set TMPDIR", audit.Error);
    }

    /// <summary>Whoever ends it finds neither its file nor nix afterwards.</summary>
    [ToolFact("nix", "git", "bash")]
    public void Nothing_stays_of_an_audit_that_is_ended()
    {
        WriteCatalogue(500, 6);
        var files = _folder.At(TemporaryFiles);
        // Nix itself, which says who it is.
        var nix = _folder.WriteProgram("programs/nix", "#!/bin/sh\necho $$ >pid.new\nmv pid.new pid\nexec sleep 60\n");
        var environment = Environment();
        environment["FOLDER"] = Path.GetDirectoryName(nix);
        var ended = ToolProcess.Run(
            "bash",
            [
                "-c",
                """
                PATH="$FOLDER:$PATH" "$@" & nixgen=$!
                for _ in {1..300}; do [ -e pid ] && break; sleep 0.1; done
                ls "$TMPDIR"
                kill -TERM $nixgen
                wait $nixgen; echo "code $?"
                kill -0 "$(cat pid)" 2>/dev/null && echo "still there"
                exit 0
                """,
                "bash",
                Tool.Require("dotnet"), Program, "audit", "--flake", "./flake#nas",
            ],
            environment: environment,
            workingDirectory: _folder.Path).Succeeded();
        Assert.Matches("^nixgen-[^\n]+\ncode 143\n$", string.Join('\n', ended.Output.Split('\n').Where(line => !line.StartsWith("dotnet-diagnostic", StringComparison.Ordinal) && !line.StartsWith("clr-debug", StringComparison.Ordinal))));
        Assert.Empty(Directory.GetFileSystemEntries(files, "nixgen-*"));
    }

    private void WriteCatalogue(int entries, int places)
    {
        var catalogue = new StringBuilder("services:\n  photos: { title: My photos, category: own, enabledBy: services.vaultwarden.enable, units: [photos], state: [{ path: /srv/mine }], source: me }\n");
        for (var entry = 0; entry < entries; entry++)
        {
            var state = Enumerable.Range(0, places).Select(place => $"{{ path: /srv/own{entry}/{place}, movedBy: services.own-service-{entry}.settings.folder{place} }}");
            catalogue.Append($"  own-service-{entry}: {{ title: Own, category: own, enabledBy: services.own-service-{entry}.enable, state: [{string.Join(", ", state)}], source: me }}\n");
        }

        _folder.Write("catalogue.yaml", catalogue.ToString());
    }

    [ToolFact("nix", "git", "script")]
    public void A_terminal_is_told_that_nix_still_works_and_a_file_is_not()
    {
        var command = $"'{Tool.Require("dotnet")}' '{Program}' audit --host nas --flake ./flake#slow";
        var shown = ToolProcess.Run("script", ["--quiet", "--return", "--command", command, "/dev/null"], environment: Environment(), workingDirectory: _folder.Path).Succeeded();
        Assert.Matches(@"\rnix evaluates \./flake#slow: [0-9]+ s", shown.Output);
        // Nothing of it stays.
        Assert.True(shown.Output.LastIndexOf("\r\e[K", StringComparison.Ordinal) > shown.Output.LastIndexOf("nix evaluates", StringComparison.Ordinal));
        Assert.DoesNotContain("nix evaluates", Run("audit", "--host", "nas", "--flake", "./flake#slow").Succeeded().Error);
    }

    private void Git(params string[] arguments) =>
        ToolProcess.Run("git", ["-C", _folder.At("flake"), .. arguments], environment: Environment()).Succeeded();

    // What a URL and a text of Nix could take for something else.
    private const string TemporaryFiles = "temporary 'files' \"of\" 100%41 #1? ${x} \\ é";

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "nixgen.dll");

    // Everything that Nix reads or writes is here, and so is what git would read of the developer.
    private Dictionary<string, string?> Environment() => new()
    {
        ["HOME"] = _folder.At("home"),
        ["XDG_CACHE_HOME"] = null,
        ["XDG_CONFIG_HOME"] = null,
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["TMPDIR"] = Directory.CreateDirectory(_folder.At(TemporaryFiles)).FullName,
        ["NIX_REMOTE"] = "local",
        ["NIX_STORE_DIR"] = _folder.At("nix/store"),
        ["NIX_STATE_DIR"] = _folder.At("nix/var"),
        ["NIX_LOG_DIR"] = _folder.At("nix/log"),
        ["NIX_CONF_DIR"] = _folder.At("nix/etc"),
        ["NIX_USER_CONF_FILES"] = "",
        // Neither a group of the system nor the network.
        ["NIX_CONFIG"] = $"build-users-group =\nflake-registry = {_folder.At("registry.json")}",
        ["NIX_PATH"] = "",
        ["TERM"] = "xterm",
    };

    private ToolResult Run(params string[] arguments) =>
        ToolProcess.Run("dotnet", [Program, .. arguments], environment: Environment(), workingDirectory: _folder.Path);
}
