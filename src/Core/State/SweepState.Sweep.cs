using Sweeps.Core.Log;
using Sweeps.Core.Space;

namespace Sweeps.Core.State;

public sealed partial class SweepState
{
    // They stand in the sweep's header, which every append writes.
    private const int DataProblemsMax = 100;

    private readonly Dictionary<string, string> _names = [];

    private void Submit(SweepSubmitted submitted)
    {
        SetStatus(SweepStep.Submit, submitted);
        _facts.Plan = submitted.Plan;
        _facts.Configurations = submitted.Plan.Configurations;
        AddBrackets(0, Configurations);
        _facts.SubmittedAt = submitted.At;
        _facts.Trace = submitted.Trace;
    }

    private void Propose(ConfigurationsProposed proposed)
    {
        SetStatus(SweepStep.Report, proposed);
        var count = proposed.First + proposed.Configurations.Count;
        if (proposed.First != Proposed || count > Configurations
            || (proposed.Values is { } all && all.Count != proposed.Configurations.Count))
        {
            throw Damaged(proposed, $"{Proposed} of {Configurations} configurations are proposed");
        }

        foreach (var configuration in proposed.Configurations)
            _configurations.Add(configuration with { Architecture = Shared(configuration.Architecture) });
        _values.AddRange(
            proposed.Values ?? Enumerable.Repeat<ParameterAssignment?>(null, proposed.Configurations.Count));
        _trials.Resize(ProposedTrials);
        _cells.Resize(Proposed);
        for (var index = proposed.First; index < Proposed; index++)
        {
            _cells[index].OpenFolds = Plan.TrialsPerConfiguration;
            BeginSchedule(index);
        }

        if (SharesTrainings)
            _families.Grow(_configurations);

        _undo?.Push(() =>
        {
            _configurations.RemoveRange(proposed.First, proposed.Configurations.Count);
            _values.RemoveRange(proposed.First, proposed.Configurations.Count);
            _families.Shrink(proposed.First);
            _trials.Resize(ProposedTrials);
            _cells.Resize(Proposed);
        });
    }

    // A log repeats a few architectures thousands of times.
    private string Shared(string architecture)
    {
        if (_names.TryGetValue(architecture, out var name))
            return name;
        if (_names.Count < 10_000)
            _names.Add(architecture, architecture);
        return architecture;
    }

    private void AddConfigurations(ConfigurationsAdded added)
    {
        SetStatus(SweepStep.Report, added);
        if (added.Total <= Configurations || Selection is not null)
            throw Damaged(added, $"{Configurations} configurations are planned");
        AddBrackets(Configurations, added.Total);
        _facts.Configurations = added.Total;
    }

    private void SetFingerprint(FingerprintSet set)
    {
        SetStatus(SweepStep.Report, set);
        _facts.Fingerprint = set.Fingerprint;
    }

    private void Refuse(SiloRefused refused)
    {
        SetStatus(SweepStep.Report, refused);
        if (refused.Reason is { } problem)
        {
            if (_facts.DataProblems.Count >= DataProblemsMax)
                _facts.DataProblems = _facts.DataProblems.Clear();
            _facts.DataProblems = _facts.DataProblems.SetItem(refused.Silo.Incarnation, problem);
            return;
        }

        // Silos come and go for as long as a sweep runs; what is forgotten is only refused once more.
        if (_facts.Refused.Count >= 10_000)
            _facts.Refused = [];
        _facts.Refused = _facts.Refused.Add(refused.Silo.Incarnation);
    }

    private void Cancel(SweepCancelled cancelled)
    {
        SetStatus(SweepStep.Cancel, cancelled, cancelled.Reason);
        _running.Clear(_undo);
    }

    private void SetScore(ConfigurationScored scored)
    {
        SetStatus(SweepStep.Report, scored);
        var index = scored.Configuration;
        if ((uint)index >= (uint)Proposed || _cells[index].OpenFolds != 0 || _cells[index].Scored)
            throw Damaged(scored, $"configuration {index} is not waiting for its score");
        JournalConfiguration(index);
        _cells[index].Score = scored.Score;
        _cells[index].Scored = true;
        _facts.Scored++;
        _facts.ToScore = _facts.ToScore.Remove(index);
        while (_facts.ScoredPrefix < Proposed && _cells[_facts.ScoredPrefix].Scored)
            _facts.ScoredPrefix++;
    }

    /// <summary>A trial has nothing more to do, for now or for good.</summary>
    /// <param name="isAtRung">It stood at its rung, or was not wanted by it: the rung does not wait for it.</param>
    private void LeaveTrial(TrialId trial, bool hasEnded, bool isAtRung)
    {
        if (trial.IsRefit)
            return;
        JournalConfiguration(trial.Configuration);
        if (!isAtRung)
            Arrive(trial.Configuration);
        if (hasEnded && --_cells[trial.Configuration].OpenFolds == 0)
            _facts.ToScore = _facts.ToScore.Add(trial.Configuration);
    }

    private void Requeue(TrialsRequeued requeued)
    {
        SetStatus(SweepStep.Report, requeued);
        foreach (var trial in requeued.Trials)
        {
            if (!Contains(trial) || TransitionTable.Next(Cell(trial).Status, TrialStep.Requeue) is not { } next
                || (!trial.IsRefit && IsDropped(trial.Configuration)))
                throw Damaged(requeued, $"trial {trial} has not failed");
            JournalTrial(trial);
            ref var row = ref MutableCell(trial);
            row.Status = next;
            (row.Errors, row.OutOfMemory, row.Strikes, row.StrikeEpoch, row.Exclusive) = (0, 0, 0, 0, false);
            _facts.Totals.Failed--;
            CountTakenOver(trial, row, 1);
            Reopen(trial);
            Enqueue(trial, ref row);
        }
    }

    private void Reopen(TrialId trial)
    {
        if (trial.IsRefit)
            return;
        JournalConfiguration(trial.Configuration);
        ref var cell = ref _cells[trial.Configuration];
        cell.OpenFolds++;
        Depart(trial.Configuration);
        _facts.ToScore = _facts.ToScore.Remove(trial.Configuration);
        if (!cell.Scored)
            return;
        cell.Scored = false;
        _facts.Scored--;
        _facts.ScoredPrefix = Math.Min(_facts.ScoredPrefix, trial.Configuration);
    }

    private void SelectBest(BestSelected best)
    {
        SetStatus(SweepStep.Conclude, best);
        if (Scored != Configurations || Selection is not null || (best.Refit && best.Selection.Best is null))
            throw Damaged(best, $"{Scored} of {Configurations} configurations are scored");
        _facts.Selection = best.Selection;
        if (!best.Refit)
            return;
        _facts.RefitEpochs = best.RefitEpochs;
        _facts.RefitConfiguration = best.Selection.Best;
        Enqueue(TrialId.Refit(best.Selection.Best!.Value), ref _facts.Refit);
    }

    private void Complete(SweepCompleted completed)
    {
        SetStatus(SweepStep.Complete, completed);
        var open = RefitTrial is not null && _facts.Refit.Status is TrialStatus.Pending or TrialStatus.Running;
        if (Selection is null || open)
            throw Damaged(completed, "trials are still open");
        _facts.Completion = new(completed.Audit, completed.Digest);
    }
}
