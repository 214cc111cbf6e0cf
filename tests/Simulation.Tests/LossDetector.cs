using Sweeps.Core.Sweeps;
using Sweeps.Core.Sweeps.Commands;
using Sweeps.Store.Contract;

namespace Sweeps.Simulation.Tests;

/// <summary>Finds silos whose lease ran out, by the store's clock, and takes their attempts from them.</summary>
internal sealed class LossDetector(Simulation simulation, SimulatedSilo silo)
{
    public void Look() => Call(store => store.Silos.ExpireAsync(simulation.Options.Lease), _ => List());

    private void List() => Call(
        store => store.Silos.ListAsync(),
        rows => Call(store => store.Artifacts.ListAsync(Simulation.Sweep), saved => Expire(rows, saved)));

    private void Expire(IReadOnlyList<SiloRow> rows, IReadOnlyList<ArtifactReference> saved)
    {
        var gone = rows
            .Where(row => row.State is SiloState.Lost or SiloState.Left)
            .Select(row => row.Incarnation)
            .ToHashSet();
        var epochs = saved
            .Where(item => item.Key.Name == ArtifactKey.Checkpoint)
            .ToDictionary(item => new TrialId(item.Key.Trial.Configuration, item.Key.Trial.Fold), item => item.Epoch);
        var atWork = silo.Coordinator.State?.SilosAtWork.ToList() ?? [];
        foreach (var lost in atWork.Where(at => gone.Contains(at.Incarnation)))
            silo.Coordinator.Ask(new ExpireSilo(lost, epochs, "its lease ran out"), _ => { });
    }

    private void Call<T>(Func<ISweepStore, Task<T>> work, Action<T> answer) =>
        simulation.Database.Call(silo.Process, work, answer, () => { });
}
