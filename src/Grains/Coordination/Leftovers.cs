using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
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
    public static Task<(int Count, long Bytes)> ReleaseCheckpointsAsync(
        ISweepStore store, string sweep, CancellationToken cancellation = default) =>
        ReleaseAsync(store, sweep, ArtifactKey.Checkpoint, cancellation);

    /// <summary>
    /// Releases the checkpoints that an ended sweep keeps for trainings of more epochs: those begin from the start.
    /// </summary>
    /// <returns>Their number and size.</returns>
    public static Task<(int Count, long Bytes)> ReleaseKeptCheckpointsAsync(
        ISweepStore store, string sweep, CancellationToken cancellation = default) =>
        ReleaseAsync(store, sweep, ArtifactKey.KeptCheckpoint, cancellation);

    private static async Task<(int Count, long Bytes)> ReleaseAsync(
        ISweepStore store, string sweep, string name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (count, bytes) = (0, 0L);
        foreach (var artifact in await store.Artifacts.ListAsync(sweep, cancellation))
        {
            if (artifact.Key.Name != name)
                continue;
            await store.Artifacts.ReleaseAsync(artifact.Key, artifact.Attempt, cancellation);
            (count, bytes) = (count + 1, bytes + artifact.Bytes);
        }

        return (count, bytes);
    }

    /// <summary>
    /// Releases the checkpoints of trials that the schedule or the user stopped, and of those that had begun when their
    /// result was taken over. What state says is read before the first release.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="state">The sweep after the events.</param>
    /// <param name="events">What was decided.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task ReleaseCheckpointsAsync(
        ISweepStore store, SweepState state, IReadOnlyList<SweepEvent> events, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(events);
        // A trial that completed let go of its own.
        var stopped =
            from rung in events.OfType<RungDecided>()
            from place in rung.Dropped
            from fold in Enumerable.Range(0, state.Plan.TrialsPerConfiguration)
            let trial = new TrialId(place.Configuration, fold)
            where state.StatusOf(trial) == TrialStatus.Stopped
            select trial;
        var reused = events.OfType<TrialReused>()
            .Where(reused => reused.Result.Outcome != TrainingOutcome.Stopped)
            .Select(reused => reused.Trial);
        var names =
            from trial in stopped.Concat(reused).Concat(events.OfType<TrialStopped>().Select(stopped => stopped.Trial))
            let attempts = state.AttemptsOf(trial)
            where attempts > 0
            select (Key: new ArtifactKey(
                new(state.Plan.Id, trial.Configuration, trial.Fold), ArtifactKey.Checkpoint), Attempt: attempts);
        foreach (var (key, attempt) in names.ToList())
            await store.Artifacts.ReleaseAsync(key, attempt, cancellation);
    }
}
