using Sweeps.Core.Trainings;

namespace Sweeps.Silo.Slots;

/// <summary>
/// Says when a checkpoint is due: often enough that a lost silo costs little, seldom enough that checkpoints cost at
/// most a given share of the training time. The numbers of a training do not depend on it.
/// </summary>
internal sealed class CheckpointPacer(double share, TimeSpan interval)
{
    private double _cost;
    private double _trained;

    /// <summary>Whether to take a checkpoint after this epoch.</summary>
    public bool IsDue(EpochReport report)
    {
        _trained += report.TrainSeconds + report.EvaluationSeconds;
        return _trained >= Math.Max(interval.TotalSeconds, _cost / share);
    }

    /// <summary>A checkpoint was taken and cost so much.</summary>
    public void Took(TimeSpan cost)
    {
        _cost = cost.TotalSeconds;
        _trained = 0;
    }
}
