using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace NixGen.Tests.Tools;

/// <summary>Runs a program to its end.</summary>
public static class ToolProcess
{
    private const int TextFileBusy = 26;

    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Runs a program and returns what it said, whatever its exit code is.</summary>
    /// <param name="program">A path, or a name for <see cref="Tool.Require"/>.</param>
    /// <param name="arguments">Passed on as they are; no shell reads them.</param>
    /// <param name="input">Standard input as text, sent as UTF-8; empty without it.</param>
    /// <param name="inputBytes">Standard input as bytes, instead of <paramref name="input"/>.</param>
    /// <param name="environment">Added to this process's environment; null takes a variable away. PATH starts as
    /// <see cref="Tool.SearchPath"/> and LC_ALL as C.UTF-8.</param>
    /// <param name="timeout">How long it may take, <see cref="DefaultTimeout"/> if not said.</param>
    /// <param name="workingDirectory">Where it runs; this process's folder if not said.</param>
    /// <exception cref="ToolMissingException">There is no such program.</exception>
    /// <exception cref="TimeoutException">It took too long. It and its children have been killed.</exception>
    public static ToolResult Run(
        string program,
        IEnumerable<string>? arguments = null,
        string? input = null,
        byte[]? inputBytes = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeSpan? timeout = null,
        string? workingDirectory = null)
    {
        var limit = timeout ?? DefaultTimeout;
        var start = new ProcessStartInfo(program.Contains('/') ? program : Tool.Require(program))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var argument in arguments ?? [])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = Tool.SearchPath;
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        using var process = Start(start);
        // Three threads of their own: a full pipe cannot block the others, and no busy thread pool delays them.
        var output = new Collector(process.StandardOutput.BaseStream);
        var error = new Collector(process.StandardError.BaseStream);
        Feed(process, inputBytes ?? (input is null ? [] : Encoding.UTF8.GetBytes(input)));

        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            output.WaitForEnd(TimeSpan.FromSeconds(2));
            error.WaitForEnd(TimeSpan.FromSeconds(2));
            throw Timeout("did not end");
        }

        // A child that stays behind in the background can hold the pipes open.
        if (!output.WaitForEnd(Left()) || !error.WaitForEnd(Left()))
        {
            throw Timeout("left a process behind that keeps its output open");
        }

        return new ToolResult(CommandLine(), process.ExitCode, output.Bytes, error.Bytes);

        TimeSpan Left() => TimeSpan.FromMilliseconds(Math.Max(1000, (limit - clock.Elapsed).TotalMilliseconds));

        string CommandLine() => string.Join(' ', start.ArgumentList.Prepend(start.FileName));

        TimeoutException Timeout(string what) => new(
            $"{what} within {limit.TotalSeconds:0.#} s: {CommandLine()}{ToolResult.Tails(output.Bytes, error.Bytes)}");
    }

    /// <summary>
    /// Starts it, again if need be: while another test starts a process, its child holds a just written program open for
    /// writing for a moment, and the kernel starts no program that is open for writing.
    /// </summary>
    private static Process Start(ProcessStartInfo start)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception exception) when (exception.NativeErrorCode == TextFileBusy && attempt < 50)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static void Feed(Process process, byte[] bytes)
    {
        var stream = process.StandardInput.BaseStream;
        new Thread(() =>
        {
            try
            {
                stream.Write(bytes);
                stream.Close();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // It does not read what it is given, or has ended.
            }
        })
        { IsBackground = true }.Start();
    }

    /// <summary>Reads a stream to its end; what has arrived can be had at any time.</summary>
    private sealed class Collector
    {
        private readonly MemoryStream collected = new();
        private readonly Thread thread;

        public Collector(Stream stream)
        {
            thread = new Thread(() => Read(stream)) { IsBackground = true };
            thread.Start();
        }

        public byte[] Bytes
        {
            get
            {
                lock (collected)
                {
                    return collected.ToArray();
                }
            }
        }

        public bool WaitForEnd(TimeSpan limit) => thread.Join(limit);

        private void Read(Stream stream)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (stream.Read(buffer) is > 0 and var count)
                {
                    lock (collected)
                    {
                        collected.Write(buffer, 0, count);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // Closed after a time-out.
            }
        }
    }
}

/// <summary>What a program said.</summary>
/// <param name="CommandLine">For messages; not quoted.</param>
/// <param name="ExitCode">128 plus the number where a signal ended it.</param>
/// <param name="OutputBytes">Standard output.</param>
/// <param name="ErrorBytes">Standard error.</param>
public sealed record ToolResult(string CommandLine, int ExitCode, byte[] OutputBytes, byte[] ErrorBytes)
{
    /// <summary>Standard output, read as UTF-8.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Standard error, read as UTF-8.</summary>
    public string Error => Encoding.UTF8.GetString(ErrorBytes);

    /// <summary>Itself if the exit code is 0; otherwise fails with everything that helps.</summary>
    public ToolResult Succeeded() => ExitCode == 0
        ? this
        : throw new Xunit.Sdk.XunitException($"exit code {ExitCode} from: {CommandLine}{Tails(OutputBytes, ErrorBytes)}");

    internal static string Tails(byte[] output, byte[] error) => Tail("stdout", output) + Tail("stderr", error);

    private static string Tail(string name, byte[] bytes)
    {
        const int most = 4000;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - most))).TrimEnd();
        return text.Length == 0 ? "" : $"\n--- {name}{(bytes.Length > most ? ", the end of it" : "")}:\n{text}";
    }
}
