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

    /// <summary>Releases the checkpoints of configurations that the schedule stopped.</summary>
    public static async Task ReleaseCheckpointsAsync(
        ISweepStore store, SweepState state, IEnumerable<int> configurations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(configurations);
        foreach (var configuration in configurations)
        {
            for (var fold = 0; fold < state.Plan.TrialsPerConfiguration; fold++)
            {
                if (state.AttemptsOf(new(configuration, fold)) is not (> 0 and var attempt))
                    continue;
                var key = new ArtifactKey(new(state.Plan.Id, configuration, fold), ArtifactKey.Checkpoint);
                await store.Artifacts.ReleaseAsync(key, attempt, cancellation);
            }
        }
    }
}
