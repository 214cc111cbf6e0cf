using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.SweepFile;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Client.Sweep;

/// <summary>
/// Gives a sweep one command without training for it. On a store of one process nobody else is at work meanwhile; on a
/// shared one the silos that are see it in the log.
/// </summary>
internal static class Steering
{
    /// <summary>Gives the command; the sweep as it is then.</summary>
    /// <exception cref="SweepsException">There is no such sweep, or it does not take the command.</exception>
    public static async Task<SweepState> GiveAsync(
        ISweepStore store, string id, SweepCommand command, CancellationToken cancellation)
    {
        await SweepView.OpenAsync(store, id, cancellation: cancellation);
        var clock = new CoordinatorClock(store, TimeProvider.System);
        var coordinator = new SweepCoordinator(id, store, SpecificationPlan.SearcherOf, clock);
        var decisions = await coordinator.ExecuteAsync([command], cancellation);
        return decisions[0].Rejection is { Kind: not RejectionKind.Duplicate } rejection
            ? throw new SweepsException(ErrorKind.Usage, $"Sweep '{id}': {rejection.Message}")
            : coordinator.State!;
    }
}
