namespace Sweeps.Grains.Contracts;

/// <summary>
/// Owns one trial on the silo that trains it: starts the training, keeps what it reports, and hands its end to the
/// silo's worker. Its key is <see cref="AttemptKey.TrialGrainKey"/>. No call waits for training. Every silo has its own
/// activation, which may end at any moment: what it must know of an attempt is in the slots and in the reports.
/// </summary>
[Alias("Sweeps.ITrialGrain")]
public interface ITrialGrain : IGrainWithStringKey
{
    /// <summary>Queues the attempt for a slot of this silo, with the checkpoint to resume from.</summary>
    [Alias("Start")]
    Task Start(TrialAssignment assignment);

    /// <summary>Epochs are done: their numbers are kept, and the checkpoint, if there is one.</summary>
    [Alias("EpochCompleted")]
    Task EpochCompleted(EpochCompletion completion);

    /// <summary>The training has ended, one way or another: the last report of an attempt.</summary>
    [Alias("Ended")]
    Task Ended(AttemptEnd end);
}
