using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Searchers;
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

    [Fact]
    public void Of_CollapsedFold_IsUnstableAndNotTied()
    {
        var state = ScoredSweep.Of(
            ([0.9725, 0.9695, 0.9675], 100, 1), ([0.96, 0.96, 0.10], 90, 1), ([0.9700, 0.9692, 0.9681], 80, 1),
            ([0.9123, 0.9101, 0.9140], 10, 1));
        Assert.Equal([2], state.Selection!.Tied);
        var rows = Leaderboard.Of(state);
        Assert.Equal([2], rows.Single(row => row.Index == 1).CollapsedFolds);
        Assert.All(rows.Where(row => row.Index != 1), row => Assert.Empty(row.CollapsedFolds));
    }

    /// <summary>Two configurations and two folds: only the size of the validation sample tells noise.</summary>
    [Fact]
    public void Of_CollapsedFoldOfTwo_IsUnstableAndNotTied()
    {
        var state = ScoredSweep.Of(([0.90, 0.10], 100, 1), ([0.91, 0.92], 100, 1));
        Assert.Empty(state.Selection!.Tied);
        var rows = Leaderboard.Of(state);
        Assert.Equal([1], rows.Single(row => row.Index == 0).CollapsedFolds);
        Assert.Empty(rows.Single(row => row.Index == 1).CollapsedFolds);
    }

    /// <summary>A best configuration that collapsed on a fold has no wider claim for it.</summary>
    [Fact]
    public void Of_UnstableBest_TiesNoMoreThanAStableOne()
    {
        var state = ScoredSweep.Of(
            ([0.99, 0.99, 0.60], 100, 1), ([0.80, 0.80, 0.80], 90, 1), ([0.79, 0.80, 0.80], 10, 1),
            ([0.50, 0.51, 0.50], 5, 1));
        Assert.Equal(0, state.Selection!.Best);
        Assert.Equal([2], Leaderboard.Of(state)[0].CollapsedFolds);
        Assert.DoesNotContain(3, state.Selection.Tied);
        Assert.Equal(0, state.Selection.OneStandardError);
    }

    /// <summary>Dunnett's table (JASA 50, 1955, one-sided, joint 95 %): infinite degrees of freedom.</summary>
    [Theory]
    [InlineData(1, 1.64)]
    [InlineData(2, 1.92)]
    [InlineData(5, 2.23)]
    [InlineData(9, 2.42)]
    public void CriticalValue_AtDunnettsLevel_IsHis(int others, double expected)
    {
        // Ours leaves a share 1 / (others + 1) less, so it lies a little above.
        var ours = TieRule.CriticalValue(others + 1, double.PositiveInfinity);
        Assert.Equal(expected, TieRule.Dunnett(others, 0.05), 2);
        Assert.InRange(ours, expected, expected + 0.35);
    }

    /// <summary>With one other it is Student's two-sided 5 %: 2.179 at 12 degrees of freedom.</summary>
    [Fact]
    public void CriticalValue_OneOther_IsStudents() => Assert.Equal(2.179, TieRule.CriticalValue(2, 12), 3);

    /// <summary>Two folds, two configurations: t(0.975, 12) = 2.179 times sqrt(2 * 1.5) times the deviation.</summary>
    [Theory]
    [InlineData(1e76, "within 3.774e38 of the best")]
    [InlineData(1e-14, "within 3.774e-7 of the best")]
    [InlineData(0.0001, "within 0.0377 of the best")]
    public void Of_ErrorsOfAnySize_SaysTheMarginInFewDigits(double variance, string expected) => Assert.StartsWith(
        expected, TieRule.Of(new FoldNoise(variance, 0, 12), 2, 2).Text, StringComparison.Ordinal);

    [Fact]
    public void Of_OneStandardError_TakesFewestWeightsThenTheBestWithinIt()
    {
        double[] best = [0.90, 0.92, 0.91, 0.93, 0.89];
        (double[], long, double) Shifted(double by, long weights, double seconds) =>
            ([.. best.Select(value => value - by)], weights, seconds);
        SweepState Sweep(double error) => ScoredSweep.Of(
            Shifted(0, 100, 1), Shifted(0.8 * error, 50, 3), Shifted(0.9 * error, 50, 2), Shifted(1.1 * error, 10, 1));
        // Equal patterns: only the size of the sample tells an error, and shifts of that size do not change it.
        _ = Leaderboard.Of(Sweep(0.005), out var ties);
        Assert.InRange(ties.StandardError!.Value, 0.001, 0.02);
        var state = Sweep(ties.StandardError.Value);
        Assert.Equal(0, state.Selection!.Best);
        // Not the faster one: time is not reproducible.
        Assert.Equal(1, state.Selection.OneStandardError);
    }

    [Fact]
    public void Of_Holdout_GoesByTheSizeOfTheSampleAndSaysSo()
    {
        var state = ScoredSweep.Of(([0.8], 10, 1), ([0.8], 9, 1), ([0.2], 9, 1));
        Assert.Equal(1, state.Selection!.Best);
        Assert.Equal([0], state.Selection.Tied);
        Assert.Contains("size of the validation sample alone", state.Selection.TieRule, StringComparison.Ordinal);
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
        var row = Assert.Single(Leaderboard.Of(state));
        Assert.Null(row.Rank);
        Assert.True(double.IsNaN(row.Score.Mean));
        var document = ResultsDocument.Of(state);
        Assert.Null(document.Best);
        Assert.Equal((null, 2), (document.Configurations![0].Mean, document.Configurations[0].Diverged));
        Assert.All(document.Configurations[0].Values, value => Assert.Null(value));
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

    public static SweepState Of(SweepPlan plan, params (double[] Accuracies, long Weights, double Seconds)[] rows) =>
        Of(plan, rows, null);

    public static SweepState Of(
        SweepPlan plan, (double[] Accuracies, long Weights, double Seconds)[] rows, ISearcher? searcher)
    {
        var sweep = new TestSweep(plan, searcher);
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
