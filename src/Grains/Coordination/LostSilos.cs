using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Store.Contract;

namespace Sweeps.Grains.Coordination;

/// <summary>Finds the silos that hold attempts of a sweep and are gone.</summary>
internal static class LostSilos
{
    /// <summary>One command a silo, with the epochs that its trials have safe in checkpoints.</summary>
    public static async Task<IReadOnlyList<ExpireSilo>> OfAsync(SweepState state, ISweepStore store)
    {
        var atWork = state.SilosAtWork.ToList();
        var alive = (await store.Silos.ListAsync())
            .Where(silo => silo.State is SiloState.Active or SiloState.Draining)
            .Select(silo => silo.Incarnation)
            .ToHashSet();
        var gone = new List<ExpireSilo>();
        foreach (var silo in atWork.Where(silo => !alive.Contains(silo.Incarnation)))
            gone.Add(new(silo, await CheckpointsAsync(state, store, silo), "its lease ran out, or its process ended"));
        return gone;
    }

    private static async Task<Dictionary<TrialId, int>> CheckpointsAsync(
        SweepState state, ISweepStore store, SiloId silo)
    {
        var epochs = new Dictionary<TrialId, int>();
        foreach (var attempt in state.RunningOn(silo))
        {
            var trial = attempt.Attempt.Trial;
            var key = new TrialKey(state.Plan.Id, trial.Configuration, trial.Fold);
            if (await store.Artifacts.FindAsync(new(key, ArtifactKey.Checkpoint)) is { } checkpoint)
                epochs[trial] = checkpoint.Epoch;
        }

        return epochs;
    }
}
