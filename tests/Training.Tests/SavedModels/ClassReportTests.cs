using Sweeps.Training.SavedModels;

namespace Sweeps.Training.Tests.SavedModels;

/// <summary>Measures of a classification against numbers worked out elsewhere or by their definitions.</summary>
public sealed class ClassReportTests
{
    /// <summary>The example in scikit-learn's documentation of roc_auc_score and roc_curve: 0.75.</summary>
    [Fact]
    public void RocCurve_DocumentedExample_HasItsAreaAndPoints()
    {
        var report = Of([0, 0, 1, 1], [0.1f, 0.4f, 0.35f, 0.8f]);

        Assert.Equal(0.75, report.Classes[1].RocAuc);
        Assert.Equal([(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)], report.RocCurve(1));
    }

    /// <summary>
    /// The area is the probability that a sample of the class has the larger value than one that is not, ties counting
    /// half (Hanley and McNeil 1982), counted pair by pair.
    /// </summary>
    [Fact]
    public void RocAuc_ManyTies_IsTheShareOfPairsInOrder()
    {
        var random = new Random(3);
        for (var round = 0; round < 50; round++)
        {
            int[] labels = [0, 1, .. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(2))];
            float[] values = [.. labels.Select(label => (float)(random.Next(0, 8) + label) / 10)];
            var pairs = 0.0;
            var all = 0;
            foreach (var positive in labels.Index().Where(pair => pair.Item == 1))
            {
                foreach (var negative in labels.Index().Where(pair => pair.Item == 0))
                {
                    var order = values[positive.Index].CompareTo(values[negative.Index]);
                    pairs += order > 0 ? 1 : order == 0 ? 0.5 : 0;
                    all++;
                }
            }

            Assert.Equal(pairs / all, Of(labels, values).Classes[1].RocAuc, 1e-12);
        }
    }

    /// <summary>TP 2, FP 1, FN 1 of class 0; TP 1, FP 1, FN 1 of class 1; class 2 never named.</summary>
    [Fact]
    public void Classes_SmallMatrix_HasPrecisionRecallAndF1ByDefinition()
    {
        int[] labels = [0, 0, 0, 1, 1, 2];
        int[] named = [0, 0, 1, 1, 0, 1];
        var report = new ClassReport(labels, new(0, 0, [.. named.SelectMany(label =>
            Enumerable.Range(0, 3).Select(column => column == label ? 1f : 0f))], 3));

        Assert.Equal([2, 1, 0, 1, 1, 0, 0, 1, 0], report.Confusion);
        Assert.Equal((3, 2.0 / 3, 2.0 / 3, 2.0 / 3), Numbers(report.Classes[0]));
        Assert.Equal((2, 1.0 / 3, 0.5, 0.4), Numbers(report.Classes[1]));
        Assert.Equal((1, double.NaN, 0, 0), Numbers(report.Classes[2]));
        Assert.Equal((2.0 / 3 + 0.4 + 0) / 3, report.Macro(score => score.F1), 1e-12);
        Assert.Equal([2, 4, 5], report.Wrong().Order());
    }

    [Fact]
    public void RocCurve_OneClassAlone_DoesNotExist()
    {
        var report = Of([1, 1], [0.2f, 0.9f]);
        Assert.Empty(report.RocCurve(1));
        Assert.True(double.IsNaN(report.Classes[0].RocAuc));
        Assert.True(double.IsNaN(report.Macro(score => score.RocAuc)));
    }

    private static (int Samples, double Precision, double Recall, double F1) Numbers(ClassScore score) =>
        (score.Samples, score.Precision, score.Recall, score.F1);

    private static ClassReport Of(int[] labels, float[] values) =>
        new(labels, new(0, 0, [.. values.SelectMany(value => new[] { 1 - value, value })], 2));
}
