namespace Sweeps.Core.Searchers;

/// <summary>
/// Climbs a smooth function inside of bounds: the limited-memory quasi-Newton method (Nocedal and Wright, "Numerical
/// optimization", 2006, algorithm 7.4), whose steps are projected on the bounds (Bertsekas, "Projected Newton methods",
/// 1982). The project's own, since its sums run in a fixed order.
/// </summary>
/// <param name="bounds">Of each coordinate.</param>
/// <param name="function">The value at a point; fills its slopes.</param>
internal sealed class BoundedAscent((double Least, double Most)[] bounds, Func<double[], double[], double> function)
{
    private const int Memory = 8;
    private const double FirstStep = 0.2;
    private const double LeastSlope = 1e-3;
    private const double LeastGain = 1e-6;
    private const double Sufficient = 1e-4;
    private const int Halvings = 8;

    private readonly List<(double[] Step, double[] Change, double Product)> _memory = [];

    /// <summary>The highest point found.</summary>
    /// <param name="from">Where it begins, inside of the bounds.</param>
    /// <param name="evaluations">The function is asked for so many values at most.</param>
    public (double[] Point, double Value) Run(double[] from, int evaluations)
    {
        _memory.Clear();
        var (point, slopes) = ((double[])from.Clone(), new double[from.Length]);
        var value = function(point, slopes);
        for (var left = evaluations - 1; left > 0;)
        {
            var free = FreeSlopes(point, slopes);
            if (Array.TrueForAll(free, slope => Math.Abs(slope) < LeastSlope))
                break;
            var direction = DirectionOf(free);
            var before = value;
            if (Search(point, slopes, value, direction, ref left) is not { } next)
            {
                if (_memory.Count == 0)
                    break;
                _memory.Clear();
                continue;
            }

            Remember(point, slopes, next.Point, next.Slopes);
            (point, slopes, value) = next;
            if (value - before < LeastGain)
                break;
        }

        return (point, value);
    }

    /// <summary>Slopes, without those that lead out of the bounds.</summary>
    private double[] FreeSlopes(double[] point, double[] slopes)
    {
        var free = (double[])slopes.Clone();
        for (var i = 0; i < free.Length; i++)
        {
            if ((point[i] <= bounds[i].Least && free[i] < 0) || (point[i] >= bounds[i].Most && free[i] > 0))
                free[i] = 0;
        }

        return free;
    }

    private double[] DirectionOf(double[] free)
    {
        if (_memory.Count > 0)
        {
            var newton = Newton(free);
            for (var i = 0; i < free.Length; i++)
                newton[i] = free[i] == 0 ? 0 : newton[i];
            if (Dot(newton, free) > 0)
                return newton;
            _memory.Clear();
        }

        var scale = FirstStep / free.Max(Math.Abs);
        return Array.ConvertAll(free, slope => slope * scale);
    }

    /// <summary>The slopes times the remembered inverse of the curvature.</summary>
    private double[] Newton(double[] free)
    {
        var direction = (double[])free.Clone();
        var shares = new double[_memory.Count];
        for (var k = _memory.Count - 1; k >= 0; k--)
        {
            var (step, change, product) = _memory[k];
            shares[k] = Dot(step, direction) / product;
            AddTo(direction, change, -shares[k]);
        }

        var last = _memory[^1];
        var scale = last.Product / Dot(last.Change, last.Change);
        for (var i = 0; i < direction.Length; i++)
            direction[i] *= scale;
        for (var k = 0; k < _memory.Count; k++)
        {
            var (step, change, product) = _memory[k];
            AddTo(direction, step, shares[k] - Dot(change, direction) / product);
        }

        return direction;
    }

    private (double[] Point, double[] Slopes, double Value)? Search(
        double[] point, double[] slopes, double value, double[] direction, ref int left)
    {
        var length = 1.0;
        for (var i = 0; i < Halvings && left > 0; i++, left--)
        {
            var (next, nextSlopes) = ((double[])point.Clone(), new double[point.Length]);
            AddTo(next, direction, length);
            for (var j = 0; j < next.Length; j++)
                next[j] = Math.Clamp(next[j], bounds[j].Least, bounds[j].Most);
            var expected = 0.0;
            for (var j = 0; j < next.Length; j++)
                expected += slopes[j] * (next[j] - point[j]);
            var found = function(next, nextSlopes);
            if (found > value && found >= value + Sufficient * expected)
                return (next, nextSlopes, found);
            length *= 0.4;
        }

        return null;
    }

    private void Remember(double[] point, double[] slopes, double[] next, double[] nextSlopes)
    {
        var (step, change) = (new double[point.Length], new double[point.Length]);
        for (var i = 0; i < step.Length; i++)
            (step[i], change[i]) = (next[i] - point[i], slopes[i] - nextSlopes[i]);
        var product = Dot(step, change);
        if (product <= 1e-10 * Math.Sqrt(Dot(step, step) * Dot(change, change)))
            return;
        if (_memory.Count == Memory)
            _memory.RemoveAt(0);
        _memory.Add((step, change, product));
    }

    private static double Dot(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    private static void AddTo(double[] sum, double[] vector, double factor)
    {
        for (var i = 0; i < sum.Length; i++)
            sum[i] += factor * vector[i];
    }
}
