using MathNet.Numerics.Distributions;
using Sweeps.Core.Randomness;
using Sweeps.Core.Space;
using Sweeps.Core.Tests.SweepFile;

namespace Sweeps.Core.Tests.Space;

/// <summary>Draws of each distribution against its closed form: Kolmogorov's distance for continuous ones, frequencies
/// for discrete ones.</summary>
public class DomainTests
{
    private const int Draws = 20_000;

    /// <summary>99.9 % of samples of that size stay below (Kolmogorov's distribution: 1.95 / sqrt(n)).</summary>
    private static readonly double s_distance = 1.95 / Math.Sqrt(Draws);

    public static TheoryData<string, double, double> Continuous => new()
    {
        { "{distribution: uniform, min: 0.25, max: 0.75}", 0.25, 0.75 },
        { "{distribution: log_uniform_values, min: 0.0001, max: 1}", 0.0001, 1 },
        { "{distribution: log_uniform, min: -9, max: -1}", Math.Exp(-9), Math.Exp(-1) },
        { "{distribution: inv_log_uniform_values, min: 0.001, max: 0.1}", 0.001, 0.1 },
        { "{distribution: inv_log_uniform, min: 1, max: 9}", Math.Exp(-9), Math.Exp(-1) },
        { "{min: 0.01, max: 10, scale: log}", 0.01, 10 },
    };

    [Theory]
    [MemberData(nameof(Continuous))]
    public void At_UniformFamilies_MatchTheirDistributionFunctions(string form, double min, double max)
    {
        var isLog = form.Contains("log", StringComparison.Ordinal);
        double Cdf(double x) => isLog ? Math.Log(x / min) / Math.Log(max / min) : (x - min) / (max - min);

        var draws = DrawsOf(Domain("learning_rate", form));

        Assert.All(draws, x => Assert.InRange(x, min * (1 - 1e-9), max * (1 + 1e-9)));
        Assert.InRange(KolmogorovDistance(draws, Cdf), 0, s_distance);
    }

    [Fact]
    public void At_NormalWithinBounds_MatchesTheTruncatedNormal()
    {
        var low = Normal.CDF(0.01, 0.02, 0);

        var draws = DrawsOf(Domain("learning_rate", "{distribution: normal, mu: 0.01, sigma: 0.02}"));

        Assert.InRange(draws.Min(), 0, 1);
        Assert.InRange(KolmogorovDistance(draws, x => (Normal.CDF(0.01, 0.02, x) - low) / (1 - low)), 0, s_distance);
    }

    [Fact]
    public void At_LogNormal_MatchesLogNormal()
    {
        var draws = DrawsOf(Domain("learning_rate", "{distribution: log_normal, mu: -5, sigma: 1.5}"));

        Assert.InRange(KolmogorovDistance(draws, x => LogNormal.CDF(-5, 1.5, x)), 0, s_distance);
    }

    [Fact]
    public void At_NormalDefaults_AreMeanZeroDeviationOne()
    {
        var draws = DrawsOf(Domain("learning_rate", "{distribution: normal}"));

        // The half normal on [0, infinity): mean sqrt(2 / pi).
        Assert.InRange(draws.Average(), Math.Sqrt(2 / Math.PI) - 0.02, Math.Sqrt(2 / Math.PI) + 0.02);
    }

    [Fact]
    public void At_IntUniform_EveryNumberIsAsLikely()
    {
        var draws = DrawsOf(Domain("batch_size", "{min: 3, max: 12}"));

        Assert.InRange(ChiSquare(draws, Enumerable.Range(3, 10).ToDictionary(k => (double)k, _ => 0.1)), 0.5, 34);
    }

    [Fact]
    public void At_QLogUniformValues_RoundsLogUniformToMultiples()
    {
        // W&B's documentation: batch_size from 32 to 256 in steps of 8.
        var domain = Domain("batch_size", "{distribution: q_log_uniform_values, q: 8, min: 32, max: 256}");
        double Below(double x) => Math.Clamp(Math.Log(x / 32) / Math.Log(8), 0, 1);
        var expected = Enumerable.Range(4, 29).ToDictionary(k => k * 8.0, k => Below((k * 8) + 4) - Below((k * 8) - 4));

        Assert.InRange(ChiSquare(DrawsOf(domain), expected), 5, 66);
        Assert.All(domain.Enumerate(100)!, v => Assert.Equal(expected[v.Value.Number], v.Probability, 12));
    }

    [Fact]
    public void At_QUniform_HasHalfSteps()
    {
        var domain = Domain("dropout", "{distribution: q_uniform, q: 0.1, min: 0, max: 0.5}");

        Assert.InRange(
            ChiSquare(DrawsOf(domain),
            new() { [0] = 0.1, [0.1] = 0.2, [0.2] = 0.2, [0.3] = 0.2, [0.4] = 0.2, [0.5] = 0.1 }), 0.1, 26);
    }

    [Fact]
    public void At_QNormalOfWholeParameter_StaysAllowed()
    {
        var draws = DrawsOf(Domain("batch_size", "{distribution: q_normal, mu: 4, sigma: 4, q: 2}"));

        Assert.All(draws, x => Assert.Equal(0, x % 2));
        Assert.Equal(2, draws.Min());
    }

    [Fact]
    public void At_Probabilities_AreKept()
    {
        var domain = Domain("batch_size", "{values: [16, 32, 64], probabilities: [0.5, 0.3, 0.2]}");

        Assert.InRange(ChiSquare(DrawsOf(domain), new() { [16] = 0.5, [32] = 0.3, [64] = 0.2 }), 0.001, 19);
    }

    [Theory]
    [InlineData("{min: 0.0001, max: 1, points: 5, scale: log}", "0.0001 0.001 0.01 0.1 1")]
    [InlineData("{min: 0, max: 1, points: 5}", "0 0.25 0.5 0.75 1")]
    [InlineData("{distribution: log_uniform_values, min: 0.001, max: 0.1, points: 3}", "0.001 0.01 0.1")]
    [InlineData("{min: 0.1, max: 0.7, points: 4}", "0.1 0.3 0.5 0.7")]
    public void Enumerate_Points_AreTheNumbersAPersonWouldWrite(string form, string expected) =>
        Assert.Equal(expected, string.Join(' ', Domain("learning_rate", form).Enumerate(100)!.Select(v => v.Value)));

    [Fact]
    public void Enumerate_PointsOfWholeParameter_AreWholeAndDifferent() => Assert.Equal(
        "1 2 3 4", string.Join(
            ' ', Domain("batch_size", "{min: 1, max: 4, points: 9}").Enumerate(100)!.Select(v => v.Value)));

    private static ParameterDomain Domain(string parameter, string form) => Reading
        .AsWritten($"{Reading.Head}method: random\nrun_cap: 1\nparameters:\n  {parameter}: {form}\n")
        .Parameters.Single(p => p.Name == parameter).Branches.Single().Domain;

    private static double[] DrawsOf(ParameterDomain domain)
    {
        var stream = new RandomStream(new(11, Purpose.Search));
        return [.. Enumerable.Range(0, Draws).Select(_ => domain.At(stream.NextOpenDouble()).Number)];
    }

    private static double KolmogorovDistance(double[] draws, Func<double, double> cdf)
    {
        Array.Sort(draws);
        return Enumerable.Range(0, draws.Length).Max(
            i => Math.Max(((i + 1.0) / draws.Length) - cdf(draws[i]), cdf(draws[i]) - ((double)i / draws.Length)));
    }

    private static double ChiSquare(double[] draws, Dictionary<double, double> probabilities)
    {
        var counts = draws.GroupBy(x => x).ToDictionary(g => g.Key, g => g.Count());
        Assert.Empty(counts.Keys.Except(probabilities.Keys));
        return probabilities.Sum(
            p => Math.Pow(counts.GetValueOrDefault(p.Key) - (p.Value * draws.Length), 2) / (p.Value * draws.Length));
    }
}
