using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep;

/// <summary>
/// Applies one command to a sweep without training for it: through the log alone, where the silos, of whichever
/// process, see the command's events.
/// </summary>
internal static class Steering
{
    /// <summary>Applies the command to an existing sweep and returns the sweep's new state.</summary>
    /// <exception cref="SweepsException">There is no such sweep, or it rejects the command.</exception>
    public static async Task<SweepState> GiveAsync(
        ISweepStore store, string id, SweepCommand command, CancellationToken cancellation)
    {
        await SweepView.OpenAsync(store, id, cancellation: cancellation);
        var (state, rejection) = await TryAsync(store, id, command, cancellation);
        return rejection is { Kind: not RejectionKind.Duplicate }
            ? throw new SweepsException(ErrorKind.Usage, $"Sweep '{id}': {rejection.Message}")
            : state;
    }

    /// <summary>Applies the command, which may create the sweep; with the reason where it is rejected.</summary>
    public static async Task<(SweepState State, Rejection? Rejection)> TryAsync(
        ISweepStore store, string id, SweepCommand command, CancellationToken cancellation)
    {
        var clock = new CoordinatorClock(store, TimeProvider.System);
        var coordinator = new SweepCoordinator(id, store, SpecificationPlan.SearcherOf, clock);
        var decisions = await coordinator.ExecuteAsync([command], cancellation);
        // Nothing happens to a sweep that is over: these events have ended it.
        if (coordinator.State!.IsOver && decisions[0].Events.Count > 0)
            await Leftovers.ReleaseCheckpointsAsync(store, id, cancellation);
        else
            await Leftovers.ReleaseCheckpointsAsync(store, coordinator.State, decisions[0].Events, cancellation);
        return (coordinator.State!, decisions[0].Rejection);
    }
}
