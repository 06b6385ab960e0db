using System.Text.Json;
using System.Xml.Linq;

namespace NixGen.Tests.Documentation;

/// <summary>
/// flake.nix as far as Nix can tell without a network: it is evaluated with a stand-in for nixpkgs, which knows only the functions and
/// packages that it asks for. Whether nixpkgs has these, and whether the package builds, is for <c>nix flake check</c> with the real one.
/// </summary>
public class FlakeTests
{
    private static readonly string[] Systems = ["x86_64-linux", "aarch64-linux"];

    [ToolFact(Nix.Program)]
    public void It_parses() => Nix.Parse(RepositoryRoot.At("flake.nix"));

    [ToolFact(Nix.Program)]
    public void Every_host_is_a_module()
    {
        var modules = Evaluate("builtins.mapAttrs (_: module: toString module.imports) outputs.nixosModules");
        var hosts = Directory.EnumerateDirectories(RepositoryRoot.At("generated"));
        Assert.Equal(
            hosts.ToDictionary(host => Path.GetFileName(host), host => (string?)host),
            modules.EnumerateObject().ToDictionary(module => module.Name, module => module.Value.GetString()));
    }

    [ToolFact(Nix.Program)]
    public void The_package_has_the_version_of_the_build_and_the_packages_of_the_lock_files()
    {
        var packages = Evaluate("builtins.mapAttrs (_: all: { inherit (all.default) pname version projectFile deps src; }) outputs.packages");
        Assert.Equal(Systems.Order(), Names(packages));
        var properties = XDocument.Load(RepositoryRoot.At("Directory.Build.props"));
        foreach (var package in packages.EnumerateObject().Select(system => system.Value))
        {
            Assert.Equal("nixgen", Text(package, "pname"));
            Assert.Equal(properties.Descendants("Version").Single().Value, Text(package, "version"));
            Assert.True(File.Exists(RepositoryRoot.At(Text(package, "projectFile"))));
            Assert.Equal(Locked(), package.GetProperty("deps").EnumerateArray().ToDictionary(dep => Text(dep, "pname"), dep => Text(dep, "version")));
            Assert.All(package.GetProperty("deps").EnumerateArray(), dep => Assert.Matches(@"^sha256-[A-Za-z0-9+/]{43}=\z", Text(dep, "hash")));
        }
    }

    [ToolFact(Nix.Program)]
    public void There_are_an_app_a_shell_a_formatter_and_checks_for_each_system()
    {
        foreach (var system in Systems)
        {
            Assert.EndsWith("/bin/nixgen", Evaluate($"outputs.apps.{system}.default.program").GetString());
            Assert.True(Evaluate($"builtins.length outputs.devShells.{system}.default.packages").GetInt32() > 5);
            Assert.Equal("nixfmt-tree", Evaluate($"outputs.formatter.{system}").GetString());
            var checks = Evaluate($"outputs.checks.{system}");
            var hosts = Directory.EnumerateDirectories(RepositoryRoot.At("generated")).Select(host => "evaluates-" + Path.GetFileName(host));
            Assert.Equal(hosts.Append("generated").Append("package").Order(), Names(checks));
        }
    }

    [ToolFact("jq", "openssl", "bash")]
    public void The_hashes_of_the_packages_are_those_of_their_files() =>
        ToolProcess.Run(RepositoryRoot.At("tests", "update-deps"), ["--check"]).Succeeded();

    [ToolFact("shellcheck")]
    public void Shellcheck_finds_nothing_in_the_script() =>
        ToolProcess.Run("shellcheck", ["--enable=require-double-brackets", RepositoryRoot.At("tests", "update-deps")]).Succeeded();

    private static JsonElement Evaluate(string expression) => Nix.EvaluateJson(Stub + expression, RepositoryRoot.Path);

    private const string Stub = """
        let
          lib = {
            inherit (builtins) head attrNames;
            genAttrs = names: value: builtins.listToAttrs (map (name: { inherit name; value = value name; }) names);
            filterAttrs =
              keeps: set:
              builtins.listToAttrs (
                map (name: { inherit name; value = set.${name}; })
                  (builtins.filter (name: keeps name set.${name}) (builtins.attrNames set))
              );
            nameValuePair = name: value: { inherit name value; };
            mapAttrs' = pair: set: builtins.listToAttrs (map (name: pair name set.${name}) (builtins.attrNames set));
            licenses.mit = "MIT";
            trivial.release = "26.11";
            fileset = {
              # Nothing that it names may be missing.
              unions = files: assert builtins.all builtins.pathExists files; files;
              toSource = { root, fileset }: builtins.concatStringsSep " " (map toString fileset);
            };
            # The modules are read, and the rest taken for granted.
            nixosSystem =
              { system, modules }:
              let
                read = map (module: map (path: import path) (module.imports or [ ])) modules;
              in
              { config.system.build.toplevel.drvPath = builtins.seq (builtins.deepSeq read read) "/${system}.drv"; };
          };
          pkgs = builtins.listToAttrs (
            map (name: { inherit name; value = name; }) [
              "curl" "git" "jq" "mkpasswd" "nix" "nixfmt-tree" "openssl" "restic" "restic-rest-server" "shellcheck" "sqlite"
              "systemd" "unzip" "util-linux"
            ]
          ) // {
            buildDotnetModule = package: package // {
              outPath = "/nixgen";
              deps = builtins.fromJSON (builtins.readFile package.nugetDeps);
            };
            dotnetCorePackages = { sdk_10_0 = "sdk"; runtime_10_0 = "runtime"; };
            mkShell = shell: shell;
            runCommand = name: environment: script: { inherit name environment script; };
            writeText = name: text: { inherit name text; };
          };
          outputs = (import ./flake.nix).outputs {
            self = outputs;
            nixpkgs = {
              inherit lib;
              legacyPackages = { x86_64-linux = pkgs; aarch64-linux = pkgs; };
            };
          };
        in

        """;

    private static Dictionary<string, string> Locked()
    {
        var packages = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.At("src"), "packages.lock.json", SearchOption.AllDirectories))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var package in document.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject())
            {
                // The SDK's own package comes with the SDK of nixpkgs.
                if (Text(package.Value, "type") != "Project" && package.Name != "Microsoft.NET.ILLink.Tasks")
                    packages[package.Name] = Text(package.Value, "resolved");
            }
        }

        return packages;
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name).Order();
}
