using Sweeps.Core.Randomness;

namespace Sweeps.Core.Searchers;

/// <summary>
/// The normal distribution of an evolution strategy that adapts its covariance: the CMA-ES with negative weights of
/// Hansen, "The CMA evolution strategy: a tutorial" (arXiv 1604.00772), figure 6 and table 1, with the margin of
/// Hamano, Saito, Nomura and Shirakawa, "CMA-ES with margin" (GECCO 2022), for coordinates that have few values. Steps
/// are bounded as Hansen bounds those of solutions from elsewhere ("Injecting external solutions into CMA-ES", 2011),
/// because here they may be: first guesses, points that fill the space, draws from an earlier distribution.
/// </summary>
internal sealed class CovarianceAdaptation
{
    private const double LeastEigenvalue = 1e-20;

    private readonly AdaptationRates _rates;
    private readonly double[] _mean;
    private readonly double[][] _covariance;
    private readonly double[] _stepPath;
    private readonly double[] _covariancePath;
    private readonly double[] _stretch;
    private double _step;
    private int _generation;
    private double[] _axes;
    private double[][] _directions;

    /// <summary>Creates a round distribution.</summary>
    /// <param name="population">Points of a generation, at least 4.</param>
    /// <param name="mean">Its middle.</param>
    /// <param name="step">The deviation in each direction.</param>
    public CovarianceAdaptation(int population, double[] mean, double step)
    {
        var size = mean.Length;
        (_mean, _step) = ((double[])mean.Clone(), step);
        _rates = new(size, population);
        _covariance = [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size)
            .Select(j => i == j ? 1.0 : 0).ToArray())];
        (_stepPath, _covariancePath) = (new double[size], new double[size]);
        (_stretch, _axes) = (new double[size], new double[size]);
        Array.Fill(_stretch, 1);
        _directions = [];
        Decompose();
    }

    private CovarianceAdaptation(CovarianceAdaptation other)
    {
        (_rates, _step, _generation) = (other._rates, other._step, other._generation);
        (_axes, _directions) = (other._axes, other._directions);
        _mean = (double[])other._mean.Clone();
        _covariance = [.. other._covariance.Select(row => (double[])row.Clone())];
        _stepPath = (double[])other._stepPath.Clone();
        _covariancePath = (double[])other._covariancePath.Clone();
        _stretch = (double[])other._stretch.Clone();
    }

    /// <summary>Points of a generation.</summary>
    public int Population => _rates.Weights.Length;

    /// <summary>The middle.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>The step size: the covariance is that of a step of 1.</summary>
    public double Step => _step;

    /// <summary>The covariance of a step of 1.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Covariance => _covariance;

    /// <summary>The same weights for the ranks of a generation, best first; negative ones for the worse half.</summary>
    public IReadOnlyList<double> Weights => _rates.Weights;

    /// <summary>The deviation of one coordinate.</summary>
    public double DeviationOf(int coordinate) =>
        _step * _stretch[coordinate] * Math.Sqrt(Math.Max(_covariance[coordinate][coordinate], 0));

    /// <summary>The point that a point of the standard normal distribution becomes in this one.</summary>
    /// <param name="normals">As many as there are coordinates.</param>
    /// <param name="scale">The deviation is so many times that of the distribution.</param>
    public double[] At(double[] normals, double scale)
    {
        var size = _mean.Length;
        var scaled = new double[size];
        for (var i = 0; i < size; i++)
            scaled[i] = _axes[i] * normals[i];
        var point = new double[size];
        for (var i = 0; i < size; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < size; j++)
                sum += _directions[i][j] * scaled[j];
            point[i] = _mean[i] + scale * _step * _stretch[i] * sum;
        }

        return point;
    }

    /// <summary>The distribution after a generation.</summary>
    /// <param name="points">As many as the population, best first.</param>
    public CovarianceAdaptation After(IReadOnlyList<double[]> points)
    {
        var next = new CovarianceAdaptation(this);
        next.Learn(points);
        return next;
    }

    /// <summary>
    /// Moves and widens one coordinate so far that each value beside the one in the middle keeps a chance: each side
    /// has at least half of <paramref name="margin"/>; where there is one side, that has the whole.
    /// </summary>
    /// <param name="low">Where the value in the middle begins; null: it is the first.</param>
    /// <param name="high">Where it ends; null: it is the last.</param>
    public void KeepMargin(int coordinate, double? low, double? high, double margin)
    {
        var deviation = DeviationOf(coordinate);
        var mean = _mean[coordinate];
        if (low is { } from && high is { } to)
        {
            var half = margin / 2;
            var below = Math.Max(half, PortableMath.NormalBelow((from - mean) / deviation));
            var above = Math.Max(half, PortableMath.NormalBelow((mean - to) / deviation));
            var within = Math.Max(half, 1 - PortableMath.NormalBelow((from - mean) / deviation)
                - PortableMath.NormalBelow((mean - to) / deviation));
            var excess = (1 - below - above - within) / (below + above + within - 3 * half);
            below += excess * (below - half);
            above += excess * (above - half);
            var (left, right) = (-NormalQuantile.At(below), -NormalQuantile.At(above));
            _mean[coordinate] = (from * right + to * left) / (left + right);
            _stretch[coordinate] *= (to - from) / (left + right) / deviation;
        }
        else if ((low ?? high) is { } edge)
        {
            var reach = -NormalQuantile.At(margin) * deviation;
            if (Math.Abs(mean - edge) > reach)
                _mean[coordinate] = edge + (low is null ? -reach : reach);
        }
    }

    /// <summary>Makes all deviations smaller where one exceeds <paramref name="most"/>.</summary>
    public void Bound(double most)
    {
        var largest = Enumerable.Range(0, _mean.Length).Select(DeviationOf).DefaultIfEmpty(0).Max();
        if (largest > most)
            _step *= most / largest;
    }

    private void Learn(IReadOnlyList<double[]> points)
    {
        var (size, weights) = (_mean.Length, _rates.Weights);
        var steps = new double[points.Count][];
        var lengths = new double[points.Count];
        var shift = new double[size];
        for (var k = 0; k < points.Count; k++)
        {
            (steps[k], lengths[k]) = StepTo(points[k]);
            for (var i = 0; i < size && k < _rates.Parents; i++)
                shift[i] += weights[k] * steps[k][i];
        }

        for (var i = 0; i < size; i++)
            _mean[i] += _step * _stretch[i] * shift[i];
        var length = WalkStepPath(shift);
        _generation++;
        var fading = 1 - PortableMath.Exp(2 * _generation * PortableMath.Log(1 - _rates.StepPath));
        var isShort = length / Math.Sqrt(fading) < (1.4 + 2.0 / (size + 1)) * _rates.NormalLength;
        for (var i = 0; i < size; i++)
        {
            _covariancePath[i] = (1 - _rates.CovariancePath) * _covariancePath[i]
                + (isShort ? _rates.CovariancePathGain * shift[i] : 0);
        }

        Adapt(steps, lengths, isShort);
        _step *= PortableMath.Exp(Math.Min(
            1, _rates.StepPath / _rates.Damping * (length / Math.Max(_rates.NormalLength, 1e-300) - 1)));
        Decompose();
    }

    /// <summary>The step from the middle to a point, and its length by the covariance.</summary>
    private (double[] Step, double Length) StepTo(double[] point)
    {
        var step = new double[point.Length];
        for (var i = 0; i < step.Length; i++)
            step[i] = (point[i] - _mean[i]) / (_step * _stretch[i]);
        var length = Length(Whiten(step));
        if (length > _rates.MostLength)
        {
            for (var i = 0; i < step.Length; i++)
                step[i] *= _rates.MostLength / length;
            length = _rates.MostLength;
        }

        return (step, length);
    }

    private double WalkStepPath(double[] shift)
    {
        var white = Whiten(shift);
        for (var i = 0; i < white.Length; i++)
            _stepPath[i] = (1 - _rates.StepPath) * _stepPath[i] + _rates.StepPathGain * white[i];
        return Length(_stepPath);
    }

    private void Adapt(double[][] steps, double[] lengths, bool isShort)
    {
        var (size, weights) = (_mean.Length, _rates.Weights);
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        var kept = 1 - _rates.RankOne - _rates.RankMany * sum
            + (isShort ? 0 : _rates.RankOne * _rates.CovariancePath * (2 - _rates.CovariancePath));
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var many = 0.0;
                for (var k = 0; k < steps.Length; k++)
                {
                    // A long step in a bad direction would make the covariance negative.
                    var weight = weights[k] >= 0
                        ? weights[k]
                        : weights[k] * size / Math.Max(lengths[k] * lengths[k], 1e-12);
                    many += weight * steps[k][i] * steps[k][j];
                }

                _covariance[i][j] = kept * _covariance[i][j]
                    + _rates.RankOne * _covariancePath[i] * _covariancePath[j] + _rates.RankMany * many;
                _covariance[j][i] = _covariance[i][j];
            }
        }
    }

    /// <summary>A vector through the inverse root of the covariance.</summary>
    private double[] Whiten(double[] vector)
    {
        var size = vector.Length;
        var along = new double[size];
        for (var j = 0; j < size; j++)
        {
            var sum = 0.0;
            for (var i = 0; i < size; i++)
                sum += _directions[i][j] * vector[i];
            along[j] = sum / _axes[j];
        }

        var white = new double[size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                white[i] += _directions[i][j] * along[j];
        }

        return white;
    }

    private void Decompose()
    {
        var (values, directions) = SymmetricEigen.Of(_covariance);
        _directions = directions;
        _axes = Array.ConvertAll(values, value => Math.Sqrt(Math.Max(value, LeastEigenvalue)));
    }

    private static double Length(double[] vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
            sum += value * value;
        return Math.Sqrt(sum);
    }
}

/// <summary>The constants of an adaptation: table 1 of the tutorial.</summary>
internal sealed class AdaptationRates
{
    /// <summary>Works out the constants.</summary>
    /// <param name="size">Number of coordinates.</param>
    /// <param name="population">Points of a generation.</param>
    public AdaptationRates(int size, int population)
    {
        var middle = PortableMath.Log((population + 1) / 2.0);
        double[] raw = [.. Enumerable.Range(1, population).Select(i => middle - PortableMath.Log(i))];
        Parents = population / 2;
        var (good, bad) = (Sums(raw[..Parents]), Sums(raw[Parents..]));
        var mass = good.Sum * good.Sum / good.Squares;
        StepPath = (mass + 2) / (size + mass + 5);
        Damping = 1 + 2 * Math.Max(0, Math.Sqrt((mass - 1) / (size + 1)) - 1) + StepPath;
        CovariancePath = (4 + mass / Math.Max(1, size)) / (size + 4 + 2 * mass / Math.Max(1, size));
        RankOne = 2 / ((size + 1.3) * (size + 1.3) + mass);
        RankMany = Math.Min(
            1 - RankOne, 2 * (0.25 + mass + 1 / mass - 2) / ((size + 2.0) * (size + 2.0) + mass));
        StepPathGain = Math.Sqrt(StepPath * (2 - StepPath) * mass);
        CovariancePathGain = Math.Sqrt(CovariancePath * (2 - CovariancePath) * mass);
        var badMass = bad.Sum * bad.Sum / bad.Squares;
        var badShare = Math.Min(
            1 + RankOne / RankMany,
            Math.Min(
                1 + 2 * badMass / (mass + 2), (1 - RankOne - RankMany) / (Math.Max(1, size) * RankMany)));
        Weights = Array.ConvertAll(raw, w => w >= 0 ? w / good.Sum : badShare * w / Math.Abs(bad.Sum));
        NormalLength = size == 0
            ? 0
            : Math.Sqrt(size) * (1 - 1 / (4.0 * size) + 1 / (21.0 * size * size));
        MostLength = Math.Sqrt(size) + 2.0 * size / (size + 2);
    }

    /// <summary>Of each rank, best first; the positive ones add up to 1.</summary>
    public double[] Weights { get; }

    /// <summary>The better half, which moves the middle.</summary>
    public int Parents { get; }

    /// <summary>How fast the path of the step size fades, and what a step adds to it.</summary>
    public double StepPath { get; }

    /// <inheritdoc cref="StepPath" />
    public double StepPathGain { get; }

    /// <summary>How slowly the step size follows.</summary>
    public double Damping { get; }

    /// <summary>How fast the path of the covariance fades, and what a step adds to it.</summary>
    public double CovariancePath { get; }

    /// <inheritdoc cref="CovariancePath" />
    public double CovariancePathGain { get; }

    /// <summary>How much the path tells of the covariance.</summary>
    public double RankOne { get; }

    /// <summary>How much the steps of a generation tell of the covariance.</summary>
    public double RankMany { get; }

    /// <summary>The mean length of a standard normal vector.</summary>
    public double NormalLength { get; }

    /// <summary>Longer steps are shortened to this length.</summary>
    public double MostLength { get; }

    private static (double Sum, double Squares) Sums(double[] weights)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var weight in weights)
            (sum, squares) = (sum + weight, squares + weight * weight);
        return (sum, squares);
    }
}
