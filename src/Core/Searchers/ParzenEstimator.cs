using Sweeps.Core.Randomness;
using Sweeps.Core.Space;

namespace Sweeps.Core.Searchers;

/// <summary>
/// A density over a space, relative to the one that a random search draws from: a mixture of that one and of a product
/// of <see cref="ParzenKernel"/>s around each of some places. A parameter that a place lacks is drawn as a random
/// search draws it.
/// </summary>
internal sealed class ParzenEstimator
{
    private const double PriorWeight = 1;
    private const double LeastWidth = 0.01;

    private readonly SpaceCode _code;
    private readonly SpacePlace[] _places;
    private readonly double[] _cumulated;
    private readonly double[] _logWeights;
    private readonly ParzenKernel[][] _kernels;

    /// <summary>Creates the density.</summary>
    /// <param name="places">The places.</param>
    /// <param name="width">The deviation of a kernel, in quantiles.</param>
    /// <param name="weights">Of each place, beside 1 for the density of a random search; null: 1 each.</param>
    public ParzenEstimator(
        SpaceCode code, IReadOnlyList<SpacePlace> places, double width, IReadOnlyList<double>? weights)
    {
        (_code, _places) = (code, [.. places]);
        _kernels =
        [
            .. Enumerable.Range(0, code.Length).Select(parameter => Enumerable.Range(0, code.BranchesOf(parameter))
                .Select(branch => new ParzenKernel(
                    code.AxisOf(parameter, branch), Math.Max(LeastWidth, width),
                    Array.ConvertAll(_places, p => p.Branches[parameter] == branch ? p.Quantiles[parameter] : 0.5)))
                .ToArray()),
        ];
        double[] all = [.. weights ?? [.. Enumerable.Repeat(1.0, _places.Length)], PriorWeight];
        _cumulated = new double[all.Length];
        var sum = 0.0;
        for (var i = 0; i < all.Length; i++)
            _cumulated[i] = sum += all[i];
        _logWeights = Array.ConvertAll(all, weight => PortableMath.Log(weight / sum));
    }

    /// <summary>Draws an assignment.</summary>
    public (ParameterAssignment Assignment, SpacePlace Place) Draw(RandomStream stream)
    {
        var at = stream.NextDouble() * _cumulated[^1];
        var chosen = Array.FindIndex(_cumulated, sum => sum > at);
        return _code.At((parameter, branch) =>
        {
            var (u, v) = (stream.NextOpenDouble(), stream.NextOpenDouble());
            return chosen == _places.Length || _places[chosen].Branches[parameter] != branch
                ? u
                : _kernels[parameter][branch].Draw(_places[chosen].Quantiles[parameter], u, v);
        });
    }

    /// <summary>The logarithm of the density.</summary>
    public double LogDensity(SpacePlace place)
    {
        var logs = (double[])_logWeights.Clone();
        for (var parameter = 0; parameter < _code.Length; parameter++)
        {
            if (place.Branches[parameter] is >= 0 and var branch && _code.IsSearched(parameter))
                _kernels[parameter][branch].AddLogs(_places, place, parameter, branch, logs);
        }

        var highest = logs.Max();
        var sum = 0.0;
        foreach (var log in logs)
            sum += PortableMath.Exp(log - highest);
        return highest + PortableMath.Log(sum);
    }
}

/// <summary>
/// A density of one parameter around a value of it, relative to that of a random search. A number has a normal density
/// of its quantile, cut off at 0 and 1, and summed up over the interval of a value where there are few; a name is kept,
/// or drawn anew (Aitchison and Aitken 1976).
/// </summary>
internal sealed class ParzenKernel
{
    /// <summary>More values are taken for continuous.</summary>
    private const int MostCells = 64;

    /// <summary>How often a name is drawn anew.</summary>
    private const double Anew = 0.2;

    private static readonly double s_logOther = PortableMath.Log(Anew);

    private readonly Axis _axis;
    private readonly double _width;

    /// <summary>Of numbers, by the value in the middle and the value asked for; null: continuous, or names.</summary>
    private readonly double[][]? _table;

    /// <summary>Of each name where it is in the middle; elsewhere all have the same.</summary>
    private readonly double[] _logSame = [];

    /// <summary>Of each place.</summary>
    private readonly double[] _logScales = [];

    /// <summary>Creates the kernel.</summary>
    /// <param name="width">The deviation of numbers, in quantiles.</param>
    /// <param name="centres">Quantiles of the places, in their order.</param>
    public ParzenKernel(Axis axis, double width, double[] centres)
    {
        (_axis, _width) = (axis, width);
        if (axis.IsNamed)
        {
            _logSame = [.. Enumerable.Range(0, axis.Cells).Select(LogSame)];
            return;
        }

        if (axis.Cells is > 0 and <= MostCells)
        {
            _table = [.. Enumerable.Range(0, axis.Cells).Select(RowOf)];
            return;
        }

        _logScales = Array.ConvertAll(
            centres, centre => -PortableMath.Log(ShareWithin(centre, 0, 1) * width * Math.Sqrt(2 * Math.PI)));
    }

    /// <summary>A quantile around <paramref name="centre"/>, from two uniform numbers.</summary>
    public double Draw(double centre, double u, double v)
    {
        if (_axis.IsNamed)
            return v < Anew ? u : centre;
        var low = PortableMath.NormalBelow(-centre / _width);
        var at = low + u * (PortableMath.NormalBelow((1 - centre) / _width) - low);
        return Math.Clamp(centre + _width * NormalQuantile.At(Math.Clamp(at, 1e-15, 1 - 1e-15)), 1e-9, 1 - 1e-9);
    }

    /// <summary>Adds the logarithm of the density around each place that has the branch.</summary>
    public void AddLogs(SpacePlace[] places, SpacePlace at, int parameter, int branch, double[] logs)
    {
        var x = at.Quantiles[parameter];
        var scale = -1 / (2 * _width * _width);
        for (var k = 0; k < places.Length; k++)
        {
            if (places[k].Branches[parameter] != branch)
                continue;
            var (centre, cell) = (places[k].Cells[parameter], at.Cells[parameter]);
            var distance = x - places[k].Quantiles[parameter];
            logs[k] += _axis.IsNamed ? centre == cell ? _logSame[cell] : s_logOther
                : _table is { } table ? table[centre][cell]
                : _logScales[k] + distance * distance * scale;
        }
    }

    private double LogSame(int cell)
    {
        var (low, high) = _axis.EdgesOf(cell);
        return PortableMath.Log(Anew + (1 - Anew) / (high - low));
    }

    private double[] RowOf(int centre)
    {
        var (low, high) = _axis.EdgesOf(centre);
        var row = new double[_axis.Cells];
        var middle = (low + high) / 2;
        var all = ShareWithin(middle, 0, 1);
        for (var cell = 0; cell < row.Length; cell++)
        {
            var (from, to) = _axis.EdgesOf(cell);
            var density = ShareWithin(middle, from, to) / all / (to - from);
            row[cell] = PortableMath.Log(Math.Max(density, 1e-300));
        }

        return row;
    }

    private double ShareWithin(double centre, double low, double high) =>
        PortableMath.NormalBelow((high - centre) / _width) - PortableMath.NormalBelow((low - centre) / _width);
}
