using Orleans.Concurrency;

namespace Sweeps.Grains.Contracts;

/// <summary>
/// Owns one trial's attempt on the silo that trains it: starts the training, takes its reports, answers for its live
/// state, stops it. Its key is <see cref="AttemptKey.TrialGrainKey"/>. No call waits for training.
/// </summary>
[Alias("Sweeps.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the attempt in a slot of this grain's silo. False: the grain lives on another silo than the one the
    /// attempt was given to; it has let go, and the caller tries again.
    /// </summary>
    [Alias("Start")]
    Task<bool> Start(TrialAssignment assignment);

    /// <summary>Epochs are done. Keeps their numbers and the checkpoint, if there is one.</summary>
    [Alias("EpochCompleted")]
    Task EpochCompleted(EpochCompletion completion);

    /// <summary>The training has ended, one way or another: the last report of an attempt.</summary>
    [Alias("Ended")]
    Task Ended(AttemptEnd end);

    /// <summary>Ends the training after its running epoch, or at once.</summary>
    [Alias("Stop")]
    [AlwaysInterleave]
    Task Stop(StopRequest request);

    /// <summary>What the trial does now; null: nothing on this silo.</summary>
    [Alias("Live")]
    [AlwaysInterleave]
    Task<TrialActivity?> Live();
}
