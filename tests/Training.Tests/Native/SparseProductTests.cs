using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Data;
using Sweeps.Training.Native;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Native;

/// <summary>Products that leave out the zeros of their left factor give every bit that whole products give.</summary>
public sealed unsafe class SparseProductTests
{
    private static readonly float[] s_awkward =
    [
        0f, -0f, 1e-45f, -1e-45f, 1e-38f, 1e-30f, -1e-28f, 8e-28f, 1e30f, -3e38f, float.PositiveInfinity,
        float.NegativeInfinity, float.NaN,
    ];

    public static TheoryData<int, int, int, double> Shapes => new()
    {
        { 1, 1, 1, 0.5 }, { 5, 10, 3, 0.8 }, { 6, 64, 128, 0.8 }, { 7, 65, 129, 0.95 }, { 13, 80, 300, 0.5 },
        { 100, 16, 784, 0.8 }, { 100, 128, 784, 0.8 }, { 128, 40, 1000, 0.999 }, { 23, 191, 257, 0 }, { 70, 8, 90, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_WithPattern_IsTheWholeChain(int rows, int columns, int depth, double zeros)
    {
        foreach (var wide in (bool[])[true, false])
        {
            var (bytes, pattern) = Drawn(rows, depth, zeros);
            using (pattern)
            {
                Compare(bytes, rows, columns, depth, pattern.View, wide, transposed: false);
                Compare(bytes, rows, columns, depth, pattern.Transposed, wide, transposed: true);
            }
        }
    }

    [Fact]
    public void Multiply_WithNumbersThatZerosWouldChange_IsTheWholeProduct()
    {
        const int Rows = 20, Columns = 70, Depth = 200;
        var (bytes, pattern) = Drawn(Rows, Depth, 0.8);
        using var _ = pattern;
        using var left = Scaled(bytes, Rows, Depth);
        using var multiplier = new MatrixProduct(new());
        for (var seed = 0; seed < 60; seed++)
        {
            using var right = Filled(Depth, Columns, seed, out var b);
            var stream = new RandomStream(new(seed, Purpose.Simulation, Index: 1));
            for (var i = 0; i < 1 + (seed % 4 * 300); i++)
                right.Span[stream.NextInt(right.Length)] = s_awkward[stream.NextInt(s_awkward.Length)];
            using var whole = Filled(Rows, Columns, 2, out var c);
            using var sparse = Filled(Rows, Columns, 3, out var d);
            var a = new Matrix(left.Pointer, Rows, Depth, Depth);
            multiplier.Multiply(a, b, c);
            multiplier.Multiply(a, b, d, pattern: pattern.View);
            AssertSameBits(whole.Span, sparse.Span);
        }
    }

    [Theory]
    [InlineData(0f, true)]
    [InlineData(1f, true)]
    [InlineData(-3.4e38f, true)]
    [InlineData(8.0779357e-28f, true)] // 2^-90
    [InlineData(8.0779352e-28f, false)]
    [InlineData(-1e-45f, false)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NegativeInfinity, false)]
    [InlineData(float.NaN, false)]
    public void LosesNoBitByZeros_OneNumberAmongMany_SaysSo(float number, bool expected)
    {
        using var panel = new FloatBuffer(64);
        panel.Span.Fill(0.5f);
        panel.Span[37] = number;
        Assert.Equal(expected, MatrixPanel.LosesNoBitByZeros(panel.Pointer, panel.Length));
    }

    // Why tiny numbers matter: a sum that underflows to -0 would become +0 by a term of zero.
    [Fact]
    public void Chain_TinyFactor_DependsOnTermsOfZero()
    {
        var below = MathF.FusedMultiplyAdd(1 / 255f, -1e-45f, 0f);
        var after = MathF.FusedMultiplyAdd(0f, 1f, below);
        Assert.NotEqual(BitConverter.SingleToInt32Bits(below), BitConverter.SingleToInt32Bits(after));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 63)]
    [InlineData(64, 64)]
    [InlineData(65, 65)]
    [InlineData(100, 784)]
    [InlineData(130, 200)]
    public void Pattern_AnyShape_HasTheBitsOfTheRowsSetLast(int rows, int columns)
    {
        using var pattern = new SparsityPattern(rows, columns);
        for (var seed = 0; seed < 3; seed++)
        {
            var used = Math.Max(1, rows - (seed * 7));
            var bytes = Bytes(used, columns, 0.6, seed);
            pattern.Begin(used);
            for (var row = 0; row < used; row++)
                pattern.Set(row, bytes.AsSpan(row * columns, columns));
            for (var row = 0; row < used; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var expected = bytes[(row * columns) + column] != 0;
                    Assert.Equal(expected, (pattern.View.Any(column / 64, row, 1) >> (column % 64) & 1) == 1);
                    Assert.Equal(expected, (pattern.Transposed.Any(row / 64, column, 1) >> (row % 64) & 1) == 1);
                }
            }

            for (var row = used; row < (used + 63) / 64 * 64; row++)
                Assert.Equal(0UL, pattern.Transposed.Any(row / 64, 0, columns) >> (row % 64) & 1);
        }
    }

    [Theory]
    [InlineData("dense 20 relu | dense")]
    [InlineData("dense 70 gelu | dropout 0.3 | dense 33 tanh | dense")]
    public void Network_OnSparseSamples_GivesTheBitsOfOneThatKnowsNothingOfZeros(string architecture)
    {
        const int Samples = 100, Features = 784, Classes = 10;
        var bytes = Bytes(Samples, Features, 0.8, 5);
        var labels = Enumerable.Range(0, Samples).Select(i => i % Classes).ToArray();
        var plan = Small.Plan(architecture, TensorShape.Flat(Features), Classes);
        using var batch = new Batch(DataPart.OfBytes(bytes, labels, Features), 128);
        using var knowing = new StagedNetwork(plan, Small.Streams, 128);
        using var ignorant = new StagedNetwork(plan, Small.Streams, 128);
        InitialWeights.Fill(knowing, Core.Trainings.InitializerKind.XavierUniform, Small.Streams);
        InitialWeights.Fill(ignorant, Core.Trainings.InitializerKind.XavierUniform, Small.Streams);
        for (var count = Samples; count > 0; count -= 33)
        {
            var indices = Enumerable.Range(0, count).Reverse().ToArray();
            batch.Fill(indices);
            Assert.NotNull(batch.Pattern);
            Step(knowing, batch);
            batch.Change();
            Assert.Null(batch.Pattern);
            Step(ignorant, batch);
            AssertSameBits(ignorant.Gradients.Span, knowing.Gradients.Span);
        }
    }

    private static void Step(StagedNetwork network, Batch batch)
    {
        network.BeginEpoch(1);
        var outputs = network.Forward(batch, learning: true);
        var gradient = network.OutputGradient;
        for (var row = 0; row < outputs.Rows; row++)
            outputs.Row(row).CopyTo(gradient.Row(row));
        network.Backward();
    }

    private static void Compare(
        byte[] bytes, int rows, int columns, int depth, PatternView pattern, bool wide, bool transposed)
    {
        using var left = Scaled(bytes, rows, depth);
        var a = new Matrix(left.Pointer, rows, depth, depth);
        if (transposed)
            a = a.Transposed;
        using var right = Filled(a.Columns, columns, 1, out var b);
        using var product = Filled(a.Rows, columns, 2, out var c);
        using var multiplier = new MatrixProduct(new(), wide);
        multiplier.Multiply(a, b, c, pattern: pattern);
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var sum = 0f;
                for (var k = 0; k < a.Columns; k++)
                    sum = MathF.FusedMultiplyAdd(At(a, i, k), At(b, k, j), sum);
                Assert.Equal(BitConverter.SingleToInt32Bits(sum), BitConverter.SingleToInt32Bits(At(c, i, j)));
            }
        }
    }

    private static (byte[] Bytes, SparsityPattern Pattern) Drawn(int rows, int columns, double zeros)
    {
        var bytes = Bytes(rows, columns, zeros, 4);
        var pattern = new SparsityPattern(rows, columns);
        pattern.Begin(rows);
        for (var row = 0; row < rows; row++)
            pattern.Set(row, bytes.AsSpan(row * columns, columns));
        return (bytes, pattern);
    }

    private static byte[] Bytes(int rows, int columns, double zeros, int seed)
    {
        var stream = new RandomStream(new(seed, Purpose.Simulation));
        return [.. Enumerable.Range(0, rows * columns).Select(_ =>
            stream.NextDouble() < zeros ? (byte)0 : (byte)(1 + stream.NextInt(255)))];
    }

    private static FloatBuffer Scaled(byte[] bytes, int rows, int columns)
    {
        var buffer = new FloatBuffer((long)rows * columns);
        ByteScaling.ScaleScalar(bytes, buffer.Span);
        return buffer;
    }

    private static FloatBuffer Filled(int rows, int columns, int seed, out Matrix matrix)
    {
        var stride = FloatBuffer.RoundUp(columns);
        var buffer = new FloatBuffer((long)rows * stride);
        new RandomStream(new(seed, Purpose.Simulation)).FillUniform(buffer.Span, -1, 1);
        matrix = new(buffer.Pointer, rows, columns, stride);
        return buffer;
    }

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(actual[i]));
    }

    private static float At(in Matrix matrix, int row, int column) =>
        matrix.Pointer[((long)row * matrix.RowStride) + ((long)column * matrix.ColumnStride)];
}
