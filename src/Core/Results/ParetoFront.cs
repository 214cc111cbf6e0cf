using Sweeps.Core.Log;

namespace Sweeps.Core.Results;

/// <summary>The configurations that no other beats in both the metric and a cost.</summary>
internal static class ParetoFront
{
    /// <summary>
    /// The front, cheapest first. One point dominates another when it is at least as good in both and better in one;
    /// equal points are on the front together. Points whose metric or cost is NaN or infinite are left out. O(n log
    /// n).
    /// </summary>
    /// <param name="points">Index, metric and cost of each configuration; a smaller cost is better.</param>
    public static IReadOnlyList<int> Of(IEnumerable<(int Index, double Metric, double Cost)> points, SweepMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var sorted = points.Where(point => double.IsFinite(point.Metric) && double.IsFinite(point.Cost)).ToList();
        sorted.Sort((left, right) =>
        {
            var order = left.Cost.CompareTo(right.Cost);
            if (order == 0)
                order = metric.Compare(left.Metric, right.Metric);
            return order != 0 ? order : left.Index.CompareTo(right.Index);
        });
        var front = new List<int>();
        var last = default((double Metric, double Cost)?);
        foreach (var (index, value, cost) in sorted)
        {
            if (last is { } best && metric.Compare(value, best.Metric) >= 0 && (value, cost) != best)
                continue;
            front.Add(index);
            last = (value, cost);
        }

        return front;
    }
}
