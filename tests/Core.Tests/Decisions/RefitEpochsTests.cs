using Sweeps.Core.Results;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Decisions;

/// <summary>How long a refit trains.</summary>
public sealed class RefitEpochsTests
{
    [Theory]
    [InlineData(ScoredEpoch.Last, 2, new[] { 8, 19, 9 }, new[] { 0, 0, 0 }, 9)]
    [InlineData(ScoredEpoch.Last, 2, new[] { 8, 9 }, new[] { 0, 0 }, 9)]
    [InlineData(ScoredEpoch.Best, 2, new[] { 8, 19, 9 }, new[] { 6, 17, 7 }, 7)]
    [InlineData(ScoredEpoch.Best, null, new[] { 60, 60 }, new[] { 6, 9 }, 8)]
    [InlineData(ScoredEpoch.Last, null, new[] { 60, 60 }, new[] { 0, 0 }, null)]
    public void Refit_FoldsThatNeededFewer_TrainsTheirMedian(
        ScoredEpoch score, int? patience, int[] epochs, int[] best, int? expected)
    {
        var plan = TestPlans.Plan(1, epochs.Length) with { Patience = patience, Score = score };
        var sweep = new TestSweep(plan);
        sweep.RunToEnd(trial => trial.IsRefit
            ? TestPlans.Result(0.8) with { Test = new TestReport(0.4, 0.8, null, 0) }
            : TestPlans.Result(0.8, TrainingOutcome.StoppedEarly) with
            {
                Epochs = epochs[trial.Fold],
                BestEpoch = best[trial.Fold],
            });
        var refit = sweep.State.RefitTrial!.Value;
        var request = sweep.State.RequestOf(refit);
        Assert.Equal(expected, sweep.State.RefitEpochs);
        Assert.Equal(expected ?? sweep.State.HyperparametersOf(0).Epochs, request.Hyperparameters.Epochs);
        Assert.Equal((null, ScoredEpoch.Last), (request.Patience, request.Score));
        Assert.Equal(epochs.Length, sweep.State.Totals.StoppedEarly);
        var document = ResultsDocument.Of(sweep.State);
        Assert.Equal((expected, epochs.Length), (document.RefitEpochs, (int)document.StoppedEarly));
        Assert.Equal(epochs.Length, document.Best!.StoppedEarly);
    }

    /// <summary>A diverged fold did not need as many as it trained.</summary>
    [Fact]
    public void Refit_DivergedFold_TeachesNothing()
    {
        var sweep = new TestSweep(TestPlans.Plan(1, 3) with { Patience = 2 });
        sweep.RunToEnd(trial => trial.IsRefit
            ? TestPlans.Result(0.8) with { Test = new TestReport(0.4, 0.8, null, 0) }
            : TestPlans.Result(0.8, trial.Fold == 0 ? TrainingOutcome.Diverged : TrainingOutcome.StoppedEarly) with
            {
                Epochs = trial.Fold == 0 ? 1 : 10,
            });
        Assert.Equal(10, sweep.State.RefitEpochs);
    }
}
