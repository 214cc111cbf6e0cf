using System.Globalization;
using Parquet;
using Parquet.Schema;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Results;

/// <summary>
/// The tables of <c>results.csv</c> and <c>history.csv</c> as Parquet, for notebooks: the same columns and rows, with
/// kinds. What is missing is null.
/// </summary>
internal static class ParquetTables
{
    /// <summary>The file of the configurations.</summary>
    public const string ResultsFile = "results.parquet";

    /// <summary>The file of the epochs.</summary>
    public const string HistoryFile = "history.parquet";

    // So many rows are in memory at once, and a row group each.
    private const int RowsAtOnce = 200_000;
    private const int ConfigurationsAtOnce = 20_000;

    private static readonly (string Name, Func<MetricRow, object?> Value)[] s_epochs =
    [
        ("configuration", row => (long)row.Trial.Configuration),
        ("fold", row => new TrialId(row.Trial.Configuration, row.Trial.Fold).IsRefit
            ? "refit" : row.Trial.Fold.ToString(CultureInfo.InvariantCulture)),
        ("epoch", row => (long)row.Report.Epoch), ("attempt", row => (long)row.Attempt),
        ("train_loss", row => Finite(row.Report.TrainLoss)), ("train_metric", row => Finite(row.Report.TrainMetric)),
        ("validation_loss", row => Finite(row.Report.ValidationLoss)),
        ("validation_metric", row => Finite(row.Report.ValidationMetric)),
        ("train_seconds", row => Finite(row.Report.TrainSeconds)),
        ("evaluation_seconds", row => Finite(row.Report.EvaluationSeconds)),
        ("cpu_seconds", row => Finite(row.Report.CpuSeconds)), ("samples", row => (long)row.Report.Samples),
    ];

    /// <summary>Writes one row for each configuration.</summary>
    public static async Task WriteResultsAsync(
        Standings standings, Stream file, CancellationToken cancellation = default)
    {
        var (names, rows) = CvResults.Table(standings, ArchitectureNames.Of(standings.State.Plan).Full);
        var fields = FieldsOf(names, rows);
        await using var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), file, cancellationToken: cancellation);
        var groups = 0;
        foreach (var some in rows.Chunk(ConfigurationsAtOnce))
        {
            await WriteAsync(writer, [.. fields.Select((field, index) =>
                new Column(field, [.. some.Select(row => row[index])]))]);
            groups++;
        }

        if (groups == 0)
            await WriteAsync(writer, [.. fields.Select(field => new Column(field, []))]);
    }

    /// <summary>The kind of each column, which all its cells have; of several, or of no cell at all, numbers or text.
    /// </summary>
    private static DataField[] FieldsOf(IReadOnlyList<string> names, IEnumerable<object?[]> rows)
    {
        var kinds = new Kinds[names.Count];
        foreach (var row in rows)
        {
            for (var index = 0; index < kinds.Length; index++)
            {
                kinds[index] |= row[index] switch
                {
                    null => Kinds.None,
                    bool => Kinds.Flag,
                    int or long => Kinds.Whole,
                    double => Kinds.Real,
                    _ => Kinds.Text,
                };
            }
        }

        return [.. names.Zip(kinds, (name, kind) => kind switch
        {
            Kinds.Flag => (DataField)new DataField<bool?>(name),
            Kinds.Whole => new DataField<long?>(name),
            Kinds.None or Kinds.Real or (Kinds.Whole | Kinds.Real) => new DataField<double?>(name),
            _ => new DataField<string>(name),
        })];
    }

    [Flags]
    private enum Kinds
    {
        None = 0,
        Flag = 1,
        Whole = 2,
        Real = 4,
        Text = 8,
    }

    /// <summary>Writes one row for each epoch of each trial.</summary>
    public static async Task WriteHistoryAsync(
        ISweepStore store, SweepState state, Stream file, CancellationToken cancellation = default)
    {
        // Kinds of columns that hold for no rows, too.
        var fields = s_epochs.Select(column => column.Name switch
        {
            "configuration" or "epoch" or "attempt" or "samples" => (DataField)new DataField<long?>(column.Name),
            "fold" => new DataField<string>(column.Name),
            _ => new DataField<double?>(column.Name),
        }).ToList();
        await using var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), file, cancellationToken: cancellation);
        var rows = new List<MetricRow>();
        var groups = 0;
        await foreach (var row in HistoryCsv.RowsAsync(store, state, cancellation))
        {
            rows.Add(row);
            if (rows.Count == RowsAtOnce)
                await FlushAsync();
        }

        if (rows.Count > 0 || groups == 0)
            await FlushAsync();

        async Task FlushAsync()
        {
            await WriteAsync(writer, [.. fields.Zip(s_epochs, (field, column) =>
                new Column(field, [.. rows.Select(column.Value)]))]);
            groups++;
            rows.Clear();
        }
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static async Task WriteAsync(ParquetWriter writer, IReadOnlyList<Column> columns)
    {
        using var group = writer.CreateRowGroup();
        foreach (var (field, cells) in columns)
        {
            if (field.ClrType == typeof(bool))
                await group.WriteAsync<bool>(field, cells.Select(cell => (bool?)cell).ToArray());
            else if (field.ClrType == typeof(long))
                await group.WriteAsync<long>(field, cells.Select(cell => cell is null ? (long?)null
                    : Convert.ToInt64(cell, CultureInfo.InvariantCulture)).ToArray());
            else if (field.ClrType == typeof(double))
                await group.WriteAsync<double>(field, cells.Select(cell => cell is null ? (double?)null
                    : Convert.ToDouble(cell, CultureInfo.InvariantCulture)).ToArray());
            else
                await group.WriteAsync(field, cells.Select(Text).ToArray());
        }

        group.CompleteValidate();
    }

    private static string? Text(object? cell) => cell is IFormattable number
        ? number.ToString(null, CultureInfo.InvariantCulture)
        : cell?.ToString();

    private sealed record Column(DataField Field, IReadOnlyList<object?> Cells);
}
