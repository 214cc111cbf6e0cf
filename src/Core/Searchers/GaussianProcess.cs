using System.Runtime.Intrinsics;
using Sweeps.Core.Randomness;

namespace Sweeps.Core.Searchers;

/// <summary>
/// A Gaussian process that knows values at some points (Rasmussen and Williams, "Gaussian processes for machine
/// learning", 2006, algorithm 2.1). The Cholesky triangle is the project's own: its sums run in a fixed order, which no
/// number of threads and no library's choice of processor changes.
/// </summary>
internal sealed class GaussianProcess
{
    private const double LeastVariance = 1e-12;

    /// <summary>Keeps points that are nearly one from a triangle without a solution.</summary>
    private const double Jitter = 1e-8;

    private readonly GaussianFit _fit;
    private readonly List<double[]> _points = [];

    /// <summary>The lower triangle, a row for each point.</summary>
    private readonly List<double[]> _rows = [];

    /// <summary>The values through the triangle.</summary>
    private readonly List<double> _halves = [];

    /// <summary>Creates the process.</summary>
    /// <param name="points">The points.</param>
    /// <param name="values">Their values, about 0.</param>
    public GaussianProcess(GaussianFit fit, IReadOnlyList<double[]> points, IReadOnlyList<double> values)
    {
        _fit = fit;
        for (var i = 0; i < points.Count; i++)
            Add(points[i], values[i]);
    }

    /// <summary>The logarithm of the likelihood of the values, but for a constant.</summary>
    public double LogLikelihood
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < _rows.Count; i++)
                sum -= _halves[i] * _halves[i] / 2 + PortableMath.Log(_rows[i][i]);
            return sum;
        }
    }

    /// <summary>Makes one more value known.</summary>
    public void Add(double[] point, double value)
    {
        var row = Solve(point, spare: 1);
        var (rest, half) = (1 + _fit.Noise + Jitter, value);
        for (var i = 0; i < _rows.Count; i++)
        {
            rest -= row[i] * row[i];
            half -= row[i] * _halves[i];
        }

        row[^1] = Math.Sqrt(Math.Max(rest, Jitter));
        _halves.Add(half / row[^1]);
        _rows.Add(row);
        _points.Add(point);
    }

    /// <summary>Mean and deviation of the value at a point, without noise.</summary>
    public (double Mean, double Deviation) At(double[] point)
    {
        var row = Solve(point, spare: 0);
        var (mean, variance) = (0.0, 1.0);
        for (var i = 0; i < row.Length; i++)
        {
            mean += row[i] * _halves[i];
            variance -= row[i] * row[i];
        }

        return (mean, Math.Sqrt(Math.Max(variance, LeastVariance)));
    }

    /// <summary>The inverse of the covariance of the known values, its lower half, and its product with them.</summary>
    public (double[][] Inverse, double[] Weights) Inverse()
    {
        var count = _rows.Count;
        // Rows of the transposed inverse triangle: entry [j][i] is that of row i and column j.
        var columns = new double[count][];
        for (var j = 0; j < count; j++)
        {
            var column = columns[j] = new double[count];
            column[j] = 1 / _rows[j][j];
            for (var i = j + 1; i < count; i++)
            {
                var row = _rows[i];
                column[i] = -Product(row, column, j, i) / row[i];
            }
        }

        var inverse = new double[count][];
        double[] halves = [.. _halves];
        var weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            inverse[i] = new double[i + 1];
            for (var j = 0; j <= i; j++)
                inverse[i][j] = Product(columns[i], columns[j], i, count);
            weights[i] = Product(columns[i], halves, i, count);
        }

        return (inverse, weights);
    }

    /// <summary>The covariances of a point with the known ones, through the triangle.</summary>
    private double[] Solve(double[] point, int spare)
    {
        var solved = new double[_points.Count + spare];
        for (var i = 0; i < _points.Count; i++)
        {
            var row = _rows[i];
            solved[i] = (_fit.Kernel(point, _points[i]) - Product(row, solved, 0, i)) / row[i];
        }

        return solved;
    }

    /// <summary>The sum of products from one place to another, in an order that is the same everywhere.</summary>
    private static double Product(double[] left, double[] right, int from, int to)
    {
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (; from + 8 <= to; from += 8)
        {
            even += Vector256.Create(left, from) * Vector256.Create(right, from);
            odd += Vector256.Create(left, from + 4) * Vector256.Create(right, from + 4);
        }

        var lanes = even + odd;
        var sum = (lanes.GetElement(0) + lanes.GetElement(1)) + (lanes.GetElement(2) + lanes.GetElement(3));
        for (; from < to; from++)
            sum += left[from] * right[from];
        return sum;
    }
}
