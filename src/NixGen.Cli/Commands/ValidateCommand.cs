using System.CommandLine;

namespace NixGen.Cli.Commands;

/// <summary>Looks at the inventory alone.</summary>
internal static class ValidateCommand
{
    public static Command Create(CommonOptions options)
    {
        var command = new Command("validate", "Look for errors in the inventory. Reads nothing else and writes nothing.");
        options.AddTo(command, hasOutput: false, renders: false);
        command.SetAction(arguments => Program.Run(options, arguments, Validate));
        return command;
    }

    private static void Validate(Session session)
    {
        if (session.Plan() is not { } plans)
            return;
        var now = DateTimeOffset.Now;
        foreach (var line in plans.SelectMany(plan => Summary.Of(plan, now)))
            session.Say(line);
    }
}
