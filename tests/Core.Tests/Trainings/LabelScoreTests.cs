using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Trainings;

/// <summary>How well labels are told, in numbers worked out by hand.</summary>
public sealed class LabelScoreTests
{
    /// <summary>3 found, 1 wrongly said, 2 missed, 4 rightly lacking, of 10 samples.</summary>
    [Fact]
    public void Numbers_OfCounts_AreThoseWorkedOutByHand()
    {
        var score = new LabelScore(3, 1, 2, 4, 0.75);

        Assert.Equal(5, score.Positives);
        Assert.Equal(0.7, score.Accuracy, 1e-12);
        Assert.Equal(0.75, score.Precision, 1e-12);
        Assert.Equal(0.6, score.Recall, 1e-12);
        Assert.Equal(6 / 9.0, score.F1, 1e-12);
    }

    /// <summary>A label that no sample has is left out of means; one that is never said has no precision.</summary>
    [Fact]
    public void Macro_LabelsWithoutANumber_AreLeftOut()
    {
        LabelScore[] scores = [new(3, 1, 2, 4, 0.75), new(0, 0, 5, 5, 0.25), new(0, 3, 0, 7, double.NaN)];

        Assert.Equal(0.75, LabelScore.Macro(scores, score => score.Precision), 1e-12);
        Assert.Equal(0.3, LabelScore.Macro(scores, score => score.Recall), 1e-12);
        Assert.Equal(3 / 9.0, LabelScore.Macro(scores, score => score.F1), 1e-12);
        Assert.Equal(0.5, LabelScore.Macro(scores, score => score.RocAuc), 1e-12);
        Assert.True(double.IsNaN(LabelScore.Macro(scores[2..], score => score.Recall)));
    }

    [Theory]
    [InlineData(SweepMetric.ValidationAccuracy, true, true, false)]
    [InlineData(SweepMetric.ValidationError, true, true, true)]
    [InlineData(SweepMetric.ValidationF1, true, true, false)]
    [InlineData(SweepMetric.ValidationExactMatch, true, false, false)]
    [InlineData(SweepMetric.ValidationBalancedAccuracy, false, true, false)]
    [InlineData(SweepMetric.ValidationTop3, false, true, false)]
    [InlineData(SweepMetric.ValidationR2, false, false, true)]
    [InlineData(SweepMetric.Weights, true, true, true)]
    public void Fits_EachTask_HasItsMetrics(string name, bool labels, bool classes, bool number)
    {
        Assert.Equal(labels, SweepMetric.Fits(name, TaskKind.MultiLabel));
        Assert.Equal(classes, SweepMetric.Fits(name, TaskKind.Classification));
        Assert.Equal(number, SweepMetric.Fits(name, TaskKind.Regression));
    }

    [Fact]
    public void Metric_OfLabels_IsAShare()
    {
        Assert.Equal(SweepMetric.ValidationAccuracy, SweepMetric.DefaultOf(TaskKind.MultiLabel).Name);
        Assert.Equal(0, SweepMetric.Of(SweepMetric.ValidationExactMatch).Worst(TaskKind.MultiLabel));
        Assert.Equal(1, SweepMetric.Of(SweepMetric.ValidationError).Worst(TaskKind.MultiLabel));
        Assert.Equal(MetricGoal.Maximize, SweepMetric.Of(SweepMetric.ValidationExactMatch).Goal);
    }
}
