using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using NixGen.Auditing;
using NixGen.Catalogue;
using NixGen.Findings;

namespace NixGen.Cli.Commands;

/// <summary>Compares the inventory with what a host really runs.</summary>
internal static class AuditCommand
{
    private sealed class AuditOptions
    {
        public FactsSource Facts { get; } = new();

        public Option<string?> Host { get; } = new("--host")
        {
            Description = "The host in the inventory [default: the one of the configuration]",
            HelpName = "NAME",
        };

        public Option<string> Format { get; } = new("--format")
        {
            Description = "How the report is written, to stdout [default: text]",
            HelpName = "text|json|github|sarif|markdown",
            CustomParser = ParseFormat,
        };

        public Option<string?> Baseline { get; } = new("--baseline") { Description = "What was looked at and is accepted", HelpName = "FILE" };

        public Option<string?> WriteBaseline { get; } = new("--write-baseline")
        {
            Description = "Accept everything that is found now, in this file",
            HelpName = "FILE",
        };

        public Option<bool> PrintExpression { get; } = new("--print-expression") { Description = "Print the Nix function that makes the file for --config-json" };
    }

    public static Command Create(CommonOptions common)
    {
        var options = new AuditOptions();
        var command = new Command("audit", "Compare the inventory with what a host really runs. Exit code 1 when something is not covered.")
        {
            common.Inventory,
            common.Catalogue,
            options.Host,
            options.Format,
            options.Baseline,
            options.WriteBaseline,
            options.PrintExpression,
            common.Quiet,
            common.NoColor,
        };
        options.Facts.AddTo(command);
        command.SetAction(arguments => Program.Guard(arguments, () => Audit(common, options, arguments)));
        return command;
    }

    private static int Audit(CommonOptions common, AuditOptions options, ParseResult arguments)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var findings = new FindingList();
        var inventory = arguments.GetValue(common.Inventory);
        var own = arguments.GetValue(common.Catalogue);
        if (CatalogueSource.Find(own, inventory, Directory.GetCurrentDirectory(), findings) is not { } catalogue)
        {
            FindingWriter.Text(Session.UsesColor(common, arguments)).Write(error, findings);
            return ExitCode.For(findings);
        }

        if (arguments.GetValue(options.PrintExpression))
        {
            output.Write(FactsExpression.For(catalogue));
            return ExitCode.Fine;
        }

        var report = Report(common, options, arguments, catalogue, findings);
        var format = arguments.GetValue(options.Format) ?? "text";
        if (report is not null && arguments.GetValue(options.WriteBaseline) is null)
            Write(format, report, findings, output, full: !arguments.GetValue(common.Quiet));
        if (format == "github")
            FindingWriter.GitHub.Write(output, findings);
        else
            FindingWriter.Text(Session.UsesColor(common, arguments)).Write(error, findings);
        var code = ExitCode.For(findings);
        return code != ExitCode.Fine || report is null || arguments.GetValue(options.WriteBaseline) is not null || !report.HasGaps ? code : ExitCode.InventoryErrors;
    }

    // The plan first: who has an error in the inventory should not wait for Nix.
    private static AuditReport? Report(CommonOptions common, AuditOptions options, ParseResult arguments, StateCatalogue catalogue, FindingList findings)
    {
        if (Generator.Plan(arguments.GetValue(common.Inventory), Directory.GetCurrentDirectory(), findings, arguments.GetValue(common.Catalogue)) is not { } plans
            || Accepted(arguments.GetValue(options.Baseline), findings) is not { } baseline
            || Earlier(arguments.GetValue(options.WriteBaseline), findings) is not { } earlier
            || options.Facts.Read(arguments, catalogue, findings) is not { } system)
        {
            return null;
        }

        var plan = Session.Named(plans, arguments.GetValue(options.Host) ?? options.Facts.HostOf(arguments) ?? system.Host);
        var report = Auditor.Audit(plan, system, catalogue);
        if (arguments.GetValue(options.Baseline) is { } name)
            report = baseline.Apply(report, name, findings);
        if (arguments.GetValue(options.WriteBaseline) is { } file)
        {
            var entries = earlier.Entries.Concat(baseline.Entries.Where(entry => !earlier.Entries.ContainsKey(entry.Key))).ToDictionary();
            Save(file, new Baseline(entries).With(report), findings);
        }

        return report;
    }

    private static Baseline? Accepted(string? file, FindingList findings)
    {
        if (file is null)
            return Baseline.Empty;
        return FactsSource.ReadFile(file, findings) is { } bytes ? Baseline.Read(file, bytes, findings) : null;
    }

    // Its reasons are kept.
    private static Baseline? Earlier(string? file, FindingList findings) => Accepted(file is not null && File.Exists(file) ? file : null, findings);

    private static void Save(string file, Baseline baseline, FindingList findings)
    {
        try
        {
            File.WriteAllText(file, baseline.Text(), new UTF8Encoding(false));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            findings.Report(Codes.CannotWrite, new SourceSpan(file), "the baseline cannot be written");
        }
    }

    private static void Write(string format, AuditReport report, FindingList findings, TextWriter output, bool full)
    {
        switch (format)
        {
            case "json":
                AuditWriter.Json(output, report);
                break;
            case "sarif":
                AuditSarif.Write(output, report, findings, Program.Version);
                break;
            case "markdown":
                AuditWriter.Markdown(output, report);
                break;
            case "github":
                FindingWriter.GitHub.Write(output, [.. report.Items.Select(item => item.AsFinding())]);
                break;
            default:
                AuditWriter.Text(output, report, full);
                break;
        }
    }

    private static string ParseFormat(ArgumentResult argument)
    {
        var word = argument.Tokens.Single().Value;
        if (word is not ("text" or "json" or "github" or "sarif" or "markdown"))
            argument.AddError($"There is no format '{word}': text, json, github, sarif or markdown.");
        return word;
    }
}
