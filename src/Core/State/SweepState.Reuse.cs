using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

/// <summary>Results that were taken over, and configurations that are one training.</summary>
public sealed partial class SweepState
{
    private readonly Dictionary<TrialId, ReuseSource> _sources = [];

    // Of trials that trained to a rung and were taken over from there.
    private readonly Dictionary<TrialId, TrainingCost> _ownCosts = [];
    private readonly Dictionary<TrialId, TrialBeginning> _beginnings = [];
    private readonly EpochFamilies _families = new();

    /// <summary>Where a trial's result was taken over from; null: it was trained, or has none yet.</summary>
    public ReuseSource? SourceOf(TrialId trial) => Contains(trial) && Cell(trial) is { Reused: true, HasResult: true }
        ? _sources.GetValueOrDefault(trial)
        : null;

    /// <summary>
    /// The beginning of another training that a trial goes on from, or went on from; null: it began from the start.
    /// </summary>
    public TrialBeginning? BeginningOf(TrialId trial) => _beginnings.GetValueOrDefault(trial);

    /// <summary>The trials whose results were trained on from a kept checkpoint, in no order, with that.</summary>
    public IEnumerable<(TrialId Trial, TrialBeginning Beginning)> Continued() => _beginnings
        .Where(pair => Cell(pair.Key) is { Reused: false, HasResult: true })
        .Select(pair => (pair.Key, pair.Value));

    /// <summary>Those trials in numbers; null: there are none.</summary>
    public ContinuedTrials? ContinuedTotals()
    {
        // In the order of trials, so that the seconds add up the same wherever the log is read.
        var all = Continued().OrderBy(item => item.Trial).Select(item => item.Beginning).ToList();
        return all.Count == 0 ? null : new(
            all.Count, all.Min(item => item.Epochs), all.Max(item => item.Epochs), all.Sum(item => item.TrainSeconds));
    }

    /// <summary>
    /// The trials that ended with a training of their own, and its seconds with those of evaluation. What was taken
    /// over cost nothing and says nothing of what is to come; what stands at a rung has not ended.
    /// </summary>
    internal (long Trials, double Seconds) Trained()
    {
        var totals = Totals;
        if (Plan.Schedule is null)
            return (totals.Completed - totals.Reused, totals.TrainSeconds + totals.EvaluationSeconds);
        var (trials, seconds) = (0L, 0.0);
        foreach (var trial in Trials())
        {
            ref readonly var row = ref Cell(trial);
            if (row is { HasResult: true, Reused: false, Status: TrialStatus.Completed or TrialStatus.Stopped })
            {
                var own = OwnCost(trial, row);
                (trials, seconds) = (trials + 1, seconds + own.TrainSeconds + own.EvaluationSeconds);
            }
        }

        return (trials, seconds);
    }

    /// <summary>
    /// How many trials were taken over from each sweep, this one too, by its id: together
    /// <see cref="SweepTotals.Reused"/>.
    /// </summary>
    public IReadOnlyList<(string Sweep, int Trials)> ReusedFrom() =>
    [
        .. _sources.Where(pair => Cell(pair.Key) is { Reused: true, Status: not TrialStatus.Failed })
            .GroupBy(pair => pair.Value.Sweep, StringComparer.Ordinal)
            .Select(trials => (trials.Key, trials.Count()))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Whether one trial of this sweep may be a part of another: beside a schedule, whose rungs wait for all their
    /// members, each is trained on its own.
    /// </summary>
    internal bool SharesTrainings =>
        Plan is { Reuse: true, EpochsDiffer: true, HasKnownResults: true, Schedule: null }
        && Plan.AskedMetrics() is null;

    /// <summary>The configurations that differ from a trial's in their epochs alone, with its own; null: none.
    /// </summary>
    internal IReadOnlyList<int>? FamilyOf(TrialId trial) =>
        trial.IsRefit || !SharesTrainings ? null : _families.Of(trial.Configuration);

    /// <summary>
    /// The trial of a family on a fold that has the most epochs of those that wait or run: the others are its
    /// beginnings. Of equals the first: what was proposed twice is trained once. Null: all are done.
    /// </summary>
    /// <returns>The trial, and whether a claim can get it: it does not run, nor wait to run alone on a silo.</returns>
    internal (TrialId Trial, bool IsOpen)? LongestOf(IReadOnlyList<int> family, int fold)
    {
        (TrialId Trial, bool IsOpen)? longest = null;
        foreach (var configuration in family)
        {
            var trial = new TrialId(configuration, fold);
            var cell = Cell(trial);
            if (cell.Status is TrialStatus.Pending or TrialStatus.Running
                && (longest is not { } other || !Precedes(other.Trial, trial)))
            {
                longest = (trial, cell is { Status: TrialStatus.Pending, Exclusive: false });
            }
        }

        return longest;
    }

    /// <summary>The trials that a finished one may give a result to; none where no others have its course.</summary>
    public IEnumerable<TrialId> SiblingsOf(TrialId trial)
    {
        if (FamilyOf(trial) is not { } family)
            return [];
        return family.Where(configuration => configuration != trial.Configuration)
            .Select(configuration => new TrialId(configuration, trial.Fold));
    }

    /// <summary>Whether configurations that are one training were proposed.</summary>
    internal bool HasFamilies => SharesTrainings && _families.Any;

    private bool Precedes(TrialId left, TrialId right)
    {
        var (one, two) = (HyperparametersOf(left.Configuration).Epochs, HyperparametersOf(right.Configuration).Epochs);
        return one != two ? one > two : left.Configuration <= right.Configuration;
    }

    /// <summary>Trials of a configuration whose results were taken over.</summary>
    public int ReusedOf(int configuration) => Enumerable.Range(0, Plan.TrialsPerConfiguration)
        .Count(fold => SourceOf(new(configuration, fold)) is not null);

    private void Reuse(TrialReused reused, ref TrialCell row)
    {
        var trial = reused.Trial;
        var before = _sources.GetValueOrDefault(trial);
        _sources[trial] = new(Shared(reused.Sweep), reused.Source, reused.Trained);
        _undo?.Push(() =>
        {
            if (before is null)
                _sources.Remove(trial);
            else
                _sources[trial] = before;
        });
        if (reused.Result.Outcome == TrainingOutcome.Stopped)
            SetResult(trial, reused.Result, ref row, isReused: true);
        else
            ApplyResult(trial, row.Attempts, reused.Result, ref row, isReused: true);
    }

    /// <summary>What the trial's own training took so far, without what was taken over.</summary>
    private TrainingCost OwnCost(TrialId trial, in TrialCell row) => row switch
    {
        { Reused: true } => _ownCosts.GetValueOrDefault(trial),
        { Epochs: 0 } when BeginningOf(trial) is not null => default,
        _ => new TrainingCost(row.TrainSeconds, row.EvaluationSeconds, row.Samples).Without(BeginningOf(trial)),
    };

    private void SetBeginning(TrialId trial, TrialBeginning? beginning)
    {
        var before = BeginningOf(trial);
        Set(beginning);
        _undo?.Push(() => Set(before));

        void Set(TrialBeginning? value)
        {
            if (value is null)
                _beginnings.Remove(trial);
            else
                _beginnings[trial] = value;
        }
    }

    /// <summary>The checkpoint that it went on from is gone: all of it is its own training.</summary>
    private void LoseBeginning(TrialId trial)
    {
        if (BeginningOf(trial) is null)
            return;
        var row = Cell(trial);
        var before = OwnCost(trial, row);
        SetBeginning(trial, null);
        if (!row.Reused)
            AddCost(OwnCost(trial, row), before);
    }

    private void AddCost(TrainingCost now, TrainingCost before)
    {
        _facts.Totals.TrainSeconds += now.TrainSeconds - before.TrainSeconds;
        _facts.Totals.EvaluationSeconds += now.EvaluationSeconds - before.EvaluationSeconds;
        _facts.Totals.Samples += now.Samples - before.Samples;
    }

    /// <summary>
    /// A trial that was taken over up to a rung and failed beyond has no result any more; where it is tried again, it
    /// counts again.
    /// </summary>
    /// <param name="trial">The trial, before it has another result.</param>
    /// <param name="row">Its row.</param>
    /// <param name="times">1: it counts; -1: it does not.</param>
    private void CountTakenOver(TrialId trial, in TrialCell row, int times)
    {
        if (!row.Reused)
            return;
        _facts.Totals.Reused += times;
        // What was trained for it up to a rung before was not saved.
        _facts.Totals.ReusedSeconds += times * (row.TrainSeconds - OwnCost(trial, row).TrainSeconds);
    }

    /// <param name="result">What was taken over now; null: nothing, and what was before counts no more.</param>
    private void CountReuse(TrialId trial, in TrialCell row, TrainingCost own, TrialResult? result = null)
    {
        CountTakenOver(trial, row, -1);
        if (result is not null)
        {
            _facts.Totals.Reused++;
            _facts.Totals.ReusedSeconds += result.TrainSeconds - own.TrainSeconds;
        }

        var isReused = result is not null;
        if (isReused != row.Reused && own != default)
            KeepOwnCost(trial, isReused ? own : null);
    }

    private void KeepOwnCost(TrialId trial, TrainingCost? own)
    {
        var before = _ownCosts.TryGetValue(trial, out var kept) ? kept : (TrainingCost?)null;
        Set(own);
        _undo?.Push(() => Set(before));

        void Set(TrainingCost? cost)
        {
            if (cost is { } known)
                _ownCosts[trial] = known;
            else
                _ownCosts.Remove(trial);
        }
    }

    /// <summary>What a training took.</summary>
    private readonly record struct TrainingCost(double TrainSeconds, double EvaluationSeconds, long Samples)
    {
        public TrainingCost Without(TrialBeginning? beginning) => beginning is null ? this : new(
            TrainSeconds - beginning.TrainSeconds,
            EvaluationSeconds - beginning.EvaluationSeconds,
            Samples - beginning.Samples);
    }
}

/// <summary>Where a result was taken over from.</summary>
/// <param name="Sweep">The sweep that trained it; it may have been deleted since.</param>
/// <param name="Trial">Its trial there.</param>
/// <param name="Trained">Epochs that it trained.</param>
public sealed record ReuseSource(string Sweep, TrialId Trial, int Trained);

/// <summary>Trials that went on from a kept checkpoint.</summary>
/// <param name="Trials">Their number.</param>
/// <param name="EpochsMin">Fewest epochs that a checkpoint held.</param>
/// <param name="EpochsMax">Most of them.</param>
/// <param name="TrainSeconds">Training seconds that this saved, as measured when they were trained.</param>
public sealed record ContinuedTrials(int Trials, int EpochsMin, int EpochsMax, double TrainSeconds);

/// <summary>
/// The configurations that differ in their epochs alone. Nothing is kept before the first two epochs differ, which they
/// never do in most sweeps.
/// </summary>
internal sealed class EpochFamilies
{
    private readonly Dictionary<Hyperparameters, List<int>> _families = [];
    private readonly List<List<int>> _ofConfiguration = [];
    private int _seen;
    private bool _differ;

    /// <summary>Whether epochs differ, so that there may be a family of several.</summary>
    public bool Any => _ofConfiguration.Count > 0;

    /// <summary>The configurations of one's family, itself too, by index; null: it has none.</summary>
    public IReadOnlyList<int>? Of(int configuration) =>
        configuration < _ofConfiguration.Count && _ofConfiguration[configuration] is { Count: > 1 } family
            ? family
            : null;

    /// <summary>Takes note of configurations that were added to a list.</summary>
    public void Grow(List<Hyperparameters> all)
    {
        for (; _seen < all.Count; _seen++)
            _differ |= all[_seen].Epochs != all[0].Epochs;
        if (!_differ)
            return;
        for (var index = _ofConfiguration.Count; index < all.Count; index++)
        {
            var key = all[index].WithoutEnd();
            if (!_families.TryGetValue(key, out var family))
                _families.Add(key, family = []);
            family.Add(index);
            _ofConfiguration.Add(family);
        }
    }

    /// <summary>Forgets all but the first ones.</summary>
    public void Shrink(int count)
    {
        _seen = Math.Min(_seen, count);
        for (var index = _ofConfiguration.Count - 1; index >= count; index--)
        {
            _ofConfiguration[index].RemoveAt(_ofConfiguration[index].Count - 1);
            _ofConfiguration.RemoveAt(index);
        }
    }
}
