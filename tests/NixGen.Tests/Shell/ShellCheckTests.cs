namespace NixGen.Tests.Shell;

public class ShellCheckTests
{
    // Nix has filled in what the inventory says, so that some comparisons have only one outcome in a given script.
    private static readonly string[] Excluded =
    [
        // [ continue = refuse ]: the setting `missing`. A constant, and `continue` looks like the command.
        "SC2050",
        "SC1014",
        // [ -z "yes" ]: whether this host may create the repository.
        "SC2157",
        // for path in /one: a list of one.
        "SC2043",
        // '$(touch pwned).db': the name of a database.
        "SC2016",
    ];

    [ToolFact(Nix.Program, "shellcheck")]
    public void Nothing_is_found_in_any_script()
    {
        using var folder = new TemporaryFolder();
        (string Host, GeneratedScripts Scripts)[] hosts =
        [
            ("homelab", GeneratedScripts.Homelab), ("workshop", GeneratedScripts.Workshop),
            ("cellar", DatabaseMachine.Cellar), ("servers", DatabaseMachine.Servers),
        ];
        var files = new List<string>();
        foreach (var (host, scripts) in hosts)
        {
            foreach (var (name, text) in scripts.Texts.Where(script => GeneratedScripts.IsScript(script.Key)))
                files.Add(folder.Write($"{host}/{name}", $"#!/usr/bin/env bash\n{text.Replace("{{", "/").Replace("}}", "")}"));
        }

        Assert.True(files.Count > 20, $"{files.Count} scripts");
        ToolProcess.Run("shellcheck", ["--norc", "--severity=style", $"--exclude={string.Join(',', Excluded)}", .. files]).Succeeded();
    }
}
