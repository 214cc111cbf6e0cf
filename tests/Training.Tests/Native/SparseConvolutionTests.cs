using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Native.Stages;

namespace Sweeps.Training.Tests.Native;

/// <summary>A convolution that leaves zeros out of its sums against the same stage that does not: bit by bit.</summary>
public sealed class SparseConvolutionTests
{
    /// <summary>Height, width, channels and filters before and after, kernel and how it lies.</summary>
    public static TheoryData<int, int, int, int, string> Shapes => new()
    {
        { 14, 14, 32, 64, "5x5 same" },
        { 9, 12, 16, 16, "5x5" },
        { 8, 11, 48, 96, "5x5 padding 1" },
        { 10, 7, 16, 32, "3x3 same" },
        { 9, 9, 32, 16, "1x1" },
        { 13, 10, 64, 16, "7x7 padding 4" },
        { 12, 12, 16, 80, "4x2" },
        { 11, 15, 32, 32, "5x5 padding 2 stride 2" },
        { 9, 8, 16, 16, "2x2 stride 3" },
        // Sums of a row in parts of three lengths.
        { 11, 10, 16, 48, "6x6 same" },
        { 8, 9, 16, 96, "3x3" },
        { 9, 9, 16, 64, "7x7 same" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Stage_WithoutZeros_HasTheSameBits(int height, int width, int channels, int filters, string kernel)
    {
        var drawn = ConvolutionCase.Draw(ShapeOf(height, width, channels, filters, kernel));

        var all = drawn.Run(ZeroPolicy.Never);

        Assert.Contains(all[0], bits => bits != 0);
        foreach (var wide in new[] { true, false })
        {
            Assert.Equal(all.Select(Bits), drawn.Run(ZeroPolicy.Always, threads: 1, wide).Select(Bits));
            Assert.Equal(all.Select(Bits), drawn.Run(ZeroPolicy.WhereFaster, threads: 1, wide).Select(Bits));
        }

        foreach (var threads in new[] { 2, 3, 7 })
            Assert.Equal(all.Select(Bits), drawn.Run(ZeroPolicy.Always, threads, wide: false).Select(Bits));
    }

    /// <summary>Whatever parts a row of sums falls into.</summary>
    [Fact]
    public void Stage_ShapesAtRandom_HaveTheSameBits()
    {
        var random = new Random(7);
        for (var i = 0; i < 60; i++)
        {
            var (height, width) = (random.Next(1, 8), random.Next(1, 8));
            var (channels, filters) = (16 * random.Next(1, 4), 16 * random.Next(1, 14));
            var padding = random.Next(2) == 0 ? "same" : $"padding {random.Next(Math.Min(height, width))}";
            var kernel = $"{height}x{width} {padding}";
            var drawn = ConvolutionCase.Draw(
                ShapeOf(random.Next(7, 10), random.Next(7, 10), channels, filters, kernel));
            var all = drawn.Run(ZeroPolicy.Never).Select(Bits).ToList();
            foreach (var wide in new[] { true, false })
            {
                Assert.True(
                    drawn.Run(ZeroPolicy.Always, threads: 1, wide).Select(Bits).Zip(all).All(
                        pair => pair.First.SequenceEqual(pair.Second)),
                    $"{channels} -> {filters}, {kernel}, {(wide ? 512 : 256)} bits");
            }
        }
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Stage_FactorNotFinite_MeetsZerosToo(float value)
    {
        var drawn = ConvolutionCase.Draw(ShapeOf(8, 8, 16, 16, "5x5 same"));
        drawn.Inputs[700] = value;
        drawn.Kernels[900] = value;

        var (all, without) = (drawn.Run(ZeroPolicy.Never), drawn.Run(ZeroPolicy.Always));

        Assert.Contains(all[1], float.IsNaN);
        for (var part = 0; part < all.Length; part++)
            Assert.Equal(all[part].Select(float.IsNaN), without[part].Select(float.IsNaN));
    }

    [Fact]
    public void Stage_SumsThatUnderflow_HaveTheSameSigns()
    {
        var drawn = ConvolutionCase.Draw(ShapeOf(8, 8, 16, 16, "5x5 same"));
        Scale(drawn.Inputs);
        Scale(drawn.Kernels);
        Scale(drawn.Gradients);

        var all = drawn.Run(ZeroPolicy.Never).Select(Bits).ToList();

        Assert.All(all, bits => Assert.Contains(int.MinValue, bits));
        Assert.Equal(all, drawn.Run(ZeroPolicy.Always).Select(Bits));

        // Products of some 1e-46 are less than half of the least float.
        static void Scale(float[] values)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] *= 1e-23f;
        }
    }

    private static IReadOnlyList<int> Bits(float[] values) => ConvolutionCase.Bits(values);

    private static ConvShape ShapeOf(int height, int width, int channels, int filters, string kernel) =>
        ConvolutionCase.ShapeOf(height, width, channels, channels, filters, kernel);
}
