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

    /// <summary>
    /// A metric of which no sample's error is known, and two configurations that agree split by split beside two that
    /// learn little: what the two differ by says nothing of how their trials differ. Values of a real sweep.
    /// </summary>
    [Fact]
    public void Of_TwoThatAgreeSplitBySplit_NoneOfTheirTrialsIsUnstable()
    {
        var state = ScoredSweep.Of(
            RocAuc(folds: 4) with { Repeats = 2, Seeds = 2, Configurations = 4 },
            ([0.8251, 0.9048, 0.8518, 0.8770, 0.8932, 0.8508, 0.8648, 0.8790, 0.8119, 0.8951, 0.8680, 0.8642, 0.8687,
                0.8489, 0.8711, 0.8761], 58, 1),
            ([0.8216, 0.9111, 0.8666, 0.8472, 0.8675, 0.8462, 0.8555, 0.8688, 0.8198, 0.8967, 0.8589, 0.8495, 0.8759,
                0.8335, 0.8545, 0.8747], 58, 1),
            ([0.5167, 0.4594, 0.8123, 0.7476, 0.8052, 0.6276, 0.6401, 0.7331, 0.4303, 0.8551, 0.8358, 0.8136, 0.5629,
                0.7584, 0.7592, 0.8526], 58, 1),
            ([0.2708, 0.7995, 0.8407, 0.4908, 0.2679, 0.4378, 0.3314, 0.6211, 0.5356, 0.5795, 0.6993, 0.3599, 0.6938,
                0.6708, 0.5649, 0.4660], 58, 1));

        var rows = Leaderboard.Of(state);

        Assert.Equal([0, 1, 2, 3], rows.Select(row => row.Index));
        Assert.Empty(rows[0].CollapsedFolds);
        Assert.Empty(rows[1].CollapsedFolds);
        Assert.Equal([0, 4, 6, 11], rows[3].CollapsedFolds);
    }

    /// <summary>One fold is harder than the other, for both alike.</summary>
    [Fact]
    public void Of_TwoFoldsOfWhichOneIsHard_NoneIsUnstable()
    {
        var state = ScoredSweep.Of(RocAuc(folds: 2), ([0.80, 0.90], 10, 1), ([0.81, 0.91], 10, 1));

        Assert.All(Leaderboard.Of(state), row => Assert.Empty(row.CollapsedFolds));
    }

    [Fact]
    public void Of_CollapsedFoldOfAnyMetric_IsUnstable()
    {
        var state = ScoredSweep.Of(RocAuc(folds: 3), ([0.90, 0.92, 0.50], 10, 1), ([0.91, 0.93, 0.92], 10, 1));

        Assert.Equal([2], Leaderboard.Of(state).Single(row => row.Index == 0).CollapsedFolds);
    }

    /// <summary>Whatever the values are: the best trial is not unstable, nor are most.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Of_AnyValues_NeitherTheBestTrialNorMostAreUnstable(int folds)
    {
        var random = new Random(folds);
        for (var sweep = 0; sweep < 50; sweep++)
        {
            var state = ScoredSweep.Of(RocAuc(folds), Any(0.1), Any(0.001));
            foreach (var row in Leaderboard.Of(state))
            {
                Assert.InRange(row.CollapsedFolds.Count, 0, folds / 2);
                Assert.All(row.CollapsedFolds, fold => Assert.True(row.Values[fold] < row.Values.Max()));
            }
        }

        (double[], long, double) Any(double spread) => ([.. Enumerable.Range(0, folds)
            .Select(_ => 0.8 + (spread * Math.Pow(random.NextDouble(), 8)))], 10, 1);
    }

    private static SweepPlan RocAuc(int folds) =>
        TestPlans.Plan(2, folds, refit: false) with { Metric = SweepMetric.Of(SweepMetric.ValidationRocAuc) };

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
            return TestPlans.Result(accuracy, outcome, seconds, weights) with
            {
                Metrics = plan.AskedMetrics() is { } name ? new([KeyValuePair.Create(name, accuracy)]) : null,
            };
        });
        return sweep.State;
    }
}
