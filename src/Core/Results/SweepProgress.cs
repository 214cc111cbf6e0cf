using Sweeps.Core.Searchers;
using Sweeps.Core.State;

namespace Sweeps.Core.Results;

/// <summary>How far a sweep is, for displays.</summary>
public sealed record SweepProgress
{
    /// <summary>Where the sweep stands.</summary>
    public required SweepStatus Status { get; init; }

    /// <summary>Why it is paused or was cancelled; null: neither.</summary>
    public string? Reason { get; init; }

    /// <summary>Trials in all, as <see cref="SweepTotals.Planned"/>.</summary>
    public required long Planned { get; init; }

    /// <summary>Trials that are done, as <see cref="SweepTotals.Done"/>.</summary>
    public required long Done { get; init; }

    /// <summary>Trials that have ended, in whatever way: also those that failed or were cancelled.</summary>
    public required long Ended { get; init; }

    /// <summary>Trials that have a result.</summary>
    public required long Completed { get; init; }

    /// <summary>Results whose training diverged.</summary>
    public required long Diverged { get; init; }

    /// <summary>Trials that failed for good.</summary>
    public required long Failed { get; init; }

    /// <summary>Attempts after failures and losses, as <see cref="SweepTotals.Retries"/>.</summary>
    public required long Retries { get; init; }

    /// <summary>The attempts that hold a trial now, by trial.</summary>
    public required IReadOnlyList<RunningAttempt> Running { get; init; }

    /// <summary>The best configuration among those scored so far; null: none.</summary>
    public ScoredConfiguration? Best { get; init; }

    /// <summary>Mean seconds of a trial that ended, stopped ones too, training and evaluation; null before the first.
    /// </summary>
    public double? TrialSeconds { get; init; }

    /// <summary>
    /// Time until the last trial ends, if those to come cost as much as those done; null before the first ended.
    /// </summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>
    /// The progress at this moment. Reads every configuration's score: milliseconds for hundreds of thousands.
    /// </summary>
    /// <param name="slots">Slots that work on it, on all silos; the estimate divides by it.</param>
    public static SweepProgress Of(SweepState state, int slots)
    {
        ArgumentNullException.ThrowIfNull(state);
        var totals = state.Totals;
        var (trained, cost) = state.Trained();
        double? seconds = trained > 0 ? cost / trained : null;
        return new()
        {
            Status = state.Status,
            Reason = state.Reason,
            Planned = state.Totals.Planned,
            Done = totals.Done,
            Ended = totals.Ended,
            Completed = totals.Completed,
            Diverged = totals.Diverged,
            Failed = totals.Failed,
            Retries = totals.Retries,
            Running = [.. state.Running.OrderBy(running => running.Attempt.Trial)],
            Best = BestSoFar(state),
            TrialSeconds = seconds,
            Remaining = state.IsOver ? TimeSpan.Zero : Estimate(state.Totals.Planned - totals.Ended, seconds, slots),
        };
    }

    // Trials go to slots whole: ten trials on four slots take three rounds.
    private static TimeSpan? Estimate(long open, double? seconds, int slots)
    {
        if (seconds is not { } each || slots < 1)
            return null;
        var total = Math.Ceiling((double)open / slots) * each;
        return total < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(total) : null;
    }

    /// <summary>The best configuration among those scored so far; null: none can be the best.</summary>
    public static ScoredConfiguration? BestSoFar(SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ScoredConfiguration? best = null;
        for (var index = 0; index < state.Proposed; index++)
            best = BetterOf(state, best, index);
        return best;
    }

    /// <summary><paramref name="best"/>, or the configuration of this index if it has a score that is better.</summary>
    public static ScoredConfiguration? BetterOf(SweepState state, ScoredConfiguration? best, int index)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ScoreOf(index) is { } score && BestSelection.CanBeBest(score, state.Plan.TrialsPerConfiguration)
            && (best is null
                || BestSelection.Compare((index, score), (best.Index, best.Score), state.Plan) < 0)
            ? new(index, state.HyperparametersOf(index), score)
            : best;
    }
}
