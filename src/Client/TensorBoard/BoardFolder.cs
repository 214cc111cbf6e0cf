using System.Globalization;
using Sweeps.Client.Sweep;
using Sweeps.Client.Sweep.Results;
using Sweeps.Client.Sweep.Show;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Training.SavedModels;

namespace Sweeps.Client.TensorBoard;

/// <summary>
/// A sweep as a folder of logs for TensorBoard: a run for each trial with its epochs and hyperparameters, and one for
/// the refit. Where weights are kept (of the refit, and of all trials of a sweep that keeps checkpoints), the run has
/// their distribution after each epoch. What is there already is not written again, so that it can be called at any
/// time, by any process, and after a kill.
/// </summary>
internal sealed class BoardFolder(ISweepStore store, string id, string folder)
{
    private const string TrainSeconds = "train_seconds";
    private const int TrialsAtOnce = 200;

    private readonly TrialHistory _history = new();
    private readonly HashSet<TrialId> _done = [];
    // Of runs that have not ended.
    private readonly Dictionary<string, HashSet<(string Tag, long Step)>> _written = [];
    private SweepView? _view;
    private bool _isBegun;

    /// <summary>Files that were added to or made.</summary>
    public int Files { get; private set; }

    /// <summary>Adds what the sweep has and the folder has not; nothing before it was submitted.</summary>
    /// <exception cref="SweepsException">The folder cannot be written to.</exception>
    public async Task WriteAsync(CancellationToken cancellation = default)
    {
        _view ??= new(store, id) { History = _history };
        await _view.ReadAsync(cancellation);
        if (_view.State.Sequence == 0)
            return;
        try
        {
            await WriteAsync(_view.State, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SweepsException(
                ErrorKind.Usage,
                $"The logs for TensorBoard cannot be written to '{folder}': {error.Message} The sweep goes on; "
                    + $"'sweeps export {id} --format tensorboard --output DIR' writes them elsewhere.",
                error);
        }
    }

    private async Task WriteAsync(SweepState state, CancellationToken cancellation)
    {
        var names = ArchitectureNames.Of(state.Plan);
        if (!_isBegun && state.Proposed > 0)
        {
            Add("", state, [(["_hparams_/experiment"], 0, BoardEvents.Experiment(
                Seconds(state.SubmittedAt), id, ParametersOf(state, names), MetricsOf(state.Plan)))]);
            _isBegun = true;
        }

        var open = state.Trials().Where(trial => !_done.Contains(trial)
            && (state.AttemptsOf(trial) > 0 || state.ResultOf(trial) is not null)).Order().ToList();
        foreach (var some in open.Chunk(TrialsAtOnce))
        {
            var rows = (await store.Metrics.ReadTrialsAsync([.. some.Select(KeyOf)], cancellation))
                .ToLookup(row => row.Trial);
            foreach (var trial in some)
            {
                var weights = await WeightsOf(state, trial, cancellation);
                var events = EventsOf(state, trial, TrialRecord.Newest(rows[KeyOf(trial)]), weights, names).ToList();
                var isDone =
                    state.StatusOf(trial) is TrialStatus.Completed or TrialStatus.Stopped or TrialStatus.Cancelled;
                Add(RunOf(state.Plan, trial), state, events, isDone);
                if (isDone)
                    _done.Add(trial);
            }
        }
    }

    private TrialKey KeyOf(TrialId trial) => new(id, trial.Configuration, trial.Fold);

    private static string RunOf(SweepPlan plan, TrialId trial) => trial.IsRefit ? "refit"
        : plan.TrialsPerConfiguration > 1
            ? Path.Combine($"configuration-{trial.Configuration}", $"trial-{trial.Fold}")
            : $"configuration-{trial.Configuration}";

    // Its first attempt; what was taken over has none.
    private DateTimeOffset BeganAt(SweepState state, TrialId trial) =>
        _history.Of(trial) is [var first, ..] ? first.Started : state.SubmittedAt;

    private IEnumerable<(string[] Tags, long Step, byte[] Record)> EventsOf(
        SweepState state, TrialId trial, IReadOnlyList<MetricRow> epochs, IReadOnlyList<EpochWeights> weights,
        ArchitectureNames names)
    {
        var began = Seconds(BeganAt(state, trial));
        // The refit has no held-out samples: it is no row of the table.
        if (!trial.IsRefit)
            yield return (["_hparams_/session_start_info"], 0, BoardEvents.Start(
                began, $"configuration-{trial.Configuration}",
                Named(state.HyperparametersOf(trial.Configuration), names)));
        var quality = state.Plan.Task.Quality();
        var time = began;
        var tensors = weights.SelectMany(epoch => epoch.Tensors, (epoch, tensor) => (epoch.Epoch, Tensor: tensor))
            .ToLookup(pair => pair.Epoch, pair => pair.Tensor);
        foreach (var report in epochs.Select(row => row.Report))
        {
            time += report.TrainSeconds + report.EvaluationSeconds;
            yield return Scalars(time, report.Epoch,
            [
                ("loss/training", report.TrainLoss), ("loss/validation", report.ValidationLoss),
                ($"{quality}/training", report.TrainMetric), ($"{quality}/validation", report.ValidationMetric),
                ("speed/train_seconds", report.TrainSeconds), ("speed/images_per_second", report.ImagesPerSecond),
            ]);
            foreach (var tensor in tensors[report.Epoch])
                yield return ([$"weights/{tensor.Tensor}"], report.Epoch, BoardEvents.Histogram(
                    time, report.Epoch, $"weights/{tensor.Tensor}", tensor));
        }

        var status = state.StatusOf(trial);
        if (status is not (TrialStatus.Completed or TrialStatus.Stopped or TrialStatus.Failed) || trial.IsRefit)
            yield break;
        if (state.ResultOf(trial) is { } result)
        {
            yield return Scalars(time, result.Epochs,
            [
                (state.Plan.Metric.Name, state.Plan.Metric.ValueOf(result, state.Plan.Task)),
                (SweepMetric.Weights, result.Weights), (TrainSeconds, result.TrainSeconds),
            ]);
        }

        yield return (["_hparams_/session_end_info"], 0, BoardEvents.End(time, status == TrialStatus.Failed));
    }

    private static (string[], long, byte[]) Scalars(double time, long step, (string Tag, double Value)[] values)
    {
        (string Tag, double Value)[] finite = [.. values.Where(value => double.IsFinite(value.Value))];
        return ([.. finite.Select(value => value.Tag)], step, BoardEvents.Scalars(time, step, finite));
    }

    // After each epoch where that was kept, and at the end of a refit in any case. What the store has lost costs the
    // distributions only.
    private async Task<IReadOnlyList<EpochWeights>> WeightsOf(
        SweepState state, TrialId trial, CancellationToken cancellation)
    {
        if (!trial.IsRefit && !state.Plan.KeepCheckpoints)
            return [];
        try
        {
            var name = new ArtifactKey(new(id, trial.Configuration, trial.Fold), ArtifactKey.Histograms);
            IReadOnlyList<EpochWeights> kept = await store.Artifacts.ReadAsync(name, cancellation) is { } bytes
                ? EpochWeights.Read(bytes) : [];
            if (!trial.IsRefit || state.ResultOf(trial) is not { } result
                || kept.Any(epoch => epoch.Epoch == result.Epochs)
                || await ResultFiles.ModelOfAsync(state, store) is not { } model)
                return kept;
            return [.. kept, new(result.Epochs, [.. SavedModel.Read(model, $"of sweep '{id}'").Tensors
                .Select(tensor => WeightHistogram.Of(tensor.Name, tensor.Values)).OfType<WeightHistogram>()])];
        }
        catch (SweepsException)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> MetricsOf(SweepPlan plan) =>
        [.. ((string[])[plan.Metric.Name, SweepMetric.Weights, TrainSeconds]).Distinct()];

    // With a value each, by which their kinds are known.
    private static IEnumerable<KeyValuePair<string, object>> ParametersOf(SweepState state, ArchitectureNames names)
    {
        var known = Enumerable.Range(0, state.Proposed)
            .SelectMany(index => Named(state.HyperparametersOf(index), names))
            .DistinctBy(parameter => parameter.Key)
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value);
        // A condition may not have let one of the others begin yet.
        foreach (var name in names.Searched)
            known.TryAdd(name, name is "activation" or "initializer" or "loss" or "optimizer" ? "" : 0.0);
        return known.OrderBy(parameter => !names.Searched.Contains(parameter.Key))
            .ThenBy(parameter => parameter.Key, StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, object>> Named(Hyperparameters point, ArchitectureNames names) =>
        ConfigurationText.Parameters(point with { Architecture = names.Full(point.Architecture) });

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    // Of each event the tags say whether the file has it: the same sweep gives the same ones.
    private void Add(
        string run, SweepState state, IEnumerable<(string[] Tags, long Step, byte[] Record)> events,
        bool isDone = false)
    {
        var began = state.SubmittedAt.ToUnixTimeSeconds().ToString("0000000000", CultureInfo.InvariantCulture);
        var file = Path.Combine(folder, run, $"events.out.tfevents.{began}.sweeps");
        if (!_written.Remove(file, out var known))
        {
            known = KnownIn(file);
            Files++;
        }

        // Nothing is added to a run that has ended.
        if (!isDone)
            _written.Add(file, known);
        var records = new List<byte[]>();
        foreach (var (tags, step, record) in events)
        {
            var isNew = false;
            foreach (var tag in tags)
                isNew |= known.Add((tag, step));
            if (isNew)
                records.Add(record);
        }

        if (records.Count == 0)
            return;
        if (!File.Exists(file))
            records.Insert(0, BoardEvents.Version(Seconds(state.SubmittedAt)));
        RecordFile.Append(file, records);
    }

    private static HashSet<(string, long)> KnownIn(string file)
    {
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return [.. RecordFile.Read(stream).Select(BoardEvents.Read)
            .SelectMany(record => record.Tags.Select(tag => (tag, record.Step)))];
    }
}

/// <summary>Keeps a folder for TensorBoard up to date while a sweep runs.</summary>
internal sealed class LiveBoard : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    private LiveBoard(BoardFolder board, Action<string> note) => _work = Task.Run(() => FollowAsync(board, note));

    /// <summary>Begins.</summary>
    /// <param name="board">The folder; null: none is asked for.</param>
    /// <param name="note">Takes the reason where it cannot be written: the sweep does not end for it.</param>
    public static LiveBoard? Start(BoardFolder? board, Action<string> note) => board is null ? null : new(board, note);

    /// <summary>Stops, and adds what came last.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task FollowAsync(BoardFolder board, Action<string> note)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await board.WriteAsync(CancellationToken.None);
                await Task.Delay(s_interval, _stop.Token).ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }

            await board.WriteAsync(CancellationToken.None);
        }
        catch (SweepsException error)
        {
            note(error.Message);
        }
    }
}
