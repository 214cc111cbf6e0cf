using System.Diagnostics;
using System.Globalization;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Contracts;
using Sweeps.Store;

namespace Sweeps.Silo.Slots;

/// <summary>Ends a training.</summary>
/// <param name="Ending">What to report: stopped, released, timed out or dropped.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="AtOnce">Do not finish the running epoch.</param>
internal sealed record StopRequest(AttemptEnding Ending, string Reason, bool AtOnce);

/// <summary>
/// One attempt in a slot: watches the training from its thread, collects its reports, decides when a checkpoint is
/// due, and carries the wish to stop. What others read of it are single fields that may be a moment old.
/// </summary>
internal sealed class SlotTraining(TrialAssignment assignment, byte[]? checkpoint, CheckpointPacer pacer)
    : ITrainingObserver, IDisposable
{
    private const string AtRung = "the schedule wants no more for now";

    private readonly CancellationTokenSource _cancellation = new();
    private readonly Lock _gate = new();
    private List<EpochReport> _reports = [];
    private List<EpochWeights> _weights = [];
    private byte[]? _checkpoint;
    private StopRequest? _stop;
    private Timer? _timer;
    private int _epoch;
    private double _share;
    private double _metric = double.NaN;
    private double _imagesPerSecond;

    public TrialAssignment Assignment => assignment;

    /// <summary>The state to resume from; null: from the start.</summary>
    public byte[]? Resume => checkpoint;

    /// <summary>Why it begins from the start and not from the trial's checkpoint; null: it does not have to.</summary>
    public string? CheckpointLoss { get; set; }

    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>The slot, from 0; -1: waits for one.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>What it has in common with those it may be trained beside in one slot; null: alone.</summary>
    public object? Group { get; init; }

    /// <summary>Most trainings that ran beside this one at any time.</summary>
    public int Neighbours { get; set; }

    /// <summary>Epochs done.</summary>
    public int Epoch => _epoch;

    /// <summary>Why it was told to stop; null: it was not.</summary>
    public StopRequest? StopRequest => Volatile.Read(ref _stop);

    /// <summary>Says before each epoch how many threads may share it; null: one.</summary>
    public Func<SlotTraining, int>? ThreadsFor { get; set; }

    public int Threads => ThreadsFor?.Invoke(this) ?? 1;

    /// <summary>Whether idle slots may help: no other time is compared with that of the final training.</summary>
    public bool TakesHelp => assignment.Request.Split.Kind == SplitKind.All && !assignment.IsExclusive;

    /// <summary>Called after each epoch, from the training's thread: there are reports to carry.</summary>
    public Action<SlotTraining>? Reported { get; set; }

    public void Stop(StopRequest stop)
    {
        // A drop overrides a release, never the other way round: the sweep no longer wants the attempt.
        if (_stop is null || stop.Ending == AttemptEnding.Dropped)
            Volatile.Write(ref _stop, stop);
        if (!stop.AtOnce)
            return;
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at this very moment.
        }
    }

    /// <summary>Ends the training when it has run for so long; the reason is there before the cancellation.</summary>
    public void LimitTime(TimeSpan timeout) => _timer = new Timer(
        _ => TimeOut(timeout), null, timeout, Timeout.InfiniteTimeSpan);

    public void BatchesDone(int epoch, int samples, int total) => _share = total > 0 ? (double)samples / total : 0;

    /// <summary>
    /// Whether it has trained as far as its assignment wants. A checkpoint of that very epoch may be all that a lost
    /// attempt left, so it is asked before the first batch too.
    /// </summary>
    public bool IsAtRung => assignment.Until is { } until && _epoch >= until;

    public string? StopReason => IsAtRung ? AtRung : null;

    /// <summary>No epoch runs that is to be finished first.</summary>
    public string? StopReasonWaiting => StopReason ?? StopRequest?.Reason;

    /// <summary>It waits no longer for a slot.</summary>
    public void Begin() => pacer.Begin();

    public void Resumed(int epochs) => _epoch = epochs;

    /// <summary>Whether an epoch was trained in this attempt.</summary>
    public bool HasTrained { get; private set; }

    public void WeightsLearned(Func<EpochWeights> weights)
    {
        var learned = weights();
        lock (_gate)
            _weights.Add(learned);
    }

    public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
    {
        HasTrained = true;
        SweepsTelemetry.Images.Add(report.Samples);
        _epoch = report.Epoch;
        _share = 0;
        _metric = double.IsNaN(report.ValidationMetric) ? report.TrainMetric : report.ValidationMetric;
        _imagesPerSecond = report.ImagesPerSecond;
        var stop = StopRequest;
        byte[]? state = null;
        if (IsAtRung || stop?.Ending == AttemptEnding.Released || (stop is null && pacer.IsDue(report)))
        {
            var start = Stopwatch.GetTimestamp();
            state = checkpoint();
            pacer.Took(Stopwatch.GetElapsedTime(start));
        }

        lock (_gate)
        {
            _reports.Add(report);
            _checkpoint = state ?? _checkpoint;
        }

        Reported?.Invoke(this);
        return StopReason ?? stop?.Reason;
    }

    /// <summary>What was reported since the last call; null: nothing.</summary>
    public (EpochReport[] Reports, EpochWeights[] Weights, byte[]? Checkpoint)? TakeReports()
    {
        lock (_gate)
        {
            if (_reports.Count == 0)
                return null;
            var taken = (_reports.ToArray(), _weights.ToArray(), _checkpoint);
            (_reports, _weights, _checkpoint) = ([], [], null);
            return taken;
        }
    }

    public TrialActivity Activity() => new(
        Slot, assignment.Key, Label(Point), Slot < 0 ? 0 : _epoch + 1, Point.Epochs, _share, _metric, _imagesPerSecond);

    private Hyperparameters Point => assignment.Request.Hyperparameters;

    public void Dispose()
    {
        _timer?.Dispose();
        _cancellation.Dispose();
    }

    private void TimeOut(TimeSpan timeout)
    {
        var reason = $"ran longer than {timeout.TotalSeconds:0.###} s";
        Stop(new(AttemptEnding.TimedOut, reason, AtOnce: true));
    }

    private static string Label(Hyperparameters point) => string.Create(
        CultureInfo.InvariantCulture,
        $"{point.SizedArchitecture()} {point.Optimizer.ToString().ToLowerInvariant()} lr {point.LearningRate:g4} "
            + $"batch {point.BatchSize}");
}
