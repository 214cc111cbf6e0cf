using System.Collections;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Decisions;

/// <summary>Decides which trials a silo gets.</summary>
internal static class ClaimDecision
{
    /// <summary>
    /// Configurations proposed at once, unless a claim needs more: keeps the log short and the wait small.
    /// </summary>
    private const int ProposedAtOnce = 64;

    /// <summary>
    /// Where configurations may differ in their epochs alone: only what is proposed can be trained for another.
    /// </summary>
    private const int ProposedWhereEpochsDiffer = 4096;

    public static Decision Decide(SweepState state, ISearcher searcher, ClaimTrials claim, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(claim.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(claim.Number, 1);
        if (state.IsOver)
            return SweepDecisions.Over(state);
        var last = state.LastClaimOf(claim.Silo);
        if (claim.Number <= last)
            return Repeat(state, claim, last);
        var events = ReleaseUnknown(state, claim, now);
        if (state.Status == SweepStatus.Paused)
        {
            var paused = new Rejection(RejectionKind.Paused, $"The sweep is paused: {state.Reason}");
            return new() { Events = events, Rejection = paused };
        }
        if (Refuse(state, claim, now, events) is { } refusal)
            return new() { Events = events, Rejection = refusal };
        return Assign(state, searcher, claim, now, events);
    }

    private static Decision Repeat(SweepState state, ClaimTrials claim, long last)
    {
        if (claim.Number < last)
        {
            return Decision.Rejected(
                RejectionKind.Stale, $"Claim {claim.Number} of {claim.Silo} is over: claim {last} was answered.");
        }
        var attempts = state.RunningOn(claim.Silo).Where(attempt => attempt.Claim == last);
        return new()
        {
            Rejection = new(RejectionKind.Duplicate, $"Claim {last} of {claim.Silo} was answered with these trials."),
            Assignments =
            [
                .. attempts.Select(attempt => Assign(
                    state, attempt.Attempt, attempt.Exclusive, [], state.BeginningOf(attempt.Attempt.Trial))),
            ],
        };
    }

    private static List<SweepEvent> ReleaseUnknown(SweepState state, ClaimTrials claim, DateTimeOffset now)
    {
        const string Reason = "its assignment never arrived";
        var events = new List<SweepEvent>();
        if (claim.Holding is not { } holding)
            return events;
        foreach (var (attempt, _, earlier, _, _) in state.RunningOn(claim.Silo))
        {
            if (earlier < claim.Number && !holding.Contains(attempt))
                events.Add(new AttemptReleased(attempt.Trial, attempt.Number, Reason) { At = now });
        }

        return events;
    }

    private static Rejection? Refuse(SweepState state, ClaimTrials claim, DateTimeOffset now, List<SweepEvent> events)
    {
        if (claim.DataProblem is { } problem)
        {
            if (state.DataProblemOf(claim.Silo) != problem)
                events.Add(new SiloRefused(claim.Silo, claim.Fingerprint ?? string.Empty, problem) { At = now });
            return new(RejectionKind.Refused, problem);
        }

        if (state.Plan.MixedNumerics || claim.Fingerprint == state.Fingerprint)
            return null;
        if (claim.Fingerprint is null)
            return new(RejectionKind.Refused, "The silo gave no numerics fingerprint, and this sweep compares them.");
        if (state.Fingerprint is null)
        {
            events.Add(new FingerprintSet(claim.Fingerprint, claim.Silo) { At = now });
            return null;
        }

        if (!state.IsRefused(claim.Silo))
            events.Add(new SiloRefused(claim.Silo, claim.Fingerprint) { At = now });
        return new(
            RejectionKind.Refused,
            $"Silo {claim.Silo.Name} computes other numbers (fingerprint {Short(claim.Fingerprint)}) than " +
            $"this sweep's first one ({Short(state.Fingerprint)}), so its results would not be comparable. " +
            "Use the same libraries and kind of processor, or submit with mixed numerics.");
    }

    private static string Short(string fingerprint) => fingerprint.Length > 12 ? fingerprint[..12] : fingerprint;

    private static Decision Assign(
        SweepState state, ISearcher searcher, ClaimTrials claim, DateTimeOffset now, List<SweepEvent> events)
    {
        if (claim.AcceptsExclusive && state.ReadyExclusive.Count > 0)
            return Start(state, claim, [state.ReadyExclusive.InOrder().First().Trial], true, [], events, now, null);

        var reuse = state.Plan is { Reuse: true, HasKnownResults: true } && claim.Known is not null
            ? new ReusePick(state, claim)
            : null;
        var meets = MeetsByFold(state, searcher);
        var spare = meets ? Spare(state, claim) : 0;
        var fresh = Propose(state, searcher, claim.Count + spare + (reuse?.CountHeld() ?? 0), now, events);
        var waiting = HasFreeOrder(state, searcher) ? WaitingTrials.LongestFirst(state, fresh.Count)
            : meets ? WaitingTrials.FoldByFold(state, fresh.Count)
            : WaitingTrials.InOrder(state, fresh.Count);
        var count = WithinFold(waiting, claim.Count, spare);
        var trials = reuse?.Pick(waiting, count, fresh, now, events) ?? [.. waiting.Take(count)];
        if (trials.Count > 0)
        {
            return Start(state, claim, trials, false, fresh, events, now, reuse) with
            {
                ToLookUp = reuse?.ToLookUp ?? [],
            };
        }

        // A fingerprint without a trial would bind the sweep to a silo that never trains for it.
        if (!events.Exists(@event => @event is TrialReused))
            events.RemoveAll(@event => @event is FingerprintSet);
        return new()
        {
            Events = events,
            ToLookUp = reuse?.ToLookUp ?? [],
            ExclusiveWaits = state.ReadyExclusive.Count > 0,
        };
    }

    private static Decision Start(
        SweepState state,
        ClaimTrials claim,
        List<TrialId> trials,
        bool exclusive,
        IReadOnlyList<Hyperparameters> fresh,
        List<SweepEvent> events,
        DateTimeOffset now,
        ReusePick? reuse)
    {
        var assignments = new List<Assignment>(trials.Count);
        foreach (var trial in trials)
        {
            var attempt = new AttemptId(trial, state.AttemptsOf(trial) + 1);
            var beginning = reuse?.BeginningOf(trial);
            events.Add(new TrialStarted(trial, attempt.Number, claim.Silo, claim.Number, exclusive)
            {
                At = now,
                Beginning = beginning,
            });
            assignments.Add(Assign(state, attempt, exclusive, fresh, beginning ?? state.BeginningOf(trial)));
        }

        return new() { Events = events, Assignments = assignments };
    }

    private static Assignment Assign(
        SweepState state,
        AttemptId attempt,
        bool exclusive,
        IReadOnlyList<Hyperparameters> fresh,
        TrialBeginning? beginning)
    {
        var request = RequestOf(state, attempt.Trial, fresh);
        var until = state.UntilOf(attempt.Trial);
        return new(attempt, request, exclusive, until < request.Hyperparameters.Epochs ? until : null)
        {
            Beginning = beginning,
        };
    }

    /// <summary>What a trial trains.</summary>
    /// <param name="fresh">Configurations about to be proposed.</param>
    public static TrainingRequest RequestOf(SweepState state, TrialId trial, IReadOnlyList<Hyperparameters> fresh)
    {
        var index = trial.Configuration;
        var hyperparameters = index < state.Proposed ? state.HyperparametersOf(index) : fresh[index - state.Proposed];
        return state.Plan.RequestOf(trial, hyperparameters, state.RefitEpochs);
    }

    /// <summary>Whether brackets may begin in any order: nobody learns from those before.</summary>
    private static bool HasFreeOrder(SweepState state, ISearcher searcher) =>
        state.HasSeveralBrackets && searcher.BarrierOf(state.Configurations - 1) == 0;

    /// <summary>Whether trials of one fold may be trained in one pass, and nobody waits for the first scores.</summary>
    private static bool MeetsByFold(SweepState state, ISearcher searcher) =>
        state.Plan.SampleOrder == SampleOrder.Shared && state.Plan.Schedule is null
            && searcher.BarrierOf(state.Configurations - 1) == 0;

    /// <summary>
    /// The fewer trials are left, the fewer of them are given to a slot at once, so that all slots end together (guided
    /// self-scheduling, Polychronopoulos and Kuck 1987).
    /// </summary>
    private static int Spare(SweepState state, ClaimTrials claim)
    {
        if (claim.Spare <= 0)
            return 0;
        var left = state.Waiting + ((long)(state.Configurations - state.Proposed) * state.Plan.TrialsPerConfiguration);
        var share = left / (2L * Math.Max(1, state.SilosAtWork.Count()) * Math.Max(1, claim.Slots));
        return (int)Math.Min(claim.Spare, claim.Count * share);
    }

    /// <summary>So many trials, and of those after them only such as can be trained beside the last of them.</summary>
    private static int WithinFold(IEnumerable<TrialId> waiting, int count, int spare)
    {
        if (spare == 0)
            return count;
        var first = waiting.Skip(count - 1).Take(1 + spare).Select(trial => trial.Fold).ToList();
        return count + Math.Max(0, first.TakeWhile(fold => fold == first[0]).Count() - 1);
    }

    /// <summary>
    /// Brackets of every shape beside those that are under way, and no small rest after them: what is known last would
    /// be trained last, however long its way.
    /// </summary>
    private static int TwoRounds(SweepState state)
    {
        var round = state.Plan.Schedule!.Shapes.Sum(shape => (long)shape.Size);
        var left = state.Configurations - state.Proposed;
        return (int)Math.Min(
            ProposedWhereEpochsDiffer, Math.Max(ProposedAtOnce, left <= 3 * round ? left : 2 * round));
    }

    private static List<Hyperparameters> Propose(
        SweepState state, ISearcher searcher, int wanted, DateTimeOffset now, List<SweepEvent> events)
    {
        var folds = state.Plan.TrialsPerConfiguration;
        var missing = wanted - state.Fresh;
        return missing <= 0
            ? []
            : ProposeTo(state, searcher, state.Proposed + ((missing + folds - 1) / folds), now, events);
    }

    /// <summary>Adds the event that proposes configurations, at least those before an index, as far as what the
    /// searcher is to know is known.</summary>
    /// <returns>What is proposed.</returns>
    public static List<Hyperparameters> ProposeTo(
        SweepState state, ISearcher searcher, long index, DateTimeOffset now, List<SweepEvent> events)
    {
        var atOnce = state.SharesTrainings ? ProposedWhereEpochsDiffer
            : HasFreeOrder(state, searcher) ? TwoRounds(state)
            : ProposedAtOnce;
        var end = (int)Math.Min(
            Math.Max((long)state.Proposed + atOnce, index), Math.Min(state.Configurations, searcher.Count));
        var fresh = new List<Hyperparameters>();
        var values = new List<ParameterAssignment>();
        for (var n = state.Proposed; n < end; n++)
        {
            // Of its own bracket it may know nothing: that waits for this very configuration.
            var barrier = Math.Min(searcher.BarrierOf(n), state.BracketStart(n));
            if (barrier > state.ScoredPrefix)
                break;
            var proposal = searcher.Propose(n, new ProposedHistory(state, barrier, values));
            fresh.Add(proposal.Hyperparameters);
            values.Add(proposal.Values);
        }

        if (fresh.Count > 0)
            events.Add(new ConfigurationsProposed(state.Proposed, fresh, values) { At = now });
        return fresh;
    }
}

/// <summary>The configurations before the next one, as a searcher may see them.</summary>
/// <param name="scored">The first so many with their scores.</param>
/// <param name="fresh">The values of those that are being proposed and not in the state yet.</param>
internal sealed class ProposedHistory(SweepState state, int scored, List<ParameterAssignment> fresh)
    : IReadOnlyList<ProposedConfiguration>
{
    public int Count { get; } = state.Proposed + fresh.Count;

    public ProposedConfiguration this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var proposed = new ProposedConfiguration(
                index,
                index < state.Proposed ? state.ValuesOf(index) : fresh[index - state.Proposed],
                index < scored ? state.ScoreOf(index) : null);
            return index < scored ? proposed with { Reached = state.ReachedBy(index) } : proposed;
        }
    }

    public IEnumerator<ProposedConfiguration> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
            yield return this[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
