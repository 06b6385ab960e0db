using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NixGen.Tests.Documentation;

/// <summary>
/// flake.nix as far as Nix can tell without a network: it is evaluated with a stand-in for nixpkgs, which knows only the functions and
/// packages that it asks for. Whether nixpkgs has these, and whether the package builds, is for <c>nix flake check</c> with the real one.
/// </summary>
public sealed partial class FlakeTests
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
            Assert.Equal("nixfmt-tree", Evaluate($"outputs.formatter.{system}.name").GetString());
            var checks = Evaluate($"builtins.mapAttrs (_: check: check.name) outputs.checks.{system}");
            var hosts = Directory.EnumerateDirectories(RepositoryRoot.At("generated")).Select(host => "evaluates-" + Path.GetFileName(host));
            Assert.Equal(hosts.Append("generated").Append("package").Order(), Names(checks));
        }
    }

    /// <summary>What tests/install-tools brings on Debian, the development shell brings on NixOS.</summary>
    [ToolFact(Nix.Program)]
    public void The_shell_has_every_program_of_the_tests()
    {
        var programs = Program().Matches(File.ReadAllText(RepositoryRoot.At("tests", "install-tools"))).Select(match => match.Groups[1].Value).ToList();
        Assert.True(programs.Count > 10);
        Assert.All(programs, program => Assert.Contains(program, PackageOf.Keys));
        var packages = Evaluate("map (package: package.name) outputs.devShells.x86_64-linux.default.packages").EnumerateArray().Select(name => name.GetString());
        Assert.Superset(programs.Select(program => (string?)PackageOf[program]).Where(package => package != "").ToHashSet(), packages.ToHashSet());
    }

    // Of nixpkgs; "" is part of every shell.
    private static readonly Dictionary<string, string> PackageOf = new()
    {
        ["curl"] = "curl",
        ["g++"] = "",
        ["exch"] = "util-linux",
        ["getfattr"] = "attr",
        ["git"] = "git",
        ["jq"] = "jq",
        ["mariadb-dump"] = "mariadb",
        ["mariadbd"] = "mariadb",
        ["mkpasswd"] = "mkpasswd",
        ["nix"] = "nix",
        ["nix-instantiate"] = "nix",
        ["nsenter"] = "util-linux",
        ["openssl"] = "openssl",
        ["postgres"] = "postgresql",
        ["rest-server"] = "restic-rest-server",
        ["restic"] = "restic",
        ["script"] = "util-linux",
        ["setpriv"] = "util-linux",
        ["shellcheck"] = "shellcheck",
        ["sqlite3"] = "sqlite",
        ["systemd-analyze"] = "systemd",
        ["systemd-escape"] = "systemd",
        ["systemd-tmpfiles"] = "systemd",
        ["time"] = "time",
        ["unshare"] = "util-linux",
        ["unzip"] = "unzip",
    };

    // "program how-it-tells-its-version package"
    [GeneratedRegex(@"^  ""(\S+) \S+ \S+""$", RegexOptions.Multiline)]
    private static partial Regex Program();

    [ToolFact("jq", "openssl", "bash")]
    public void The_hashes_of_the_packages_are_those_of_their_files() =>
        ToolProcess.Run(RepositoryRoot.At("tests", "update-deps"), ["--check"]).Succeeded();

    [ToolFact("shellcheck")]
    public void Shellcheck_finds_nothing_in_the_script() =>
        ToolProcess.Run("shellcheck", ["--enable=require-double-brackets", RepositoryRoot.At("tests", "update-deps")]).Succeeded();

    /// <summary>What Nix itself says to it: each output has the shape that it must have, and every check can be evaluated.</summary>
    [ToolFact("nix")]
    public void Nix_accepts_it_as_a_flake()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in Inputs())
            folder.Write("flake/" + name, File.ReadAllText(RepositoryRoot.At(name)));
        foreach (var name in (string[])["src", "templates"])
            Directory.CreateDirectory(folder.At("flake", name));
        ToolProcess.Run(
            "nix",
            [
                "--extra-experimental-features", "nix-command flakes", "--store", folder.At("store"),
                "flake", "check", "--no-build", "path:" + folder.At("flake"),
                "--override-input", "nixpkgs", "path:" + Path.GetDirectoryName(RepositoryRoot.At(Nixpkgs)), "--no-write-lock-file",
            ],
            environment: new Dictionary<string, string?> { ["HOME"] = folder.At("home"), ["XDG_CACHE_HOME"] = null, ["NIX_REMOTE"] = null }).Succeeded();
    }

    private const string Nixpkgs = "tests/NixGen.Tests/Documentation/nixpkgs/flake.nix";

    private static IEnumerable<string> Inputs() => Directory
        .EnumerateFiles(RepositoryRoot.At("generated"), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file))
        .Concat(["flake.nix", "deps.json", "inventory.yaml", "global.json", "Directory.Build.props", "Directory.Packages.props"]);

    private static JsonElement Evaluate(string expression) => Nix.EvaluateJson(
        $$"""
        let
          outputs = (import ./flake.nix).outputs {
            self = outputs;
            nixpkgs = (import ./{{Nixpkgs}}).outputs { self = null; };
          };
        in
        {{expression}}
        """,
        RepositoryRoot.Path);

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
