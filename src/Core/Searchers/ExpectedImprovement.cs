using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// The logarithm of the expected improvement on the best value (Ament et al., "Unexpected improvements to expected
/// improvement", NeurIPS 2023), and its slopes.
/// </summary>
/// <param name="lengths">Of each coordinate: steps are measured in them.</param>
/// <param name="best">The least value known.</param>
internal sealed class ExpectedImprovement(GaussianProcess process, PlaceVector vector, double[] lengths, double best)
{
    private const double Edge = 1e-9;

    /// <summary>Deviations from which on the series is exact enough.</summary>
    private const double Far = -6;

    /// <summary>At a place.</summary>
    public double At(SpacePlace place) => LogAt(process.At(vector.Of(place)), best);

    /// <summary>
    /// Climbs along the parameters that have values without end. Steps are measured in lengths, by which the slopes of
    /// a parameter that matters little are as large as those of others.
    /// </summary>
    /// <param name="evaluations">So many values are worked out at most.</param>
    /// <returns>The quantile of each parameter; null: none has values without end.</returns>
    public double[]? Climb(SpaceCode code, SpacePlace from, int evaluations)
    {
        var parameters = vector.Continuous(code, from);
        int[] moved = [.. Enumerable.Range(0, parameters.Length).Where(i => parameters[i] >= 0)];
        if (moved.Length == 0)
            return null;
        var point = vector.Of(from);
        var (means, deviations) = (new double[point.Length], new double[point.Length]);
        var bounds = Array.ConvertAll(moved, i => (Edge / lengths[i], (1 - Edge) / lengths[i]));
        var ascent = new BoundedAscent(bounds, (at, slopes) =>
        {
            for (var i = 0; i < moved.Length; i++)
                point[moved[i]] = at[i] * lengths[moved[i]];
            var there = process.At(point, means, deviations);
            var (byMean, byDeviation) = SlopesAt(there, best);
            for (var i = 0; i < moved.Length; i++)
                slopes[i] = (byMean * means[moved[i]] + byDeviation * deviations[moved[i]]) * lengths[moved[i]];
            return LogAt(there, best);
        });
        var found = ascent.Run(
            [.. moved.Select((i, k) => Math.Clamp(point[i] / lengths[i], bounds[k].Item1, bounds[k].Item2))],
            evaluations).Point;
        var quantiles = (double[])from.Quantiles.Clone();
        for (var i = 0; i < moved.Length; i++)
            quantiles[parameters[moved[i]]] = Math.Clamp(found[i] * lengths[moved[i]], Edge, 1 - Edge);
        return quantiles;
    }

    /// <summary>The logarithm; of a small value by its asymptotic series.</summary>
    internal static double LogAt((double Mean, double Deviation) at, double best)
    {
        var z = (best - at.Mean) / at.Deviation;
        var log = PortableMath.Log(at.Deviation);
        return z > Far
            ? log + PortableMath.Log(PortableMath.Exp(LogDensity(z)) + z * PortableMath.NormalBelow(z))
            : log + LogDensity(z) + PortableMath.Log(Tail(1 / (z * z)));
    }

    /// <summary>The slopes of the logarithm by mean and by deviation.</summary>
    internal static (double Mean, double Deviation) SlopesAt((double Mean, double Deviation) at, double best)
    {
        var z = (best - at.Mean) / at.Deviation;
        // With h(z) = density + z below, that is improvement / deviation: -below / h and density / h.
        if (z > Far)
        {
            var (density, below) = (PortableMath.Exp(LogDensity(z)), PortableMath.NormalBelow(z));
            var h = (density + z * below) * at.Deviation;
            return (-below / h, density / h);
        }

        var inverse = 1 / (z * z);
        var rest = Tail(inverse) * at.Deviation;
        return ((1 - inverse * (1 - inverse * (3 - inverse * 15))) / (z * rest), 1 / rest);
    }

    private static double LogDensity(double z)
    {
        const double LogSqrt2Pi = 0.9189385332046727;
        return -z * z / 2 - LogSqrt2Pi;
    }

    private static double Tail(double inverse) => inverse * (1 - inverse * (3 - inverse * (15 - inverse * 105)));
}
