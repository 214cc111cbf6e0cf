using FsCheck;
using FsCheck.Fluent;
using Sweeps.Core.Log;
using Sweeps.Core.Results;

namespace Sweeps.Core.Tests.Results;

public sealed class ParetoFrontTests
{
    private static readonly SweepMetric Accuracy = new(SweepMetric.ValidationAccuracy, MetricGoal.Maximize);
    private static readonly SweepMetric Loss = new(SweepMetric.ValidationLoss, MetricGoal.Minimize);

    [Fact]
    public void Of_HandMadePoints_IsTheFront()
    {
        (int, double, double)[] points =
            [(0, 0.9, 10), (1, 0.8, 5), (2, 0.85, 12), (3, 0.95, 20), (4, 0.8, 6), (5, 0.7, 5)];
        Assert.Equal([1, 0, 3], ParetoFront.Of(points, Accuracy));
    }

    [Fact]
    public void Of_EqualPoints_AreOnTheFrontTogether() =>
        Assert.Equal([0, 1], ParetoFront.Of([(0, 0.9, 10), (1, 0.9, 10), (2, 0.9, 11)], Accuracy));

    [Fact]
    public void Of_PointsThatAreNone_AreLeftOut()
    {
        (int, double, double)[] points =
            [(0, double.NaN, 1), (1, double.NegativeInfinity, 0), (2, 0.1, 9), (3, 1, double.NaN)];
        Assert.Equal([2], ParetoFront.Of(points, Accuracy));
    }

    [Fact]
    public void Of_AnyPoints_IsWhatComparingAllPairsGives() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, byte)[]>(), raw =>
        {
            var points = raw
                .Select((item, index) => (Index: index, Metric: item.Item1 % 12 / 4.0, Cost: item.Item2 % 9.0))
                .ToArray();
            foreach (var metric in new[] { Accuracy, Loss })
            {
                var expected = points
                    .Where(point => !points.Any(other => Dominates(other, point, metric)))
                    .Select(point => point.Index);
                Assert.Equal(expected, ParetoFront.Of(points, metric).Order());
            }
        }));

    /// <summary>A cost is the smaller one only where it is by more than both errors, by comparing all pairs.</summary>
    [Fact]
    public void Of_CostsWithErrors_IsWhatComparingAllPairsGives() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, byte, byte)[]>(), raw =>
        {
            var points = raw
                .Select((item, index) => (
                    Index: index, Metric: item.Item1 % 12 / 4.0, Cost: item.Item2 % 9.0, Error: item.Item3 % 4.0))
                .ToArray();
            foreach (var metric in new[] { Accuracy, Loss })
            {
                var expected = points
                    .Where(point => points.All(other => metric.Compare(other.Metric, point.Metric) switch
                    {
                        < 0 => point.Cost + point.Error < other.Cost - other.Error,
                        0 => point.Cost - point.Error <= other.Cost + other.Error,
                        _ => true,
                    }))
                    .Select(point => point.Index);
                Assert.Equal(expected, ParetoFront.Of(points, metric).Order());
            }
        }));

    private static bool Dominates(
        (int Index, double Metric, double Cost) left, (int Index, double Metric, double Cost) right, SweepMetric metric)
    {
        var better = metric.Compare(left.Metric, right.Metric);
        return better <= 0 && left.Cost <= right.Cost && (better < 0 || left.Cost < right.Cost);
    }
}
