using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

/// <summary>How near predictions of several targets come, in numbers worked out by hand.</summary>
public sealed class TargetScoreTests
{
    /// <summary>
    /// The first target is 1, 2, 3, predicted 1, 3, 5: errors 0, 1, 2; squares 5 over a spread of 2. The second is 10,
    /// 20, 60 (mean 30), predicted 20, 20, 30: errors 10, 0, 30; squares 1000 over a spread of 400 + 100 + 900.
    /// </summary>
    [Fact]
    public void Of_TwoTargets_AreTheNumbersWorkedOutByHand()
    {
        var scores = TargetScore.Of([1, 10, 2, 20, 3, 60], [1, 20, 3, 20, 5, 30], 2);

        Assert.Equal(2, scores.Length);
        Near(1, 5 / 3.0, -1.5, scores[0]);
        Near(40 / 3.0, 1000 / 3.0, 2 / 7.0, scores[1]);
        Near(43 / 6.0, 167.5, -17 / 28.0, TargetScore.Mean(scores));
    }

    [Fact]
    public void Of_ATargetThatNeverChanges_HasNoR2()
    {
        var scores = TargetScore.Of([4, 1, 4, 2], [4, 1, 5, 2], 2);

        Assert.Equal(new TargetScore(0.5, 0.5, double.NaN), scores[0]);
        Assert.Equal(new TargetScore(0, 0, 1), scores[1]);
        Assert.Equal(new TargetScore(0.25, 0.25, double.NaN), TargetScore.Mean(scores));
    }

    private static void Near(double error, double squaredError, double r2, TargetScore score)
    {
        Assert.Equal(error, score.Error, 1e-12);
        Assert.Equal(squaredError, score.SquaredError, 1e-12);
        Assert.Equal(r2, score.R2, 1e-12);
    }
}
