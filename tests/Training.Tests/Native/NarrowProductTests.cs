using System.Runtime.Intrinsics.X86;
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
        if (NarrowProduct.Create(features, columns) is not { } narrow)
        {
            Assert.False(Avx512F.IsSupported);
            return;
        }

        using var _ = narrow;
        using var a = Filled(samples, features, features, 1, out var x);
        using var b = Filled(features, columns, FloatBuffer.Lane, 2, out var w);
        using var c = Filled(samples, columns, FloatBuffer.Lane, 3, out var product);
        narrow.Multiply(x, w, product);
        AssertChains(x, w, product);

        using var e = Filled(samples, columns, FloatBuffer.Lane, 4, out var g);
        using var d = Filled(features, columns, FloatBuffer.Lane, 5, out var gradient);
        narrow.MultiplyTransposed(x, g, gradient);
        AssertChains(x.Transposed, g, gradient);
    }

    [Theory]
    [InlineData(784, 13)]
    [InlineData(48, 5)]
    [InlineData(30, 5)]
    public void Create_SizesThatDoNotSuit_IsNone(int features, int columns) =>
        Assert.Null(NarrowProduct.Create(features, columns));

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
