using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.State;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;

namespace Sweeps.Core.Tests.Results;

/// <summary>Several objectives in the end of a sweep: the front, and which of it is chosen.</summary>
public sealed class FrontChoiceTests
{
    /// <summary>Accuracies of two folds and weights; 0 to 3 are the front, 4 and 5 lie behind it.</summary>
    private static readonly (double[] Accuracies, long Weights, double Seconds)[] s_rows =
    [
        ([0.97, 0.98], 1000, 1), ([0.965, 0.975], 300, 1), ([0.90, 0.91], 200, 1), ([0.50, 0.52], 100, 1),
        ([0.89, 0.91], 250, 1), ([0.50, 0.52], 110, 1),
    ];

    [Fact]
    public void Of_TwoObjectives_KeepsTheFrontInTheOrderOfTheFirst()
    {
        var state = ScoredSweep.Of(Plan(FinalChoice.Best), s_rows);

        Assert.Equal([0, 1, 2, 3], state.Selection!.Front!);
        Assert.Equal(0, state.Selection.Best);
        Assert.Equal([100.0, 110.0], new[] { 3, 5 }.Select(index => state.ScoreOf(index)!.Value.Further![0].Mean));
        Assert.Equal(
            [0, 1, 2, 3], Leaderboard.Of(state).Where(row => row.OnFront).Select(row => row.Index));
        Assert.Equal([0], Leaderboard.Of(state).Where(row => row.IsChosen).Select(row => row.Index));
    }

    [Fact]
    public void Of_OneObjective_HasNoFrontInTheLog()
    {
        var state = ScoredSweep.Of(s_rows);

        Assert.Null(state.Selection!.Front);
        Assert.Null(state.ScoreOf(0)!.Value.Further);
        Assert.DoesNotContain("further", Text(state), StringComparison.Ordinal);
    }

    /// <summary>
    /// By hand, as shares of the ranges 0.465 and 900: 0 has 0 + 1, 1 has 0.011 + 0.222, 2 has 0.151 + 0.111, 3 has 1.
    /// </summary>
    [Fact]
    public void Of_Knee_TakesTheBendOfTheFrontAndRefitsIt()
    {
        var state = ScoredSweep.Of(Plan(FinalChoice.Knee) with { Refit = true }, s_rows);

        Assert.Equal(1, state.Selection!.Best);
        Assert.Equal(TrialId.Refit(1), state.RefitTrial);
        Assert.Contains("knee", state.Selection.Rule, StringComparison.Ordinal);
        Assert.Contains("best 1\n", ResultsDigest.Lines(state));
    }

    [Theory]
    [InlineData(0, "the front is empty")]
    [InlineData(1, "the only configuration on the front")]
    [InlineData(2, "no knee between")]
    [InlineData(3, "farthest before the line between its ends")]
    public void Rule_Knee_ClaimsNoLineWhereThereIsNone(int front, string text) => Assert.Contains(
        text, FrontChoice.Rule(Plan(FinalChoice.Knee), hasError: true, front), StringComparison.Ordinal);

    [Fact]
    public void Knee_KnownFronts_IsTheirBend()
    {
        // A corner, a straight line (no bend: the first), a front that bends inwards (its ends are as good: the first).
        Assert.Equal(2, FrontChoice.Knee([[0, 10], [0.5, 5], [1, 1], [5, 0.5], [10, 0]]));
        Assert.Equal(0, FrontChoice.Knee([[0, 4], [1, 3], [2, 2], [4, 0]]));
        Assert.Equal(0, FrontChoice.Knee([[0, 10], [5, 9], [9, 5], [10, 0]]));
        Assert.Equal(1, FrontChoice.Knee([[0, 1, 1], [0.1, 0.1, 0.1], [1, 0, 1], [1, 1, 0]]));
        // Of 1 - sqrt(x) the distance to x + y = 1 is largest at x = 1/4: 1 - 2 sqrt(x) + ... = 0 there.
        var curve = Enumerable.Range(0, 101).Select(i => new[] { i / 100.0, 1 - Math.Sqrt(i / 100.0) }).ToList();
        Assert.Equal(25, FrontChoice.Knee(curve));
    }

    /// <summary>1 is within one standard error of the best, of 0.005 and the folds' noise, 2 is far from it.</summary>
    [Fact]
    public void Of_OneStandardError_TakesTheLeastInTheSecondObjective()
    {
        var state = ScoredSweep.Of(Plan(FinalChoice.OneStandardError), s_rows);

        Assert.Equal(1, state.Selection!.Best);
        Assert.StartsWith("fewest weights within 1 standard error", state.Selection.Rule, StringComparison.Ordinal);
        Assert.Equal(1, state.Selection.OneStandardError);
    }

    [Fact]
    public void Of_OneStandardErrorOfOneObjective_TakesTheFewestWeights()
    {
        var plan = TestPlans.Plan(s_rows.Length, 2, refit: true) with
        {
            Objectives = new() { Choose = FinalChoice.OneStandardError },
        };

        var state = ScoredSweep.Of(plan, s_rows);

        Assert.Equal((1, TrialId.Refit(1)), (state.Selection!.Best!.Value, state.RefitTrial!.Value));
        Assert.Null(state.Selection.Front);
    }

    /// <summary>Equal in the first objective: the second decides, and the best is always on the front.</summary>
    [Fact]
    public void Of_EqualInTheFirst_TakesTheBetterInTheSecond()
    {
        var plan = TestPlans.Plan(2, 2, refit: false) with
        {
            Objectives = new() { Further = [SweepMetric.Of(SweepMetric.ValidationLoss)] },
        };
        var sweep = new TestSweep(plan);
        sweep.RunToEnd(trial => TestPlans.Result(0.9, weights: 10 + trial.Configuration) with
        {
            ValidationLoss = 0.5 - 0.1 * trial.Configuration + 0.02 * trial.Fold,
        });

        Assert.Equal(1, sweep.State.Selection!.Best);
        Assert.Equal([1], sweep.State.Selection.Front!);
        // Folds 0.4 and 0.42 by hand: mean 0.41, deviation 0.0141, error of the mean 0.01.
        var further = sweep.State.ScoreOf(1)!.Value.Further![0];
        Assert.Equal(0.41, further.Mean, 12);
        Assert.Equal(0.02 / Math.Sqrt(2), further.Deviation, 12);
        Assert.Equal(0.01, further.StandardError, 12);
    }

    /// <summary>A diverged fold counts as accuracy 0, which would make the smallest network unbeaten.</summary>
    [Fact]
    public void Of_DivergedOnAFold_IsDominatedByAll()
    {
        var state = ScoredSweep.Of(Plan(FinalChoice.Best, 3), s_rows[0], ([0.9, double.NaN], 1, 1), s_rows[3]);

        Assert.Equal([0, 2], state.Selection!.Front!);
        Assert.Equal(3, Leaderboard.Of(state).Count(row => row.Rank is not null));
    }

    [Fact]
    public void Of_NothingUsable_ChoosesNothing()
    {
        var state = ScoredSweep.Of(Plan(FinalChoice.Knee, 1), ([double.NaN, double.NaN], 1, 1));

        Assert.Null(state.Selection!.Best);
        Assert.DoesNotContain(Leaderboard.Of(state), row => row.IsChosen);
    }

    /// <summary>Every configuration diverged on a fold: the best is left, and no knee is spoken of.</summary>
    [Fact]
    public void Of_KneeOfAnEmptyFront_SaysThatTheBestIsChosen()
    {
        var state = ScoredSweep.Of(
            Plan(FinalChoice.Knee, 2), ([0.9, double.NaN], 10, 1), ([0.8, double.NaN], 1, 1));

        Assert.Empty(state.Selection!.Front!);
        Assert.Equal(0, state.Selection.Best);
        Assert.Equal(
            "highest mean validation_accuracy over 2 folds: the front is empty, since every configuration diverged on "
                + "a fold",
            state.Selection.Rule);
    }

    /// <summary>Within the error of the best, with the fewest weights, and not on the front: it is not chosen.
    /// </summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Of_OneStandardErrorBesideADivergedFold_ChoosesOfTheFront(bool allDiverged, int expected)
    {
        var bad = allDiverged ? double.NaN : 0.5;
        // Folds that differ by so much that the error covers all three.
        var state = ScoredSweep.Of(
            TestPlans.Plan(3, 3, refit: false) with
            {
                Objectives = Plan(FinalChoice.OneStandardError).Objectives,
            },
            ([0.95, 0.1, bad], 1000, 1), ([0.1, 0.9, bad], 300, 1), ([0.9, 0.55, double.NaN], 1, 1));

        Assert.Equal(allDiverged ? [] : [0, 1], state.Selection!.Front!);
        Assert.Equal(expected, state.Selection.OneStandardError);
        Assert.Equal(expected, state.Selection.Best);
    }

    [Fact]
    public void Lines_SeveralObjectives_TellThem()
    {
        string First(SweepPlan plan) => ResultsDigest.Lines(ScoredSweep.Of(plan, s_rows)).First();

        var one = First(TestPlans.Plan(s_rows.Length, 2, refit: false));
        Assert.EndsWith("metric=validation_accuracy\n", one, StringComparison.Ordinal);
        var (two, knee) = (First(Plan(FinalChoice.Best)), First(Plan(FinalChoice.Knee)));
        Assert.EndsWith("metric=validation_accuracy,weights\n", two, StringComparison.Ordinal);
        Assert.EndsWith("metric=validation_accuracy,weights choose=Knee\n", knee, StringComparison.Ordinal);
    }

    /// <summary>mlp-5 on 28x28: 784 x 5 + 5 x 10 products; linear: 784 x 10.</summary>
    [Fact]
    public void Of_MultiplyAdds_AreThoseOfTheNetwork()
    {
        var plan = TestPlans.Plan(3, 2, refit: false) with
        {
            Objectives = new()
            {
                Further = [SweepMetric.Of(SweepMetric.MultiplyAdds)],
                Input = "28x28x1",
                Outputs = 10,
            },
        };

        var state = ScoredSweep.Of(plan, [.. s_rows.Take(3)], new NamedSearcher("mlp-5", "linear", "mlp-5"));

        Assert.Equal(
            [784 * 5 + 50, 784 * 10, 784 * 5 + 50],
            Enumerable.Range(0, 3).Select(index => state.ScoreOf(index)!.Value.Further![0].Mean));
        Assert.Equal([0], state.Selection!.Front!);
    }

    [Fact]
    public void Document_SeveralObjectives_HasThemAndTheChosenOne()
    {
        var document = ResultsDocument.Of(ScoredSweep.Of(Plan(FinalChoice.Knee), s_rows));

        Assert.Equal([("validation_accuracy", "maximize"), ("weights", "minimize")],
            document.Objectives!.Select(objective => (objective.Name, objective.Goal)));
        Assert.Equal(("knee", 0, 1),
            (document.Choose, document.Best!.Configuration, document.Chosen!.Configuration));
        Assert.Equal([0, 1, 2, 3], document.ObjectivesFront!);
        var last = document.Configurations!.Single(row => row.Configuration == 5);
        Assert.Equal((110.0, null, false),
            (last.Objectives!["weights"].Mean, last.Objectives["weights"].StandardDeviation, last.OnFront!.Value));
    }

    [Fact]
    public void Document_OneObjective_SaysNothingOfSeveral()
    {
        var json = ResultsDocument.Of(ScoredSweep.Of(s_rows)).ToJson();

        foreach (var word in new[] { "objectives", "choose", "chosen", "on_front" })
            Assert.DoesNotContain($"\"{word}", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_SeveralObjectives_HaveColumnsAtTheEnd()
    {
        var plan = Plan(FinalChoice.Knee) with
        {
            Objectives = new()
            {
                Further =
                [
                    SweepMetric.Of(SweepMetric.Weights), SweepMetric.Of(SweepMetric.MultiplyAdds),
                    SweepMetric.Of(SweepMetric.ValidationLoss),
                ],
                Input = "28x28x1",
                Outputs = 10,
            },
        };
        using var writer = new StringWriter();

        CvResults.Write(ScoredSweep.Of(plan, s_rows, new NamedSearcher("linear")), writer);

        var lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.EndsWith(
            ",multiply_adds,mean_validation_loss,standard_deviation_validation_loss,on_front,chosen", lines[0],
            StringComparison.Ordinal);
        Assert.Matches(@",7840,0\.0[23]\d*,0\.007\d+,True,True$", lines[1]);
    }

    private static SweepPlan Plan(FinalChoice choose, int? configurations = null) =>
        TestPlans.Plan(configurations ?? s_rows.Length, 2, refit: false) with
        {
            Objectives = new() { Further = [SweepMetric.Of(SweepMetric.Weights)], Choose = choose },
        };

    private static string Text(SweepState state) => ResultsDocument.Of(state).ToJson();
}
