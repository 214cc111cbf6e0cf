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

    /// <summary>The inverse of the covariance times the values; null: not worked out yet.</summary>
    private double[]? _weights;

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
        var (rest, half) = (_fit.FullVariance + _fit.Noise + Jitter, value);
        for (var i = 0; i < _rows.Count; i++)
        {
            rest -= row[i] * row[i];
            half -= row[i] * _halves[i];
        }

        row[^1] = Math.Sqrt(Math.Max(rest, Jitter));
        _halves.Add(half / row[^1]);
        _rows.Add(row);
        _points.Add(point);
        _weights = null;
    }

    /// <summary>Mean and deviation of the value at a point, without noise.</summary>
    public (double Mean, double Deviation) At(double[] point) => MomentsOf(Solve(point, spare: 0));

    /// <summary>Mean and deviation at a point, and their slopes along the coordinates that are numbers.</summary>
    /// <param name="meanSlopes">Is filled; a slot for each coordinate.</param>
    /// <param name="deviationSlopes">Likewise.</param>
    public (double Mean, double Deviation) At(double[] point, double[] meanSlopes, double[] deviationSlopes)
    {
        var row = Solve(point, spare: 0);
        var at = MomentsOf(row);
        _weights ??= SolveTransposed([.. _halves]);
        var shares = SolveTransposed(row);
        Array.Clear(meanSlopes);
        Array.Clear(deviationSlopes);
        for (var i = 0; i < _points.Count; i++)
            _fit.AddSlopes(point, _points[i], _weights[i], meanSlopes, -shares[i] / at.Deviation, deviationSlopes);
        return at;
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

    private (double Mean, double Deviation) MomentsOf(double[] row)
    {
        var (mean, variance) = (0.0, _fit.FullVariance);
        for (var i = 0; i < row.Length; i++)
        {
            mean += row[i] * _halves[i];
            variance -= row[i] * row[i];
        }

        return (mean, Math.Sqrt(Math.Max(variance, LeastVariance)));
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

    /// <summary>The solution of the transposed triangle.</summary>
    private double[] SolveTransposed(double[] halves)
    {
        var solved = (double[])halves.Clone();
        for (var i = solved.Length - 1; i >= 0; i--)
        {
            solved[i] /= _rows[i][i];
            Subtract(solved, _rows[i], solved[i], i);
        }

        return solved;
    }

    private static void Subtract(double[] from, double[] row, double factor, int count)
    {
        var i = 0;
        var factors = Vector256.Create(factor);
        for (; i + 4 <= count; i += 4)
            (Vector256.Create(from, i) - factors * Vector256.Create(row, i)).CopyTo(from, i);
        for (; i < count; i++)
            from[i] -= factor * row[i];
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

/// <summary>
/// The kernel of a <see cref="GaussianProcess"/>: Matérn 5/2 (Rasmussen and Williams, "Gaussian processes for machine
/// learning", 2006, section 4.2) with a length of its own for each coordinate. Lengths, variance and noise
/// maximise the posterior, by the gradient of section 5.4 and the prior of Hvarfner, Hellsten and Nardi ("Vanilla
/// Bayesian optimization performs great in high dimensions", ICML 2024): lengths grow with the number of coordinates.
/// </summary>
internal sealed class GaussianFit
{
    private const double Sqrt5 = 2.23606797749979;

    /// <summary>The logarithm of the likeliest length in one dimension: sqrt(2) - 3.</summary>
    private const double LengthPrior = -1.5857864376269049;

    private const double LengthVariance = 3;
    private const double VariancePrior = 0;
    private const double VarianceVariance = 1;
    private const double NoisePrior = -6;
    private const double NoiseVariance = 4;
    private const double LeastLog = -16;
    private const double MostLog = 8;
    private const int Evaluations = 40;

    /// <summary>
    /// Variance of the mean of the function, the same at all points: it is not the mean of the known values, most of
    /// which are near the best. With a mean of 0 all that is far away would look as good as those.
    /// </summary>
    internal const double MeanVariance = 100;

    private readonly bool[] _names;
    private readonly double[] _inverseSquares;

    private GaussianFit(bool[] names, double[] logs)
    {
        _names = names;
        _inverseSquares = Array.ConvertAll(logs[..^2], log => PortableMath.Exp(-2 * log));
        Lengths = Array.ConvertAll(logs[..^2], PortableMath.Exp);
        Variance = PortableMath.Exp(logs[^2]);
        Noise = PortableMath.Exp(logs[^1]);
    }

    /// <summary>The length of each coordinate, over which values differ.</summary>
    public double[] Lengths { get; }

    /// <summary>Variance of the values about their mean, without noise.</summary>
    public double Variance { get; }

    /// <summary>Variance of the values with that of their mean, without noise.</summary>
    public double FullVariance => MeanVariance + Variance;

    /// <summary>Variance of the noise.</summary>
    public double Noise { get; }

    /// <summary>The kernel with these logarithms of lengths, and last of variance and noise.</summary>
    internal static GaussianFit With(bool[] names, double[] logs) => new(names, logs);

    /// <summary>The most probable kernel.</summary>
    /// <param name="names">The coordinates that are only equal or different.</param>
    /// <param name="points">The points.</param>
    /// <param name="values">Their values, with mean 0 and variance 1.</param>
    public static GaussianFit Of(bool[] names, double[][] points, double[] values)
    {
        var prior = LengthPrior + PortableMath.Log(Math.Max(1, names.Length)) / 2;
        var logs = new double[names.Length + 2];
        Array.Fill(logs, prior);
        (logs[^2], logs[^1]) = (VariancePrior, NoisePrior);
        var bounds = new (double, double)[logs.Length];
        Array.Fill(bounds, (LeastLog, MostLog));
        var ascent = new BoundedAscent(bounds, (at, slopes) =>
        {
            var (posterior, gradient) = With(names, at).Posterior(points, values, at, prior);
            gradient.CopyTo(slopes, 0);
            return posterior;
        });
        return With(names, ascent.Run(logs, Evaluations).Point);
    }

    /// <summary>Covariance of the values at two points, without noise.</summary>
    public double Kernel(double[] left, double[] right)
    {
        var r = Sqrt5 * Math.Sqrt(SquareOf(left, right));
        return MeanVariance + Variance * (1 + r + r * r / 3) * PortableMath.Exp(-r);
    }

    private double Distance(double[] left, double[] right, int coordinate)
    {
        var difference = left[coordinate] - right[coordinate];
        return !_names[coordinate] ? difference * difference : difference == 0 ? 0 : 1;
    }

    /// <summary>The logarithm of the posterior but for a constant, and its gradient by the logarithms of lengths,
    /// variance and noise.</summary>
    internal (double Posterior, double[] Gradient) Posterior(
        double[][] points, double[] values, double[] logs, double prior)
    {
        var process = new GaussianProcess(this, points, values);
        var (inverse, weights) = process.Inverse();
        var gradient = new double[logs.Length];
        var posterior = process.LogLikelihood;
        for (var i = 0; i < points.Length; i++)
        {
            gradient[^1] += 0.5 * (weights[i] * weights[i] - inverse[i][i]) * Noise;
            gradient[^2] += 0.5 * (weights[i] * weights[i] - inverse[i][i]) * Variance;
            for (var j = 0; j < i; j++)
                AddSlopes(points[i], points[j], weights[i] * weights[j] - inverse[i][j], gradient);
        }

        for (var i = 0; i < logs.Length; i++)
        {
            var (mean, variance) = i == logs.Length - 1 ? (NoisePrior, NoiseVariance)
                : i == logs.Length - 2 ? (VariancePrior, VarianceVariance)
                : (prior, LengthVariance);
            posterior -= (logs[i] - mean) * (logs[i] - mean) / (2 * variance);
            gradient[i] -= (logs[i] - mean) / variance;
        }

        return (posterior, gradient);
    }

    /// <summary>Adds the slopes of the covariance of two values along the coordinates of the first, twice weighted.
    /// </summary>
    public void AddSlopes(
        double[] at, double[] other, double first, double[] firstSum, double second, double[] secondSum)
    {
        var r = Sqrt5 * Math.Sqrt(SquareOf(at, other));
        var slope = -Variance * (1 + r) * PortableMath.Exp(-r) * 5 / 3;
        for (var i = 0; i < at.Length; i++)
        {
            if (_names[i])
                continue;
            var part = slope * (at[i] - other[i]) * _inverseSquares[i];
            firstSum[i] += first * part;
            secondSum[i] += second * part;
        }
    }

    private void AddSlopes(double[] left, double[] right, double weight, double[] gradient)
    {
        var r = Sqrt5 * Math.Sqrt(SquareOf(left, right));
        var scaled = weight * Variance * PortableMath.Exp(-r);
        var slope = scaled * (1 + r) * 5 / 3;
        for (var i = 0; i < left.Length; i++)
            gradient[i] += slope * Distance(left, right, i) * _inverseSquares[i];
        gradient[^2] += scaled * (1 + r + r * r / 3);
    }

    /// <summary>The square of the distance in lengths.</summary>
    private double SquareOf(double[] left, double[] right)
    {
        var square = 0.0;
        for (var i = 0; i < left.Length; i++)
            square += Distance(left, right, i) * _inverseSquares[i];
        return square;
    }
}
