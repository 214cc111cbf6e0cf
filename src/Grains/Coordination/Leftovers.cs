using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>What a sweep no longer needs.</summary>
public static class Leftovers
{
    /// <summary>
    /// Releases the checkpoints of an ended sweep: of trials that failed, were cancelled or set aside. No attempt of it
    /// starts again, and one that is still at work can no longer save.
    /// </summary>
    /// <returns>Their number and size.</returns>
    public static async Task<(int Count, long Bytes)> ReleaseCheckpointsAsync(
        ISweepStore store, string sweep, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (count, bytes) = (0, 0L);
        foreach (var artifact in await store.Artifacts.ListAsync(sweep, cancellation))
        {
            if (artifact.Key.Name != ArtifactKey.Checkpoint)
                continue;
            await store.Artifacts.ReleaseAsync(artifact.Key, artifact.Attempt, cancellation);
            (count, bytes) = (count + 1, bytes + artifact.Bytes);
        }

        return (count, bytes);
    }

    /// <summary>
    /// Releases the checkpoints of configurations that the schedule stopped. What state says is read before the first
    /// release.
    /// </summary>
    public static async Task ReleaseCheckpointsAsync(
        ISweepStore store, SweepState state, IEnumerable<int> configurations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(configurations);
        // A trial that completed let go of its own.
        var stopped =
            from configuration in configurations
            from fold in Enumerable.Range(0, state.Plan.TrialsPerConfiguration)
            let trial = new TrialId(configuration, fold)
            where state.AttemptsOf(trial) > 0 && state.StatusOf(trial) == TrialStatus.Stopped
            select (Key: new ArtifactKey(new(state.Plan.Id, configuration, fold), ArtifactKey.Checkpoint),
                Attempt: state.AttemptsOf(trial));
        foreach (var (key, attempt) in stopped.ToList())
            await store.Artifacts.ReleaseAsync(key, attempt, cancellation);
    }
}
