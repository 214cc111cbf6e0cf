using Sweeps.Client.Sweep.Results;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Tests.Sweep.Results;

/// <summary>What is said of the refit's look at the test set, by what was sought. 209 samples of one class, 31 of the
/// other.</summary>
public sealed class GuessRemarkTests
{
    // It names the smaller class as often as the larger one: worse than one answer for all in accuracy alone.
    private static readonly int[] s_confusion = [165, 44, 4, 27];

    /// <summary>Of one answer for all: 209 of 240, half of the classes' recalls, and 2 x 0.871 / 1.871 for the F1 of
    /// one of two classes.</summary>
    [Theory]
    [InlineData(SweepMetric.ValidationAccuracy, 0.8, "accuracy of 0.8708 +- 0.0216")]
    [InlineData(SweepMetric.ValidationError, 0.8, "accuracy of 0.8708 +- 0.0216")]
    [InlineData(SweepMetric.ValidationRocAuc, 0.86, null)]
    [InlineData(SweepMetric.ValidationRocAuc, 0.51, "roc_auc of 0.5000 +- 0.0557")]
    [InlineData(SweepMetric.ValidationBalancedAccuracy, 0.83, null)]
    [InlineData(SweepMetric.ValidationBalancedAccuracy, 0.52, "balanced_accuracy of 0.5000 +- 0.0481")]
    [InlineData(SweepMetric.ValidationF1, 0.7, null)]
    [InlineData(SweepMetric.ValidationF1, 0.5, "f1 of 0.4655 +- 0.0481")]
    [InlineData(SweepMetric.ValidationRocAuc, double.NaN, null)]
    [InlineData(SweepMetric.ValidationLoss, 0.8, null)]
    public void Of_ByWhatWasSought_JudgesThat(string metric, double value, string? expected)
    {
        var remark = GuessRemark.Of(Plan(metric), Report(metric, value));

        if (expected is null)
            Assert.Null(remark);
        else
            Assert.Contains($"always answering '0': that has a test {expected}", remark, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SweepMetric.ValidationAccuracy, new[] { "accuracy", "loss" }, 0.8)]
    [InlineData(SweepMetric.ValidationRocAuc, new[] { "roc_auc", "accuracy", "loss" }, 0.86)]
    [InlineData(SweepMetric.ValidationLoss, new[] { "loss", "accuracy" }, 0.44)]
    [InlineData(SweepMetric.ValidationError, new[] { "error", "accuracy", "loss" }, 0.2)]
    public void TestValues_BeginWithWhatWasSought(string metric, string[] names, double first)
    {
        var values = TestValues.Of(Plan(metric), Report(metric, 0.86));

        Assert.Equal(names, values.Select(pair => pair.Name));
        Assert.Equal(first, values[0].Value, 12);
    }

    [Fact]
    public void TestValues_OfAnEarlierVersion_AreThoseThatItHad() => Assert.Equal(
        ["accuracy", "loss"],
        TestValues.Of(Plan(SweepMetric.ValidationF1), new(0.44, 0.8, s_confusion, 2)).Select(pair => pair.Name));

    private static TestReport Report(string metric, double value) => new(0.44, 0.8, s_confusion, 2)
    {
        Metrics = SweepMetric.Of(metric).IsAsked ? new([new(metric, value)]) : null,
    };

    private static SweepPlan Plan(string metric) => new()
    {
        Id = "s",
        Specification = "{}",
        Seed = 1,
        Data = "rows.csv",
        Task = TaskKind.Classification,
        Folds = 4,
        Metric = SweepMetric.Of(metric),
        Configurations = 2,
    };
}
