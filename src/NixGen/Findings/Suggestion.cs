namespace NixGen.Findings;

/// <summary>Finds the word that somebody probably meant.</summary>
internal static class Suggestion
{
    /// <returns>The nearest of <paramref name="candidates"/>, or null when none is near enough to be a slip of the fingers.</returns>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        var (best, bestDistance) = ((string?)null, int.MaxValue);
        foreach (var candidate in candidates)
        {
            var distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        // A third of the word may differ: `backup` for `backupPaths` is a prefix, `exclude` for `backupExcludes` a part.
        var near = best is not null
            && (bestDistance <= Math.Max(1, Math.Min(word.Length, best.Length) / 3)
                || (word.Length >= 4 && best.Contains(word, StringComparison.OrdinalIgnoreCase)));
        return near ? best : null;
    }

    // Optimal string alignment: one insertion, deletion, substitution or swap of neighbours costs 1.
    private static int Distance(string a, string b)
    {
        // A key of absurd length is no slip of the fingers, and the table below grows with it.
        if (a.Length > 100 || b.Length > 100)
            return int.MaxValue;

        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    least = Math.Min(least, table[i - 2, j - 2] + 1);
                table[i, j] = least;
            }
        }

        return table[a.Length, b.Length];
    }
}
