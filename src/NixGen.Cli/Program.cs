using System.CommandLine;
using System.Text;
using NixGen.Cli.Commands;
using NixGen.Findings;

namespace NixGen.Cli;

/// <summary>The command line of NixGen.</summary>
internal static class Program
{
    /// <summary>Of this build; it stands in the manifest.</summary>
    public static string Version { get; } = typeof(Program).Assembly.GetName().Version!.ToString(3);

    private static int Main(string[] arguments)
    {
        // Written at the end, so that a stream that cannot be written is not taken for a bug of the command.
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = Invoke(arguments, output, error);
        if (Write(output, Console.OpenStandardOutput()) is { } problem)
        {
            error.Write($"nixgen: The output cannot be written: {problem}\n");
            code = ExitCode.InputOutput;
        }

        return Write(error, Console.OpenStandardError()) is null ? code : ExitCode.InputOutput;
    }

    /// <summary>Runs a command line; tests call it, too.</summary>
    internal static int Invoke(string[] arguments, TextWriter output, TextWriter error)
    {
        var options = new CommonOptions();
        var root = new RootCommand("Turns a service inventory into NixOS modules that back the services up.")
        {
            GenerateCommand.Create(options),
            CheckCommand.Create(options),
            DiffCommand.Create(options),
            ValidateCommand.Create(options),
            AuditCommand.Create(options),
            ImportCommand.Create(options),
            ProbeCommand.Create(options),
            ShowCommand.Create(options),
            CatalogueCommand.Create(options),
            ExplainCommand.Create(),
        };
        // A file name that begins with @ is a file name.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            return WrongUsage(parsed, error);
        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    }

    /// <summary>Runs a command that reads an inventory and writes what it found.</summary>
    public static int Run(CommonOptions options, ParseResult arguments, Action<Session> command) => Guard(arguments, () =>
    {
        var session = new Session(options, arguments, arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        command(session);
        return session.Finish();
    });

    /// <summary>The one place that catches what nobody expected.</summary>
    public static int Guard(ParseResult arguments, Func<int> command)
    {
        var error = arguments.InvocationConfiguration.Error;
        try
        {
            return command();
        }
        catch (UsageException usage)
        {
            error.Write($"nixgen: {usage.Message}\n");
            return ExitCode.WrongUsage;
        }
        catch (Exception bug)
        {
            var wantsTrace = Environment.GetEnvironmentVariable("NIXGEN_TRACE") is { Length: > 0 };
            // It may hold what was read, as a finding may.
            error.Write($"nixgen: {Codes.Bug.Id}: Sorry, this is a bug in NixGen {Version}: {SecretForms.Mask(bug.Message)}\n"
                + "    Please report it with the command and, if you can, the inventory.\n"
                + (wantsTrace ? $"{SecretForms.Mask(bug.ToString())}\n" : "    NIXGEN_TRACE=1 shows where it happened.\n"));
            return ExitCode.Bug;
        }
    }

    private static int WrongUsage(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Tokens.Count == 0)
            error.Write($"nixgen: Say what to do: {string.Join(", ", command.Subcommands.Select(known => known.Name))}.\n");
        // A word that is no command is also a command that is missing; once is enough.
        else if (parsed.UnmatchedTokens is [var word, ..] && command is RootCommand)
            error.Write($"nixgen: There is no command '{word}'.{Meant(word, command.Subcommands.Select(known => known.Name))}\n");
        else if (parsed.UnmatchedTokens is [var surplus, ..])
            error.Write($"nixgen: '{surplus}' means nothing here.{Meant(surplus, command.Options.Select(known => known.Name))}\n");
        else
            error.Write(string.Concat(parsed.Errors.Select(problem => $"nixgen: {problem.Message}\n")));
        error.Write($"Try: nixgen {(command is RootCommand ? "" : command.Name + " ")}--help\n");
        return ExitCode.WrongUsage;
    }

    private static string Meant(string word, IEnumerable<string> known) =>
        Suggestion.For(word, known) is { } meant ? $" Did you mean '{meant}'?" : "";

    // Always UTF-8, whatever the locale says. Returns what went wrong.
    private static string? Write(StringWriter text, Stream stream)
    {
        try
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false));
            writer.Write(text.GetStringBuilder());
            return null;
        }
        catch (IOException failure)
        {
            return failure.Message;
        }
    }
}
