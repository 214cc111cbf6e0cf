using Sweeps.Core.Log;

namespace Sweeps.Grains.Contracts;

/// <summary>
/// Coordinates one sweep; its key is the sweep's id. Every call is idempotent: one that was answered with an error of
/// the network may simply be made again. Two coordinators of the same sweep may be alive at once (two processes on one
/// store, a partition): the log decides between them. What a user asks of a sweep (pause, cancel, priorities) goes to
/// the log without a grain, so that it works with and without silos.
/// </summary>
[Alias("Sweeps.ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Begins the sweep. Again with the same plan: nothing happens; with another one: an error.</summary>
    [Alias("Submit")]
    Task<Answer> Submit(SweepPlan plan);

    /// <summary>Hands out trials again.</summary>
    /// <param name="retryFailed">Also try again what has failed.</param>
    [Alias("Resume")]
    Task<Answer> Resume(bool retryFailed);

    /// <summary>A silo reports what ended and asks for more: one turn and one write for a whole batch.</summary>
    [Alias("Exchange")]
    Task<ExchangeAnswer> Exchange(ExchangeRequest request);

    /// <summary>Takes the attempts of lost silos away from them. Called by every silo from time to time.</summary>
    [Alias("Reconcile")]
    Task<Answer> Reconcile();
}

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
