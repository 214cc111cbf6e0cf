using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sweeps.Core.State;

namespace Sweeps.Grains.Coordination;

/// <summary>The trials of the open sweeps that this silo coordinates, for metrics.</summary>
public sealed class TrialCounts
{
    private readonly ConcurrentDictionary<string, (SweepTotals Totals, long Waiting)> _sweeps = new();

    /// <summary>Takes note of a sweep; one that is over is forgotten.</summary>
    public void Set(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsOver)
            Forget(state.Plan.Id);
        else
            _sweeps[state.Plan.Id] = (state.Totals, WaitingOf(state));
    }

    /// <summary>Another silo coordinates it now, or nobody.</summary>
    public void Forget(string sweep) => _sweeps.TryRemove(sweep, out _);

    /// <summary>Their number by state, all sweeps together.</summary>
    public IEnumerable<Measurement<long>> Read()
    {
        var all = _sweeps.Values;
        yield return Of("running", all.Sum(sweep => sweep.Totals.Running));
        yield return Of("completed", all.Sum(sweep => sweep.Totals.Completed));
        yield return Of("stopped", all.Sum(sweep => sweep.Totals.Stopped));
        yield return Of("failed", all.Sum(sweep => sweep.Totals.Failed));
        yield return Of("waiting", all.Sum(sweep => sweep.Waiting));
    }

    /// <summary>No silo can take the refit before the best is chosen.</summary>
    private static long WaitingOf(SweepState state) => state.Totals.Planned - state.Totals.Running - state.Totals.Ended
        - (state.Plan.Refit && state.Selection is null ? 1 : 0);

    private static Measurement<long> Of(string state, long count) => new(count, new KeyValuePair<string, object?>(
        "state", state));
}
