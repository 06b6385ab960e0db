using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>
/// What has the form of a secret was reported while the text was read, wherever it stands, comments included. Here it is taken back
/// where the innermost thing that it stands in accepts it.
/// </summary>
internal static class PlainSecretRule
{
    public static void Check(Declarations declarations, FindingList findings, Lints lints)
    {
        var found = findings.Where(finding => finding.Code == Codes.PlainSecret).ToList();
        if (found.Count == 0)
            return;
        var scopes = declarations.Scopes.SelectMany(scope => scope.Areas, (scope, area) => (Scope: scope, Area: area)).ToList();
        foreach (var finding in found)
        {
            // One around another one begins before it. None is around what stands in a catalogue.
            var innermost = scopes
                .Where(each => each.Area.Contains(finding.At!.Value))
                .OrderBy(each => (each.Area.From.Line, each.Area.From.Column))
                .LastOrDefault();
            var scope = innermost.Scope ?? declarations.Accept;
            findings.Withdraw(finding);
            lints.Report(
                finding.Code,
                finding.At,
                finding.Message,
                scope,
                $"{finding.Code.Remedy} If it is none: accept: {{ {finding.Code.Id}: the reason }} in {scope.Of}.");
        }
    }
}
