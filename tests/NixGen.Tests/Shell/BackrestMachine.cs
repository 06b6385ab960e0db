namespace NixGen.Tests.Shell;

/// <summary>Runs what comes before Backrest and after it, with folders of its own in place of those in /run and /var/lib.</summary>
internal sealed class BackrestMachine : Machine
{
    public BackrestMachine(GeneratedScripts? scripts = null) : base(scripts ?? GeneratedScripts.Homelab, "/var/lib/backrest", "/run/backrest")
    {
        Package("openssl", "jq", "curl");
        // Logs its arguments, then asks the real one.
        Stub("mkpasswd", $"""
            printf '%s\n' "$*" >>$machine/mkpasswd
            exec {Tool.Require("mkpasswd")} "$@"
            """);
        Directory.CreateDirectory(Moved("/var/lib/backrest"));
        Directory.CreateDirectory(Moved("/run/backrest"));
    }

    public string Rendered(string name) => Moved("/run/backrest/rendered/" + name);

    /// <summary>As systemd makes the folder for each start.</summary>
    public ToolResult Render(string? password)
    {
        var runtime = Moved("/run/backrest");
        ToolProcess.Run("rm", ["-rf", runtime]).Succeeded();
        Directory.CreateDirectory(runtime);
        var credential = At("credentials", "password");
        File.Delete(credential);
        if (password is not null)
            File.WriteAllText(credential, password);
        return Run("backrest-render", [("RUNTIME_DIRECTORY", runtime)]);
    }

    public ToolResult Index() => Run("backrest-index");
}
