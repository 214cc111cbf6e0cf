using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Native;

/// <summary>
/// A convolution of few channels or filters without what pads them, against the same stage with it: bit by bit.
/// </summary>
public sealed class NarrowConvolutionTests
{
    /// <summary>Height, width, channels, filters, kernel and how it lies, whether pixels are whole vectors.</summary>
    public static TheoryData<int, int, int, int, string, bool> Shapes => new()
    {
        { 28, 28, 1, 6, "5x5 same", false },
        { 14, 14, 6, 16, "5x5", true },
        { 14, 14, 6, 10, "5x5 same", true },
        { 20, 18, 3, 8, "3x3 same", false },
        { 10, 7, 20, 5, "3x3 same", true },
        { 11, 15, 3, 7, "5x5 padding 2 stride 2", false },
        { 11, 15, 6, 7, "5x5 padding 2 stride 2", true },
        { 13, 10, 4, 30, "7x7 padding 3", true },
        { 8, 8, 8, 8, "2x2", true },
        { 7, 7, 5, 9, "1x1", true },
        { 6, 9, 17, 33, "3x2 padding 1", true },
        { 9, 8, 6, 6, "2x2 stride 3", true },
        { 5, 5, 2, 3, "5x5 same", true },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Stage_WithoutPadding_HasTheSameBits(
        int height, int width, int channels, int filters, string kernel, bool isPadded)
    {
        var floats = isPadded ? FloatBuffer.RoundUp(channels) : channels;
        var drawn = ConvolutionCase.Draw(
            ConvolutionCase.ShapeOf(height, width, channels, floats, filters, kernel));

        var all = Run(drawn, ZeroPolicy.Never, 1, wide: true);

        Assert.Contains(all[0], bits => bits != 0);
        foreach (var wide in new[] { true, false })
        {
            Assert.Equal(all, Run(drawn, ZeroPolicy.Always, 1, wide));
            Assert.Equal(all, Run(drawn, ZeroPolicy.WhereFaster, 1, wide));
        }

        foreach (var threads in new[] { 2, 3, 7 })
            Assert.Equal(all, Run(drawn, ZeroPolicy.Always, threads, wide: false));
    }

    /// <summary>Times the zeros of padding they are not zero: of inputs, kernels and gradients in turn.</summary>
    [Theory]
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(0, float.NaN)]
    [InlineData(1, float.PositiveInfinity)]
    [InlineData(2, float.NegativeInfinity)]
    [InlineData(2, float.NaN)]
    public void Stage_FactorNotFinite_MeetsPaddingToo(int factor, float value)
    {
        foreach (var filters in new[] { 6, 16 })
        {
            var drawn = ConvolutionCase.Draw(ConvolutionCase.ShapeOf(9, 9, 6, 16, filters, "5x5"));
            (factor == 0 ? drawn.Inputs : factor == 1 ? drawn.Kernels : drawn.Gradients)[5 * 16] = value;

            var all = drawn.Run(ZeroPolicy.Never, padding: ZeroPolicy.Never);
            var without = drawn.Run(ZeroPolicy.Never, padding: ZeroPolicy.Always);

            Assert.Contains(all, part => part.Any(float.IsNaN));
            for (var part = 0; part < all.Length; part++)
                Assert.Equal(all[part].Select(float.IsNaN), without[part].Select(float.IsNaN));
        }
    }

    [Fact]
    public void Stage_SumsThatUnderflow_HaveTheSameSigns()
    {
        var drawn = ConvolutionCase.Draw(ConvolutionCase.ShapeOf(8, 8, 6, 16, 16, "5x5 same"));
        // Products of some 1e-46 are less than half of the least float.
        foreach (var values in new[] { drawn.Inputs, drawn.Kernels, drawn.Gradients })
        {
            for (var i = 0; i < values.Length; i++)
                values[i] *= i % 2 == 0 ? 1e-23f : -1e-23f;
        }

        Assert.Equal(
            Run(drawn, ZeroPolicy.Never, 1, wide: true), Run(drawn, ZeroPolicy.Always, 1, wide: true));
    }

    private static IReadOnlyList<IReadOnlyList<int>> Run(
        ConvolutionCase drawn, ZeroPolicy padding, int threads, bool wide) =>
        [.. drawn.Run(ZeroPolicy.Never, threads, wide, padding).Select(ConvolutionCase.Bits)];
}
