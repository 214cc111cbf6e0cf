using Sweeps.Core.Space;

namespace Sweeps.Core.Tests.Space;

public class AxisTests
{
    private static readonly Bounds s_anything = new(double.NegativeInfinity, double.PositiveInfinity, false, false);

    public static TheoryData<string> Domains =>
        ["uniform", "log", "normal", "lognormal", "integers", "manyintegers", "step", "points"];

    [Theory]
    [MemberData(nameof(Domains))]
    public void Locate_ValueAtAQuantile_GivesTheQuantileBack(string name)
    {
        var domain = Domain(name);
        var axis = new Axis(domain);
        for (var u = 0.005; u < 1; u += 0.01)
        {
            var (quantile, cell) = axis.Locate(axis.At(u));

            // Where values are few, the middle of the interval that the quantile lies in.
            var within = cell < 0 ? 1e-5 : (axis.EdgesOf(cell).High - axis.EdgesOf(cell).Low) / 2 + 1e-12;
            Assert.InRange(quantile, u - within, u + within);
            Assert.Equal(domain.At(u), axis.At(u));
        }
    }

    [Fact]
    public void Locate_NumbersInAnyOrder_AreNeighboursBySize()
    {
        var domain = new ChoiceDomain([.. new double[] { 128, 16, 64, 32 }.Select(ParameterValue.Of)], []);
        var axis = new Axis(domain);

        Assert.False(axis.IsNamed);
        Assert.Equal(
            [0, 1, 2, 3], new double[] { 16, 32, 64, 128 }.Select(v => axis.Locate(ParameterValue.Of(v)).Cell));
    }

    [Fact]
    public void EdgesOf_Probabilities_AreTheWidths()
    {
        var names = new[] { "a", "b", "never" }.Select(ParameterValue.Of);
        var axis = new Axis(new ChoiceDomain([.. names], [0.75, 0.25, 0]));

        Assert.True(axis.IsNamed);
        Assert.Equal(2, axis.Cells);
        Assert.Equal((0.75, 1), axis.EdgesOf(1));
    }

    private static ParameterDomain Domain(string name) => name switch
    {
        "uniform" => new RangeDomain(-5, 10, false, null, s_anything),
        "log" => new RangeDomain(1e-5, 1, true, null, s_anything),
        "normal" => new NormalDomain(1, 2, false, null, new(0, 4, false, false)),
        "lognormal" => new NormalDomain(-3, 1, true, null, new(0, 1, true, false)),
        "integers" => new IntegerDomain(3, 12),
        "manyintegers" => new IntegerDomain(1, 1_000_000),
        "step" => new RangeDomain(16, 512, false, 16, s_anything),
        _ => new PointsDomain(1e-4, 1, 9, true, false),
    };
}
