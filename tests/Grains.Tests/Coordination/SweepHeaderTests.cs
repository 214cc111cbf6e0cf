using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;
using Sweeps.Store.Doubles;

namespace Sweeps.Grains.Tests.Coordination;

/// <summary>What a listing reads of a sweep without its log.</summary>
public sealed class SweepHeaderTests
{
    [Fact]
    public void Read_HeaderOfAnEarlierVersion_HasNoBestYet()
    {
        const string text = """
            {"name":"lab","status":"completed","planned":9,"completed":9,"failed":0,"data":"digits","fingerprint":null}
            """;

        var headline = SweepHeaders.Read(new SweepHeader(false, 0, text))!;

        Assert.Equal(("lab", 9, (string?)null, (HeadlineBest?)null),
            (headline.Name, headline.Completed, headline.Metric, headline.Best));
    }

    [Fact]
    public void Read_SomethingElse_IsNoHeadline() =>
        Assert.Null(SweepHeaders.Read(new SweepHeader(false, 0, "{")));

    [Fact]
    public async Task Header_RunningSweep_TellsTheBestSoFar_WhoeverWritesIt()
    {
        await using var store = new MemoryStore();
        var (one, two) = (SmallSweep.Coordinator(store), SmallSweep.Coordinator(store));
        await one.ExecuteAsync([new SubmitSweep(SmallSweep.Plan)]);
        Assert.Null((await HeadlineAsync(store)).Best);

        await ScoreAsync(one, claim: 1, 0.8);
        Assert.Equal((0, 0.8), await BestAsync(store));
        await ScoreAsync(two, claim: 2, 0.9);
        Assert.Equal((1, 0.9), await BestAsync(store));
        await ScoreAsync(one, claim: 3, 0.85);
        Assert.Equal((1, 0.9), await BestAsync(store));
    }

    [Fact]
    public async Task ReleaseCheckpoints_EndedSweep_KeepsNothingButModels()
    {
        await using var store = new MemoryStore();
        var coordinator = SmallSweep.Coordinator(store);
        await coordinator.ExecuteAsync([new SubmitSweep(SmallSweep.Plan)]);
        var key = new TrialKey("small", 0, 0);
        await store.Artifacts.SaveAsync(new(key, ArtifactKey.Checkpoint), 1, 3, new byte[100]);
        await store.Artifacts.SaveAsync(new(key, ArtifactKey.Model), 1, 3, new byte[10]);

        Assert.Equal((1, 100L), await Leftovers.ReleaseCheckpointsAsync(store, "small"));

        var left = Assert.Single(await store.Artifacts.ListAsync("small"));
        Assert.Equal(ArtifactKey.Model, left.Key.Name);
        // An attempt that is still at work comes too late.
        Assert.Null(await store.Artifacts.SaveAsync(new(key, ArtifactKey.Checkpoint), 1, 4, new byte[100]));
    }

    private static async Task<SweepHeadline> HeadlineAsync(MemoryStore store) =>
        SweepHeaders.Read((await store.Log.FindAsync("small"))!.Header)!;

    private static async Task<(int, double)> BestAsync(MemoryStore store) =>
        (await HeadlineAsync(store)).Best is { } best ? (best.Configuration, best.Mean) : (-1, 0);

    /// <summary>Trains the next configuration, both folds with this accuracy.</summary>
    private static async Task ScoreAsync(SweepCoordinator coordinator, long claim, double accuracy)
    {
        var claimed = await coordinator.ExecuteAsync([new ClaimTrials(new("silo", "silo"), claim, 2, "numerics")]);
        var result = new TrialResult
        {
            Outcome = TrainingOutcome.Completed,
            ValidationMetric = accuracy,
            Epochs = 1,
            Weights = 10,
            WeightsDigest = new string('a', 64),
            TrainSeconds = 1,
        };
        await coordinator.ExecuteAsync(
            [.. claimed[0].Assignments.Select(assignment => new CompleteTrial(assignment.Attempt, result))]);
    }
}
