using Sweeps.Core.Networks;
using Sweeps.Training.Native;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Native;

/// <summary>Products from the terms that are not zero against those of all terms: bit by bit.</summary>
public sealed unsafe class TermProductTests
{
    /// <summary>Rows, depth, columns: whole blocks, rests of blocks, of vectors and of parts.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 100, 128, 1024 },
        { 7, 65, 33 },
        { 131, 100, 1100 },
        { 257, 32, 250 },
        { 1, 1, 1 },
        { 3, 200, 2500 },
        { 20, 40, 288 },
        { 20, 40, 464 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Multiply_AnyShape_HasTheBitsOfAllTerms(int rows, int depth, int columns)
    {
        foreach (var (transposed, turned) in new[] { (false, false), (true, false), (false, true) })
        {
            var drawn = new Case(rows, depth, columns, transposed, turned);
            var all = drawn.AllTerms();
            Assert.Equal(all, drawn.WithoutZeros(threads: 1, wide: true));
            foreach (var threads in new[] { 1, 2, 3, 7 })
                Assert.Equal(all, drawn.WithoutZeros(threads, wide: false));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Multiply_RightFactorNotFinite_IsNotDone(float value)
    {
        var drawn = new Case(20, 40, 50, transposed: false, turned: false);
        Assert.NotNull(drawn.WithoutZeros(threads: 1, wide: false));
        drawn.Right[777] = value;
        Assert.Null(drawn.WithoutZeros(threads: 1, wide: false));
    }

    [Fact]
    public void Multiply_SumThatEndsAtNegativeZero_IsNotDone()
    {
        var drawn = new Case(20, 40, 50, transposed: false, turned: false, scale: 1e-23f);
        Assert.Null(drawn.WithoutZeros(threads: 1, wide: false));
    }

    /// <summary>Outputs and both gradients of a whole stage, whose first layer's inputs or gradients may be zero.
    /// </summary>
    [Fact]
    public void Stage_WithoutZeros_HasTheSameBits()
    {
        const int Samples = 40, Inputs = 300, Outputs = 270;
        var all = Run(ZeroPolicy.Never, threads: 1);

        Assert.All(all, bits => Assert.Contains(bits, value => value != 0));
        foreach (var policy in new[] { ZeroPolicy.Always, ZeroPolicy.WhereFaster })
        {
            foreach (var threads in new[] { 1, 2, 3, 7 })
                Assert.Equal(all, Run(policy, threads));
        }

        static List<int[]> Run(ZeroPolicy zeros, int threads)
        {
            var (before, after) = ((int)FloatBuffer.RoundUp(Inputs), (int)FloatBuffer.RoundUp(Outputs));
            using var team = new ThreadTeam { Size = threads, LeastWork = 0 };
            using var product = new MatrixProduct(team);
            using FloatBuffer inputs = new(Samples * before), weights = new(Inputs * after), biases = new(after),
                weightGradients = new(Inputs * after), biasGradients = new(after), gradients = new(Samples * after);
            Put(inputs, Samples, Inputs, 1, value => Math.Max(0, value - 0.3f));
            Put(weights, Inputs, Outputs, 2, value => value);
            Put(gradients, Samples, Outputs, 3, value => value);
            using var stage = new DenseStage(
                Inputs, Outputs, new(ActivationKind.Relu, 0), Samples, inputWanted: true, product, team, zeros)
            {
                Weights = weights.Pointer,
                WeightGradients = weightGradients.Pointer,
                Biases = biases.Pointer,
                BiasGradients = biasGradients.Pointer,
            };
            var outputs = stage.Forward(new(inputs.Pointer, Samples, Inputs, before), learning: true);
            var forward = Bits(outputs);
            var back = stage.Backward(new(gradients.Pointer, Samples, Outputs, after), inputWanted: true);
            return [forward, Bits(new(weightGradients.Pointer, Inputs, Outputs, after)), Bits(back)];
        }

        static void Put(FloatBuffer buffer, int rows, int columns, int seed, Func<float, float> change)
        {
            var (values, stride) = (Small.Uniform(rows * columns, seed), (int)FloatBuffer.RoundUp(columns));
            for (var i = 0; i < values.Length; i++)
                buffer.Span[(i / columns * stride) + (i % columns)] = change(values[i]);
        }
    }

    private static int[] Bits(Matrix values) =>
    [
        .. Enumerable.Range(0, values.Rows).SelectMany(row => values.Row(row)[..values.Columns].ToArray())
            .Select(BitConverter.SingleToInt32Bits),
    ];

    private sealed class Case(
        int rows, int depth, int columns, bool transposed, bool turned, float scale = 1)
    {
        private readonly int _stride = (int)FloatBuffer.RoundUp(columns);

        public float[] Left { get; } =
        [
            .. Small.Uniform((transposed ? depth : rows) * (int)FloatBuffer.RoundUp(transposed ? rows : depth), 1)
                .Select(value => value > 0 ? value * scale : 0),
        ];

        public float[] Right { get; } =
        [
            .. Small.Uniform((turned ? columns : depth) * (int)FloatBuffer.RoundUp(turned ? depth : columns), 2)
                .Select(value => value * scale),
        ];

        public int[] AllTerms()
        {
            using var team = new ThreadTeam();
            using var product = new MatrixProduct(team);
            return Run((a, b, c) => product.Multiply(a, b, c))!;
        }

        /// <summary>Null: it is to be done with all terms.</summary>
        public int[]? WithoutZeros(int threads, bool wide)
        {
            using var team = new ThreadTeam { Size = threads, LeastWork = 0 };
            using var product = new TermProduct(columns, team, wide);
            var isDone = false;
            var values = Run((a, b, c) => isDone = product.Multiply(a, b, c));
            return isDone ? values : null;
        }

        private int[] Run(Action<Matrix, Matrix, Matrix> multiply)
        {
            using FloatBuffer left = new(Left.Length), right = new(Right.Length), product = new((long)rows * _stride);
            Left.CopyTo(left.Span);
            Right.CopyTo(right.Span);
            product.Span.Fill(float.NaN);
            var a = transposed ? Of(left, depth, rows).Transposed : Of(left, rows, depth);
            var b = turned ? Of(right, columns, depth).Transposed : Of(right, depth, columns);
            var c = new Matrix(product.Pointer, rows, columns, _stride);
            multiply(a, b, c);
            return Bits(c);
        }

        private static Matrix Of(FloatBuffer buffer, int rows, int columns) =>
            new(buffer.Pointer, rows, columns, (int)FloatBuffer.RoundUp(columns));
    }
}
