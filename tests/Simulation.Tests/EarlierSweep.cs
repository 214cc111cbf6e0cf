using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// A sweep that ran before in the same store, of the same configurations: a share of its results is known by their
/// courses, with their epochs and the refit's model. Of the others some were trained for fewer epochs, and their last
/// checkpoints kept.
/// </summary>
internal static class EarlierSweep
{
    private const string Id = "earlier";

    public static void Put(Simulation simulation)
    {
        var (options, store) = (simulation.Options, simulation.Database.Store);
        var random = new Random(options.Seed ^ 0xea41);
        var (state, events) = Simulation.Train(options with { Bug = PlantedBug.None }, Id);
        var all = new CourseBook().ResultsIn(state, events).ToList();
        var chosen = all.Where(_ => random.NextDouble() < options.KnownShare).ToList();
        var known = chosen.Select(result => new NewResult(
                options.Bug == PlantedBug.CourseWithoutFold ? OtherFold(events, result.Index) : result.Index,
                result.Course, result.Wanted, result.Epochs))
            .ToList();
        SimulatedDatabase.Done(store.Log.AppendAsync(
            new SweepAppend(Id, 0, SimulatedCoordinator.Encode(events)) { Results = known, Basis = BasisOf(state) }));
        if (options.Bug == PlantedBug.None)
            PutShorter(store, state, events, all.Except(chosen).Where(_ => random.NextDouble() < 0.7), random);
        foreach (var ended in events.OfType<TrialEvent>().Where(item => CourseBook.ResultOf(item) is not null))
            PutBeside(store, ended.Trial);
    }

    private static string? BasisOf(SweepState state) =>
        CourseBook.BasisOf(state.Plan, state.RequestOf(new(0, 0)), state.Fingerprint);

    /// <summary>Trainings of fewer epochs, with what a longer one needs to go on from them.</summary>
    private static void PutShorter(
        MemoryStore store,
        SweepState state,
        IReadOnlyList<SweepEvent> events,
        IEnumerable<KnownEvent> longer,
        Random random)
    {
        const string Shorter = "shorter";
        var (shorter, results) = (new List<SweepEvent>(), new List<NewResult>());
        var beside = new List<(TrialId Trial, int Epochs)>();
        foreach (var known in longer)
        {
            if (events[known.Index] is not TrialCompleted { Trial: var trial } || FakeTrainer.Epochs(trial) == 1)
                continue;
            var epochs = random.Next(1, FakeTrainer.Epochs(trial));
            var result = FakeTrainer.Undisturbed(trial, epochs) with { Outcome = TrainingOutcome.Completed };
            results.Add(new(shorter.Count, known.Course, $"{epochs}", epochs));
            shorter.Add(new TrialCompleted(trial, 1, result));
            beside.Add((trial, epochs));
        }

        if (shorter.Count == 0)
            return;
        SimulatedDatabase.Done(store.Log.AppendAsync(
            new SweepAppend(Shorter, 0, SimulatedCoordinator.Encode(shorter))
            {
                Results = results,
                Basis = BasisOf(state),
            }));
        foreach (var (trial, epochs) in beside)
        {
            var weights = PutEpochs(store, Shorter, trial, epochs);
            var name = new ArtifactKey(new(Shorter, trial.Configuration, trial.Fold), ArtifactKey.KeptCheckpoint);
            SimulatedDatabase.Done(store.Artifacts.SaveAsync(name, 1, epochs, [(byte)epochs, .. weights]));
        }
    }

    /// <summary>Rungs are read off the epochs before a training's own end, which the fake trainer chooses.</summary>
    private static void PutBeside(MemoryStore store, TrialId trial)
    {
        var key = new TrialKey(Id, trial.Configuration, trial.Fold);
        var weights = PutEpochs(store, Id, trial, FakeTrainer.Epochs(trial) - 1);
        if (trial.IsRefit)
            SimulatedDatabase.Done(store.Artifacts.SaveAsync(new(key, ArtifactKey.Model), 1, 1, weights));
    }

    private static byte[] PutEpochs(MemoryStore store, string sweep, TrialId trial, int epochs)
    {
        var key = new TrialKey(sweep, trial.Configuration, trial.Fold);
        var weights = new byte[32];
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            weights = FakeTrainer.Train(trial, epoch, weights);
            var result = FakeTrainer.Result(trial, epoch, weights, 1);
            var report = new EpochReport(
                epoch, result.TrainLoss, result.TrainMetric, result.ValidationLoss, result.ValidationMetric, 1, 0, 1, 1)
            {
                WeightsDigest = result.WeightsDigest,
            };
            SimulatedDatabase.Done(store.Metrics.PutAsync([new MetricRow(key, 1, report)]));
        }

        return weights;
    }

    private static int OtherFold(IReadOnlyList<SweepEvent> events, int index)
    {
        var trial = ((TrialEvent)events[index]).Trial;
        var other = events.ToList().FindIndex(item => item is TrialCompleted completed
            && completed.Trial.Configuration == trial.Configuration && completed.Trial.Fold != trial.Fold);
        return other >= 0 ? other : index;
    }
}
