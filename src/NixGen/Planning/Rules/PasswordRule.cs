using NixGen.Findings;
using NixGen.Inventory;

namespace NixGen.Planning.Rules;

/// <summary>A user and a password in a repository are read by everybody who reads the generated files, and the Nix store.</summary>
internal static class PasswordRule
{
    public static void Check(Declarations declarations, Lints lints)
    {
        // Not repeated: findings stand in the logs of CI.
        foreach (var destination in declarations.Destinations.Where(destination => destination.Repository.NamesPassword))
            lints.Report(Codes.PasswordInRepository, destination.Repository.At, "the repository names a user and a password", destination: destination);
    }
}
