using System.CommandLine;
using System.Text.Json;
using NixGen.Catalogue;
using NixGen.Changes;
using NixGen.Findings;
using NixGen.Languages.Json;
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
        CatalogueSource.Find(arguments.GetValue(options.Catalogue), arguments.GetValue(options.Inventory), Directory.GetCurrentDirectory(), Findings);

    /// <summary>Where a document goes.</summary>
    public TextWriter Output => output;

    /// <summary>The plans of the hosts asked for; null after an error.</summary>
    /// <exception cref="UsageException">A host is asked for that the inventory does not have.</exception>
    public IReadOnlyList<HostPlan>? Plan()
    {
        var plans = Generator.Plan(arguments.GetValue(options.Inventory), Directory.GetCurrentDirectory(), Findings, arguments.GetValue(options.Catalogue));
        if (plans is null || Hosts.Length == 0)
            return plans;
        var asked = Hosts.Select(name => Named(plans, name)).ToHashSet();
        return [.. plans.Where(asked.Contains)];
    }

    /// <summary>The host of a name.</summary>
    /// <exception cref="UsageException">The inventory does not have it.</exception>
    public static HostPlan Named(IReadOnlyList<HostPlan> plans, string name) => plans.FirstOrDefault(plan => plan.Name == name)
        ?? throw new UsageException(
            $"There is no host '{name}' in the inventory. It has: {string.Join(", ", plans.Select(plan => plan.Name))}. Say which one with --host.");

    /// <summary>What the run found to change, where that is what it was asked for.</summary>
    public IReadOnlyList<Change>? Report { get; private set; }

    /// <summary>What a machine gets instead of the findings alone; it holds them, too.</summary>
    public Action<Utf8JsonWriter>? Document { get; set; }

    /// <summary>Compares what the inventory says with what was before, and refuses what backs up less.</summary>
    /// <param name="plans">What the inventory says.</param>
    /// <param name="isHeld">Whether the run holds the output folder: what is compared is then what will be replaced.</param>
    /// <returns>What changes in the output folder; null after an error.</returns>
    public IReadOnlyList<Change>? Guard(IReadOnlyList<HostPlan> plans, bool isHeld = false)
    {
        var errors = Findings.Errors;
        var accepts = arguments.GetValue(options.AcceptShrink);
        var before = new FindingList();
        // The first run has nothing to lose, and what a new fleet backs up is no change.
        var changes = Compare(new FolderFleet(OutputFolder) { IsHeld = isHeld }.Read(Scope, isRequired: false, before), plans);
        ShrinkGuard.Check(changes, plans, accepts, Findings);
        if (Against is { } against)
            ShrinkGuard.Check(Compare(Before(against, before), plans), plans, accepts, Findings);
        ShrinkGuard.Take(before, accepts, Findings);
        return Findings.Errors == errors ? changes : null;
    }

    /// <summary>Finds what the inventory changes, and nothing else; <see cref="Finish"/> says it.</summary>
    public void Diff(IReadOnlyList<HostPlan> plans)
    {
        var fleet = Against is { } against ? Before(against, Findings) : new FolderFleet(OutputFolder).Read(Scope, isRequired: false, Findings);
        if (fleet is not null)
            Report = Comparison.Of(fleet, [.. plans.Select(Coverage.Of)], DateTimeOffset.Now, TimeZoneInfo.Local);
    }

    private string? Against => arguments.GetValue(options.Against);

    private Fleet? Before(string against, FindingList findings) => Directory.Exists(against)
        ? new FolderFleet(against).Read(Scope, isRequired: true, findings)
        : new GitFleet(against, OutputFolder, Directory.GetCurrentDirectory()).Read(Scope, findings);

    private static IReadOnlyList<Change> Compare(Fleet? before, IReadOnlyList<HostPlan> plans) => before is null or { IsEmpty: true }
        ? []
        : Comparison.Of(before, [.. plans.Select(Coverage.Of)], DateTimeOffset.Now, TimeZoneInfo.Local);

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
            case Format.Json when Report is not null:
                ChangeWriter.WriteJson(output, Report, Findings);
                break;
            case Format.Json when Document is not null:
                output.Write(JsonText.Of(Document));
                break;
            case Format.Json:
                FindingWriter.Json.Write(output, Findings);
                break;
            case Format.GitHub:
                FindingWriter.GitHub.Write(output, Findings);
                ChangeWriter.WriteGitHub(output, Report ?? []);
                break;
            default:
                SayReport();
                FindingWriter.Text(UsesColor(options, arguments)).Write(error, Findings);
                break;
        }

        return ExitCode.For(Findings) is var code && code == ExitCode.Fine && Report?.Any(change => change.Effect == Effect.Lost) == true
            ? ExitCode.Drift
            : code;
    }

    // With --quiet only what is lost.
    private void SayReport()
    {
        if (Report is null)
            return;
        var quiet = arguments.GetValue(options.Quiet);
        foreach (var line in ChangeWriter.Lines(quiet ? [.. Report.Where(change => change.Effect == Effect.Lost)] : Report))
            output.Write(line + "\n");
        if (!quiet)
            output.Write(ChangeWriter.Summary(Report) + "\n");
    }

    // https://no-color.org: set and not empty.
    public static bool UsesColor(CommonOptions options, ParseResult arguments) =>
        !arguments.GetValue(options.NoColor)
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && !Console.IsErrorRedirected;
}

/// <summary>The command line asks for something that does not exist.</summary>
internal sealed class UsageException(string message) : Exception(message);
