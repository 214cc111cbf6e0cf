using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.State;

public sealed partial class SweepState
{
    /// <summary>Whether there are several closed brackets, which may be under way beside each other.</summary>
    internal bool HasSeveralBrackets => !IsInIndexOrder && _brackets.Count > 1;

    /// <summary>How far a trial's bracket has to go; none for a refit.</summary>
    internal double WayOf(TrialId trial)
    {
        if (trial.IsRefit)
            return 0;
        ref readonly var bracket = ref _brackets[BracketOf(trial.Configuration)];
        return Plan.Schedule!.WayFrom(bracket.Rung, bracket.Shape, Plan.TrialsPerConfiguration);
    }

    /// <summary>Trials of proposed configurations that wait for any slot.</summary>
    public long Waiting => _facts.Fresh + _facts.Ready.Count;

    /// <summary>
    /// Most trials that were trained side by side; 1: each alone, so that all times are comparable. Looks at every
    /// trial of a sweep where that may be.
    /// </summary>
    public int MostTogether()
    {
        var most = 1;
        for (var index = 0; Plan.SampleOrder == SampleOrder.Shared && index < _trials.Count; index++)
            most = Math.Max(most, _trials[index].Together);
        return most;
    }

    // Fresh trials are not in any set: they wait, in natural order, from the frontier on. Only what was tried before or
    // has a priority is kept in the ready sets, so that a million waiting trials cost nothing.
    private void Enqueue(TrialId trial, ref TrialCell row)
    {
        row.Queued = true;
        if (row.Exclusive)
            _facts.ReadyExclusive = _facts.ReadyExclusive.Add(PlaceOf(trial, row));
        else
            _facts.Ready = _facts.Ready.Add(PlaceOf(trial, row));
    }

    private void Unqueue(TrialId trial, ref TrialCell row)
    {
        if (!row.Queued)
        {
            _facts.Fresh--;
            AdvanceFrontier(trial);
            return;
        }

        row.Queued = false;
        if (row.Exclusive)
            _facts.ReadyExclusive = _facts.ReadyExclusive.Remove(PlaceOf(trial, row));
        else
            _facts.Ready = _facts.Ready.Remove(PlaceOf(trial, row));
    }

    // Neither changes while the trial waits, but by ways that take it out and put it back.
    private static ReadyTrial PlaceOf(TrialId trial, in TrialCell row) => new(row.Priority, row.Strikes, trial);

    private void AdvanceFrontier(TrialId started)
    {
        var index = started.Configuration * Plan.TrialsPerConfiguration + started.Fold;
        if (index != _facts.Frontier)
            return;
        do
            _facts.Frontier++;
        while (_facts.Frontier < _trials.Count && !IsFresh(_trials[_facts.Frontier]));
    }

    internal static bool IsFresh(in TrialCell cell) => cell.Status == TrialStatus.Pending && !cell.Queued;

    private void ChangePriority(PriorityChanged changed)
    {
        SetStatus(SweepStep.Report, changed);
        if ((uint)changed.Configuration >= (uint)Proposed || (changed.Fold ?? 0) >= Plan.TrialsPerConfiguration)
            throw Damaged(changed, $"{Proposed} configurations are proposed");
        var (first, last) = changed.Fold is { } one ? (one, one) : (0, Plan.TrialsPerConfiguration - 1);
        for (var fold = first; fold <= last; fold++)
        {
            var trial = new TrialId(changed.Configuration, fold);
            JournalTrial(trial);
            ref var row = ref MutableCell(trial);
            var waits = row.Status == TrialStatus.Pending;
            if (waits)
                Unqueue(trial, ref row);
            row.Priority = changed.Priority;
            if (waits)
                Enqueue(trial, ref row);
        }
    }
}
