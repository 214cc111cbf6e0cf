using System.Globalization;
using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;

namespace Sweeps.Core.State;

/// <summary>
/// Where the configurations stand on the rungs of the sweep's schedule. A trial that the schedule does not want yet, or
/// that stands at a rung, is paused.
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
    /// a smaller index, since the bracket itself waits for it. No bound without a schedule.
    /// </summary>
    internal int BracketStart(int configuration) =>
        Plan.Schedule is null ? int.MaxValue : _brackets[BracketOf(configuration)].First;

    /// <summary>The brackets all of whose members stand at a rung that is not decided.</summary>
    internal IReadOnlyCollection<int> ToDecide => _facts.ToDecide;

    /// <summary>Trials that wait at the frontier: neither tried nor queued.</summary>
    internal int Fresh => _facts.Fresh;

    internal ref readonly BracketCell Bracket(int index) => ref _brackets[index];

    internal BracketShape ShapeOf(int bracket) => Plan.Schedule!.Shapes[_brackets[bracket].Shape];

    internal bool IsDropped(int configuration) => _cells[configuration].Dropped;

    /// <summary>The rung at which the schedule stopped a configuration; the end, where it did not.</summary>
    internal Reached ReachedBy(int configuration)
    {
        ref readonly var cell = ref _cells[configuration];
        if (!cell.Dropped)
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

    private void DecideRung(RungDecided decided)
    {
        SetStatus(SweepStep.Report, decided);
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
        foreach (var (configuration, _) in decided.Promoted.Concat(decided.Dropped))
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

        if (cell.ToRung > 0)
            _brackets[bracket].Waiting++;
    }

    /// <summary>Why the schedule stopped a trial; worked out, since there may be very many of them.</summary>
    private TrialNote StopOf(TrialId trial)
    {
        ref readonly var cell = ref _cells[trial.Configuration];
        var bracket = BracketOf(trial.Configuration);
        var cut = _facts.Cuts[(bracket, cell.Rung)];
        var rung = ShapeOf(bracket).Rungs[cell.Rung];
        var why = cut switch
        {
            _ when double.IsNaN(cell.DroppedAt) => "a fold has no result",
            { Promoted: 0 } => $"none of {cut.Among} goes on",
            _ when rung.Alpha is { } alpha => string.Create(
                CultureInfo.InvariantCulture,
                $"{cell.DroppedAt:0.####} is behind the best, {cut.Best:0.####}, after {rung.Folds} folds, by more " +
                $"than chance explains (alpha {alpha:0.####}, {cut.Among} compared)"),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"{cell.DroppedAt:0.####} is not among the best {cut.Promoted} of {cut.Among}, " +
                $"whose last has {cut.Last:0.####}"),
        };
        return new(Cell(trial).Attempts, "stopped", $"rung {cell.Rung + 1}: {why}");
    }

    private void JournalBracket(int index)
    {
        if (_undo is not null)
            PushBracket(index, _undo);
    }

    private void PushBracket(int index, UndoLog undo)
    {
        var before = _brackets[index];
        undo.Push(() => _brackets[index] = before);
    }
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

/// <summary>Who passed a rung.</summary>
/// <param name="Last">The value of the last of them; NaN: nobody passed.</param>
internal readonly record struct RungCut(int Promoted, int Among, double Last)
{
    /// <summary>The value of the first of them; NaN: nobody passed.</summary>
    public double Best { get; init; }
}
