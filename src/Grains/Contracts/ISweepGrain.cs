using Orleans.Concurrency;

namespace Sweeps.Grains.Contracts;

/// <summary>
/// Coordinates one sweep; its key is the sweep's id. Every call is idempotent: one that was answered with an error of
/// the network may simply be made again. Two coordinators of the same sweep may be alive at once (two processes on one
/// store, a partition): the log decides between them.
/// </summary>
[Alias("Sweeps.ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Begins the sweep. Again with the same plan: nothing happens; with another one: an error.</summary>
    [Alias("Submit")]
    Task<Answer> Submit(SubmitRequest request);

    /// <summary>A silo reports what ended and asks for more: one turn and one write for a whole batch.</summary>
    [Alias("Exchange")]
    Task<ExchangeAnswer> Exchange(ExchangeRequest request);

    /// <summary>Takes the attempts of lost silos away from them. Called by every silo from time to time.</summary>
    [Alias("Reconcile")]
    Task<Answer> Reconcile();

    /// <summary>Hands out no more trials; running ones go on.</summary>
    [Alias("Pause")]
    Task<Answer> Pause(string reason);

    /// <summary>Hands out trials again.</summary>
    /// <param name="retryFailed">Also try again what has failed.</param>
    [Alias("Resume")]
    Task<Answer> Resume(bool retryFailed);

    /// <summary>Ends the sweep; results that are in are kept.</summary>
    [Alias("Cancel")]
    Task<Answer> Cancel(string reason);

    /// <summary>Moves waiting trials in the order of work.</summary>
    [Alias("SetPriority")]
    Task<Answer> SetPriority(PriorityRequest request);

    /// <summary>Tries more configurations of the same search.</summary>
    /// <param name="total">The number of configurations wanted in all.</param>
    [Alias("AddConfigurations")]
    Task<Answer> AddConfigurations(int total);

    /// <summary>Where the sweep stands, as this coordinator knows it; never waits for its writes.</summary>
    [Alias("Snapshot")]
    [AlwaysInterleave]
    Task<SweepSnapshot> Snapshot();
}
