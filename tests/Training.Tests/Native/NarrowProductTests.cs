using Sweeps.Core.Randomness;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Native;

/// <summary>Products the other way round give every bit of the chains that they stand for.</summary>
public sealed unsafe class NarrowProductTests
{
    [Theory]
    [InlineData(1, 64, 1)]
    [InlineData(15, 784, 5)]
    [InlineData(16, 80, 6)]
    [InlineData(100, 784, 5)]
    [InlineData(100, 784, 10)]
    [InlineData(129, 144, 12)]
    [InlineData(64, 256, 2)]
    [InlineData(83, 3072, 7)]
    public void Products_AnyShape_AreTheChainsOfFusedMultiplyAdds(int samples, int features, int columns)
    {
        Assert.True(NarrowProduct.Suits(features, columns));
        foreach (var wide in (bool[])[true, false])
        {
            using var narrow = new NarrowProduct(features, columns, wide);
            using var a = Filled(samples, features, features, 1, out var x);
            using var b = Filled(columns, features, features, 2, out var w);
            using var c = Filled(samples, columns, FloatBuffer.Lane, 3, out var product);
            if (narrow.IsForward)
            {
                narrow.Multiply(x, w.Transposed, product);
                AssertChains(x, w.Transposed, product);
            }

            using var e = Filled(samples, columns, FloatBuffer.Lane, 4, out var g);
            using var d = Filled(columns + 1, features, features, 5, out var gradient);
            var after = gradient.Row(columns).ToArray();
            narrow.MultiplyTransposed(x, g, gradient.Top(columns).Transposed);
            AssertChains(g.Transposed, x, gradient.Top(columns));
            Assert.Equal(after, gradient.Row(columns));
        }
    }

    [Theory]
    [InlineData(784, 13)]
    [InlineData(48, 5)]
    [InlineData(100, 5)]
    public void Suits_OtherSizes_IsFalse(int features, int columns) =>
        Assert.False(NarrowProduct.Suits(features, columns));

    // The padding of the product is what the padding of the right factor gives: zero.
    private static void AssertChains(in Matrix left, in Matrix right, in Matrix product)
    {
        for (var i = 0; i < product.Rows; i++)
        {
            for (var j = 0; j < product.RowStride; j++)
            {
                var sum = 0f;
                for (var k = 0; k < left.Columns && j < product.Columns; k++)
                    sum = MathF.FusedMultiplyAdd(At(left, i, k), At(right, k, j), sum);
                Assert.Equal(BitConverter.SingleToInt32Bits(sum), BitConverter.SingleToInt32Bits(At(product, i, j)));
            }
        }
    }

    private static FloatBuffer Filled(int rows, int columns, int stride, int seed, out Matrix matrix)
    {
        var buffer = new FloatBuffer((long)rows * stride);
        var stream = new RandomStream(new(seed, Purpose.Simulation));
        for (var row = 0; row < rows; row++)
            stream.FillUniform(buffer.Span.Slice(row * stride, columns), -1, 1);
        matrix = new(buffer.Pointer, rows, columns, stride);
        return buffer;
    }

    private static float At(in Matrix matrix, int row, int column) =>
        matrix.Pointer[((long)row * matrix.RowStride) + ((long)column * matrix.ColumnStride)];
}
