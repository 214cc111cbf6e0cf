using System.Globalization;

namespace Sweeps.Core;

/// <summary>Finds the name that a mistyped word most likely meant, for the end of an error message.</summary>
public static class NearestName
{
    /// <summary>Longer words are not typing errors of ours, and the distance costs length squared.</summary>
    private const int LongestWord = 64;

    /// <summary>
    /// The known name nearest to <paramref name="word"/>: by the number of inserted, removed, replaced and swapped
    /// characters, case and <c>-</c>/<c>_</c> aside. A name that contains the word as a part (<c>pool</c> in
    /// <c>max_pool</c>) or begins with it (<c>val</c>) counts as one step away. Ties: the first of
    /// <paramref name="known"/>.
    /// </summary>
    /// <returns>Null when nothing is near: within 1 step of a word of up to 5 characters, 2 of one of up to 8,
    /// otherwise a third of its length. In short words more steps lead to words that only look alike (<c>gru</c>,
    /// <c>relu</c>).</returns>
    public static string? Find(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(known);
        if (word.Length is 0 or > LongestWord)
            return null;
        var wanted = Normalize(word);
        string? best = null;
        var bestDistance = word.Length switch { <= 5 => 1, <= 8 => 2, var length => length / 3 } + 1;
        foreach (var name in known)
        {
            if (name.Length > LongestWord)
                continue;
            var candidate = Normalize(name);
            var distance = IsPartOf(wanted, candidate) ? 1 : Distance(wanted, candidate);
            if (distance >= bestDistance || distance >= Math.Max(wanted.Length, candidate.Length))
                continue;
            bestDistance = distance;
            best = name;
        }

        return best;
    }

    /// <summary>
    /// The end of an error message: <c>; did you mean 'relu'?</c>, or <c>; known: a, b, c</c> (at most
    /// <paramref name="listed"/> names) when nothing is near.
    /// </summary>
    public static string Suggest(string word, IReadOnlyCollection<string> known, int listed = 20)
    {
        if (Find(word, known) is { } nearest)
            return $"; did you mean '{nearest}'?";
        var more = known.Count - listed;
        var rest = more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more") : "";
        return $"; known: {string.Join(", ", known.Take(listed))}{rest}";
    }

    private static string Normalize(string name) => name.Trim().ToLowerInvariant().Replace('-', '_');

    private static bool IsPartOf(string word, string name) =>
        word.Length >= 3 && name != word
        && (name.StartsWith(word, StringComparison.Ordinal)
            || name.Split('_').Contains(word, StringComparer.Ordinal));

    /// <summary>Optimal string alignment: Levenshtein's distance with swaps of neighbours.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                rows[i, j] = best;
            }
        }

        return rows[a.Length, b.Length];
    }
}
