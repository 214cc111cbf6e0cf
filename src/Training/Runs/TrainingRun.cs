using System.Runtime.InteropServices;
using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Checkpoints;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Native;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Runs;

/// <summary>One training in progress: the network, its optimizer and the reports so far. Used by one thread.</summary>
internal sealed class TrainingRun : IDisposable
{
    // Large enough that evaluation is as fast per sample as training; small batches train with buffers of this size
    // too.
    private const int LeastCapacity = 128;

    private readonly TrainingSetup _setup;
    private readonly TimeProvider _time;
    private readonly Loss _loss;
    private readonly Network _network;
    private readonly Optimizer _optimizer;
    private readonly Batch _batch;
    private readonly List<EpochReport> _epochs = [];
    private readonly FrozenWeights[] _kept;
    private readonly int[] _order;
    private readonly BestWeights? _best;
    private readonly GradientClipping? _clipping;
    private readonly PictureChanges? _changes;
    private readonly int _stepsPerEpoch;
    private BatchScore? _held;

    // Of the running epoch: the place of the next batch, the number of the step at work, its score, those before.
    private int _first;
    private int _step;
    private BatchScore _stepScore;
    private BatchScore _score;
    private long _told;

    /// <summary>Allocates everything that the training needs.</summary>
    public TrainingRun(TrainingSetup setup, TimeProvider time)
    {
        (_setup, _time) = (setup, time);
        var hyperparameters = setup.Request.Hyperparameters;
        var batchSize = Math.Min(hyperparameters.BatchSize, setup.Learning.Length);
        _stepsPerEpoch = (setup.Learning.Length + batchSize - 1) / Math.Max(1, batchSize);
        if (hyperparameters.ClipNorm is not null || hyperparameters.ClipValue is not null)
            _clipping = new(hyperparameters.ClipNorm, hyperparameters.ClipValue);
        _loss = Loss.Create(setup.Loss, (float)(hyperparameters.LabelSmoothing ?? 0), setup.ClassWeights());
        if (hyperparameters.Augment is { } augment)
            _changes = new(augment, setup.Data.InputShape, setup.Streams);
        _network = NetworkFactory.Create(
            setup.Engine.Engine, setup.Plan, setup.Streams, Math.Max(batchSize, LeastCapacity), setup.Frozen,
            setup.Request.Stages);
        _optimizer = Optimizer.Create(hyperparameters, _network.Weights.Length);
        _kept = [.. _network.ParameterPlaces.Where(place => setup.Frozen.Contains(place.Layer))
            .Select(place => new FrozenWeights(_network, place))];
        _batch = new(setup.Data.Train, _network.Capacity);
        _order = new int[setup.Learning.Length];
        if (setup.Request.Score == ScoredEpoch.Best && setup.Validation.Length > 0)
            _best = new(_network);
        InitialWeights.Fill(_network, hyperparameters.Initializer ?? InitializerKind.XavierUniform, setup.Streams);
        setup.Weights?.CopyTo(_network, setup.Plan);
        foreach (var kept in _kept)
            kept.Keep();
    }

    /// <summary>Called in each step after the backward pass; null: nobody looks.</summary>
    public Action<Network, Loss, Batch>? GradientsComputed { get; init; }

    /// <summary>Reports of the epochs done.</summary>
    public IReadOnlyList<EpochReport> Epochs => _epochs;

    /// <summary>
    /// Its first layer, where trainings whose samples come in the same order may take their products together;
    /// otherwise null.
    /// </summary>
    public DenseStage? SharedLayer =>
        _changes is null && _setup.Request.SampleOrder == SampleOrder.Shared && _network is StagedNetwork staged
            ? staged.FirstDense : null;

    /// <summary>Most trainings that shared its passes in any of its epochs, itself among them.</summary>
    public int Together { get; set; } = 1;

    /// <summary>The most samples of a batch.</summary>
    public int Capacity => _network.Capacity;

    /// <summary>The data that it learns from.</summary>
    public DataPart Data => _setup.Data.Train;

    /// <summary>Samples held out; empty: none.</summary>
    public ReadOnlySpan<int> Validation => _setup.Validation;

    /// <summary>The samples of the running epoch's next step; empty: there is none.</summary>
    public ReadOnlySpan<int> NextBatch =>
        _order.AsSpan(Math.Min(_first, _order.Length), Math.Clamp(_order.Length - _first, 0, BatchSize));

    /// <summary>Trains one more epoch; its report is the last of <see cref="Epochs"/>.</summary>
    /// <param name="observer">Watches it.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <param name="isBegun">Train what is left of the epoch: <see cref="NextBatch"/> is next.</param>
    /// <returns>Null, or how and why the training ended within the epoch, which then has no report.</returns>
    public TrainingEnd? TrainEpoch(ITrainingObserver observer, CancellationToken cancellation, bool isBegun = false)
    {
        _network.Team.Size = _setup.Engine.Engine == EngineKind.Native ? observer.Threads : 1;
        var cpu = ThreadClock.Seconds + _network.Team.HelperSeconds;
        var start = _time.GetTimestamp();
        if (!isBegun)
            BeginEpoch();
        while (!NextBatch.IsEmpty)
        {
            if (IsToStop(observer, cancellation) is { } stop)
                return stop;
            _batch.Fill(NextBatch);
            _changes?.Apply(_batch.Change(), NextBatch);
            ComputeGradients(_batch);
            if (CompleteStep(observer) is { } end)
                return end;
        }

        var trainSeconds = _time.GetElapsedTime(start).TotalSeconds;
        var cpuSeconds = ThreadClock.Seconds + _network.Team.HelperSeconds - cpu;
        if (IsDiverged() is { } diverged)
            return diverged;
        start = _time.GetTimestamp();
        var held = Evaluation.Score(_network, _loss, _batch, _setup.Validation, [], cancellation);
        CompleteEpoch(held, new(trainSeconds, _time.GetElapsedTime(start).TotalSeconds, cpuSeconds));
        return null;
    }

    /// <summary>Begins one more epoch: <see cref="NextBatch"/> is its first.</summary>
    public void BeginEpoch()
    {
        var epoch = _epochs.Count + 1;
        Shuffle(epoch);
        _network.BeginEpoch(epoch);
        _changes?.BeginEpoch(epoch);
        (_first, _step, _score, _told) = (0, 0, default, _time.GetTimestamp());
    }

    /// <summary>Whether to end before the next step, and why.</summary>
    public static TrainingEnd? IsToStop(ITrainingObserver observer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return observer.StopReason is { } reason ? new(TrainingOutcome.Stopped, reason) : null;
    }

    /// <summary>The first part of a step: the gradients of the loss on the next batch.</summary>
    /// <param name="batch">Filled with <see cref="NextBatch"/>.</param>
    public void ComputeGradients(Batch batch)
    {
        _step++;
        var outputs = _network.Forward(batch, learning: true);
        _stepScore = _loss.ScoreWithGradient(outputs, batch, _network.OutputGradient);
        _network.Backward();
        GradientsComputed?.Invoke(_network, _loss, batch);
    }

    /// <summary>The second part: moves the weights.</summary>
    /// <returns>Null, or how and why the training ends.</returns>
    public TrainingEnd? CompleteStep(ITrainingObserver observer)
    {
        MoveWeights();
        if (!double.IsFinite(_stepScore.Loss))
            return Divergence("loss", _stepScore.Loss);
        _score += _stepScore;
        _first += BatchSize;
        if (_time.GetElapsedTime(_told) < ProgressInterval)
            return null;
        observer.BatchesDone(_epochs.Count + 1, _score.Samples, _order.Length);
        _told = _time.GetTimestamp();
        return null;
    }

    /// <summary>After the last step of an epoch: whether the training ends for its weights.</summary>
    public TrainingEnd? IsDiverged() => NotFiniteWeight() is { } weight ? Divergence("weight", weight) : null;

    /// <summary>Loss and metric on samples that it does not learn from.</summary>
    public BatchScore Score(Batch batch) => _loss.Score(_network.Forward(batch, learning: false), batch);

    /// <summary>Ends an epoch: adds its report.</summary>
    /// <param name="held">The score on <see cref="Validation"/>.</param>
    /// <param name="times">What it took.</param>
    public void CompleteEpoch(BatchScore held, EpochTimes times)
    {
        _epochs.Add(new(
            _epochs.Count + 1,
            _score.MeanLoss,
            _score.MeanMetric,
            held.MeanLoss,
            held.MeanMetric,
            times.TrainSeconds,
            times.EvaluationSeconds,
            times.CpuSeconds,
            _score.Samples)
        {
            WeightsDigest = SafeTensors.Digest(_network),
            ValidationLossError = held.LossError,
            ValidationMetricError = held.MetricError,
        });
        _held = held;
        _best?.Keep(_epochs);
    }

    /// <summary>Whether no further epoch is to be trained; null: one is.</summary>
    public TrainingEnd? HasEnded()
    {
        if (_epochs.Count >= _setup.Request.Hyperparameters.Epochs)
            return new(TrainingOutcome.Completed, null);
        return Plateau.Reached(_epochs, _setup.Request.Patience) is { } plateau
            ? new(TrainingOutcome.StoppedEarly, plateau) : null;
    }

    /// <summary>Tells the observer of the last epoch.</summary>
    /// <returns>Null, or how and why the training ends.</returns>
    public TrainingEnd? Report(ITrainingObserver observer)
    {
        var request = _setup.Request;
        if ((request.KeepModel || request.KeepCheckpoint)
            && EpochWeights.IsKept(_epochs.Count, request.Hyperparameters.Epochs))
            observer.WeightsLearned(Weights);
        // At a plateau the training is over, whoever else wants it to stop: a resumed one would find that first.
        return observer.EpochCompleted(_epochs[^1], Checkpoint) is { } stop
            && Plateau.Reached(_epochs, request.Patience) is null
            ? new(TrainingOutcome.Stopped, stop) : HasEnded();
    }

    /// <summary>The state after the last epoch done.</summary>
    public byte[] Checkpoint() => CheckpointFormat.Write(
        RequestDigest.Of(_setup),
        _epochs,
        Together,
        _optimizer.Steps,
        _best is not null,
        [Bytes(_network.Kept.Of(_network.Weights.Span)), Bytes(_network.Statistics.Span),
            .. _optimizer.States.Select(state => Bytes(_network.Kept.Of(state.Span))), .. _best?.Bytes() ?? []]);

    /// <summary>How the weights and statistics are distributed after the last epoch done.</summary>
    public EpochWeights Weights() => new(_epochs.Count, [.. SafeTensors.Values(_network)
        .Select(tensor => WeightHistogram.Of(tensor.Name, tensor.Values)).OfType<WeightHistogram>()]);

    /// <summary>Goes back to the state that a checkpoint holds.</summary>
    /// <exception cref="TrainingException">It is damaged or of another request.</exception>
    public void Resume(ReadOnlySpan<byte> bytes)
    {
        var checkpoint = CheckpointFormat.Read(bytes);
        if (!RequestDigest.IsOf(_setup, checkpoint))
            throw CheckpointFormat.Bad("it was made by another request: other hyperparameters, data, split or seed");
        if (checkpoint.Weights.Length != _network.Kept.Length
            || checkpoint.Statistics.Length != _network.Statistics.Length
            || checkpoint.OptimizerStates.Count != _optimizer.States.Count
            || checkpoint.OptimizerStates.Any(state => state.Length != _network.Kept.Length)
            || (_best is not null && !_best.Fits(checkpoint.Best)))
        {
            throw CheckpointFormat.Bad(
                "its sizes do not fit the network: it was made by another version of the program");
        }

        _network.Kept.CopyBack(checkpoint.Weights, _network.Weights.Span);
        checkpoint.Statistics.CopyTo(_network.Statistics.Span);
        for (var i = 0; i < _optimizer.States.Count; i++)
            _network.Kept.CopyBack(checkpoint.OptimizerStates[i], _optimizer.States[i].Span);
        if (checkpoint.Best is { } best)
            _best?.Resume(best.Weights, best.Statistics);
        _optimizer.Steps = checkpoint.OptimizerSteps;
        Together = checkpoint.Together;
        _epochs.Clear();
        _epochs.AddRange(checkpoint.Epochs);
    }

    /// <summary>The result as things stand; opens the test set where the request says so.</summary>
    public TrainingResult Finish(TrainingOutcome outcome, string? reason, CancellationToken cancellation)
    {
        var request = _setup.Request;
        // Before the best weights are back in their place.
        var state = request.KeepCheckpoint
            && outcome is TrainingOutcome.Completed or TrainingOutcome.StoppedEarly
            ? Checkpoint()
            : null;
        var best = outcome == TrainingOutcome.Diverged || _epochs.Count == 0 ? 0 : RestoreBest();
        // After a resume the last epoch's evaluation is not at hand.
        var held = outcome == TrainingOutcome.Diverged || _epochs.Count == 0
            ? default
            : _held ?? Evaluation.Score(_network, _loss, _batch, _setup.Validation, [], cancellation);
        var metrics = request.Metrics is { } asked && _setup.Validation.Length > 0 && _epochs.Count > 0
            && outcome != TrainingOutcome.Diverged
            ? ValidationMetrics.Of(asked, _network, _setup.Loss, _batch, _setup.Validation, cancellation)
            : null;
        TestReport? test = null;
        if ((request.EvaluateTest || request.Split.Kind == SplitKind.All) && outcome != TrainingOutcome.Diverged
            && _setup.Data.Test.Count > 0)
        {
            using var batch = new Batch(_setup.Data.Test, _network.Capacity);
            test = Evaluation.Test(
                _network, _loss, _setup.Loss, batch, _setup.Data.Classes, _setup.Plan, request.Metrics, cancellation);
        }

        var result = new TrainingResult
        {
            Outcome = outcome,
            Reason = reason,
            Epochs = _epochs,
            BestEpoch = best,
            ValidationLossError = held.LossError,
            ValidationMetricError = held.MetricError,
            Metrics = metrics,
            Engine = _setup.Engine.Engine,
            Threads = _network.Team.MostShared,
            Together = Together,
            Weights = _network.WeightCount,
            WeightsDigest = SafeTensors.Digest(_network),
            TrainSeconds = _epochs.Sum(epoch => epoch.TrainSeconds),
            Test = test,
            Checkpoint = state,
        };
        return request.KeepModel
            ? result with { Model = SafeTensors.Write(_network, _setup.ModelMetadata(result)) }
            : result;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _batch.Dispose();
        _clipping?.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
    }

    private static TimeSpan ProgressInterval { get; } = TimeSpan.FromMilliseconds(100);

    // The epoch whose weights are back; 0: the last one is scored.
    private int RestoreBest()
    {
        if (_best is null)
            return 0;
        var best = Plateau.Best(_epochs);
        if (best < _epochs.Count)
            _held = null;
        _best.Restore();
        return best;
    }

    private void MoveWeights()
    {
        if (_clipping is not null)
        {
            // The norm is of what learns.
            foreach (var kept in _kept)
                kept.ClearGradients();
            _clipping.Clip(_network.Gradients, _network.Kept);
        }

        _optimizer.Step(_network.Weights, _network.Gradients, RateFactor(), _network.Team);
        foreach (var kept in _kept)
            kept.Restore();
    }

    private double RateFactor()
    {
        var h = _setup.Request.Hyperparameters;
        return h.LearningRateSchedule?.FactorAt(_optimizer.Steps, _stepsPerEpoch, h.Epochs) ?? 1;
    }

    private void Shuffle(int epoch)
    {
        _setup.Learning.CopyTo(_order, 0);
        new RandomStream(_setup.OrderOf(epoch)).Shuffle(_order.AsSpan());
    }

    private float? NotFiniteWeight()
    {
        var weights = _network.Weights.Span;
        for (var i = 0; i < weights.Length; i++)
        {
            // Which is the first is said of the form that checkpoints have.
            if (!float.IsFinite(weights[i]))
                return Array.Find(_network.Kept.Of(weights), weight => !float.IsFinite(weight));
        }

        return null;
    }

    private TrainingEnd Divergence(string what, double value)
    {
        var became = double.IsNaN(value) ? "NaN" : "infinite";
        return new(TrainingOutcome.Diverged,
            $"a {what} became {became} in epoch {_epochs.Count + 1}, step {_step}; try a smaller learning rate");
    }

    private int BatchSize => Math.Min(_setup.Request.Hyperparameters.BatchSize, _order.Length);

    private static ReadOnlyMemory<byte> Bytes(Span<float> values) => MemoryMarshal.AsBytes(values).ToArray();
}
