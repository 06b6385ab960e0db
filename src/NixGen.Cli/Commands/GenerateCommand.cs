using System.CommandLine;
using NixGen.Changes;
using NixGen.Publishing;
using NixGen.Rendering;

namespace NixGen.Cli.Commands;

/// <summary>Writes what the inventory says.</summary>
internal static class GenerateCommand
{
    public static Command Create(CommonOptions options)
    {
        var command = new Command("generate", "Generate the NixOS modules of every host.");
        options.AddTo(command, hasOutput: true, renders: true);
        command.Options.Add(options.AcceptShrink);
        command.SetAction(arguments => Program.Run(options, arguments, Generate));
        return command;
    }

    private static void Generate(Session session)
    {
        IReadOnlyList<Change>? changes = null;
        if (session.Plan() is not { } plans
            || TemplateSet.Load(session.TemplateFolder, session.Findings) is not { } templates
            || Generator.Render(plans, templates, session.Findings) is not { } files
            || new Publisher(session.OutputFolder, Program.Version).Publish(
                files,
                session.Scope,
                session.Findings,
                () => (changes = session.Guard(plans, isHeld: true)) is not null) is not { } result)
        {
            return;
        }

        if (!session.IsTalkative)
            return;
        var now = DateTimeOffset.Now;
        foreach (var plan in plans)
        {
            foreach (var line in Summary.Of(plan, now))
                session.Say(line);
            var own = result.Files.Where(file => file.Path.StartsWith(plan.Name + "/", StringComparison.Ordinal));
            session.Say($"  files: {Counts(new PublishResult([.. own]))}");
        }

        foreach (var change in changes ?? [])
            session.Say($"{change.Host}: {ChangeWriter.Line(change)}");

        Say(session, result);
    }

    private static void Say(Session session, PublishResult result)
    {
        // The manifest changes with every other file; naming it would only be noise.
        foreach (var file in result.Files.Where(file => file.Change != FileChange.Unchanged && file.Path != "manifest.json"))
            session.Say($"  {Word(file.Change),-9} {session.OutputFolder}/{file.Path}");
        var changed = result.Files.Count - result.Count(FileChange.Unchanged);
        session.Say(changed == 0
            ? $"{session.OutputFolder}: nothing changed"
            : $"{session.OutputFolder}: {Counts(result)}");
        // A flake does not see what git does not know.
        if (result.Count(FileChange.Created) > 0)
            session.Say($"Next: git add {session.OutputFolder}");
    }

    private static string Counts(PublishResult result) =>
        $"{result.Count(FileChange.Created)} created, {result.Count(FileChange.Changed)} changed, "
        + $"{result.Count(FileChange.Unchanged)} unchanged, {result.Count(FileChange.Removed)} removed";

    private static string Word(FileChange change) => change.ToString().ToLowerInvariant();
}
