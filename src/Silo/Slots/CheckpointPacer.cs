using Sweeps.Core.Trainings;

namespace Sweeps.Silo.Slots;

/// <summary>
/// Says when a checkpoint is due: often enough that a lost silo costs little, seldom enough that checkpoints cost at
/// most a given share of the training time. What is lost is counted as it goes by, what they cost as a share of what
/// the training itself took: of several side by side each has a part of the time. The numbers of a training do not
/// depend on it.
/// </summary>
internal sealed class CheckpointPacer(double share, TimeSpan interval, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long? _since;
    private double _cost;
    private double _trained;

    /// <summary>The training begins.</summary>
    public void Begin() => _since = _time.GetTimestamp();

    /// <summary>Whether to take a checkpoint after this epoch.</summary>
    public bool IsDue(EpochReport report)
    {
        _trained += report.TrainSeconds + report.EvaluationSeconds;
        var passed = _since is { } since ? _time.GetElapsedTime(since).TotalSeconds : 0;
        return Math.Max(_trained, passed) >= interval.TotalSeconds && _trained >= _cost / share;
    }

    /// <summary>A checkpoint was taken and cost so much.</summary>
    public void Took(TimeSpan cost)
    {
        _cost = cost.TotalSeconds;
        _trained = 0;
        Begin();
    }
}
