using System.Text.RegularExpressions;
using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>Names that 1Password's reference syntax cannot address: op would fetch nothing, every night.</summary>
internal static partial class SecretReferenceRule
{
    public static void Check(Declarations declarations, Lints lints)
    {
        Check(declarations.Defaults.OnePassword.Vault, "vault", null, null, lints);
        foreach (var host in declarations.Hosts)
            Check(host.Settings.OnePassword.Vault, "vault", null, host, lints);
        foreach (var set in declarations.Secrets)
        {
            if (set.Source is not OnePasswordSource source)
                continue;
            Check(source.Vault, "vault", set, null, lints);
            Check(source.Item, "item", set, null, lints);
            foreach (var field in source.Variables)
            {
                // A field in a section is section/field; without a section, the field alone. Not repeated: it may be the secret itself.
                if (field.Reference.Split('/') is not { Length: <= 2 } parts || !parts.All(Segment().IsMatch))
                    lints.Report(Codes.BadSecretReference, field.At, $"op cannot address the field of {field.Name} by name", secrets: set);
            }
        }
    }

    private static void Check(Placed<string>? name, string what, SecretsDeclaration? set, HostDeclaration? host, Lints lints)
    {
        if (name is { } known && !Segment().IsMatch(known.Value))
            lints.Report(Codes.BadSecretReference, known.At, $"op cannot address the {what} '{known.Value}' by name", host, secrets: set);
    }

    // https://developer.1password.com/docs/cli/secret-reference-syntax: letters, digits, - _ . and blanks.
    [GeneratedRegex(@"^[A-Za-z0-9_.-]+( +[A-Za-z0-9_.-]+)*\z")]
    private static partial Regex Segment();
}
