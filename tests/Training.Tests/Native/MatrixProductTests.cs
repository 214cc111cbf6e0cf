using Sweeps.Core.Randomness;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Native;

/// <summary>Products of all shapes of remainder, against sums in double precision.</summary>
public sealed unsafe class MatrixProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 10, 3)]
    [InlineData(6, 64, 128)]
    [InlineData(7, 65, 129)]
    [InlineData(8, 16, 20)]
    [InlineData(11, 48, 33)]
    [InlineData(9, 128, 40)]
    [InlineData(13, 80, 300)]
    [InlineData(100, 128, 784)]
    [InlineData(23, 191, 257)]
    public void Multiply_AnyShape_IsTheChainOfFusedMultiplyAdds(int rows, int columns, int depth)
    {
        foreach (var (transposeA, transposeB, add) in Cases())
        {
            using var a = Filled(transposeA ? depth : rows, transposeA ? rows : depth, 1, out var left);
            using var b = Filled(transposeB ? columns : depth, transposeB ? depth : columns, 2, out var right);
            using var c = Filled(rows, columns, 3, out var product);
            using var before = Filled(rows, columns, 3, out var start);
            if (transposeA)
                left = left.Transposed;
            if (transposeB)
                right = right.Transposed;
            using var multiplier = new MatrixProduct(new());
            multiplier.Multiply(left, right, product, add);
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < columns; j++)
                {
                    var sum = add ? At(start, i, j) : 0f;
                    for (var k = 0; k < depth; k++)
                        sum = MathF.FusedMultiplyAdd(At(left, i, k), At(right, k, j), sum);
                    Assert.Equal(BitConverter.SingleToInt32Bits(sum),
                        BitConverter.SingleToInt32Bits(At(product, i, j)));
                }
            }
        }
    }

    [Theory]
    [InlineData(3, 70, 200)]
    [InlineData(100, 128, 784)]
    [InlineData(37, 90, 131)]
    [InlineData(10, 60, 50)]
    public void Multiply_NarrowAndWideVectors_GiveTheSameBits(int rows, int columns, int depth)
    {
        using var a = Filled(rows, depth, 1, out var left);
        using var b = Filled(depth, columns, 2, out var right);
        using var c = Filled(rows, columns, 3, out var wide);
        using var d = Filled(rows, columns, 3, out var narrow);
        using (var multiplier = new MatrixProduct(new(), wide: true))
            multiplier.Multiply(left, right, wide);
        using (var multiplier = new MatrixProduct(new(), wide: false))
            multiplier.Multiply(left, right, narrow);
        Assert.True(c.Span.SequenceEqual(d.Span));
    }

    private static IEnumerable<(bool TransposeA, bool TransposeB, bool Add)> Cases() =>
        from a in (bool[])[false, true]
        from b in (bool[])[false, true]
        from add in (bool[])[false, true]
        select (a, b,
            add);

    private static FloatBuffer Filled(int rows, int columns, int seed, out Matrix matrix)
    {
        var stride = FloatBuffer.RoundUp(columns);
        var buffer = new FloatBuffer((long)rows * stride);
        new RandomStream(new(seed, Purpose.Simulation)).FillUniform(buffer.Span, -1, 1);
        matrix = new(buffer.Pointer, rows, columns, stride);
        return buffer;
    }

    private static float At(in Matrix matrix, int row, int column) =>
        matrix.Pointer[((long)row * matrix.RowStride) + ((long)column * matrix.ColumnStride)];
}
