using System.Globalization;
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

    /// <summary>Writes what the store has; an epoch that two attempts trained is the newer one's.</summary>
    public static async Task WriteAsync(
        ISweepStore store, SweepState state, TextWriter output, CancellationToken cancellation = default)
    {
        await output.WriteAsync(Heading);
        var rows = await store.Metrics.ReadAsync(state.Plan.Id, cancellation);
        foreach (var epoch in rows.GroupBy(row => (row.Trial, row.Report.Epoch))
            .Select(same => same.MaxBy(row => row.Attempt)!)
            .OrderBy(row => row.Trial.Configuration).ThenBy(row => row.Trial.Fold).ThenBy(row => row.Report.Epoch))
        {
            var (trial, report) = (new TrialId(epoch.Trial.Configuration, epoch.Trial.Fold), epoch.Report);
            var fold = trial.IsRefit ? "refit" : $"{trial.Fold}";
            await output.WriteAsync($"{trial.Configuration},{fold},{report.Epoch},{epoch.Attempt},");
            await output.WriteAsync(string.Join(
                ',',
                ((double[])
                [
                    report.TrainLoss, report.TrainMetric, report.ValidationLoss, report.ValidationMetric,
                    report.TrainSeconds, report.EvaluationSeconds, report.CpuSeconds,
                ]).Select(Text)));
            await output.WriteAsync(string.Create(CultureInfo.InvariantCulture, $",{report.Samples}\n"));
        }
    }

    private static string Text(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
