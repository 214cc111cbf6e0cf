using Sweeps.Core;
using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Native;
using Sweeps.Training.Native.Stages;

namespace Sweeps.Training.Runs;

/// <summary>
/// Trainings whose samples come in the same order, step by step beside each other: a batch is gathered once, and the
/// products of their first layers are one (<see cref="ProductsTogether"/>). All else each does by itself, so that its
/// numbers are those of training alone, bit by bit, and its end or failure is no other's. Used by one thread.
/// </summary>
internal sealed class TrainingGroup(TimeProvider time) : IDisposable
{
    // Of wider layers products are as good alone (docs/measurements.md).
    private const int MostOutputs = 16;

    private readonly List<Member> _members = [];
    private readonly List<Member> _running = [];
    private readonly List<DenseStage> _layers = [];
    private Batch? _batch;
    private ProductsTogether? _products;

    /// <summary>What trainings must have in common to be of one group; null: this one gains by none.</summary>
    public static object? KeyOf(TrainingRequest request, DataSets sets)
    {
        var point = request.Hyperparameters;
        if (request.SampleOrder != SampleOrder.Shared || request.Engine == EngineKind.Torch
            || request.Split.Kind == SplitKind.All || point.Augment is not null || point.Freeze is not null
            || OwnLayer.Begins(point.Architecture))
            return null;
        try
        {
            var layers = point.ReadArchitecture().Layers;
            return layers.FirstOrDefault(layer => layer is not FlattenLayer) is DenseLayer first
                && sets.Load(request) is { Train.IsBytes: true } data && (first.Units ?? data.Outputs) <= MostOutputs
                ? request with
                {
                    Hyperparameters = new()
                    {
                        Architecture = "",
                        LearningRate = 0,
                        Epochs = 0,
                        BatchSize = point.BatchSize,
                    },
                    Patience = null,
                    Score = ScoredEpoch.Last,
                    Metrics = null,
                    KeepModel = false,
                    KeepCheckpoint = false,
                }
                : null;
        }
        catch (Exception error) when (error is SweepsException or TrainingException)
        {
            // The training will say so.
            return null;
        }
    }

    /// <summary>Takes a training in.</summary>
    public void Add(TrainingTask task, TrainingSetup setup)
    {
        var run = new TrainingRun(setup, time);
        try
        {
            if (task.Checkpoint is { } checkpoint)
            {
                run.Resume(checkpoint.Span);
                task.Observer.Resumed(run.Epochs.Count);
            }
        }
        catch
        {
            run.Dispose();
            throw;
        }

        _members.Add(new(task, run));
    }

    /// <summary>Trains all to their ends.</summary>
    public void Train()
    {
        foreach (var member in _members.ToList())
            Try(member, member => member.Run.HasEnded());
        while (_members.Count > 0)
        {
            // Those that are behind first, until all are in one epoch.
            var epoch = _members.Min(member => member.Run.Epochs.Count);
            _running.Clear();
            _running.AddRange(_members.Where(member => member.Run.Epochs.Count == epoch));
            var alone = _running.Find(member => member.Run.SharedLayer is null) ?? (_running is [var one] ? one : null);
            if (alone is null)
                TrainEpoch();
            else
                Try(alone, static member => member.Run.TrainEpoch(member.Task.Observer, member.Task.Cancellation)
                    ?? member.Run.Report(member.Task.Observer));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _products?.Dispose();
        _batch?.Dispose();
        foreach (var member in _members)
            member.Run.Dispose();
    }

    private void TrainEpoch()
    {
        var first = _running[0].Run;
        _batch ??= new(first.Data, first.Capacity);
        _products ??= new(first.Data.Features, _members.Sum(member => member.Layer?.Outputs ?? 0), first.Capacity);
        var cpu = ThreadClock.Seconds;
        var start = time.GetTimestamp();
        var together = _running.Count;
        ForEach(member => member.BeginEpoch(together));
        if (_running.Exists(member => !member.Run.NextBatch.SequenceEqual(_running[0].Run.NextBatch)))
            throw new InvalidOperationException("Trainings of different orders are no group.");
        while (_running is [var next, ..] && !next.Run.NextBatch.IsEmpty)
            Step();
        ForEach(static member => member.Run.IsDiverged());
        if (_running.Count == 0)
            return;
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        cpu = ThreadClock.Seconds - cpu;
        start = time.GetTimestamp();
        Evaluate();
        var evaluation = time.GetElapsedTime(start).TotalSeconds / Math.Max(1, _running.Count);
        // What nobody did for itself alone was done for all.
        var shared = Math.Max(0, seconds - _running.Sum(member => member.OwnSeconds)) / Math.Max(1, _running.Count);
        ForEach(member =>
        {
            var own = Math.Min(seconds, member.OwnSeconds + shared);
            member.CompleteEpoch(new(own, evaluation, cpu * own / seconds));
            return member.Run.Report(member.Task.Observer);
        });
    }

    private void Step()
    {
        ForEach(static member => TrainingRun.IsToStop(member.Task.Observer, member.Task.Cancellation));
        if (_running.Count == 0)
            return;
        _batch!.Fill(_running[0].Run.NextBatch);
        _products!.Multiply(Layers(), _batch);
        ForEach(member =>
        {
            var start = time.GetTimestamp();
            member.Run.ComputeGradients(_batch);
            member.OwnSeconds += time.GetElapsedTime(start).TotalSeconds;
            return null;
        });
        _products.MultiplyTransposed(Layers(), _batch);
        ForEach(member =>
        {
            var start = time.GetTimestamp();
            var end = member.Run.CompleteStep(member.Task.Observer);
            member.OwnSeconds += time.GetElapsedTime(start).TotalSeconds;
            return end;
        });
    }

    private void Evaluate()
    {
        var indices = _running[0].Run.Validation;
        while (indices.Length > 0 && _running.Count > 0)
        {
            _batch!.Fill(indices[..Math.Min(_batch.Capacity, indices.Length)]);
            indices = indices[_batch.Count..];
            _products!.Multiply(Layers(), _batch);
            ForEach(member =>
            {
                member.Task.Cancellation.ThrowIfCancellationRequested();
                member.Held += member.Run.Score(_batch);
                return null;
            });
        }
    }

    private List<DenseStage> Layers()
    {
        _layers.Clear();
        foreach (var member in _running)
            _layers.Add(member.Layer!);
        return _layers;
    }

    private void ForEach(Func<Member, TrainingEnd?> act)
    {
        for (var i = 0; i < _running.Count;)
        {
            if (Try(_running[i], act))
                i++;
            else
                _running.RemoveAt(i);
        }
    }

    /// <summary>Does something for a member; where it ends by it, it leaves.</summary>
    /// <returns>Whether it goes on.</returns>
    private bool Try(Member member, Func<Member, TrainingEnd?> act)
    {
        Func<TrainingResult> result;
        try
        {
            if (act(member) is not { } end)
                return true;
            member.Leave();
            var finished = member.Run.Finish(end.Outcome, end.Reason, member.Task.Cancellation);
            result = () => finished;
        }
        catch (Exception error)
        {
            _members.Remove(member);
            member.Run.Dispose();
            member.Task.Fail(Trainer.Explained(member.Task.Request, error) ?? error);
            return false;
        }

        _members.Remove(member);
        member.Run.Dispose();
        member.Task.Ended(result);
        return false;
    }

    private sealed class Member(TrainingTask task, TrainingRun run)
    {
        public TrainingTask Task => task;

        public TrainingRun Run => run;

        public DenseStage? Layer { get; } = run.SharedLayer;

        /// <summary>What it did for itself alone in the running epoch.</summary>
        public double OwnSeconds { get; set; }

        /// <summary>The score on what is held out, so far.</summary>
        public BatchScore Held { get; set; }

        public TrainingEnd? BeginEpoch(int together)
        {
            (OwnSeconds, Held) = (0, default);
            run.Together = Math.Max(run.Together, together);
            Layer!.IsServed = true;
            run.BeginEpoch();
            return null;
        }

        public void CompleteEpoch(EpochTimes times)
        {
            Leave();
            run.CompleteEpoch(Held, times);
        }

        /// <summary>Takes its products by itself again.</summary>
        public void Leave()
        {
            if (Layer is not null)
                Layer.IsServed = false;
        }
    }
}

/// <summary>How and why a training ended.</summary>
internal readonly record struct TrainingEnd(TrainingOutcome Outcome, string? Reason);

/// <summary>Seconds of an epoch: learning, looking at what is held out, and of the processor while learning.</summary>
internal readonly record struct EpochTimes(double TrainSeconds, double EvaluationSeconds, double CpuSeconds);
