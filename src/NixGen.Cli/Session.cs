using System.CommandLine;
using NixGen.Catalogue;
using NixGen.Findings;
using NixGen.Planning;
using NixGen.Publishing;

namespace NixGen.Cli;

/// <summary>One run of a command that reads an inventory: what it was asked, what it found and where it says so.</summary>
internal sealed class Session(CommonOptions options, ParseResult arguments, TextWriter output, TextWriter error)
{
    private readonly Format _format = arguments.GetValue(options.Format);

    public FindingList Findings { get; } = new();

    public string OutputFolder => arguments.GetValue(options.Output)!;

    public string? TemplateFolder => arguments.GetValue(options.Templates);

    /// <summary>Whether people read along: not with --quiet, and not where the output is a document for a machine.</summary>
    public bool IsTalkative => !arguments.GetValue(options.Quiet) && _format != Format.Json;

    /// <summary>Which hosts this run is about.</summary>
    public PublishScope Scope => Hosts is { Length: > 0 } hosts ? PublishScope.Only(hosts) : PublishScope.All;

    private string[] Hosts => arguments.GetValue(options.Hosts) ?? [];

    /// <summary>The catalogue that goes with the inventory; null after an error in the user's own.</summary>
    public StateCatalogue? Catalogue() =>
        CatalogueSource.Find(arguments.GetValue(options.Catalogue), arguments.GetValue(options.Inventory), Directory.GetCurrentDirectory(), Findings).Catalogue;

    /// <summary>Where a document goes.</summary>
    public TextWriter Output => output;

    /// <summary>The plans of the hosts asked for; null after an error.</summary>
    /// <exception cref="UsageException">A host is asked for that the inventory does not have.</exception>
    public IReadOnlyList<HostPlan>? Plan()
    {
        var plans = Generator.Plan(arguments.GetValue(options.Inventory), Directory.GetCurrentDirectory(), Findings, arguments.GetValue(options.Catalogue));
        if (plans is null || Hosts.Length == 0)
            return plans;
        foreach (var name in Hosts.Where(name => plans.All(plan => plan.Name != name)))
            throw new UsageException($"There is no host '{name}' in the inventory. It has: {string.Join(", ", plans.Select(plan => plan.Name))}.");
        return [.. plans.Where(plan => Hosts.Contains(plan.Name))];
    }

    /// <summary>Says something to people.</summary>
    public void Say(string line)
    {
        if (IsTalkative)
            output.Write(line + "\n");
    }

    /// <summary>Writes all findings and gives the exit code for them.</summary>
    public int Finish()
    {
        switch (_format)
        {
            case Format.Json:
                FindingWriter.Json.Write(output, Findings);
                break;
            case Format.GitHub:
                FindingWriter.GitHub.Write(output, Findings);
                break;
            default:
                FindingWriter.Text(UsesColor).Write(error, Findings);
                break;
        }

        return ExitCode.For(Findings);
    }

    // https://no-color.org: set and not empty.
    private bool UsesColor =>
        !arguments.GetValue(options.NoColor)
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && !Console.IsErrorRedirected;
}

/// <summary>The command line asks for something that does not exist.</summary>
internal sealed class UsageException(string message) : Exception(message);
