using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>
/// Goal: every elementwise operation computes what its name says. Method: the same formula in .NET's doubles.
/// </summary>
public class ValueTests
{
    private const double A = 0.7;

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Torch, Func<double, double> Formula)> Cases = new()
    {
        ["add"] = (x => x.add(2), x => x + 2),
        ["add alpha"] = (x => x.add(2, 3), x => x + 6),
        ["add_"] = (x => x.add_(2, 3), x => x + 6),
        ["operator +"] = (x => 1 + x + 2L, x => x + 3),
        ["operator -"] = (x => 1.5f - x - 0.25, x => 1.25 - x),
        ["operator *"] = (x => 2 * x * 0.5, x => x),
        ["operator /"] = (x => 3 / x / 2, x => 1.5 / x),
        ["operator %"] = (x => x % 0.3, x => x - 0.3 * Math.Floor(x / 0.3)),
        ["operator unary -"] = (x => -x, x => -x),
        ["sub_"] = (x => x.sub_(2), x => x - 2),
        ["mul_"] = (x => x.mul_(-3), x => x * -3),
        ["div_"] = (x => x.div_(4), x => x / 4),
        ["div floor"] = (x => x.div(0.3, RoundingMode.floor), x => Math.Floor(x / 0.3)),
        ["div trunc"] = (x => x.div(0.3, RoundingMode.trunc), x => Math.Truncate(x / 0.3)),
        ["pow"] = (x => x.abs().pow(1.5), x => Math.Pow(Math.Abs(x), 1.5)),
        ["pow_"] = (x => x.pow_(2), x => x * x),
        ["square"] = (x => x.square(), x => x * x),
        ["neg_"] = (x => x.neg_(), x => -x),
        ["abs_"] = (x => x.abs_(), Math.Abs),
        ["sign"] = (x => x.sign(), x => Math.Sign(x)),
        ["floor"] = (x => x.floor(), Math.Floor),
        ["sqrt"] = (x => x.abs().sqrt(), x => Math.Sqrt(Math.Abs(x))),
        ["rsqrt_"] = (x => x.abs_().rsqrt_(), x => 1 / Math.Sqrt(Math.Abs(x))),
        ["exp_"] = (x => x.exp_(), Math.Exp),
        ["log_"] = (x => x.abs_().log_(), x => Math.Log(Math.Abs(x))),
        ["log1p_"] = (x => x.abs_().log1p_(), x => Math.Log(1 + Math.Abs(x))),
        ["reciprocal_"] = (x => x.reciprocal_(), x => 1 / x),
        ["sigmoid"] = (x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ["tanh"] = (x => x.tanh(), Math.Tanh),
        ["relu"] = (x => x.relu(), x => Math.Max(0, x)),
        ["leaky_relu"] = (x => x.leaky_relu(0.1), x => x > 0 ? x : 0.1 * x),
        ["elu"] = (x => x.elu(A), x => x > 0 ? x : A * (Math.Exp(x) - 1)),
        ["elu_"] = (x => x.elu_(A, 1, 1), x => x > 0 ? x : A * (Math.Exp(x) - 1)),
        ["gelu"] = (x => x.gelu(), x => x * NormalDistribution(x)),
        ["gelu_"] = (x => x.gelu_(), x => x * NormalDistribution(x)),
        ["threshold"] = (x => x.threshold(0.5, -1), x => x > 0.5 ? x : -1),
        ["clamp"] = (x => x.clamp(-0.5, 0.5), x => Math.Clamp(x, -0.5, 0.5)),
        ["clamp_"] = (x => x.clamp_(-0.5, 0.5), x => Math.Clamp(x, -0.5, 0.5)),
        ["clamp_min"] = (x => x.clamp_min(0.25), x => Math.Max(x, 0.25)),
        ["clamp_max_"] = (x => x.clamp_max_(0.25), x => Math.Min(x, 0.25)),
        ["clamp tensor"] = (x => x.clamp(zeros_like(x), ones_like(x)), x => Math.Clamp(x, 0, 1)),
        ["lerp"] = (x => x.lerp(ones_like(x), full_like(x, 0.25)), x => x + 0.25 * (1 - x)),
        ["addcmul"] = (x => x.addcmul(x, x, -2), x => x - 2 * x * x),
        ["addcdiv"] = (x => x.addcdiv(x, full_like(x, 2)), x => 1.5 * x),
        ["fill_"] = (x => x.fill_(A), _ => A),
        ["eq"] = (x => x.eq(x) & (x == x.clone()), _ => 1),
        ["ne"] = (x => x.ne(x) | (x != 7), _ => 1),
        ["gt"] = (x => x.gt(0) ^ (x > 1), x => x > 0 && !(x > 1) ? 1 : 0),
        ["ge"] = (x => x.ge(0.5) & ~(x >= 1), x => x >= 0.5 && !(x >= 1) ? 1 : 0),
        ["lt"] = (x => x.lt(0) & (x < -1), x => x < -1 ? 1 : 0),
        ["le"] = (x => x.le(0) & (1 <= x + 2), x => x <= 0 && x + 2 >= 1 ? 1 : 0),
        ["isfinite"] = (x => x.log().isfinite(), x => x > 0 ? 1 : 0),
        ["isnan"] = (x => x.log().isnan(), x => x < 0 ? 1 : 0),
        ["isinf"] = (x => (x.relu() / 0).isinf(), x => x > 0 ? 1 : 0),
        ["logical_not"] = (x => (x > 0).logical_not(), x => x > 0 ? 0 : 1),
        ["where"] = (x => where(x > 0, x, x * 2), x => x > 0 ? x : 2 * x),
        ["masked_fill_"] = (x => x.masked_fill_(x > 0, 9), x => x > 0 ? 9 : x),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Operation_OnEveryElement_EqualsTheFormula(string name)
    {
        using var scope = NewDisposeScope();
        var values = Numbers.Spread(60, -2, 2, 5);
        var (torch, formula) = Cases[name];
        var result = torch(Numbers.Of(values, 4, 15));
        Assert.Equal([4L, 15L], result.shape);
        Numbers.AssertClose(values.Select(formula).ToArray(), Numbers.Values(result), 1e-12);
    }

    // Simpson's rule on the density: independent of any erf.
    private static double NormalDistribution(double x)
    {
        const int Steps = 4000;
        double from = -12, width = (x - from) / Steps, sum = Density(from) + Density(x);
        for (var i = 1; i < Steps; i++) sum += (i % 2 == 0 ? 2 : 4) * Density(from + i * width);
        return sum * width / 3;
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
