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
/// numbers are those of training alone, bit by bit, and its end or failure is no other's. Where something shared fails
/// they go on one by one. Used by one thread.
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
    private int _evaluated;

    /// <summary>Called before each pass that is shared; null: nobody looks.</summary>
    public Action? Sharing { get; init; }

    /// <summary>What made all go on one by one; null: nothing did.</summary>
    public Exception? Failure { get; private set; }

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
                && TrainingSetup.EngineOf(request, data).Engine == EngineKind.Native
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
            if (task.Checkpoint is { } checkpoint && Resume(run, checkpoint.Span, task))
                task.Observer.Resumed(run.Epochs.Count);
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
        while (_members is [var first, ..])
        {
            // Who is at another epoch waits for the end of those.
            var isAlone = Failure is not null || first.Layer is null;
            _running.Clear();
            _running.AddRange(_members.Where(member => member == first
                || (!isAlone && member.Layer is not null && member.Run.Epochs.Count == first.Run.Epochs.Count)));
            foreach (var waiting in _members.Except(_running).ToList())
                Try(waiting, static member => member.IsToStop());
            if (_running.Count > 1)
                TrainEpoch();
            else
                Try(first, static member => member.TrainEpochAlone());
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        DisposeShared();
        foreach (var member in _members)
            member.Run.Dispose();
    }

    /// <summary>What holds nothing usable costs its epochs, if its owner agrees; the run is then as it was.</summary>
    private static bool Resume(TrainingRun run, ReadOnlySpan<byte> checkpoint, TrainingTask task)
    {
        try
        {
            run.Resume(checkpoint);
            return true;
        }
        catch (TrainingException error) when (
            error.Kind == TrainingFailure.Checkpoint && task.BeginsAgain?.Invoke(error) == true)
        {
            return false;
        }
    }

    private void DisposeShared()
    {
        _products?.Dispose();
        _batch?.Dispose();
        (_products, _batch) = (null, null);
    }

    /// <summary>
    /// Does something for all that run. Where it fails, each takes its products by itself from here on.
    /// </summary>
    /// <returns>Whether it is done.</returns>
    private bool Share(Action<TrainingGroup> act)
    {
        try
        {
            Sharing?.Invoke();
            act(this);
            return true;
        }
        catch (Exception error)
        {
            Failure = error;
            foreach (var member in _running)
                member.Leave();
            return false;
        }
    }

    private void Prepare()
    {
        var first = _running[0].Run;
        _batch ??= new(first.Data, first.Capacity);
        _products ??= new(first.Data.Features, _members.Sum(member => member.Layer?.Outputs ?? 0), first.Capacity);
    }

    private void TrainEpoch()
    {
        if (Share(static group => group.Prepare()))
            TrainPreparedEpoch();
        // The others go on by themselves, from where they are in their epochs.
        if (Failure is not null)
            DisposeShared();
    }

    private void TrainPreparedEpoch()
    {
        var cpu = ThreadClock.Seconds;
        var start = time.GetTimestamp();
        var together = _running.Count;
        ForEach(member => member.BeginEpoch(together));
        if (!Share(static group => group.CheckOrder()))
            return;
        while (Failure is null && _running is [var next, ..] && !next.Run.NextBatch.IsEmpty)
            Step();
        if (Failure is not null)
            return;
        ForEach(static member => member.Run.IsDiverged());
        if (_running.Count == 0)
            return;
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        cpu = ThreadClock.Seconds - cpu;
        start = time.GetTimestamp();
        if (!Evaluate())
            return;
        var evaluation = time.GetElapsedTime(start).TotalSeconds / Math.Max(1, _running.Count);
        // What nobody did for itself alone was done for all.
        var shared = Math.Max(0, seconds - _running.Sum(member => member.OwnSeconds)) / Math.Max(1, _running.Count);
        ForEach(member =>
        {
            var own = Math.Min(seconds, member.OwnSeconds + shared);
            // A coarse clock may not have moved.
            member.CompleteEpoch(new(own, evaluation, seconds > 0 ? cpu * own / seconds : cpu / together));
            return member.Run.Report(member.Task.Observer);
        });
    }

    private void CheckOrder()
    {
        if (_running.Exists(member => !member.Run.NextBatch.SequenceEqual(_running[0].Run.NextBatch)))
            throw new InvalidOperationException("Trainings of different orders are no group.");
    }

    private void Step()
    {
        ForEach(static member => TrainingRun.IsToStop(member.Task.Observer, member.Task.Cancellation));
        if (_running.Count == 0)
            return;
        if (!Share(static group => group.Multiply(group._running[0].Run.NextBatch)))
            return;
        ForEach(member =>
        {
            var start = time.GetTimestamp();
            member.Run.ComputeGradients(_batch!);
            member.OwnSeconds += time.GetElapsedTime(start).TotalSeconds;
            return null;
        });
        if (!Share(static group => group._products!.MultiplyTransposed(group.Layers(), group._batch!)))
            ForEach(static member => member.CompleteGradients());
        ForEach(member =>
        {
            var start = time.GetTimestamp();
            var end = member.Run.CompleteStep(member.Task.Observer);
            member.OwnSeconds += time.GetElapsedTime(start).TotalSeconds;
            return end;
        });
    }

    /// <summary>Looks at the samples held out; false: something shared failed.</summary>
    private bool Evaluate()
    {
        for (_evaluated = 0; _running is [var first, ..] && _evaluated < first.Run.Validation.Length;)
        {
            if (!Share(static group => group.MultiplyHeld()))
                return false;
            ForEach(member =>
            {
                member.Task.Cancellation.ThrowIfCancellationRequested();
                member.Held += member.Run.Score(_batch!);
                return null;
            });
        }

        return true;
    }

    private void MultiplyHeld()
    {
        var left = _running[0].Run.Validation[_evaluated..];
        Multiply(left[..Math.Min(_batch!.Capacity, left.Length)]);
        _evaluated += _batch.Count;
    }

    private void Multiply(ReadOnlySpan<int> samples)
    {
        _batch!.Fill(samples);
        _products!.Multiply(Layers(), _batch);
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
        private bool _isInEpoch;

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
            _isInEpoch = true;
            run.Together = Math.Max(run.Together, together);
            Layer!.IsServed = true;
            run.BeginEpoch();
            return null;
        }

        /// <summary>Trains the rest of its epoch by itself, or a whole one.</summary>
        public TrainingEnd? TrainEpochAlone()
        {
            var isBegun = _isInEpoch;
            _isInEpoch = false;
            return run.TrainEpoch(task.Observer, task.Cancellation, isBegun) ?? run.Report(task.Observer);
        }

        /// <summary>Whether it is to end while it waits for others.</summary>
        public TrainingEnd? IsToStop()
        {
            task.Cancellation.ThrowIfCancellationRequested();
            return task.Observer.StopReasonWaiting is { } reason ? new(TrainingOutcome.Stopped, reason) : null;
        }

        /// <summary>Takes the product of a backward pass by itself that was to be taken with others.</summary>
        public TrainingEnd? CompleteGradients()
        {
            Layer!.CompleteGradient();
            return null;
        }

        public void CompleteEpoch(EpochTimes times)
        {
            Leave();
            _isInEpoch = false;
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
