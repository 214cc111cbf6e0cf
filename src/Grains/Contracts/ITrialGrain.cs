using Orleans.Concurrency;

namespace Sweeps.Grains.Contracts;

/// <summary>
/// Owns one trial's attempt on the silo that trains it: starts the training, takes its reports, answers for its live
/// state, stops it. Its key is <see cref="AttemptKey.TrialGrainKey"/>. No call waits for training. A cluster may end an
/// activation at any moment (its directory was on a silo that died): what it must know of the attempt is in the slots
/// of its silo and in the reports themselves, so that the next activation goes on.
/// </summary>
[Alias("Sweeps.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the attempt in a slot of this grain's silo. False: the grain lives on another silo than the one the
    /// attempt was given to; it ends itself, and the caller tries again.
    /// </summary>
    [Alias("Start")]
    Task<bool> Start(TrialAssignment assignment);

    /// <summary>
    /// Epochs are done. Keeps their numbers and the checkpoint, if there is one. False: as for <see cref="Start"/>.
    /// </summary>
    /// <param name="incarnation">The silo that trains.</param>
    /// <param name="completion">What the epochs gave.</param>
    [Alias("EpochCompleted")]
    Task<bool> EpochCompleted(string incarnation, EpochCompletion completion);

    /// <summary>
    /// The training has ended, one way or another: the last report of an attempt. False: as for <see cref="Start"/>.
    /// </summary>
    /// <param name="incarnation">The silo that trained.</param>
    /// <param name="end">How it ended.</param>
    [Alias("Ended")]
    Task<bool> Ended(string incarnation, AttemptEnd end);

    /// <summary>Ends the training after its running epoch, or at once.</summary>
    [Alias("Stop")]
    [AlwaysInterleave]
    Task Stop(StopRequest request);

    /// <summary>What the trial does now; null: nothing on this silo.</summary>
    [Alias("Live")]
    [AlwaysInterleave]
    Task<TrialActivity?> Live();
}
