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
    public static IReadOnlyList<int> Of(
        IEnumerable<(int Index, double Metric, double Cost)> points, SweepMetric metric) =>
        Of(points.Select(point => (point.Index, point.Metric, point.Cost, Error: 0.0)), metric);

    /// <summary>
    /// The same where costs are known to within an error: a cost is smaller than another only where it is by more than
    /// both errors. A point whose cost is not measurably smaller than that of a better one is not on the front.
    /// </summary>
    /// <param name="points">Index, metric, cost and the cost's error of each configuration.</param>
    public static IReadOnlyList<int> Of(
        IEnumerable<(int Index, double Metric, double Cost, double Error)> points, SweepMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var byMetric = InOrder(points, metric);
        var front = new List<(int Index, double Metric, double Cost)>();
        // The least that a better point costs at least.
        var least = double.PositiveInfinity;
        for (var begin = 0; begin < byMetric.Count;)
        {
            var (end, cheapest, low) = (begin, double.PositiveInfinity, double.PositiveInfinity);
            for (; end < byMetric.Count && byMetric[end].Metric.CompareTo(byMetric[begin].Metric) == 0; end++)
            {
                cheapest = Math.Min(cheapest, byMetric[end].Cost + byMetric[end].Error);
                low = Math.Min(low, byMetric[end].Cost - byMetric[end].Error);
            }

            for (; begin < end; begin++)
            {
                var (index, value, cost, error) = byMetric[begin];
                if (cost + error < least && cost - error <= cheapest)
                    front.Add((index, value, cost));
            }

            least = Math.Min(least, low);
        }

        return
        [
            .. front.OrderBy(point => point.Cost)
                .ThenBy(point => point.Metric, Comparer<double>.Create(metric.Compare))
                .ThenBy(point => point.Index)
                .Select(point => point.Index),
        ];
    }

    // The finite ones, best metric first; those of a ranking come so.
    private static List<(int Index, double Metric, double Cost, double Error)> InOrder(
        IEnumerable<(int Index, double Metric, double Cost, double Error)> points, SweepMetric metric)
    {
        var finite = new List<(int Index, double Metric, double Cost, double Error)>();
        var isInOrder = true;
        foreach (var point in points)
        {
            if (!double.IsFinite(point.Metric) || !double.IsFinite(point.Cost))
                continue;
            isInOrder &= finite.Count == 0 || metric.Compare(finite[^1].Metric, point.Metric) <= 0;
            finite.Add(point);
        }

        if (!isInOrder)
            finite.Sort((left, right) => metric.Compare(left.Metric, right.Metric));
        return finite;
    }
}
