using Sweeps.Core.Randomness;

namespace Sweeps.Core.Searchers;

/// <summary>
/// The kernel of a <see cref="GaussianProcess"/>: Matérn 5/2 (Rasmussen and Williams, "Gaussian processes for machine
/// learning", 2006, section 4.2) with a length of its own for each coordinate. Variance is 1. Lengths and noise maximise
/// the posterior, by the gradient of section 5.4 and the prior of Hvarfner, Hellsten and Nardi ("Vanilla Bayesian
/// optimization performs great in high dimensions", ICML 2024): lengths grow with the number of coordinates.
/// </summary>
internal sealed class GaussianFit
{
    private const double Sqrt5 = 2.23606797749979;
    /// <summary>The logarithm of the likeliest length in one dimension: sqrt(2) - 3.</summary>
    private const double LengthPrior = -1.5857864376269049;

    private const double LengthVariance = 3;
    private const double NoisePrior = -6;
    private const double NoiseVariance = 4;
    private const double LeastLogNoise = -16;
    private const int Steps = 40;

    private readonly bool[] _names;
    private readonly double[] _inverseSquares;

    private GaussianFit(bool[] names, double[] logs)
    {
        _names = names;
        _inverseSquares = Array.ConvertAll(logs[..^1], log => PortableMath.Exp(-2 * log));
        Noise = PortableMath.Exp(logs[^1]);
    }

    /// <summary>Variance of the noise.</summary>
    public double Noise { get; }

    /// <summary>The kernel with these logarithms of lengths, and last of the noise.</summary>
    internal static GaussianFit With(bool[] names, double[] logs) => new(names, logs);

    /// <summary>The most probable kernel.</summary>
    /// <param name="names">The coordinates that are only equal or different.</param>
    /// <param name="points">The points.</param>
    /// <param name="values">Their values, with mean 0 and variance 1.</param>
    public static GaussianFit Of(bool[] names, double[][] points, double[] values)
    {
        // Sign changes of the gradient steer the steps (Riedmiller and Braun, "Rprop", 1993): no line search is needed.
        var prior = LengthPrior + PortableMath.Log(Math.Max(1, names.Length)) / 2;
        var logs = new double[names.Length + 1];
        Array.Fill(logs, prior);
        logs[^1] = NoisePrior;
        var steps = new double[logs.Length];
        Array.Fill(steps, 0.3);
        var before = new double[logs.Length];
        var (best, highest) = ((double[])logs.Clone(), double.NegativeInfinity);
        for (var round = 0; round < Steps; round++)
        {
            var (posterior, gradient) = With(names, logs).Posterior(points, values, logs, prior);
            if (posterior > highest)
                (best, highest) = ((double[])logs.Clone(), posterior);
            for (var i = 0; i < logs.Length; i++)
            {
                var agreement = Math.Sign(gradient[i]) * Math.Sign(before[i]);
                steps[i] = Math.Clamp(steps[i] * (agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1), 0.001, 1);
                logs[i] = Math.Clamp(logs[i] + Math.Sign(gradient[i]) * steps[i], LeastLogNoise, 8);
            }

            before = gradient;
        }

        return With(names, best);
    }

    /// <summary>Covariance of the values at two points, without noise.</summary>
    public double Kernel(double[] left, double[] right)
    {
        var square = 0.0;
        for (var i = 0; i < left.Length; i++)
            square += Distance(left, right, i) * _inverseSquares[i];
        var r = Sqrt5 * Math.Sqrt(square);
        return (1 + r + r * r / 3) * PortableMath.Exp(-r);
    }

    private double Distance(double[] left, double[] right, int coordinate)
    {
        var difference = left[coordinate] - right[coordinate];
        return !_names[coordinate] ? difference * difference : difference == 0 ? 0 : 1;
    }

    /// <summary>The logarithm of the posterior but for a constant, and its gradient by the logarithms of lengths and
    /// noise.</summary>
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
            for (var j = 0; j < i; j++)
                AddSlopes(points[i], points[j], weights[i] * weights[j] - inverse[i][j], gradient);
        }

        for (var i = 0; i < logs.Length; i++)
        {
            var (mean, variance) = i < logs.Length - 1 ? (prior, LengthVariance) : (NoisePrior, NoiseVariance);
            posterior -= (logs[i] - mean) * (logs[i] - mean) / (2 * variance);
            gradient[i] -= (logs[i] - mean) / variance;
        }

        return (posterior, gradient);
    }

    private void AddSlopes(double[] left, double[] right, double weight, double[] gradient)
    {
        var square = 0.0;
        for (var i = 0; i < left.Length; i++)
            square += Distance(left, right, i) * _inverseSquares[i];
        var r = Sqrt5 * Math.Sqrt(square);
        var slope = weight * (1 + r) * PortableMath.Exp(-r) * 5 / 3;
        for (var i = 0; i < left.Length; i++)
            gradient[i] += slope * Distance(left, right, i) * _inverseSquares[i];
    }
}
