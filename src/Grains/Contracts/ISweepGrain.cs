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
