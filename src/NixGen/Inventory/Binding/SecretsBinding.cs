using System.Text.RegularExpressions;
using NixGen.Findings;
using NixGen.Inventory.Reading;

namespace NixGen.Inventory.Binding;

/// <summary>Sets of secrets. A provider is a key of the set; each brings its own form of reference.</summary>
internal static partial class SecretsBinding
{
    /// <summary>The variable of a set that holds the password of Backrest's user.</summary>
    public const string BackrestPassword = "BACKREST_PASSWORD";

    public static SecretsDeclaration? Bind(YamlEntry entry, FindingList findings)
    {
        if (Nodes.Named(entry, "set of secrets", findings) is not { } keys)
            return null;
        var errors = findings.Errors;
        var sources = new SecretSource?[] { OnePassword(keys, findings), Files(keys, findings) }.OfType<SecretSource>().ToList();
        var providers = new[] { "onePassword", "files" }.Count(provider => keys.Find(provider) is not null);
        var accept = AcceptBinding.Bind(keys, findings);
        keys.Done();
        if (providers != 1)
        {
            findings.Report(
                Codes.MissingKey,
                entry.Key.At,
                $"the set of secrets '{entry.Key.Value}' needs exactly one provider",
                "Give it `onePassword` or `files`.");
        }

        return sources is [var source]
            ? new SecretsDeclaration(entry.Key.Value, entry.Key.At, source)
            {
                Accept = accept,
                IsBroken = findings.Errors > errors || Nodes.HasBroken(entry.Value),
            }
            : null;
    }

    private static OnePasswordSource? OnePassword(KeyReader keys, FindingList findings)
    {
        if (keys.Keys("onePassword", "`onePassword`") is not { } inner)
            return null;
        var vault = inner.Text("vault");
        var item = inner.RequiredText("item");
        var fields = Variables(inner, "fields", "name of the field", findings);
        inner.Done();
        return item is null ? null : new OnePasswordSource(vault, item.Value, inner.At, fields);
    }

    private static FileSource? Files(KeyReader keys, FindingList findings)
    {
        if (keys.Find("files") is not { } node)
            return null;
        var files = Variables(keys, "files", "absolute path", findings);
        // Not repeated: who did not write a path may have written the secret.
        foreach (var file in files.Where(file => !Scalars.IsPlainPath(file.Reference)))
            findings.Report(Codes.BadPath, file.At, $"`{file.Name}` is no plain absolute path of a file", "Write the absolute path of the file that holds the value; never the value.");
        // LoadCredential= separates name and path with a colon.
        foreach (var file in files.Where(file => Scalars.IsPlainPath(file.Reference) && file.Reference.AsSpan().ContainsAny(':', '%')))
            findings.Report(Codes.BadPath, file.At, $"`{file.Name}`: '{file.Reference}' holds : or %, which systemd reads as its own", "Use a path without : and %.");
        return node is YamlMap ? new FileSource(files) : null;
    }

    private static List<SecretVariable> Variables(KeyReader keys, string key, string valueIs, FindingList findings)
    {
        var variables = new List<SecretVariable>();
        foreach (var (name, value) in keys.Entries(key))
        {
            if (Scalars.Text(value, $"{name.Value} ({valueIs})", findings) is not { } reference)
                continue;
            if (name.Value != BackrestPassword && !ResticVariable().IsMatch(name.Value))
                findings.Report(Codes.BadVariable, name.At, $"'{name.Value}' is no variable for restic");
            else
                variables.Add(new SecretVariable(name.Value, reference.Value, reference.At));
        }

        if (variables.Count == 0 && keys.Find(key) is null)
            keys.Missing(key);
        return variables;
    }

    // What restic reads (doc/040_backup.rst, "Environment Variables"). RESTIC_REPOSITORY and RESTIC_PASSWORD_* beside RESTIC_PASSWORD
    // would compete with what the units set; GOOGLE_APPLICATION_CREDENTIALS is the path of a file, not a secret.
    [GeneratedRegex(@"^(RESTIC_PASSWORD|RESTIC_REST_(USERNAME|PASSWORD)|GOOGLE_(PROJECT_ID|ACCESS_TOKEN)|(B2|AWS|AZURE|OS|ST)_[A-Z0-9_]+)\z")]
    private static partial Regex ResticVariable();
}
