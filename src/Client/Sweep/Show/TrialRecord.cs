using System.Globalization;
using Sweeps.Client.Terminal;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep.Show;

/// <summary>All that a store holds of one trial.</summary>
/// <param name="State">Its sweep.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Attempts">Its attempts, oldest first.</param>
/// <param name="Rows">Its metrics, by attempt and epoch.</param>
internal sealed record TrialRecord(
    SweepState State, TrialId Trial, IReadOnlyList<TrialAttempt> Attempts, IReadOnlyList<MetricRow> Rows)
{
    public Hyperparameters Hyperparameters => State.HyperparametersOf(Trial.Configuration);

    public TrialResult? Result => State.ResultOf(Trial);

    /// <summary>
    /// One row for each epoch, from the newest attempt that reached it: a resumed attempt starts at its checkpoint.
    /// </summary>
    public IReadOnlyList<MetricRow> Epochs { get; } = Newest(Rows);

    /// <summary>The epochs among a trial's rows, one row each, from the newest attempt that reached it.</summary>
    public static IReadOnlyList<MetricRow> Newest(IEnumerable<MetricRow> rows) =>
    [
        .. rows.GroupBy(row => row.Report.Epoch)
            .Select(same => same.MaxBy(row => row.Attempt)!)
            .OrderBy(row => row.Report.Epoch),
    ];

    /// <summary>The trial for programs.</summary>
    public object Json() => new
    {
        sweep = State.Plan.Id,
        trial = Trial.ToString(),
        configuration = Trial.Configuration,
        fold = Trial.IsRefit ? (int?)null : Trial.Fold,
        split = State.Plan.SplitText(Trial),
        state = ConfigurationText.Word(State.StatusOf(Trial)),
        parameters = SearchedParameters.Settings(Hyperparameters, ArchitectureNames.Of(State.Plan))
            .ToDictionary(pair => pair.Key, pair => pair.Value),
        reused = State.SourceOf(Trial) is not { } source ? null : new
        {
            sweep = source.Sweep,
            trial = source.Trial.ToString(),
            epochs = source.Trained,
        },
        continued = State.BeginningOf(Trial) is not { } beginning ? null : new
        {
            sweep = beginning.Sweep,
            trial = beginning.Source.ToString(),
            epochs = beginning.Epochs,
        },
        attempts = Attempts,
        epochs = Epochs.Select(row => new
        {
            row.Attempt,
            row.Report.Epoch,
            row.Report.TrainLoss,
            row.Report.TrainMetric,
            row.Report.ValidationLoss,
            row.Report.ValidationMetric,
            row.Report.TrainSeconds,
            row.Report.EvaluationSeconds,
            row.Report.CpuSeconds,
            row.Report.ImagesPerSecond,
        }),
        result = Result is not { } result ? null : new
        {
            outcome = ConfigurationText.Word(result.Outcome),
            result.Reason,
            result.TrainLoss,
            result.TrainMetric,
            result.ValidationLoss,
            result.ValidationMetric,
            metrics = result.Metrics?.All.ToDictionary(),
            result.Epochs,
            scored_epoch = result.BestEpoch > 0 ? result.BestEpoch : result.Epochs,
            engine = result.Engine == EngineKind.Auto ? null : ConfigurationText.Word(result.Engine),
            result.Weights,
            result.WeightsDigest,
            result.TrainSeconds,
            result.CpuSeconds,
            result.ImagesPerSecond,
            result.Threads,
            result.Together,
            result.Neighbours,
            result.Disturbed,
            test_loss = result.Test?.Loss,
            test_metric = result.Test?.Metric,
            classes = State.Plan.ClassNames(),
            targets = result.Test?.Targets?.Select(
                (score, target) => TargetDocument.Of(State.Plan.TargetName(target), score)),
            labels = result.Test?.Labels?.Select(
                (score, label) => LabelDocument.Of(State.Plan.LabelName(label), score)),
            test_exact_match = result.Test?.ExactMatch,
            confusion = result.Test is { Confusion: { } counts, Classes: > 0 } test ? counts.Chunk(test.Classes) : null,
        },
    };

    /// <summary>What a training took, and what its time is worth.</summary>
    public static string TimeOf(TrialResult result) =>
        $"{Figures.Seconds(result.TrainSeconds)} s of training, {Figures.Count(result.ImagesPerSecond)} images/s, "
        + (result.Threads > 1 ? $"{result.Threads} threads, " : "") + Figures.Count(result.Neighbours, "neighbour")
        + (result.Together > 1 ? $", a share of passes that up to {result.Together} trials had together" : "")
        + (result.Disturbed ? ", timing unreliable: other programs used the processors" : "");
}

/// <summary>Finds the trial that a user means.</summary>
internal static class TrialName
{
    /// <summary>
    /// Reads <c>3/0</c> (configuration 3, fold 0), <c>3/refit</c>, <c>refit</c>, or an index in the order of work.
    /// </summary>
    /// <exception cref="SweepsException">There is no such trial.</exception>
    public static TrialId Find(SweepState state, string text)
    {
        var folds = state.Plan.TrialsPerConfiguration;
        if (!TrialId.TryParse(text, out var trial))
        {
            if (text == "refit" && state.RefitTrial is { } refit)
                return refit;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw Unknown(state, text);
            trial = new(number / folds, number % folds);
        }

        return state.Contains(trial) ? trial : throw Unknown(state, text);
    }

    private static SweepsException Unknown(SweepState state, string text)
    {
        var last = new TrialId(Math.Max(0, state.Proposed - 1), state.Plan.TrialsPerConfiguration - 1);
        var refit = state.RefitTrial is { } trial ? $", and {trial}" : string.Empty;
        return new(
            ErrorKind.Usage,
            state.Proposed == 0
                ? $"--trial '{text}': no trial of '{state.Plan.Id}' has started yet."
                : $"--trial '{text}': the trials of '{state.Plan.Id}' so far are 0/0 to {last} "
                    + $"(configuration/fold, each from 0){refit}.");
    }
}
