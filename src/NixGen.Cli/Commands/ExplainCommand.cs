using System.CommandLine;
using NixGen.Findings;

namespace NixGen.Cli.Commands;

/// <summary>Says what the code of a finding means.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var code = new Argument<string?>("code")
        {
            Description = "The code of a finding, such as NG1003; without one, all are listed",
            HelpName = "CODE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        code.CompletionSources.Add(_ => Codes.All.Select(known => new System.CommandLine.Completions.CompletionItem(known.Id)));
        var command = new Command("explain", "Explain a finding: its cause, an example and the remedy.") { code };
        command.SetAction(arguments => Program.Guard(arguments, () => Explain(arguments.GetValue(code), arguments.InvocationConfiguration.Output)));
        return command;
    }

    private static int Explain(string? id, TextWriter output)
    {
        if (id is null)
        {
            foreach (var listed in Codes.All)
                output.Write($"{listed.Id}  {listed.Severity.ToString().ToLowerInvariant(),-7}  {listed.Title}\n");
            return ExitCode.Fine;
        }

        var code = Codes.All.FirstOrDefault(known => known.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"There is no finding '{id}'. `nixgen explain` lists them all.");
        output.Write($"{code.Id}: {code.Title} ({code.Severity.ToString().ToLowerInvariant()})\n\n{code.Cause}\n\n");
        if (code.Example.Length > 0)
            output.Write($"Example:\n{string.Concat(code.Example.Split('\n').Select(line => $"    {line}\n"))}\n");
        output.Write($"Remedy:\n    {code.Remedy}\n");
        if (code.IsLint)
        {
            var where = code.Severity == Severity.Error ? "right at what it is about" : "at what it is about, or around it";
            output.Write($"\nIf it is as it should be, {where} (docs/lints.md):\n    accept: {{ {code.Id}: \"the reason\" }}\n");
        }

        return ExitCode.Fine;
    }
}
