using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>
/// Inputs for tests: the same numbers on every run and machine, away from kinks at zero and from each other.
/// </summary>
internal static class Numbers
{
    public static double[] Spread(int count, double from, double to, int seed)
    {
        var random = new Random(seed);
        var step = (to - from) / count;
        var values = Enumerable.Range(0, count).Select(i => from + step * (i + 0.2 + 0.6 * random.NextDouble()))
            .ToArray();
        random.Shuffle(values);
        return values;
    }

    public static Tensor Of(double[] values, params long[] shape)
    {
        using var flat = tensor(values);
        return flat.view(shape).clone();
    }

    public static double[] Values(Tensor tensor)
    {
        using var flat = tensor.to_type(ScalarType.Float64).contiguous();
        return flat.data<double>().ToArray();
    }

    public static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var allowed = tolerance * (1 + Math.Abs(expected[i]));
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= allowed || expected[i].Equals(actual[i]),
                $"element {i}: expected {expected[i]:R}, got {actual[i]:R}, allowed difference {allowed:R}");
        }
    }
}
