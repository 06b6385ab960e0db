using System.CommandLine;

namespace NixGen.Cli.Commands;

/// <summary>Says what the inventory changes in what is backed up, and writes nothing.</summary>
internal static class DiffCommand
{
    public static Command Create(CommonOptions options)
    {
        var command = new Command("diff", "Say what the inventory changes: what is no longer backed up, kept for less time, moved. Writes nothing.");
        options.AddTo(command, hasOutput: true, renders: false);
        command.Options.Add(options.Against);
        command.SetAction(arguments => Program.Run(options, arguments, Diff));
        return command;
    }

    private static void Diff(Session session)
    {
        if (session.Plan() is { } plans)
            session.Diff(plans);
    }
}
