using System.Runtime.InteropServices;
using Sweeps.Core.Training;

namespace Sweeps.Core.Sweeps.State;

/// <summary>
/// All that the state keeps of a trial: a row without references, so that a million trials are one block.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct TrialCell
{
    public TrialStatus Status;

    /// <summary>Waits in the ready set and not at the frontier.</summary>
    public bool Queued;

    /// <summary>The next attempt runs without neighbours.</summary>
    public bool Exclusive;

    /// <summary>Attempts that failed with an error, and for lack of memory.</summary>
    public byte Errors, OutOfMemory;

    /// <summary>Silos that died or hung with it, one after another, without progress between.</summary>
    public byte Strikes;

    public byte Neighbours, Threads;
    public TrainingOutcome Outcome;

    /// <summary>Attempts started so far; the number of the current one.</summary>
    public int Attempts;
    public int Priority;

    /// <summary>Epochs safe in a checkpoint at the last strike.</summary>
    public int StrikeEpoch;

    public int Epochs;
    public double TrainLoss, TrainMetric, ValidationLoss, ValidationMetric;
    public double TrainSeconds;
    public float CpuSeconds, EvaluationSeconds, SiloSpeed;
    public long Samples, Weights;
    public WeightsDigest Digest;

    public void Set(TrialResult result)
    {
        Outcome = result.Outcome;
        (TrainLoss, TrainMetric) = (result.TrainLoss, result.TrainMetric);
        (ValidationLoss, ValidationMetric) = (result.ValidationLoss, result.ValidationMetric);
        (Epochs, Samples, Weights) = (result.Epochs, result.Samples, result.Weights);
        (TrainSeconds, CpuSeconds) = (result.TrainSeconds, (float)result.CpuSeconds);
        (EvaluationSeconds, SiloSpeed) = ((float)result.EvaluationSeconds, (float)result.SiloSpeed);
        Neighbours = (byte)Math.Clamp(result.Neighbours, 0, byte.MaxValue);
        Threads = (byte)Math.Clamp(result.Threads, 0, byte.MaxValue);
        Digest = WeightsDigest.Parse(result.WeightsDigest);
    }

    public readonly TrialResult ToResult(string? reason, TestReport? test) => new()
    {
        Outcome = Outcome,
        Reason = reason,
        TrainLoss = TrainLoss,
        TrainMetric = TrainMetric,
        ValidationLoss = ValidationLoss,
        ValidationMetric = ValidationMetric,
        Epochs = Epochs,
        Weights = Weights,
        WeightsDigest = Digest.ToString(),
        TrainSeconds = TrainSeconds,
        CpuSeconds = CpuSeconds,
        EvaluationSeconds = EvaluationSeconds,
        Samples = Samples,
        Neighbours = Neighbours,
        Threads = Threads,
        SiloSpeed = SiloSpeed,
        Test = test,
    };
}
