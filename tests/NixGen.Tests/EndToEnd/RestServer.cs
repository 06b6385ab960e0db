using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NixGen.Tests.EndToEnd;

/// <summary>A real rest-server on a port of the loopback interface, for a folder; it ends with the test.</summary>
internal sealed class RestServer : IDisposable
{
    private Process? _process;

    public RestServer(string folder)
    {
        Folder = folder;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Start();
    }

    public int Port { get; }

    public string Folder { get; }

    /// <param name="appendOnly">Whether it lets nobody delete anything but locks.</param>
    public void Start(bool appendOnly = false)
    {
        // It ends with its standard input, so also when the process of the tests is killed.
        _process = Process.Start(new ProcessStartInfo(
            Tool.Require("bash"),
            [
                "-c", "\"$@\" >/dev/null 2>&1 & read -r; kill $!; wait $!", "-",
                Tool.Require("rest-server"), "--no-auth", "--path", Folder, "--listen", $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}",
                .. appendOnly ? ["--append-only"] : Array.Empty<string>(),
            ])
        {
            RedirectStandardInput = true,
        })!;
        for (var clock = Stopwatch.StartNew(); !Answers(); Thread.Sleep(20))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20) && !_process.HasExited, "rest-server does not answer");
    }

    public void Stop()
    {
        _process!.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
            Stop();
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
