using System.Globalization;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile;
using Sweeps.Store;
using Sweeps.Store.Addresses;

namespace Sweeps.Bench.Search;

/// <summary>
/// What every configuration of a grid gave on each fold after each epoch, from real trainings: validation samples
/// classified rightly, so that the file is exact. A line for each configuration, in the grid's order: its values by
/// name, then the counts, all epochs of the first fold first.
/// </summary>
internal sealed class MeasuredTable
{
    /// <summary>Samples that a fold is validated on: a third of 6,000.</summary>
    public const int Validated = 2_000;

    /// <summary>Means that differ by less are equal: they are multiples of 1/6,000.</summary>
    public const double Rounding = 1e-9;

    private readonly Dictionary<ParameterAssignment, int[]> _counts = [];

    private MeasuredTable(string grid, IEnumerable<int[]> counts)
    {
        Grid = grid;
        var specification = SpecificationReader.Read(grid, "table.yaml").Require();
        (Folds, Epochs) = (specification.TrialsPerConfiguration, specification.MostEpochs);
        var searcher = specification.CreateSearcher();
        foreach (var row in counts)
            _counts.Add(searcher.Propose(_counts.Count, []).Values, row);
        if (_counts.Count != searcher.Count)
            throw new InvalidDataException($"The table has {_counts.Count} lines and its grid {searcher.Count}.");
        Means = [.. _counts.Values.Select(row => Sum(row) / ((double)Folds * Validated)).OrderDescending()];
        var best = _counts.Values.MaxBy(Sum)!;
        var deviation = Math.Sqrt(Enumerable.Range(0, Folds).Sum(fold => Square(ValueOf(best, fold, Epochs) - Means[0]))
            / (Folds - 1));
        NearBest = Means[0] - deviation / Math.Sqrt(Folds);
    }

    /// <summary>The sweep file that measured it.</summary>
    public string Grid { get; }

    /// <summary>Folds of each configuration.</summary>
    public int Folds { get; }

    /// <summary>Epochs of each fold.</summary>
    public int Epochs { get; }

    /// <summary>Epochs of all folds of the whole grid.</summary>
    public long AllEpochs => (long)_counts.Count * Folds * Epochs;

    /// <summary>The means over the folds after the last epoch, the best first.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>The best mean less its standard error over the folds.</summary>
    public double NearBest { get; }

    /// <summary>The accuracy of a fold after so many epochs.</summary>
    public double ValueOf(ParameterAssignment values, int fold, int epochs) => ValueOf(_counts[values], fold, epochs);

    /// <summary>Reads a table.</summary>
    /// <param name="grid">The sweep file that measured it.</param>
    /// <param name="file">The table.</param>
    public static MeasuredTable Read(string grid, string file)
    {
        var lines = File.ReadAllLines(file);
        var names = lines[0].Split(',').TakeWhile(column => column != "counts").Count();
        return new(
            File.ReadAllText(grid),
            lines.Skip(1).Select(line => line.Split(',').Skip(names)
                .Select(count => int.Parse(count, CultureInfo.InvariantCulture)).ToArray()));
    }

    /// <summary>Writes the table of a sweep that has ended.</summary>
    /// <param name="grid">The sweep file.</param>
    /// <param name="folder">The sweep's store.</param>
    /// <param name="id">The sweep.</param>
    public static async Task WriteAsync(string grid, string folder, string id, TextWriter output)
    {
        var specification = SpecificationReader.Read(await File.ReadAllTextAsync(grid), grid).Require();
        var searcher = specification.CreateSearcher();
        await using var store = await StoreFactory.OpenAsync(StoreAddress.Parse(folder));
        var rows = (await store.Metrics.ReadAsync(id))
            .Where(row => row.Trial.Fold >= 0)
            .ToLookup(row => row.Trial.Configuration);
        var names = specification.Parameters.Select(p => p.Name).Where(name => name != "architecture").ToList();
        output.Write($"{string.Join(',', names)},counts\n");
        for (var n = 0; n < searcher.Count; n++)
        {
            var values = searcher.Propose(n, []).Values;
            // A row that was written again by a later attempt is the same: trainings are exact.
            var counts = rows[n]
                .GroupBy(row => (row.Trial.Fold, row.Report.Epoch)).OrderBy(group => group.Key)
                .Select(group => (int)Math.Round(group.First().Report.ValidationMetric * Validated))
                .ToList();
            output.Write($"{string.Join(',', names.Select(name => values[name]))},{string.Join(',', counts)}\n");
        }
    }

    private double ValueOf(int[] row, int fold, int epochs) => row[(fold * Epochs) + epochs - 1] / (double)Validated;

    private static double Square(double value) => value * value;

    private int Sum(int[] row) => Enumerable.Range(0, Folds).Sum(fold => row[(fold * Epochs) + Epochs - 1]);
}
