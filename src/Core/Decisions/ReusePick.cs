using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

/// <summary>
/// Chooses what a claim gets where results may be taken over: those that the store has are written instead of trained,
/// and of configurations that differ in their epochs alone the longest is trained first. Not what is trained depends on
/// it, only whether it is trained again.
/// </summary>
internal sealed class ReusePick(SweepState state, ClaimTrials claim)
{
    /// <summary>Trials looked up at once: one question to the store for so many.</summary>
    private const int LookedUpAtOnce = 256;

    private readonly List<TrialQuestion> _toLookUp = [];

    /// <summary>What must be looked up before anything can be handed out.</summary>
    public IReadOnlyList<TrialQuestion> ToLookUp => _toLookUp;

    /// <summary>Trials at the frontier that another one is trained for: they give a slot no work.</summary>
    public int CountHeld()
    {
        if (!state.HasFamilies)
            return 0;
        var held = 0;
        for (var index = state.Frontier; index < state.ProposedTrials; index++)
        {
            var trial = state.TrialAt(index);
            if (SweepState.IsFresh(state.CellAt(index)) && state.LongestOpen(trial) != trial)
                held++;
        }

        return held;
    }

    /// <summary>The trials to start; none while there is something to look up.</summary>
    /// <param name="waiting">Those that wait, in the order of work.</param>
    /// <param name="fresh">Configurations about to be proposed.</param>
    /// <param name="now">When.</param>
    /// <param name="events">Gets what is taken over.</param>
    public List<TrialId> Pick(
        IEnumerable<TrialId> waiting,
        IReadOnlyList<Hyperparameters> fresh,
        DateTimeOffset now,
        List<SweepEvent> events)
    {
        var trials = new List<TrialId>();
        var seen = new HashSet<TrialId>();
        // What is proposed with this very claim may be longer than what waits: it is looked at when it is.
        var isWhole = fresh.Count == 0 || !state.SharesTrainings;
        foreach (var first in waiting)
        {
            if (trials.Count == claim.Count || _toLookUp.Count == LookedUpAtOnce)
                break;
            if (!seen.Add(first) || Longest(first) is not { } trial || (trial != first && !seen.Add(trial)))
                continue;
            var until = state.UntilOf(trial);
            if (!claim.Known!.TryFind(trial, until, out var known))
                _toLookUp.Add(new(trial, ClaimDecision.RequestOf(state, trial, fresh), until));
            else if (known is not null)
                events.Add(Reused(trial, known, now));
            else if (isWhole)
                trials.Add(trial);
        }

        return _toLookUp.Count == 0 ? trials : [];
    }

    // A trial about to be proposed has no row yet, and no family.
    private TrialId? Longest(TrialId trial) => trial.IsRefit || trial.Configuration < state.Proposed
        ? state.LongestOpen(trial)
        : trial;

    private static TrialReused Reused(TrialId trial, KnownResult known, DateTimeOffset now) =>
        new(trial, known.Sweep, known.Source, known.Trained, known.Result) { At = now };
}
