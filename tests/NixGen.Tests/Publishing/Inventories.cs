using NixGen.Publishing;

namespace NixGen.Tests.Publishing;

/// <summary>What three inventories ask for: files that stay, change, come and go, whole hosts and nested folders among them.</summary>
internal static class Inventories
{
    public static IReadOnlyList<GeneratedFile> A { get; } =
    [
        File("homelab/backrest.nix", "backrest"),
        File("homelab/default.nix", "default"),
        File("homelab/restic.nix", "old"),
        File("nas/docs/restore.md", "nas"),
        File("nas/restic.nix", "nas"),
    ];

    public static IReadOnlyList<GeneratedFile> B { get; } =
    [
        File("homelab/default.nix", "default"),
        File("homelab/restic.nix", "new"),
        File("homelab/secrets.nix", "secrets"),
        File("vps/docs/restore.md", "vps"),
    ];

    public static IReadOnlyList<GeneratedFile> C { get; } =
    [File("homelab/default.nix", "another"), File("homelab/restic.nix", "newest"), File("laptop/restic.nix", "laptop")];

    public static IReadOnlyList<GeneratedFile> LargeA { get; } = Large("a");

    public static IReadOnlyList<GeneratedFile> LargeB { get; } = Large("b");

    public static GeneratedFile File(string path, string text) => new(path, $"# {Header.Mark}; do not edit.\n{text}\n");

    private static List<GeneratedFile> Large(string text)
    {
        var body = string.Concat(Enumerable.Repeat(text + "\n", 20_000));
        // Half of them in common, half come and go.
        return Enumerable.Range(0, 30).Select(i => File($"host{i % 3}/{(i % 2 == 0 ? "" : text)}{i}.nix", body)).ToList();
    }
}
