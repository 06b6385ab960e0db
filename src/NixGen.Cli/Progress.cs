using System.Diagnostics;
using System.Text;

namespace NixGen.Cli;

/// <summary>Says on a terminal that something is going on; elsewhere nothing.</summary>
internal sealed class Progress : IDisposable
{
    private readonly Stream _terminal = Console.OpenStandardError();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly string _what;
    private readonly Timer _timer;

    private Progress(string what)
    {
        _what = string.Concat(what.Where(character => !char.IsControl(character)));
        _timer = new Timer(_ => Write($"\r{_what}: {(int)_since.Elapsed.TotalSeconds} s"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public static Progress? Start(string what) => Console.IsErrorRedirected ? null : new Progress(what);

    public void Dispose()
    {
        // Not before a line that is being written.
        using (var stopped = new ManualResetEvent(false))
        {
            if (_timer.Dispose(stopped))
                stopped.WaitOne();
        }

        Write("\r\e[K");
        _terminal.Dispose();
    }

    private void Write(string text)
    {
        try
        {
            _terminal.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // A terminal that is gone needs no progress.
        }
    }
}
