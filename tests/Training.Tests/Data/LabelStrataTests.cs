using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Data;

/// <summary>Samples with several labels are divided by their combinations, rare ones together.</summary>
public sealed class LabelStrataTests
{
    /// <summary>Four with none, three with the first, two with both, one with the second: from two on each has its own
    /// stratum, and the one that is left goes to the smallest; from three on the last two make one.</summary>
    [Theory]
    [InlineData(2, new[] { 0, 0, 0, 0, 1, 1, 1, 2, 2, 2 })]
    [InlineData(3, new[] { 0, 0, 0, 0, 1, 1, 1, 2, 2, 2 })]
    [InlineData(4, new[] { 0, 0, 0, 0, 1, 1, 1, 1, 1, 1 })]
    [InlineData(5, new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Of_Combinations_HaveAStratumWhereTheyAreManyEnough(int least, int[] strata)
    {
        float[] labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1];
        Assert.Equal(strata, LabelStrata.Of(labels, 2, least));
    }

    /// <summary>Of 1,000 samples with 8 labels of different frequency each fold has as many of each label as it should,
    /// up to one of each combination; plain division is off by more.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    public void Of_Folds_HaveEachLabelEquallyOften(int folds)
    {
        var part = Labelled(1_000, 8);
        for (var fold = 0; fold < folds; fold++)
        {
            var (learning, held) = SampleSplit.Of(Split.KFold(folds, fold), part, 3);
            Assert.Equal(1_000, learning.Length + held.Length);
            Assert.Equal(1_000.0 / folds, held.Length, 1.0);
            for (var label = 0; label < 3; label++)
            {
                var count = held.Count(sample => part.Targets[(sample * 8) + label] > 0);
                var all = Enumerable.Range(0, 1_000).Count(sample => part.Targets[(sample * 8) + label] > 0);
                Assert.InRange(count, (0.8 * all / folds) - 1, (1.2 * all / folds) + 1);
            }
        }
    }

    /// <summary>Any share can be held out, also where every combination is there once.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Of_HoldOut_HasItsShare(double share)
    {
        var part = Labelled(100, 12);
        var (learning, held) = SampleSplit.Of(Split.Holdout(share), part, 3, limit: 60);
        Assert.Equal(60 * share, held.Length, 0.5);
        Assert.Empty(learning.Intersect(held));
    }

    private static DataPart Labelled(int samples, int labels)
    {
        var values = new float[samples * labels];
        new RandomStream(new(5, Purpose.Data)).FillUniform(values, 0, 1);
        for (var at = 0; at < values.Length; at++)
            values[at] = values[at] < 1.0 / (2 + (at % labels)) ? 1 : 0;
        return DataPart.OfValues(new float[samples], values, 1, labels).AsLabels();
    }
}
