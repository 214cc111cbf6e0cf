using Sweeps.Core.Randomness;

namespace Sweeps.Training.Data.Csv;

/// <summary>
/// Holds out a fifth of a table's rows as its test part: of each class a fifth, rounded, at least one row of a class
/// that has two. The choice depends on the table alone, never on a sweep's seed: a test set that changes between sweeps
/// would leak.
/// </summary>
internal static class CsvSplit
{
    private const double TestFraction = 0.2;

    /// <summary>The rows to learn from and those held out, each in the order of the file.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="labelOf">The class of a row; for regression, where all rows are one group, always 0.</param>
    public static (int[] Train, int[] Test) Split(int count, Func<int, int> labelOf)
    {
        var held = new bool[count];
        var groups = Enumerable.Range(0, count).GroupBy(labelOf);
        foreach (var group in groups)
        {
            var rows = group.ToArray();
            new RandomStream(new StreamKey(0, Purpose.Data, Index: group.Key)).Shuffle(rows.AsSpan());
            var size = rows.Length < 2 ? 0 : Math.Max(1, (int)Math.Round(rows.Length * TestFraction));
            foreach (var row in rows.AsSpan(0, size))
                held[row] = true;
        }

        return (
            [.. Enumerable.Range(0, count).Where(row => !held[row])],
            [.. Enumerable.Range(0, count).Where(row => held[row])]);
    }
}
