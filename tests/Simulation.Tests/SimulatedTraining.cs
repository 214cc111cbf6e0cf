using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;

namespace Sweeps.Simulation.Tests;

/// <summary>One attempt on its silo: from the last checkpoint, epoch by epoch, to the report.</summary>
internal sealed class SimulatedTraining(Simulation simulation, SimulatedSilo silo, Assignment assignment)
{
    private readonly AttemptId _attempt = assignment.Attempt;
    private readonly SiloId _owner = silo.Id;
    private byte[] _weights = new byte[32];
    private int _epoch;
    private bool _isDone;

    public bool Reporting { get; set; }

    public bool Exclusive => assignment.Exclusive;

    private TrialId Trial => _attempt.Trial;

    private ArtifactKey Key => new(new(Simulation.Sweep, Trial.Configuration, Trial.Fold), ArtifactKey.Checkpoint);

    public void Start()
    {
        if (simulation.Options.Unstartable == Trial)
            FailToStart(simulation.Time.Elapsed + (2 * simulation.Options.Lease), tries: 1);
        else if (simulation.Options.Stalling == Trial)
            silo.Report(_attempt, new ReleaseTrial(_attempt, "the silo could not start it in time", Stalled: true));
        else
            Resume();
    }

    // As a silo does it: tried again for a while, then a failed attempt with its reason.
    private void FailToStart(TimeSpan until, int tries)
    {
        if (IsOver || (tries > 1 && simulation.Options.Bug == PlantedBug.FailedStartRuns))
            return;
        if (simulation.Time.Elapsed >= until)
            silo.Report(_attempt, new FailTrial(_attempt, TrainingFailure.Error, "could not be started: it throws"));
        else
            silo.Process.After(TimeSpan.FromMilliseconds(200), () => FailToStart(until, tries + 1));
    }

    private void Resume() => simulation.Database.Call(
        silo.Process,
        store => store.Artifacts.ReadAsync(Key),
        checkpoint =>
        {
            if (checkpoint is null && assignment.Beginning is { } beginning)
                Begin(beginning);
            else
                Begin(checkpoint);
        },
        Resume);

    /// <summary>What another training kept is the beginning where it has no checkpoint of its own.</summary>
    private void Begin(TrialBeginning beginning) => simulation.Database.Call(
        silo.Process,
        store => store.Artifacts.ReadAsync(new ArtifactKey(
            new(beginning.Sweep, beginning.Source.Configuration, beginning.Source.Fold), ArtifactKey.KeptCheckpoint)),
        Begin,
        () => Begin(beginning));

    private void Begin(byte[]? checkpoint)
    {
        if (checkpoint is not null)
            (_epoch, _weights) = (checkpoint[0], checkpoint[1..]);
        simulation.Watcher.Begun(_attempt, _epoch);
        Next();
    }

    // A training goes on whatever the log says meanwhile; only a report that is not heard shows it was for nothing.
    private bool IsOver => Reporting || silo.Id != _owner || !silo.Held.Contains(_attempt);

    private void Next()
    {
        if (IsOver)
            return;
        if (simulation.Options.Poison == Trial)
        {
            silo.Process.After(TimeSpan.FromMilliseconds(300), () => simulation.Crash(silo));
            return;
        }

        if (_attempt.Number == 1 && FakeTrainer.FailsFirst(Trial))
        {
            silo.Report(_attempt, new FailTrial(_attempt, TrainingFailure.Error, $"flaky {FakeTrainer.Name(Trial)}"));
        }
        else if (!Exclusive && !silo.IsAlone && FakeTrainer.NeedsMemory(Trial) && _attempt.Number < 3)
        {
            silo.Report(_attempt, new FailTrial(_attempt, TrainingFailure.OutOfMemory, "no memory"));
        }
        else if (_epoch == FakeTrainer.Epochs(Trial))
        {
            Finish();
        }
        else if (_epoch == assignment.Until)
        {
            FinishAtRung();
        }
        else
        {
            silo.Process.After(TimeSpan.FromSeconds(FakeTrainer.EpochSeconds(Trial) / silo.Speed), EndEpoch);
        }
    }

    private void EndEpoch()
    {
        if (IsOver)
            return;
        _epoch++;
        _weights = FakeTrainer.Train(Trial, _epoch, _weights);
        if (_epoch != assignment.Until)
            Save(() => { }, () => { });
        Next();
    }

    /// <summary>
    /// The report says that the checkpoint is there, under this attempt's number: it waits for the answer.
    /// </summary>
    private void FinishAtRung()
    {
        if (!IsOver)
            Save(Finish, FinishAtRung);
    }

    private void Save(Action done, Action unknown)
    {
        byte[] content = [(byte)_epoch, .. _weights];
        var epoch = _epoch;
        simulation.Database.Call(
            silo.Process,
            store => store.Artifacts.SaveAsync(Key, _attempt.Number, epoch, content),
            _ => done(),
            unknown);
    }

    private void Finish()
    {
        var seconds = _epoch * FakeTrainer.EpochSeconds(Trial) / silo.Speed;
        var result = FakeTrainer.Result(Trial, _epoch, _weights, seconds);
        simulation.Watcher.Finished(_attempt);
        _isDone = result.Outcome != TrainingOutcome.Stopped
            || simulation.Options.Bug == PlantedBug.PausedCheckpointReleased;
        silo.Report(_attempt, Simulation.Report(_attempt, result));
    }

    /// <summary>The report counts: what a trial that is done left behind is released.</summary>
    public void Accepted()
    {
        if (!_isDone)
            return;
        simulation.Database.Call(
            silo.Process,
            store => SimulatedDatabase.Done(store.Artifacts.ReleaseAsync(Key, _attempt.Number)),
            _ => { },
            () => { });
    }
}
