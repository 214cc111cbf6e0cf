using System.Globalization;
using System.Runtime.CompilerServices;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Results;

/// <summary>
/// Every epoch of every trial as CSV (RFC 4180), a row each, by configuration, trial and epoch; the refit's fold is
/// <c>refit</c>. Numbers round-trip; one that does not exist is empty. Column <c>configuration</c> joins it with
/// <c>results.csv</c>.
/// </summary>
internal static class HistoryCsv
{
    private const string Heading = "configuration,fold,epoch,attempt,train_loss,train_metric,validation_loss,"
        + "validation_metric,train_seconds,evaluation_seconds,cpu_seconds,samples\n";

    // More epochs than these are read some trials at a time, which takes hardly any memory.
    private const long EpochsAtOnce = 500_000;
    private const int EpochsOfSome = 20_000;
    private const int TrialsMost = 1_000;

    /// <summary>Writes what the store has.</summary>
    public static async Task WriteAsync(
        ISweepStore store, SweepState state, TextWriter output, CancellationToken cancellation = default)
    {
        await output.WriteAsync(Heading);
        await foreach (var row in RowsAsync(store, state, cancellation))
            await WriteAsync(row, output);
    }

    /// <summary>
    /// The epochs that the store has, by configuration, trial and epoch; one that two attempts trained is the newer
    /// one's.
    /// </summary>
    public static async IAsyncEnumerable<MetricRow> RowsAsync(
        ISweepStore store, SweepState state, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var trials = state.Trials()
            .Where(trial => state.AttemptsOf(trial) > 0 || state.ResultOf(trial) is not null)
            .Order();
        var longest = LongestOf(state);
        var isSmall = state.Totals.Completed * (long)longest <= EpochsAtOnce;
        var all = isSmall
            ? (await store.Metrics.ReadAsync(state.Plan.Id, cancellation)).ToLookup(row => row.Trial)
            : null;
        foreach (var some in trials.Chunk(Math.Clamp(EpochsOfSome / Math.Max(1, longest), 1, TrialsMost)))
        {
            List<TrialKey> keys =
                [.. some.Select(trial => new TrialKey(state.Plan.Id, trial.Configuration, trial.Fold))];
            var rows = all
                ?? (await store.Metrics.ReadTrialsAsync(keys, cancellation)).ToLookup(row => row.Trial);
            foreach (var row in keys.SelectMany(key => TrialRecord.Newest(rows[key])))
                yield return row;
        }
    }

    private static int LongestOf(SweepState state) => Enumerable.Range(0, state.Proposed)
        .Select(configuration => state.HyperparametersOf(configuration).Epochs)
        .DefaultIfEmpty(0)
        .Max();

    private static async Task WriteAsync(MetricRow epoch, TextWriter output)
    {
        var trial = new TrialId(epoch.Trial.Configuration, epoch.Trial.Fold);
        var report = epoch.Report;
        await output.WriteAsync(
            $"{trial.Configuration},{(trial.IsRefit ? "refit" : $"{trial.Fold}")},{report.Epoch},{epoch.Attempt},");
        await output.WriteAsync(string.Join(
            ',',
            ((double[])
            [
                report.TrainLoss, report.TrainMetric, report.ValidationLoss, report.ValidationMetric,
                report.TrainSeconds, report.EvaluationSeconds, report.CpuSeconds,
            ]).Select(Text)));
        await output.WriteAsync($",{report.Samples}\n");
    }

    private static string Text(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
