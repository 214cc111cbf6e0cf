using System.Collections.Immutable;
using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;

namespace Sweeps.Core.State;

/// <summary>
/// Where the configurations stand on the rungs of the sweep's schedule. A trial that the schedule does not want yet, or
/// that stands at a rung, is paused. In index order there is one bracket of all configurations and a
/// <see cref="RungQueue">queue</see> at each of its rungs.
/// </summary>
public sealed partial class SweepState
{
    private readonly ChunkedTable<BracketCell> _brackets = new();

    /// <summary>Epochs after which a trial's attempt must pause; null: it trains to its end.</summary>
    public int? UntilOf(TrialId trial)
    {
        if (trial.IsRefit || Plan.Schedule is not { } schedule)
            return null;
        var rungs = schedule.Shapes[_brackets[BracketOf(trial.Configuration)].Shape].Rungs;
        var rung = trial.Configuration < Proposed ? _cells[trial.Configuration].Rung : 0;
        return rung < rungs.Count ? rungs[rung].Epochs : null;
    }

    /// <summary>
    /// The first configuration of this one's bracket: whatever a searcher wants to know before it proposes this one has
    /// a smaller index, since the bracket itself waits for it. No bound without a schedule, nor in index order.
    /// </summary>
    internal int BracketStart(int configuration) =>
        Plan.Schedule is null || IsInIndexOrder ? int.MaxValue : _brackets[BracketOf(configuration)].First;

    /// <summary>
    /// The brackets all of whose members stand at a rung that is not decided; in index order the rungs whose next
    /// configuration stands there.
    /// </summary>
    internal IReadOnlyCollection<int> ToDecide => _facts.ToDecide;

    /// <summary>Whether configurations are decided one by one.</summary>
    internal bool IsInIndexOrder => Plan.Schedule is { Order: RungOrder.Index };

    /// <summary>Who is next at a rung, and who came before; in index order.</summary>
    internal RungQueue QueueAt(int rung) => _facts.Queues[rung];

    /// <summary>Trials that wait at the frontier: neither tried nor queued.</summary>
    internal int Fresh => _facts.Fresh;

    /// <summary>The rung that a configuration trains for, or was stopped at; beyond the last it trains to its end.
    /// </summary>
    internal int RungOf(int configuration) => _cells[configuration].Rung;

    /// <summary>The brackets as far as their members are proposed; in index order a single one.</summary>
    internal IEnumerable<(int First, int Count, int Shape)> Groups()
    {
        for (var index = 0; index < _brackets.Count; index++)
        {
            var (first, count, shape) = (_brackets[index].First, _brackets[index].Count, _brackets[index].Shape);
            if (Math.Min(count, Proposed - first) is > 0 and var known)
                yield return (first, known, shape);
        }
    }

    internal ref readonly BracketCell Bracket(int index) => ref _brackets[index];

    internal BracketShape ShapeOf(int bracket) => Plan.Schedule!.Shapes[_brackets[bracket].Shape];

    internal bool IsDropped(int configuration) => _cells[configuration].Dropped;

    /// <summary>
    /// The rung at which the schedule stopped a configuration; the end, where it did not, and where all trials had
    /// ended before: their score was known before the rung was decided, and means the same afterwards.
    /// </summary>
    internal Reached ReachedBy(int configuration)
    {
        ref readonly var cell = ref _cells[configuration];
        if (!cell.Dropped || cell.Score.Stopped == 0)
            return Reached.End;
        var rung = ShapeOf(BracketOf(configuration)).Rungs[cell.Rung];
        return new(rung.Folds, rung.Epochs ?? int.MaxValue);
    }

    /// <summary>Trials of a new configuration that may start at once: the first folds, as many as these.</summary>
    internal int FoldsAtStart(int configuration)
    {
        var folds = Plan.TrialsPerConfiguration;
        return Plan.Schedule is null ? folds : FoldsOf(BracketOf(configuration), rung: 0);
    }

    private int FoldsOf(int bracket, int rung)
    {
        var rungs = ShapeOf(bracket).Rungs;
        return rung < rungs.Count
            ? Math.Min(rungs[rung].Folds, Plan.TrialsPerConfiguration)
            : Plan.TrialsPerConfiguration;
    }

    private int BracketOf(int configuration)
    {
        var (low, high) = (0, _brackets.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _brackets[middle].First <= configuration ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private void AddBrackets(int first, int end)
    {
        if (Plan.Schedule is not { } schedule)
            return;
        var before = _brackets.Count;
        if (IsInIndexOrder && before > 0)
            return;
        if (IsInIndexOrder)
        {
            var places = Comparer<RungPlace>.Create((left, right) => Plan.Metric.Compare(left.Value, right.Value) is var
                order && order != 0 ? order : left.Configuration.CompareTo(right.Configuration));
            var queue = new RungQueue(0, ImmutableSortedSet.Create<RungPlace>(places));
            _facts.Queues = [.. schedule.Shapes[0].Rungs.Select(_ => queue)];
        }

        foreach (var (start, count, shape) in schedule.BracketsOf(first, end, before).ToList())
        {
            var index = _brackets.Count;
            _brackets.Resize(index + 1);
            _brackets[index] = new() { First = start, Count = count, Shape = shape, Waiting = count, Alive = count };
        }

        _undo?.Push(() => _brackets.Resize(before));
    }

    /// <summary>The trials of a new configuration that its first rung does not want wait.</summary>
    private void BeginSchedule(int configuration)
    {
        var wanted = FoldsAtStart(configuration);
        _cells[configuration].ToRung = wanted;
        _facts.Fresh += wanted;
        for (var fold = wanted; fold < Plan.TrialsPerConfiguration; fold++)
            MutableCell(new(configuration, fold)).Status = TrialStatus.Paused;
    }

    /// <summary>A trial stands at its configuration's rung, or has ended on the way.</summary>
    private void Arrive(int configuration)
    {
        if (Plan.Schedule is null || --_cells[configuration].ToRung > 0)
            return;
        if (IsInIndexOrder)
        {
            MarkNext(_cells[configuration].Rung);
            return;
        }

        var bracket = BracketOf(configuration);
        JournalBracket(bracket);
        _brackets[bracket].Waiting--;
        MarkDecidable(bracket);
    }

    /// <summary>A trial that had ended on the way waits again.</summary>
    private void Depart(int configuration)
    {
        if (Plan.Schedule is null || _cells[configuration].ToRung++ > 0)
            return;
        if (IsInIndexOrder)
        {
            var rung = _cells[configuration].Rung;
            if (rung < _facts.Queues.Length && _facts.Queues[rung].Next == configuration)
                _facts.ToDecide = _facts.ToDecide.Remove(rung);
            return;
        }

        var bracket = BracketOf(configuration);
        JournalBracket(bracket);
        _brackets[bracket].Waiting++;
        _facts.ToDecide = _facts.ToDecide.Remove(bracket);
    }

    private void MarkDecidable(int bracket)
    {
        ref readonly var cell = ref _brackets[bracket];
        if (cell.Waiting == 0 && cell.Rung < ShapeOf(bracket).Rungs.Count)
            _facts.ToDecide = _facts.ToDecide.Add(bracket);
    }

    /// <summary>Whether the next configuration of a rung stands there; passes over those that never will.</summary>
    private void MarkNext(int rung)
    {
        if (rung >= _facts.Queues.Length)
            return;
        var next = _facts.Queues[rung].Next;
        while (next < Proposed && _cells[next].Dropped)
            next++;
        if (next != _facts.Queues[rung].Next)
            _facts.Queues = _facts.Queues.SetItem(rung, _facts.Queues[rung] with { Next = next });
        if (next < Proposed && _cells[next].Rung == rung && _cells[next].ToRung == 0)
            _facts.ToDecide = _facts.ToDecide.Add(rung);
    }

    private void DecideRung(RungDecided decided)
    {
        SetStatus(SweepStep.Report, decided);
        if (IsInIndexOrder)
            DecideNext(decided);
        else
            DecideBracket(decided);
    }

    private void DecideNext(RungDecided decided)
    {
        if (decided.Bracket != 0 || !_facts.ToDecide.Contains(decided.Rung)
            || decided.Promoted.Count + decided.Dropped.Count != 1)
        {
            throw Damaged(decided, $"rung {decided.Rung} does not wait for a decision on one configuration");
        }

        var place = decided.Promoted.Concat(decided.Dropped).Single();
        var (configuration, queue) = (place.Configuration, _facts.Queues[decided.Rung]);
        if (configuration != queue.Next)
            throw Damaged(decided, $"rung {decided.Rung} waits for configuration {queue.Next}, not {configuration}");
        _facts.ToDecide = _facts.ToDecide.Remove(decided.Rung);
        _facts.Queues = _facts.Queues.SetItem(
            decided.Rung,
            new(configuration + 1, double.IsNaN(place.Value) ? queue.Places : queue.Places.Add(place)));
        if (decided.Promoted.Count > 0)
        {
            Promote(configuration, 0, decided.Rung + 1);
            MarkNext(decided.Rung + 1);
        }
        else
        {
            Drop(place);
            _cells[configuration].DroppedFor = CutAt(decided.Rung);
            for (var rung = decided.Rung + 1; rung < _facts.Queues.Length; rung++)
            {
                if (_facts.Queues[rung].Next == configuration)
                    MarkNext(rung);
            }
        }

        MarkNext(decided.Rung);
    }

    /// <summary>Who would have passed, of all that came to the rung so far.</summary>
    private RungCut CutAt(int rung)
    {
        var places = _facts.Queues[rung].Places;
        var keep = Math.Min(places.Count, ShapeOf(0).KeepInOrder(ShapeOf(0).Rungs[rung], places.Count));
        return new(keep, places.Count, keep > 0 ? places[keep - 1].Value : double.NaN)
        {
            Best = keep > 0 ? places[0].Value : double.NaN,
        };
    }

    private void DecideBracket(RungDecided decided)
    {
        if (!_facts.ToDecide.Contains(decided.Bracket) || _brackets[decided.Bracket].Rung != decided.Rung
            || _brackets[decided.Bracket].Alive != decided.Promoted.Count + decided.Dropped.Count)
        {
            throw Damaged(
                decided, $"rung {decided.Rung} of bracket {decided.Bracket} does not wait for a decision on these");
        }

        JournalBracket(decided.Bracket);
        ref var bracket = ref _brackets[decided.Bracket];
        var (first, end) = (bracket.First, bracket.First + bracket.Count);
        bracket.Rung++;
        bracket.Alive = decided.Promoted.Count;
        _facts.ToDecide = _facts.ToDecide.Remove(decided.Bracket);
        var seen = new HashSet<int>();
        foreach (var (configuration, _, _) in decided.Promoted.Concat(decided.Dropped))
        {
            if (configuration < first || configuration >= end || _cells[configuration].Dropped
                || !seen.Add(configuration))
            {
                throw Damaged(decided, $"configuration {configuration} is not in bracket {decided.Bracket}, or twice");
            }
        }

        var last = decided.Promoted is [.., var worst] ? worst.Value : double.NaN;
        _facts.Cuts = _facts.Cuts.SetItem(
            (decided.Bracket, decided.Rung),
            new(decided.Promoted.Count, decided.Promoted.Count + decided.Dropped.Count, last)
            {
                Best = decided.Promoted is [var leader, ..] ? leader.Value : double.NaN,
            });
        foreach (var place in decided.Dropped)
            Drop(place);
        foreach (var place in decided.Promoted)
            Promote(place.Configuration, decided.Bracket, bracket.Rung);
        MarkDecidable(decided.Bracket);
    }

    private void Drop(RungPlace place)
    {
        JournalConfiguration(place.Configuration);
        ref var cell = ref _cells[place.Configuration];
        (cell.Dropped, cell.DroppedAt) = (true, place.Value);
        var open = cell.OpenFolds;
        for (var fold = 0; fold < Plan.TrialsPerConfiguration; fold++)
        {
            var trial = new TrialId(place.Configuration, fold);
            if (TransitionTable.Next(Cell(trial).Status, TrialStep.Stop) is not { } stopped)
                continue;
            JournalTrial(trial);
            MutableCell(trial).Status = stopped;
            _facts.Totals.Stopped++;
            cell.OpenFolds--;
        }

        if (open > 0 && cell.OpenFolds == 0)
            _facts.ToScore = _facts.ToScore.Add(place.Configuration);
    }

    private void Promote(int configuration, int bracket, int rung)
    {
        JournalConfiguration(configuration);
        ref var cell = ref _cells[configuration];
        cell.Rung = rung;
        for (var fold = 0; fold < FoldsOf(bracket, rung); fold++)
        {
            var trial = new TrialId(configuration, fold);
            if (TransitionTable.Next(Cell(trial).Status, TrialStep.Promote) is not { } pending
                || UntilOf(trial) <= Cell(trial).Epochs)
                continue;
            JournalTrial(trial);
            ref var row = ref MutableCell(trial);
            row.Status = pending;
            Enqueue(trial, ref row);
            cell.ToRung++;
        }

        if (cell.ToRung > 0 && !IsInIndexOrder)
            _brackets[bracket].Waiting++;
    }

    /// <summary>Why the schedule stopped a trial; worked out, since there may be very many of them.</summary>
    private TrialNote StopOf(TrialId trial)
    {
        ref readonly var cell = ref _cells[trial.Configuration];
        var bracket = BracketOf(trial.Configuration);
        var cut = IsInIndexOrder ? cell.DroppedFor : _facts.Cuts[(bracket, cell.Rung)];
        var rung = ShapeOf(bracket).Rungs[cell.Rung];
        var before = IsInIndexOrder ? " up to it" : string.Empty;
        var why = cut switch
        {
            _ when double.IsNaN(cell.DroppedAt) => "a trial has no result",
            { Promoted: 0 } => $"none of {cut.Among} goes on",
            _ when Plan.HasSeveralObjectives => $"{cell.DroppedAt.ToString("0.####", CultureInfo.InvariantCulture)} "
                + $"with its other objectives is not among the {cut.Promoted} of {cut.Among} that go on by "
                + "non-dominated rank",
            _ when rung.Alpha is { } alpha => string.Create(
                CultureInfo.InvariantCulture,
                $"{cell.DroppedAt:0.####} is behind the best, {cut.Best:0.####}, by more than chance explains " +
                $"(alpha {alpha:0.####}, {cut.Among} compared{before})"),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{cell.DroppedAt:0.####} is not among the best {cut.Promoted} of {cut.Among}{before}, " +
                $"whose last has {cut.Last:0.####}"),
        };
        var budget = (rung.Folds == 1 ? "1 trial" : $"{rung.Folds} trials")
            + rung.Epochs switch { null => string.Empty, 1 => " of 1 epoch", { } epochs => $" of {epochs} epochs" };
        return new(Cell(trial).Attempts, "stopped", $"rung {cell.Rung + 1}, {budget}: {why}");
    }

    private void JournalBracket(int index) => Journal(_brackets, index);
}

/// <summary>All that the state keeps of a bracket.</summary>
internal struct BracketCell
{
    public int First, Count, Shape;

    /// <summary>The rung that its members train for; beyond the last they train to their end.</summary>
    public int Rung;

    /// <summary>Members that the schedule has not stopped.</summary>
    public int Alive;

    /// <summary>Those of them that do not stand at the rung yet.</summary>
    public int Waiting;
}
