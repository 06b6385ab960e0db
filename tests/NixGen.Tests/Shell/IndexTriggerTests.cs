using System.Net;
using System.Text;
using System.Text.Json;

namespace NixGen.Tests.Shell;

/// <summary>What asks Backrest to index, against a listener on the loopback address.</summary>
public class IndexTriggerTests
{
    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd", "curl")]
    public void Each_repository_is_indexed_by_the_user_of_the_trigger()
    {
        using var backrest = new Listener();
        using var machine = Machine(backrest, "b2");
        var password = File.ReadAllText(machine.Rendered("index.netrc")).TrimEnd().Split(' ')[^1];
        machine.Index().Succeeded();

        var request = Assert.Single(backrest.Requests);
        Assert.Equal(("POST", "/v1.Backrest/DoRepoTask", "application/json"), (request.Method, request.Path, request.Type));
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"index:{password}")), request.Authorization);
        Assert.Equal(new() { ["repoId"] = "b2", ["task"] = "TASK_INDEX_SNAPSHOTS" }, Body(request));
    }

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd", "curl")]
    public void One_failing_repository_does_not_keep_the_others_from_it()
    {
        using var backrest = new Listener { Fails = "one" };
        using var machine = Machine(backrest, "one", "two-b", "three_c");
        var result = machine.Index();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("404", result.Error);
        Assert.Equal(["one", "three_c", "two-b"], backrest.Requests.Select(request => Body(request)["repoId"]).Order());

        backrest.Fails = "";
        machine.Index().Succeeded();
        Assert.Equal(6, backrest.Requests.Count);
    }

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd", "curl")]
    public void It_waits_for_a_backrest_that_does_not_listen_yet()
    {
        using var backrest = new Listener(start: false);
        using var machine = Machine(backrest, "b2");
        ToolResult? result = null;
        var trigger = new Thread(() => result = machine.Index());
        trigger.Start();
        Thread.Sleep(500);
        backrest.Start();
        trigger.Join();
        Assert.Equal(0, result!.ExitCode);
        Assert.Single(backrest.Requests);
    }

    [ToolFact(Nix.Program, "bash", "openssl", "jq", "mkpasswd", "curl")]
    public void The_password_of_the_trigger_is_in_no_argument()
    {
        using var backrest = new Listener();
        using var machine = Machine(backrest, "b2");
        var password = File.ReadAllText(machine.Rendered("index.netrc")).TrimEnd().Split(' ')[^1];
        File.Delete(machine.At("packages", "bin", "curl"));
        machine.Stub("curl", $"printf '%s\\n' \"$*\" >>$machine/curl; exec {Tool.Require("curl")} \"$@\"");
        var result = machine.Index().Succeeded();
        Assert.Contains("--netrc-file", machine.Read("curl"));
        Assert.DoesNotContain(password, machine.Read("curl") + result.Output + result.Error);
    }

    private static BackrestMachine Machine(Listener backrest, params string[] destinations)
    {
        var each = string.Concat(destinations.Select(id =>
            $"  {id}: {{ repository: \"rest:https://example.org/{id}\", secrets: set, schedule: \"03:00\", retention: {{ daily: 7 }} }}\n"));
        var inventory = $$"""
            hosts:
              host:
                destinations: [{{string.Join(", ", destinations)}}]
                backrest: { listen: "127.0.0.1:{{backrest.Port}}", user: admin, secrets: web }
                services: { a: { backupPaths: [/srv/a] } }
            secrets:
              set: { files: { RESTIC_PASSWORD: /etc/secrets/set } }
              web: { files: { BACKREST_PASSWORD: /etc/secrets/web } }
            destinations:

            """ + each;
        var machine = new BackrestMachine(GeneratedScripts.Generate(inventory, "host"));
        machine.Render("password").Succeeded();
        return machine;
    }

    private static Dictionary<string, string> Body(Request request) => JsonSerializer.Deserialize<Dictionary<string, string>>(request.Body)!;

    private sealed record Request(string Method, string Path, string? Type, string? Authorization, string Body);

    private sealed class Listener : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<Request> _requests = [];

        public Listener(bool start = true)
        {
            // A port that was free a moment ago.
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }

            _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            if (start)
                Start();
        }

        public int Port { get; }

        /// <summary>The repository that Backrest does not know.</summary>
        public string Fails { get; set; } = "";

        public IReadOnlyList<Request> Requests
        {
            get
            {
                lock (_requests)
                    return [.. _requests];
            }
        }

        public void Start()
        {
            _listener.Start();
            new Thread(Serve) { IsBackground = true }.Start();
        }

        public void Dispose() => _listener.Close();

        private void Serve()
        {
            try
            {
                while (true)
                {
                    var context = _listener.GetContext();
                    var body = new StreamReader(context.Request.InputStream).ReadToEnd();
                    lock (_requests)
                    {
                        _requests.Add(new Request(
                            context.Request.HttpMethod,
                            context.Request.RawUrl!,
                            context.Request.ContentType,
                            context.Request.Headers["Authorization"],
                            body));
                    }

                    context.Response.StatusCode = Fails.Length > 0 && body.Contains($"\"{Fails}\"") ? 404 : 200;
                    context.Response.Close();
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}
