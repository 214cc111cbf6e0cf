using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Tests.Decisions;
using Sweeps.Core.Tests.Log;

namespace Sweeps.Core.Tests.Results;

public sealed class ResultsDigestTests
{
    private static string Digest(Func<TrialId, TrialResult> result)
    {
        var sweep = new TestSweep();
        sweep.RunToEnd(result);
        return sweep.State.Completion!.Digest;
    }

    [Fact]
    public void Of_OtherTimesAndSilos_IsTheSame() => Assert.Equal(
        Digest(TestPlans.Of),
        Digest(trial => TestPlans.Of(trial) with
        {
            TrainSeconds = 99,
            CpuSeconds = 1,
            EvaluationSeconds = 7,
            Neighbours = 3,
            Threads = 2,
            Together = 8,
            SiloSpeed = 0.5,
        }));

    [Fact]
    public void Of_OneBitOfOneMetric_IsAnother() => Assert.NotEqual(
        Digest(TestPlans.Of),
        Digest(trial => trial == new TrialId(2, 1)
            ? TestPlans.Of(trial) with { TrainLoss = Math.BitIncrement(TestPlans.Of(trial).TrainLoss) }
            : TestPlans.Of(trial)));

    [Fact]
    public void Of_OtherWeightsOfTheRefit_IsAnother() => Assert.NotEqual(
        Digest(TestPlans.Of),
        Digest(trial => trial.IsRefit
            ? TestPlans.Of(trial) with { WeightsDigest = new string('0', 64) }
            : TestPlans.Of(trial)));

    [Fact]
    public void Of_AnyNaN_IsOne()
    {
        var other = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(double.NaN) ^ 1);
        Assert.True(double.IsNaN(other));
        Assert.Equal(
            Digest(trial => TestPlans.Of(trial) with { TrainLoss = double.NaN }),
            Digest(trial => TestPlans.Of(trial) with { TrainLoss = other }));
    }

    [Fact]
    public void Of_SameDataUnderAnyName_IsTheSame()
    {
        var here = Line(TestPlans.Plan(1, 3) with { Data = "t.csv", Content = new() { Digest = "d1" } });
        Assert.Equal(here, Line(TestPlans.Plan(1, 3) with { Data = "u.csv", Content = new() { Digest = "d1" } }));
        Assert.NotEqual(here, Line(TestPlans.Plan(1, 3) with { Data = "t.csv", Content = new() { Digest = "d2" } }));
    }

    /// <summary>Digests of before plans knew their data stay what they were.</summary>
    [Fact]
    public void Of_NamedDataOrAnEarlierVersionsPlan_HasTheName()
    {
        var published = TestPlans.Plan(1, 3) with { Content = new() { Digest = "d1", IsPublished = true } };
        Assert.Contains("data='digits'", Line(published), StringComparison.Ordinal);
        var earlier = TestPlans.Plan(1, 3) with { Data = "/a/t.csv" };
        Assert.Contains("data='/a/t.csv'", Line(earlier), StringComparison.Ordinal);
    }

    private static string Line(SweepPlan plan) =>
        ResultsDigest.Lines(ScoredSweep.Of(plan, ([0.5, 0.75, 0.5], 10, 1))).First();

    /// <summary>
    /// Written down once: a change here means that old and new versions no longer agree on what was found out.
    /// </summary>
    [Fact]
    public void Lines_SmallSweep_AreTheCanonicalText()
    {
        var state = ScoredSweep.Of(TestPlans.Plan(1, 2), ([0.5, 0.75], 10, 1));
        var weights = new string('a', 64);
        const string Low = "3fe0000000000000 3fe0000000000000 3fe0000000000000 3fe0000000000000";
        const string High = "3fd0000000000000 3fe8000000000000 3fd0000000000000 3fe8000000000000";
        const string Refit = "3fc9999999999998 3fe999999999999a 3fc9999999999998 3fe999999999999a";
        Assert.Equal(
            $"""
            sweep seed=1 data='digits' folds=2 holdout=0 metric=validation_accuracy
            configuration 0 architecture='mlp-0' batch_size=32 epochs=3 learning_rate=0.001 optimizer='adam'
            trial 0/0 Completed epochs=3 weights=10 {Low} {weights}
            trial 0/1 Completed epochs=3 weights=10 {High} {weights}
            best 0
            trial 0/refit Completed epochs=3 weights=100 {Refit} {weights}
            test 3fd999999999999a 3fe999999999999a 4,1,2,3

            """,
            string.Concat(ResultsDigest.Lines(state)));
    }
}
