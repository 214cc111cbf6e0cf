using Sweeps.Core;
using Sweeps.Core.Decisions;
using Sweeps.Core.Log;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Doubles;

namespace Sweeps.Grains.Tests.Coordination;

/// <summary>Two coordinators of one sweep on one log, as two processes or the two sides of a partition have
/// them.</summary>
public sealed class SweepCoordinatorTests
{
    [Fact]
    public async Task Execute_ByTwoInTurn_HandsNoTrialOutTwice()
    {
        await using var store = new MemoryStore();
        var (one, two) = (SmallSweep.Coordinator(store), SmallSweep.Coordinator(store));
        await one.ExecuteAsync([new SubmitSweep(SmallSweep.Plan)]);

        var first = await ClaimAsync(one, "one", 4);
        var second = await ClaimAsync(two, "two", 4);

        Assert.Equal(4, first.Count);
        Assert.Equal(2, second.Count);
        Assert.Empty(first.Intersect(second));
    }

    [Fact]
    public async Task Execute_OnAStaleState_DecidesAgainOnWhatTheOtherWrote()
    {
        await using var store = new MemoryStore();
        var (one, two) = (SmallSweep.Coordinator(store), SmallSweep.Coordinator(store));
        await one.ExecuteAsync([new SubmitSweep(SmallSweep.Plan)]);
        var attempt = Assert.Single(await ClaimAsync(two, "two", 1));
        await two.ExecuteAsync([new CompleteTrial(attempt, Result)]);

        // 'one' has seen neither the claim nor the result: its own report of that trial must change nothing.
        var late = await one.ExecuteAsync(
            [new CompleteTrial(attempt, Result), new PauseSweep("to have something to write")]);

        Assert.Equal(RejectionKind.Duplicate, late[0].Rejection!.Kind);
        Assert.Equal(1, one.State!.Totals.Completed);
        Assert.True(await two.CatchUpAsync());
        Assert.Equal(SweepStatus.Paused, two.State!.Status);
    }

    [Fact]
    public async Task Execute_NothingToAppendOnAStaleState_LooksBeforeItAnswers()
    {
        await using var store = new MemoryStore();
        var (one, two) = (SmallSweep.Coordinator(store), SmallSweep.Coordinator(store));
        await one.ExecuteAsync([new SubmitSweep(SmallSweep.Plan)]);
        await one.ExecuteAsync([new PauseSweep("for a while")]);
        await two.ExecuteAsync([new ResumeSweep()]);

        // 'one' thinks that the sweep is paused: an empty answer would be about a time that is over.
        Assert.Equal(2, (await ClaimAsync(one, "one", 2)).Count);
        await two.ExecuteAsync([new CancelSweep("enough")]);
        Assert.Empty(await one.ExecuteAsync([]));
        Assert.Equal(SweepStatus.Cancelled, one.State!.Status);
    }

    [Fact]
    public async Task Execute_OnASweepThatIsNotThere_SaysWhereItLooked()
    {
        await using var store = new MemoryStore();

        var error = await Assert.ThrowsAsync<SweepsException>(
            () => SmallSweep.Coordinator(store).ExecuteAsync([new PauseSweep("nothing there")]));

        Assert.Contains("'small'", error.Message);
        Assert.Contains("sweeps list", error.Message);
    }

    private static TrialResult Result => new()
    {
        Outcome = TrainingOutcome.Completed,
        ValidationMetric = 0.9,
        Epochs = 1,
        Weights = 10,
        WeightsDigest = new string('a', 64),
        TrainSeconds = 1,
    };

    private static async Task<List<AttemptId>> ClaimAsync(SweepCoordinator coordinator, string silo, int count)
    {
        var decisions = await coordinator.ExecuteAsync([new ClaimTrials(new(silo, silo), 1, count, "numerics")]);
        return [.. decisions[0].Assignments.Select(assignment => assignment.Attempt)];
    }
}
