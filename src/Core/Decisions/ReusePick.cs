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
    private readonly Dictionary<TrialId, KnownAnswer?> _answers = [];
    private readonly Dictionary<TrialId, TrialBeginning> _beginnings = [];
    private readonly Dictionary<(int Family, int Fold), (TrialId Trial, bool IsOpen)?> _longest = [];

    /// <summary>What must be looked up before more can be handed out.</summary>
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
            if (SweepState.IsFresh(state.CellAt(index)) && TrainedFor(trial) != trial)
                held++;
        }

        return held;
    }

    /// <summary>The trials to start: those of which it is known that the store has nothing.</summary>
    /// <param name="waiting">Those that wait, in the order of work.</param>
    /// <param name="count">Most of them.</param>
    /// <param name="fresh">Configurations about to be proposed.</param>
    /// <param name="now">When.</param>
    /// <param name="events">Gets what is taken over.</param>
    public List<TrialId> Pick(
        IEnumerable<TrialId> waiting,
        int count,
        IReadOnlyList<Hyperparameters> fresh,
        DateTimeOffset now,
        List<SweepEvent> events)
    {
        var trials = new List<TrialId>();
        var again = new List<TrialQuestion>();
        var seen = new HashSet<TrialId>();
        // What is proposed with this very claim may be longer than what waits: it is looked at when it is.
        var isWhole = fresh.Count == 0 || !state.SharesTrainings;
        foreach (var first in waiting)
        {
            if (trials.Count + again.Count >= count || _toLookUp.Count >= LookedUpAtOnce)
                break;
            // A trial may be known by itself; only where it is not, it waits for the longer one.
            if (TrainedFor(first) is { } longest && IsToTrain(first) && (longest == first || IsToTrain(longest)))
                Train(longest);
        }

        _toLookUp.AddRange(again);
        return trials;

        bool IsToTrain(TrialId trial)
        {
            if (!seen.Add(trial))
                return false;
            if (Find(trial, fresh) is not { } answer)
                _toLookUp.Add(QuestionOf(trial, fresh));
            else if (answer.Result is { } known)
                events.Add(Reused(trial, known, now));
            else
                return true;
            return false;
        }

        void Train(TrialId trial)
        {
            var answer = Find(trial, fresh);
            if (answer is { IsOld: true })
            {
                again.Add(QuestionOf(trial, fresh));
            }
            else if (isWhole)
            {
                trials.Add(trial);
                // One that has begun goes on as it began, from its own checkpoint.
                if (answer?.Beginning is { } beginning && state.AttemptsOf(trial) == 0)
                    _beginnings.Add(trial, beginning);
            }
        }
    }

    /// <summary>What a trial that was picked goes on from; null: from the start, or as it began.</summary>
    public TrialBeginning? BeginningOf(TrialId trial) => _beginnings.GetValueOrDefault(trial);

    private KnownAnswer? Find(TrialId trial, IReadOnlyList<Hyperparameters> fresh)
    {
        if (!_answers.TryGetValue(trial, out var answer))
            _answers.Add(trial, answer = claim.Known!.Find(QuestionOf(trial, fresh), claim.Fingerprint));
        return answer;
    }

    private TrialQuestion QuestionOf(TrialId trial, IReadOnlyList<Hyperparameters> fresh) =>
        new(trial, ClaimDecision.RequestOf(state, trial, fresh), state.UntilOf(trial));

    /// <summary>
    /// The trial that is to be trained for one that waits: itself, or one that differs in its epochs alone and has
    /// more. Null: such a one runs, or waits to run alone on a silo.
    /// </summary>
    private TrialId? TrainedFor(TrialId trial)
    {
        // A trial about to be proposed has no row yet, and no family.
        if ((!trial.IsRefit && trial.Configuration >= state.Proposed) || state.FamilyOf(trial) is not { } family)
            return trial;
        if (!_longest.TryGetValue((family[0], trial.Fold), out var longest))
            _longest.Add((family[0], trial.Fold), longest = state.LongestOf(family, trial.Fold));
        return longest is not { } other || other.Trial == trial ? trial : other.IsOpen ? other.Trial : null;
    }

    private static TrialReused Reused(TrialId trial, KnownResult known, DateTimeOffset now) =>
        new(trial, known.Sweep, known.Source, known.Trained, known.Result) { At = now };
}
