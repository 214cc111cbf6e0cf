using Sweeps.Core.Trainings;
using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Tests.SavedModels;

/// <summary>The measures of several labels, in numbers worked out by hand.</summary>
public sealed class LabelReportTests
{
    /// <summary>
    /// Five samples of three labels. The first label is there in samples 0, 1, 2 with 0.9, 0.4, 0.6 and not in 3, 4
    /// with 0.5, 0.1: found twice, missed once; of the six pairs of one that has it and one that lacks it all but (0.4,
    /// 0.5) are in the right order. The second is there in 0 and 3, and said of all. The third is there in no sample.
    /// </summary>
    [Fact]
    public void Scores_ThreeLabels_AreTheNumbersWorkedOutByHand()
    {
        float[] truth = [1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0];
        float[] values = [.9f, .8f, .1f, .4f, .7f, .1f, .6f, .7f, .6f, .5f, .7f, .1f, .1f, .6f, .1f];
        var report = new LabelReport(truth, new(0, 0, values, 3));

        Assert.Equal(new LabelScore(2, 0, 1, 2, 5 / 6.0), report.Scores[0] with { RocAuc = 5 / 6.0 });
        Assert.Equal(5 / 6.0, report.Scores[0].RocAuc, 1e-12);
        // Of the six pairs (0.8 and 0.7 against 0.7, 0.7, 0.6) four are in order and two are ties.
        Assert.Equal(new LabelScore(2, 3, 0, 0, 5 / 6.0), report.Scores[1] with { RocAuc = 5 / 6.0 });
        Assert.Equal(5 / 6.0, report.Scores[1].RocAuc, 1e-12);
        Assert.Equal(new LabelScore(0, 1, 0, 4, double.NaN), report.Scores[2]);
        // Samples 0 and 3, for a probability of one half is a no.
        Assert.Equal(2 / 5.0, report.ExactMatch, 1e-12);
        Assert.Empty(report.RocCurve(2));
        Assert.Equal((1.0, 1.0), report.RocCurve(0)[^1]);
    }
}
