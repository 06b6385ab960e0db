using NixGen.Inventory;

namespace NixGen.Probing;

/// <summary>What a provider asks for, in US dollars; a gigabyte is 10⁹ bytes.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="AsOf">When these prices were last known to hold, as year and month. Prices change: whoever prints one prints this.</param>
/// <param name="Source">Where the provider publishes them.</param>
/// <param name="PerGigabyteMonth">For storing a gigabyte for a month.</param>
/// <param name="FreeGigabytes">How much is stored for nothing.</param>
/// <param name="PerGigabyteDownloaded">For reading a gigabyte back, beyond what is free.</param>
/// <param name="FreeDownloads">How many times what is stored on average may be read back in a month for nothing.</param>
public sealed record Prices(
    string Provider,
    string AsOf,
    string Source,
    decimal PerGigabyteMonth,
    decimal FreeGigabytes,
    decimal PerGigabyteDownloaded,
    int FreeDownloads)
{
    // The calls that restic makes are free.
    private static readonly Prices Backblaze = new(
        "Backblaze B2", "2026-09", "https://www.backblaze.com/cloud-storage/pricing", 0.00695m, 10, 0.01m, 3);

    /// <summary>The prices of who keeps a repository; null where that is nobody's business, or not known.</summary>
    public static Prices? For(RepositoryKind kind, string repository) => kind switch
    {
        RepositoryKind.B2 => Backblaze,
        RepositoryKind.S3 when repository.Contains(".backblazeb2.com/", StringComparison.Ordinal) => Backblaze,
        _ => null,
    };

    /// <summary>For storing so many bytes for a month.</summary>
    public decimal Monthly(long bytes) => Math.Max(0, bytes / 1e9m - FreeGigabytes) * PerGigabyteMonth;
}
