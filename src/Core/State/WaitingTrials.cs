using Sweeps.Core.Sweeps;

namespace Sweeps.Core.Scheduling;

/// <summary>The trials that wait, in the order of work.</summary>
internal static class WaitingTrials
{
    /// <summary>
    /// Merges the ready set with the fresh trials from the frontier on, which have priority 0. Trials that must run
    /// alone are left out.
    /// </summary>
    /// <param name="state">The sweep.</param>
    /// <param name="proposing">Configurations about to be proposed; their trials are the last.</param>
    public static IEnumerable<TrialId> InOrder(SweepState state, int proposing)
    {
        using var ready = state.Ready.InOrder().GetEnumerator();
        var queued = ready.MoveNext();
        var end = state.ProposedTrials + proposing * state.Plan.TrialsPerConfiguration;
        for (var index = state.Frontier; index < end; index++)
        {
            if (index < state.ProposedTrials && !SweepState.IsFresh(state.CellAt(index)))
                continue;
            var fresh = new ReadyTrial(0, 0, state.TrialAt(index));
            while (queued && ready.Current.CompareTo(fresh) < 0)
            {
                yield return ready.Current.Trial;
                queued = ready.MoveNext();
            }

            yield return fresh.Trial;
        }

        while (queued)
        {
            yield return ready.Current.Trial;
            queued = ready.MoveNext();
        }
    }
}
