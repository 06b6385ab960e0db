using System.Diagnostics;
using System.Globalization;

namespace NixGen.Tests.Languages.Systemd;

/// <summary>What systemd itself says about expressions; one process for many of them.</summary>
internal static class SystemdAnalyze
{
    public const string Name = "systemd-analyze";

    private const int Batch = 1_000;

    /// <summary>Such as 252.</summary>
    public static int Version() => int.Parse(Run(["--version"]).Output[0].Split(' ', '.')[1], CultureInfo.InvariantCulture);

    public static IEnumerable<CalendarVerdict> Calendar(IReadOnlyList<string> expressions, DateTimeOffset after, int iterations = 3)
    {
        var baseTime = after.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return expressions.Chunk(Batch).SelectMany(batch => ReadCalendar(
            batch,
            Run(["calendar", $"--iterations={iterations}", $"--base-time={baseTime} UTC", "--", .. batch])));
    }

    /// <summary>The microseconds of each time span; null where systemd refuses it.</summary>
    public static IEnumerable<ulong?> TimeSpans(IReadOnlyList<string> spans)
    {
        const string amount = "us: "; // μs where the locale can print it
        for (var done = 0; done < spans.Count;)
        {
            // Unlike with calendar expressions, the first refusal ends the run.
            var amounts = Run(["timespan", "--", .. spans.Skip(done)]).Output
                .Select(line => line.TrimStart())
                .Where(line => line.StartsWith(amount, StringComparison.Ordinal))
                .ToList();
            foreach (var line in amounts)
            {
                yield return ulong.Parse(line[amount.Length..], CultureInfo.InvariantCulture);
            }

            done += amounts.Count;
            if (done < spans.Count)
            {
                yield return null;
                done++;
            }
        }
    }

    private static List<CalendarVerdict> ReadCalendar(string[] expressions, (string[] Output, string[] Errors) run)
    {
        // Accepted expressions are described on one stream, refused ones named on the other, each in the order of the arguments.
        var refusals = new Queue<string>(run.Errors.Where(line => line.StartsWith("Failed to ", StringComparison.Ordinal)));
        var lines = new Queue<string>(run.Output.Where(line => line.Contains(": ", StringComparison.Ordinal)));
        var verdicts = new List<CalendarVerdict>();
        foreach (var expression in expressions)
        {
            if (Names(refusals, $"Failed to parse calendar specification '{expression}'"))
            {
                verdicts.Add(new CalendarVerdict(expression, false, null, null));
                continue;
            }

            // Where its search goes round in circles, systemd gives up and prints nothing else: for some dates that never come, and
            // for a step of months that leads from summer into winter time.
            if (Names(refusals, $"Failed to determine next elapse for '{expression}'"))
            {
                verdicts.Add(new CalendarVerdict(expression, true, null, null));
                continue;
            }

            Take(lines, "Original form: ");
            var normalized = Take(lines, "Normalized form: ") ?? throw new InvalidDataException($"No answer for {expression}");
            var elapses = new List<DateTimeOffset>();
            while ((Take(lines, "Next elapse: ") ?? Take(lines, "Iter. #") ?? Take(lines, "Iteration #")) is { } elapse)
            {
                if (elapse != "never")
                {
                    elapses.Add(Time(elapse));
                }

                Take(lines, "From now: ");
            }

            verdicts.Add(new CalendarVerdict(expression, true, normalized, elapses));
        }

        Assert.Empty(lines);
        Assert.Empty(refusals);
        return verdicts;
    }

    private static bool Names(Queue<string> refusals, string start) =>
        refusals.TryPeek(out var line) && line.StartsWith(start, StringComparison.Ordinal) && refusals.TryDequeue(out _);

    private static string? Take(Queue<string> lines, string label)
    {
        if (!lines.TryPeek(out var line) || !line.TrimStart().StartsWith(label, StringComparison.Ordinal))
        {
            return null;
        }

        lines.Dequeue();
        var value = line.TrimStart()[label.Length..];
        return label.EndsWith('#') ? value[(value.IndexOf(' ') + 1)..] : value;
    }

    /// <summary>From "Wed 2025-01-01 00:00:00 UTC"; systemd prints no fractions here.</summary>
    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(
        text[4..], "yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static (string[] Output, string[] Errors) Run(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Tool.Require(Name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TZ"] = "UTC", ["LC_ALL"] = "C", ["SYSTEMD_COLORS"] = "0", ["SYSTEMD_PAGER"] = "" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output.Split('\n'), errors.Result.Split('\n'));
    }
}

/// <summary>What systemd says about an expression; neither normalized form nor times where it gives up.</summary>
internal sealed record CalendarVerdict(string Expression, bool IsAccepted, string? Normalized, IReadOnlyList<DateTimeOffset>? Elapses);
