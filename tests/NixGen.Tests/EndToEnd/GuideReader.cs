namespace NixGen.Tests.EndToEnd;

/// <summary>
/// Somebody at the terminal of a machine who types the blocks of a guide as they stand there, one after the other in one shell. What a
/// test machine cannot have (sudo, systemctl, an installer, 1Password) are stand-ins that refuse any argument they do not expect.
/// </summary>
internal sealed class GuideReader
{
    private readonly NixOsRoot _root;
    private readonly Func<string[], (int Status, string Output)> _systemctl;

    /// <param name="root">The machine.</param>
    /// <param name="systemctl">Answers a call of systemctl.</param>
    public GuideReader(NixOsRoot root, Func<string[], (int Status, string Output)> systemctl)
    {
        (_root, _systemctl) = (root, systemctl);
        foreach (var folder in new[] { "/programs", "/run/systemctl", "/root/work" })
            Directory.CreateDirectory(root.At(folder));
        // What was typed must not show a secret to `ps`.
        Program("sudo", """
            printf '%s\n' "$*" >>/root/typed
            exec "$@"
            """);
        // The test plays systemd, on the other side of a folder.
        Program("systemctl", """
            call=$(mktemp -d /run/systemctl/XXXXXX)
            printf '%s\n' "$@" >"$call/arguments.new"
            mv "$call/arguments.new" "$call/arguments"
            until [ -e "$call/status" ]; do sleep 0.02; done
            cat "$call/output"
            exit "$(cat "$call/status")"
            """);
    }

    /// <summary>Puts a program into PATH.</summary>
    public void Program(string name, string text) => _root.WriteProgram($"/programs/{name}", $"#!/store/bash/bin/bash\n{text}\n");

    /// <summary>Runs a block at a terminal; the first command that fails ends it.</summary>
    /// <param name="text">The block.</param>
    /// <param name="answers">What is typed when it asks; the end of it is Ctrl-D.</param>
    public ToolResult Run(string text, string answers = "")
    {
        _root.Write("/root/block", text);
        _root.Write("/root/shell", """
            set -euo pipefail
            cd /root/work
            [ ! -e /root/exported ] || . /root/exported
            . /root/block
            export -p >/root/exported
            """);
        var path = string.Join(':', new[] { "bash", "coreutils", "findutils", "gnused", "jq", "restic", "sqlite", "util-linux" }.Select(name => $"/store/{name}/bin"));
        var running = Task.Run(() => ToolProcess.Run(
            Tool.Require("nsenter"),
            [.. _root.Enter, NixOsRoot.Host("script"), "--quiet", "--return", "--command", "exec /store/bash/bin/bash /root/shell", "/dev/null"],
            input: answers,
            environment: new Dictionary<string, string?>
            {
                ["PATH"] = $"/programs:{path}:{NixOsRoot.Clean["PATH"]}",
                ["HOME"] = "/root",
                ["SHELL"] = "/store/bash/bin/bash",
                ["TZ"] = "UTC",
            },
            timeout: TimeSpan.FromMinutes(5)));
        while (!running.Wait(TimeSpan.FromMilliseconds(10)))
        {
            foreach (var call in Directory.GetDirectories(_root.At("/run/systemctl")).Where(call => File.Exists($"{call}/arguments") && !File.Exists($"{call}/status")))
            {
                var (status, output) = _systemctl(File.ReadAllLines($"{call}/arguments"));
                File.WriteAllText($"{call}/output", output);
                File.WriteAllText($"{call}/status.new", $"{status}\n");
                File.Move($"{call}/status.new", $"{call}/status");
            }
        }

        return running.Result;
    }
}
