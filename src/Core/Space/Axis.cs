using Sweeps.Core.Randomness;

namespace Sweeps.Core.Space;

/// <summary>
/// A domain as a searcher that learns sees it: every value stands for an interval of quantiles in [0, 1], so that a
/// uniform quantile gives the distribution. Numbers keep their order, which makes neighbours of 32, 64 and 128; names
/// and flags are only equal or different. The logarithm and the normal distribution function are the project's own, so
/// that places have the same bits on every machine.
/// </summary>
internal sealed class Axis
{
    /// <summary>A domain with more values is taken as continuous.</summary>
    private const int MostCells = 1_000;

    private readonly ParameterDomain _domain;
    private readonly ParameterValue[] _values = [];
    private readonly double[] _edges = [];
    private readonly Dictionary<ParameterValue, int> _cells = [];

    public Axis(ParameterDomain domain)
    {
        _domain = domain;
        if (domain.Enumerate(MostCells) is not { } values)
            return;
        IsNamed = values.Any(v => v.Value.Text is not null || v.Value.IsFlag);
        var possible = values.Where(v => v.Probability > 0);
        WeightedValue[] sorted = [.. IsNamed ? possible : possible.OrderBy(v => v.Value.Number)];
        _values = [.. sorted.Select(v => v.Value)];
        _edges = new double[sorted.Length + 1];
        for (var i = 0; i < sorted.Length; i++)
        {
            _edges[i + 1] = i == sorted.Length - 1 ? 1 : _edges[i] + sorted[i].Probability;
            _cells[sorted[i].Value] = i;
        }
    }

    /// <summary>Values without an order.</summary>
    public bool IsNamed { get; }

    /// <summary>Number of values; 0: no end, or too many to tell apart.</summary>
    public int Cells => _values.Length;

    /// <summary>The quantiles between which the value of a cell lies.</summary>
    public (double Low, double High) EdgesOf(int cell) => (_edges[cell], _edges[cell + 1]);

    /// <summary>The value at a quantile in (0, 1).</summary>
    public ParameterValue At(double quantile) => Cells == 0 ? _domain.At(quantile) : _values[CellAt(quantile)];

    /// <summary>Where a value lies: its quantile, the middle of its interval.</summary>
    /// <returns>The cell is -1 where there are none.</returns>
    public (double Quantile, int Cell) Locate(ParameterValue value)
    {
        if (Cells == 0)
            return (Math.Clamp(QuantileOf(value.Number), 1e-9, 1 - 1e-9), -1);
        var cell = _cells.GetValueOrDefault(value);
        return ((_edges[cell] + _edges[cell + 1]) / 2, cell);
    }

    /// <summary>The cell that a quantile lies in; of one outside of [0, 1] the first or the last.</summary>
    public int CellAt(double quantile)
    {
        var (low, high) = (0, _values.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _edges[middle + 1] > quantile ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private double QuantileOf(double x) => _domain switch
    {
        IntegerDomain whole => (x - whole.Min + 0.5) / ((double)whole.Max - whole.Min + 1),
        RangeDomain { IsLog: true } range =>
            PortableMath.Log(Math.Max(x, range.Min) / range.Min) / PortableMath.Log(range.Max / range.Min),
        RangeDomain range => (x - range.Min) / (range.Max - range.Min),
        PointsDomain { IsLog: true } points =>
            PortableMath.Log(x / points.Min) / PortableMath.Log(points.Max / points.Min),
        PointsDomain points => (x - points.Min) / (points.Max - points.Min),
        NormalDomain normal => QuantileOf(normal, x),
        _ => throw new InvalidOperationException($"{_domain.Distribution} has too many values to learn from."),
    };

    private static double QuantileOf(NormalDomain normal, double x)
    {
        var (low, high) = (Below(normal, normal.Bounds.Min), Below(normal, normal.Bounds.Max));
        return (Below(normal, x) - low) / (high - low);
    }

    private static double Below(NormalDomain normal, double x)
    {
        if (double.IsInfinity(x) || (normal.IsLog && x <= 0))
            return x > 0 ? 1 : 0;
        return PortableMath.NormalBelow(((normal.IsLog ? PortableMath.Log(x) : x) - normal.Mu) / normal.Sigma);
    }
}
