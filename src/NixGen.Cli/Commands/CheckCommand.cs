using System.CommandLine;
using NixGen.Changes;
using NixGen.Publishing;
using NixGen.Rendering;

namespace NixGen.Cli.Commands;

/// <summary>Compares what is committed with what the inventory says, and writes nothing.</summary>
internal static class CheckCommand
{
    public static Command Create(CommonOptions options)
    {
        var command = new Command("check", "Check that the generated files are what the inventory says; for CI. Writes nothing.");
        options.AddTo(command, hasOutput: true, renders: true);
        command.Options.Add(options.Against);
        command.Options.Add(options.AcceptShrink);
        command.SetAction(arguments => Program.Run(options, arguments, Check));
        return command;
    }

    private static void Check(Session session)
    {
        if (session.Plan() is not { } plans
            || TemplateSet.Load(session.TemplateFolder, session.Findings) is not { } templates
            || Generator.Render(plans, templates, session.Findings) is not { } files)
        {
            return;
        }

        session.Guard(plans);
        var drifts = new Checker(session.OutputFolder, Program.Version).Check(files, session.Scope, session.Findings);
        foreach (var drift in drifts)
            session.Say(drift.Diff.TrimEnd('\n'));
        if (drifts.Count == 0 && !session.Findings.HasErrors)
            session.Say($"{session.OutputFolder}: {Text.Count(files.Count, "file")} as the inventory says");
    }
}
