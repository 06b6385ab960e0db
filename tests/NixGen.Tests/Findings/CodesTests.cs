using System.Reflection;
using NixGen.Findings;

namespace NixGen.Tests.Findings;

/// <summary>The list of codes is a contract with users: complete, in order, explained and used.</summary>
public class CodesTests
{
    private static readonly Dictionary<string, FindingCode> Fields = typeof(Codes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(FindingCode))
        .ToDictionary(field => field.Name, field => (FindingCode)field.GetValue(null)!);

    [Fact]
    public void All_has_every_code() => Assert.Equal(Fields.Values.Select(code => code.Id).Order(), Codes.All.Select(code => code.Id).Order());

    [Fact]
    public void They_are_in_order_and_none_comes_twice()
    {
        var ids = Codes.All.Select(code => code.Id).ToList();
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.Matches(@"^NG[1-9][0-9]{3}\z", id));
    }

    [Fact]
    public void Every_code_is_explained() => Assert.All(Codes.All, code =>
    {
        Assert.All([code.Title, code.Cause, code.Remedy], text => Assert.False(string.IsNullOrWhiteSpace(text), code.Id));
        Assert.True(code.Example.Length > 0 || code == Codes.Bug, $"{code.Id} has no example");
        Assert.EndsWith(".", code.Cause);
        // Titles stand in lists.
        Assert.False(code.Title.EndsWith('.') || code.Title.Contains('\n'), code.Id);
        Assert.All([code.Cause, code.Remedy], text => Assert.DoesNotContain('\n', text));
    });

    [Fact]
    public void Every_code_is_used()
    {
        var source = string.Concat(Directory.EnumerateFiles(RepositoryRoot.At("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("/Findings/Codes.cs", StringComparison.Ordinal) && !file.Contains("/obj/"))
            .Select(File.ReadAllText));
        var unused = Fields.Keys.Where(name => !System.Text.RegularExpressions.Regex.IsMatch(source, $@"\bCodes\.{name}\b"));
        Assert.Empty(unused);
    }

    [Fact]
    public void The_changelog_says_in_which_release_each_code_came()
    {
        var ledger = File.ReadAllText(RepositoryRoot.At("CHANGELOG.md"));
        Assert.All(Codes.All, code => Assert.Contains($"| {code.Id} | {Word(code.Severity)} | {code.Title} |", ledger));
    }

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
