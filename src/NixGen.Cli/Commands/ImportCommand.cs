using System.CommandLine;
using System.Text;
using NixGen.Auditing;
using NixGen.Catalogue;
using NixGen.Findings;

namespace NixGen.Cli.Commands;

/// <summary>Writes a first inventory from what a host runs.</summary>
internal static class ImportCommand
{
    public static Command Create(CommonOptions common)
    {
        var facts = new FactsSource();
        var target = new Option<string?>("--output", "-o") { Description = "The file to write; must not exist [default: stdout]", HelpName = "FILE" };
        var command = new Command("import", "Write a first inventory from what a host runs.") { target, common.Catalogue, common.NoColor };
        facts.AddTo(command);
        command.SetAction(arguments => Program.Guard(arguments, () =>
        {
            var findings = new FindingList();
            if (CatalogueSource.Find(arguments.GetValue(common.Catalogue), null, Directory.GetCurrentDirectory(), findings) is { } catalogue
                && facts.Read(arguments, catalogue, findings) is { } system)
            {
                var imported = Importer.Import(system, facts.HostOf(arguments), catalogue);
                foreach (var left in imported.NotExpressed)
                    findings.Report(Codes.NotExpressed, null, left);
                if (arguments.GetValue(target) is { } file)
                    Save(file, imported.Text, findings);
                else
                    arguments.InvocationConfiguration.Output.Write(imported.Text);
            }

            FindingWriter.Text(Session.UsesColor(common, arguments)).Write(arguments.InvocationConfiguration.Error, findings);
            return ExitCode.For(findings);
        }));
        return command;
    }

    private static void Save(string file, string text, FindingList findings)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException) when (File.Exists(file))
        {
            findings.Report(Codes.ForeignFile, new SourceSpan(file), "the file is there already", "Name another file with --output, or move this one away.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            findings.Report(Codes.CannotWrite, new SourceSpan(file), "the file cannot be written");
        }
    }
}
