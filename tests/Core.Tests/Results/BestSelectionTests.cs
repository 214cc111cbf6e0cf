using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Results;

public sealed class BestSelectionTests
{
    [Fact]
    public void Of_HandMadeFolds_ScoresAsOnPaper()
    {
        var state = ScoredSweep.Of(([0.5, 0.7, 0.9], 10, 4));
        var score = state.ScoreOf(0)!.Value;
        Assert.Equal(0.7, score.Mean, 15);
        Assert.Equal(0.2, score.Deviation, 15);
        Assert.Equal(0.2 / Math.Sqrt(3), score.StandardError, 15);
        Assert.Equal((4.0, 10L, 0, 0), (score.TrainSeconds, score.Weights, score.Diverged, score.Missing));
        Assert.Equal(3000 / 12.0, score.ImagesPerSecond, 9);
    }

    [Fact]
    public void Of_EqualMeans_TakesFewestWeightsThenLowestIndexAndNeverTime()
    {
        var state = ScoredSweep.Of(([0.5, 0.7], 20, 1), ([0.7, 0.5], 10, 9), ([0.5, 0.7], 10, 1));
        Assert.Equal(1, state.Selection!.Best);
    }

    [Fact]
    public void Of_ClearlyAndHardlyWorse_OnlyTheHardlyWorseIsTied()
    {
        var state = ScoredSweep.Of(
            ([0.90, 0.92, 0.91, 0.93, 0.89], 100, 1),
            ([0.88, 0.91, 0.90, 0.90, 0.88], 50, 1),
            ([0.50, 0.53, 0.52, 0.52, 0.50], 10, 1));
        Assert.Equal(0, state.Selection!.Best);
        Assert.Equal([1], state.Selection.Tied);
    }

    /// <summary>Best mean 0.91, standard error 0.0158 / sqrt 5 = 0.00707: the limit is 0.90293.</summary>
    [Fact]
    public void Of_OneStandardError_TakesFewestWeightsThenLeastTimeWithinIt()
    {
        double[] best = [0.90, 0.92, 0.91, 0.93, 0.89];
        double[] Shifted(double by) => [.. best.Select(value => value - by)];
        var state = ScoredSweep.Of(
            (best, 100, 1), (Shifted(0.006), 50, 3), (Shifted(0.0065), 50, 2), (Shifted(0.0075), 10, 1));
        Assert.Equal(0, state.Selection!.Best);
        Assert.Equal(2, state.Selection.OneStandardError);
    }

    [Fact]
    public void Of_Holdout_HasNoTiesAndNoStandardErrorAndSaysSo()
    {
        var state = ScoredSweep.Of(([0.8], 10, 1), ([0.8], 9, 1));
        Assert.Equal(1, state.Selection!.Best);
        Assert.Empty(state.Selection.Tied);
        Assert.Null(state.Selection.OneStandardError);
        Assert.StartsWith("none", state.Selection.TieRule, StringComparison.Ordinal);
        Assert.True(double.IsNaN(state.ScoreOf(0)!.Value.Deviation));
    }

    [Fact]
    public void Of_DivergedFold_CountsAsTheWorstValue()
    {
        var state = ScoredSweep.Of(([0.99, double.NaN], 10, 1), ([0.6, 0.6], 10, 1));
        Assert.Equal(1, state.Selection!.Best);
        Assert.Equal(0.495, state.ScoreOf(0)!.Value.Mean, 12);
        Assert.Equal(1, state.ScoreOf(0)!.Value.Diverged);
    }

    [Fact]
    public void Of_EverythingDiverged_HasNoBestAndNoRefit()
    {
        var state = ScoredSweep.Of(TestPlans.Plan(1, 2), ([double.NaN, double.NaN], 10, 1));
        Assert.Null(state.Selection!.Best);
        Assert.Null(state.RefitTrial);
        Assert.Equal(SweepStatus.Completed, state.Status);
    }

    [Fact]
    public void Of_MinimisedLoss_TakesTheLowestAndAnInfiniteOneNever()
    {
        var metric = new SweepMetric(SweepMetric.ValidationLoss, MetricGoal.Minimize);
        var plan = TestPlans.Plan(3, 2, refit: false) with { Metric = metric };
        var state = ScoredSweep.Of(plan, ([0.7, 0.7], 10, 1), ([0.9, 0.9], 10, 1), ([0.99, double.NaN], 10, 1));
        Assert.Equal(1, state.Selection!.Best);
        Assert.Equal(double.PositiveInfinity, state.ScoreOf(2)!.Value.Mean);
        Assert.DoesNotContain(2, BestSelection.Ranked(state).Select(entry => entry.Index));
    }

    [Fact]
    public void Of_Fronts_AreOfTimeAndOfWeights()
    {
        var state = ScoredSweep.Of(([0.9, 0.9], 100, 5), ([0.8, 0.8], 10, 9), ([0.7, 0.7], 50, 1));
        Assert.Equal([0, 2], state.Selection!.TimeFront);
        Assert.Equal([0, 1], state.Selection.WeightsFront);
    }

    [Theory]
    [InlineData(SweepMetric.ValidationAccuracy, MetricGoal.Maximize, 0.75, 0)]
    [InlineData(SweepMetric.ValidationError, MetricGoal.Minimize, 0.25, 1)]
    [InlineData(SweepMetric.ValidationLoss, MetricGoal.Minimize, 0.3, double.PositiveInfinity)]
    public void ValueOf_EachMetric_IsItsMeaning(string name, MetricGoal goal, double value, double worst)
    {
        var metric = new SweepMetric(name, goal);
        var result = TestPlans.Result(0.75) with { ValidationLoss = 0.3 };
        Assert.Equal(value, metric.ValueOf(result, TaskKind.Classification));
        Assert.Equal(worst, metric.Worst(TaskKind.Classification));
    }
}

/// <summary>A finished sweep with results given by hand.</summary>
internal static class ScoredSweep
{
    /// <summary>One row a configuration: accuracies of its folds, its weights and its seconds.</summary>
    public static SweepState Of(params (double[] Accuracies, long Weights, double Seconds)[] rows) =>
        Of(TestPlans.Plan(rows.Length, rows[0].Accuracies is [_] ? 0 : rows[0].Accuracies.Length, refit: false), rows);

    public static SweepState Of(SweepPlan plan, params (double[] Accuracies, long Weights, double Seconds)[] rows)
    {
        var sweep = new TestSweep(plan);
        sweep.RunToEnd(trial =>
        {
            if (trial.IsRefit)
                return TestPlans.Result(0.8) with { Test = new TestReport(0.4, 0.8, [4, 1, 2, 3], 2) };
            var (accuracies, weights, seconds) = rows[trial.Configuration];
            var accuracy = accuracies[trial.Fold];
            var outcome = double.IsNaN(accuracy) ? TrainingOutcome.Diverged : TrainingOutcome.Completed;
            return TestPlans.Result(accuracy, outcome, seconds, weights);
        });
        return sweep.State;
    }
}
