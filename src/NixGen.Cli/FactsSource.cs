using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using NixGen.Auditing;
using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Languages.Nix;

namespace NixGen.Cli;

/// <summary>Where the facts of a host come from: a file, or Nix.</summary>
internal sealed class FactsSource
{
    public Option<string?> Flake { get; } = new("--flake")
    {
        Description = "Evaluate nixosConfigurations.HOST of this flake with Nix; builds nothing",
        HelpName = "REF#HOST",
    };

    public Option<string?> ConfigJson { get; } = new("--config-json")
    {
        Description = "What the expression of --print-expression made, in a file",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Flake);
        command.Options.Add(ConfigJson);
    }

    /// <summary>Null after an error.</summary>
    /// <exception cref="UsageException">Not exactly one of the two.</exception>
    public EvaluatedSystem? Read(ParseResult arguments, StateCatalogue catalogue, FindingList findings)
    {
        var (flake, file) = (arguments.GetValue(Flake), arguments.GetValue(ConfigJson));
        if (flake is null == file is null)
            throw new UsageException("Say where the configuration is: --flake REF#HOST or --config-json FILE.");
        if (file is not null)
            return ReadFile(file, findings) is { } bytes ? FactsReader.Read(file, bytes, findings) : null;
        return Evaluate(flake!, catalogue, findings) is { } json ? FactsReader.Read(flake!, json, findings) : null;
    }

    /// <summary>The name of the host that a flake reference ends with; null without one.</summary>
    public string? HostOf(ParseResult arguments) => arguments.GetValue(Flake) is { } flake ? Split(flake).Host : null;

    // A host may be called a.b, with or without the quotes that Nix asks for.
    private static (string Reference, string? Host) Split(string flake)
    {
        const string All = "nixosConfigurations.";
        if (flake.LastIndexOf('#') is var hash && hash < 0)
            return (flake, null);
        var attribute = flake[(hash + 1)..];
        var host = (attribute.StartsWith(All, StringComparison.Ordinal) ? attribute[All.Length..] : attribute).Trim('"');
        return (flake[..hash], host.Length == 0 ? null : host);
    }

    public static byte[]? ReadFile(string file, FindingList findings)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            findings.Report(Codes.CannotRead, new SourceSpan(file), File.Exists(file) ? "the file may not be read" : "the file is not there");
            return null;
        }
    }

    private static byte[]? Evaluate(string flake, StateCatalogue catalogue, FindingList findings)
    {
        var (reference, host) = Split(flake);
        if (host is null || flake[0] == '-')
            throw new UsageException($"'{flake}' names no host: write --flake .#HOST.");
        var attribute = host.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? host : $"\"{host}\"";
        var expression = FactsExpression.For(catalogue);
        var installable = $"{reference}#nixosConfigurations.{attribute}";
        if (Encoding.UTF8.GetByteCount(expression) < LongestArgument)
            return Evaluate(flake, installable, expression, null, findings);
        DirectoryInfo? folder = null;
        try
        {
            // Of this user alone, as all that .NET makes in this way.
            folder = Directory.CreateTempSubdirectory("nixgen-");
            return Evaluate(flake, installable, InFile(Path.Combine(folder.FullName, "facts.nix"), expression), folder, findings);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            findings.Report(
                Codes.CannotWrite,
                new SourceSpan(folder?.FullName ?? Path.GetTempPath()),
                "what nix is to evaluate cannot be written there",
                "Make room, or set TMPDIR to a folder that may be written to.");
            return null;
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Remove(DirectoryInfo? folder)
    {
        try
        {
            folder?.Delete(recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It holds no secret, and what was found matters more.
        }
    }

    // Linux refuses an argument of a program that is longer, together with its end.
    private const int LongestArgument = 128 * 1024;

    // Nix reads no file outside of the flake, but for one whose hash is known.
    private static string InFile(string file, string expression)
    {
        var bytes = Encoding.UTF8.GetBytes(expression);
        File.WriteAllBytes(file, bytes);
        // Part by part: to .NET, %41 in a path is an A.
        var url = "file://" + string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        var source = new Dictionary<string, object?> { ["url"] = url, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        return $"import (builtins.fetchurl {NixLiteral.Write(source)})";
    }

    private static byte[]? Evaluate(string flake, string installable, string expression, DirectoryInfo? folder, FindingList findings)
    {
        var start = new ProcessStartInfo("nix")
        {
            ArgumentList =
            {
                "--extra-experimental-features", "nix-command flakes",
                "eval", "--json", "--no-write-lock-file",
                installable,
                "--apply", expression,
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return Run(start, flake, folder, findings);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            findings.Report(Codes.NixFailed, null, "the program nix is not there", "Run it where Nix is, and hand over what it prints with --config-json. See nixgen audit --print-expression.");
            return null;
        }
    }

    private static byte[]? Run(ProcessStartInfo start, string flake, DirectoryInfo? folder, FindingList findings)
    {
        using var nix = new Process { StartInfo = start };
        var isEnding = false;
        // Whoever ends NixGen ends Nix as well, which would go on for minutes.
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            Volatile.Write(ref isEnding, true);
            Kill(nix);
            Remove(folder);
            Environment.Exit(128 + (signal.Signal == PosixSignal.SIGINT ? 2 : 15));
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        nix.Start();
        nix.StandardInput.Close();
        using var output = new MemoryStream();
        var errors = nix.StandardError.ReadToEndAsync();
        var copied = nix.StandardOutput.BaseStream.CopyToAsync(output);
        using (Progress.Start($"nix evaluates {flake}"))
            Task.WaitAll(errors, copied);
        nix.WaitForExit();
        // Nix failed because it was ended, which is nothing to report.
        if (Volatile.Read(ref isEnding))
            Thread.Sleep(Timeout.Infinite);
        if (nix.ExitCode == 0)
            return output.ToArray();
        findings.Report(Codes.NixFailed, null, $"nix could not evaluate {flake} (exit code {nix.ExitCode})", Shortened(errors.Result));
        return null;
    }

    private static void Kill(Process nix)
    {
        try
        {
            nix.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It has not begun, has ended by itself, or a part of it may not be ended by us; NixGen ends all the same.
        }
    }

    // Nix says first where it was, over many lines, and last what is wrong.
    internal static string Shortened(string errors)
    {
        const int Lines = 12;
        var lines = errors.Split('\n')
            .Select(line => string.Concat(line.Where(character => !char.IsControl(character))).TrimEnd())
            .Where(line => line.Length > 0 && !line.StartsWith("trace:", StringComparison.Ordinal) && !line.StartsWith("warning:", StringComparison.Ordinal))
            .Select(line => line.Length > 200 ? line[..200] + "…" : line)
            .ToList();
        var last = lines.FindLastIndex(line => line.TrimStart().StartsWith("error:", StringComparison.Ordinal));
        var shown = last >= 0 ? lines[last..] : lines;
        return shown.Count == 0 ? "Nix said nothing." : string.Join('\n', shown.Take(Lines)) + (shown.Count > Lines ? "\n…" : "");
    }
}
