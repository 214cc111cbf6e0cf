using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Simulation.Tests;

/// <summary>
/// A sweep that ran before in the same store, of the same configurations: a share of its results is known by their
/// courses, with their epochs and the refit's model.
/// </summary>
internal static class EarlierSweep
{
    private const string Id = "earlier";

    public static void Put(Simulation simulation)
    {
        var (options, store) = (simulation.Options, simulation.Database.Store);
        var random = new Random(options.Seed ^ 0xea41);
        var (state, events) = Simulation.Train(options with { Bug = PlantedBug.None }, Id);
        var known = new CourseBook().ResultsIn(state, events)
            .Where(_ => random.NextDouble() < options.KnownShare)
            .Select(result => new NewResult(
                options.Bug == PlantedBug.CourseWithoutFold ? OtherFold(events, result.Index) : result.Index,
                result.Course, result.Wanted, result.Epochs))
            .ToList();
        SimulatedDatabase.Done(store.Log.AppendAsync(
            new SweepAppend(Id, 0, SimulatedCoordinator.Encode(events)) { Results = known }));
        foreach (var ended in events.OfType<TrialEvent>().Where(item => CourseBook.ResultOf(item) is not null))
            PutBeside(store, ended.Trial);
    }

    /// <summary>Rungs are read off the epochs before a training's own end, which the fake trainer chooses.</summary>
    private static void PutBeside(MemoryStore store, TrialId trial)
    {
        var key = new TrialKey(Id, trial.Configuration, trial.Fold);
        var weights = new byte[32];
        for (var epoch = 1; epoch < FakeTrainer.Epochs(trial); epoch++)
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

        if (trial.IsRefit)
            SimulatedDatabase.Done(store.Artifacts.SaveAsync(new(key, ArtifactKey.Model), 1, 1, weights));
    }

    private static int OtherFold(IReadOnlyList<SweepEvent> events, int index)
    {
        var trial = ((TrialEvent)events[index]).Trial;
        var other = events.ToList().FindIndex(item => item is TrialCompleted completed
            && completed.Trial.Configuration == trial.Configuration && completed.Trial.Fold != trial.Fold);
        return other >= 0 ? other : index;
    }
}
