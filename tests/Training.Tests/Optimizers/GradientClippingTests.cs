using Sweeps.Training.Numerics;
using Sweeps.Training.Optimizers;

namespace Sweeps.Training.Tests.Optimizers;

public sealed class GradientClippingTests
{
    private static readonly float[] s_gradients =
        [.. Enumerable.Range(0, 37).Select(i => (i % 2 == 0 ? 1 : -1) * (0.1f + (0.01f * i)))];

    private static double Length(float[] gradients) => Math.Sqrt(gradients.Sum(g => (double)g * g));

    [Fact]
    public void Clip_LongerThanTheNorm_IsShortenedToItInItsDirection()
    {
        var clipped = Clip(new(0.5, null));
        Assert.Equal(0.5, Length(clipped), 1e-6);
        var ratio = 0.5 / Length(s_gradients);
        for (var i = 0; i < clipped.Length; i++)
            Assert.Equal(s_gradients[i] * ratio, clipped[i], 1e-7);
    }

    [Fact]
    public void Clip_WithinTheNorm_StaysAsItIs() => Assert.Equal(s_gradients, Clip(new(100, null)));

    [Fact]
    public void Clip_Value_CutsEachOne() =>
        Assert.Equal(s_gradients.Select(g => Math.Clamp(g, -0.25f, 0.25f)), Clip(new(null, 0.25)));

    /// <summary>PyTorch's users call clip_grad_value_ and clip_grad_norm_ in either order; here values come first.
    /// </summary>
    [Fact]
    public void Clip_Both_CutsEachOneFirst()
    {
        var cut = s_gradients.Select(g => Math.Clamp(g, -0.25f, 0.25f)).ToArray();
        var expected = cut.Select(g => g * 0.5 / Length(cut)).ToArray();
        var clipped = Clip(new(0.5, 0.25));
        for (var i = 0; i < clipped.Length; i++)
            Assert.Equal(expected[i], clipped[i], 1e-7);
    }

    /// <summary>A training that diverges must be seen to, and not go on with some other numbers.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Clip_NotFinite_StaysNotFinite(float bad)
    {
        float[] gradients = [1, bad, 2];
        Assert.Contains(Clip(new(1, null), gradients), g => !float.IsFinite(g));
        Assert.True(float.IsPositiveInfinity(bad) || Clip(new(null, 1), gradients).Any(float.IsNaN));
    }

    private static float[] Clip(GradientClipping clipping, float[]? gradients = null)
    {
        gradients ??= s_gradients;
        using var buffer = new FloatBuffer(gradients.Length);
        gradients.CopyTo(buffer.Span);
        clipping.Clip(buffer, new([], buffer.Length));
        Assert.All(buffer.Span[gradients.Length..].ToArray(), padding => Assert.True(padding is 0 or float.NaN));
        return buffer.Span[..gradients.Length].ToArray();
    }
}
