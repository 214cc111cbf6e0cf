using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Sparse;

/// <summary>What is known of some factors.</summary>
/// <param name="Zeros">The share of them that is zero.</param>
/// <param name="IsFinite">Whether none is infinite or NaN.</param>
internal readonly record struct FactorKinds(double Zeros, bool IsFinite);

/// <summary>Looks at all factors of a batch.</summary>
internal sealed unsafe class FactorSurvey
{
    private readonly ThreadTeam _team;
    private readonly int[] _zeros;
    private readonly ThreadTeam.TeamLoop _look;
    private Matrix _factors;
    private int _width;
    private volatile bool _isInfinite;

    /// <summary>For batches of up to <paramref name="capacity"/> samples.</summary>
    public FactorSurvey(int capacity, ThreadTeam team) => (_team, _zeros, _look) = (team, new int[capacity], Look);

    /// <summary>The share of zeros, and whether all are finite.</summary>
    /// <param name="factors">A row for each sample.</param>
    /// <param name="width">Floats of a row to look at; whole vectors.</param>
    public FactorKinds Of(in Matrix factors, int width)
    {
        (_factors, _width, _isInfinite) = (factors, width, false);
        _team.For(factors.Rows, (long)factors.Rows * width * ThreadTeam.ElementWork, _look);
        var zeros = 0L;
        foreach (var count in _zeros.AsSpan(0, factors.Rows))
            zeros += count;
        return new((double)zeros / Math.Max(1, (long)factors.Rows * width), !_isInfinite);
    }

    private void Look(int member, int first, int end)
    {
        for (var row = first; row < end; row++)
        {
            var factors = _factors.Pointer + ((long)row * _factors.RowStride);
            _zeros[row] = ProductTerms.CountZeros(factors, _width, out var isFinite);
            if (!isFinite)
                _isInfinite = true;
        }
    }
}
