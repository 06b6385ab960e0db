using NixGen.Findings;
using NixGen.Publishing;
using NixGen.Rendering;

namespace NixGen.Tests;

/// <summary>
/// A folder below <c>Cases</c> each: an inventory, and beside it what becomes of it: every generated file, and what was found.
/// </summary>
public sealed class CaseTests
{
    private static readonly string Cases = RepositoryRoot.At("tests/NixGen.Tests/Cases");

    public static IEnumerable<string> All { get; } =
        [.. Directory.EnumerateDirectories(Cases).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Names() => [.. All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Inventory_becomes_what_is_beside_it(string name)
    {
        var outcome = Outcome.Of(Path.Combine(Cases, name));
        var files = outcome.Files.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
        if (outcome.Findings.Count > 0)
            files.Add("findings.txt", outcome.FindingsText);
        Snapshot.VerifyFolder(Path.Combine(Cases, name, "expected"), files);
    }

    /// <summary>A case that begins with "finds" is about errors; the others have none.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Errors_and_files_exclude_each_other(string name)
    {
        var outcome = Outcome.Of(Path.Combine(Cases, name));
        Assert.Equal(name.StartsWith("finds-", StringComparison.Ordinal), outcome.Findings.HasErrors);
        Assert.Equal(outcome.Findings.HasErrors, outcome.Files.Count == 0);
    }

    /// <summary>What reading and planning can find is seen in a case; the rest has tests of its own.</summary>
    [Fact]
    public void Every_code_of_an_inventory_is_in_a_case()
    {
        var seen = All.SelectMany(name => Outcome.Of(Path.Combine(Cases, name)).Findings).Select(finding => finding.Code).ToHashSet();
        // What makes a whole file unreadable: Inventory/Reading.
        FindingCode[] elsewhere =
        [
            Codes.BrokenYaml, Codes.EmptyFile, Codes.SeveralDocuments, Codes.NotUtf8, Codes.Tab, Codes.TooDeep, Codes.TooLarge,
            Codes.NoInventory,
        ];
        var missing = Codes.All.Where(code => code.Id.StartsWith("NG1", StringComparison.Ordinal) || code.Id.StartsWith("NG2", StringComparison.Ordinal))
            .Except(seen)
            .Except(elsewhere);
        Assert.Empty(missing.Select(code => $"{code.Id} {code.Title}"));
    }

    /// <summary>The committed homelab is what its inventory says: what users run as <c>nixgen check</c>.</summary>
    [Fact]
    public void The_repository_is_current()
    {
        var outcome = Outcome.Of(RepositoryRoot.Path);
        Assert.Empty(outcome.Findings);
        foreach (var file in outcome.Files)
            Assert.Equal(File.ReadAllText(RepositoryRoot.At("generated/" + file.Path)), file.Text);
        Assert.Equal(
            outcome.Files.Select(file => "generated/" + file.Path).Append("generated/manifest.json").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(RepositoryRoot.At("generated"), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file)).Order(StringComparer.Ordinal));
    }
}

/// <summary>What NixGen makes of the inventory in a folder.</summary>
internal sealed record Outcome(IReadOnlyList<GeneratedFile> Files, FindingList Findings)
{
    public string FindingsText
    {
        get
        {
            using var text = new StringWriter { NewLine = "\n" };
            FindingWriter.Text(color: false).Write(text, Findings);
            return text.ToString();
        }
    }

    public static Outcome Of(string folder, string? inventory = null)
    {
        var findings = new FindingList();
        var plans = Generator.Plan(inventory, folder, findings);
        var templates = TemplateSet.Load(null, findings);
        return new Outcome(plans is null ? [] : Generator.Render(plans, templates!, findings) ?? [], findings);
    }
}
