using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Data;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native;

/// <summary>
/// The products of the first layers of several networks on one batch, as one product of as many columns as all of them
/// have: narrow layers side by side fill whole vectors and tiles, and zeros of pictures are looked for once. Each
/// element is the same chain as alone (<see cref="MatrixProduct"/>), so that the bits are the same. Used from one
/// thread.
/// </summary>
internal sealed unsafe class ProductsTogether : IDisposable
{
    private readonly ThreadTeam _team = new();
    private readonly MatrixProduct _product;
    private readonly FloatBuffer _weights;
    private readonly FloatBuffer _weightGradients;
    private readonly FloatBuffer _arguments;
    private readonly FloatBuffer _gradients;
    private readonly int _inputs;
    private readonly int _stride;

    /// <summary>Buffers for layers on <paramref name="inputs"/> features.</summary>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="columns">The most outputs of all layers together.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="wide">Whether tiles of 512 bits are used; null: where the processor has them.</param>
    public ProductsTogether(int inputs, int columns, int capacity, bool? wide = null)
    {
        // The last vector of a row reaches beyond its columns.
        (_inputs, _stride) = (inputs, FloatBuffer.RoundUp(columns) + FloatBuffer.Lane);
        _product = new(_team, wide);
        _weights = new((long)inputs * _stride);
        _weightGradients = new((long)inputs * _stride);
        _arguments = new((long)capacity * _stride);
        _gradients = new((long)capacity * _stride);
    }

    /// <summary>Gives each layer the product of the batch and its weights.</summary>
    /// <param name="layers">The layers; each <see cref="DenseStage.IsServed"/>.</param>
    /// <param name="batch">The samples.</param>
    public void Multiply(IReadOnlyList<DenseStage> layers, Batch batch)
    {
        var columns = Columns(layers);
        Gather(layers, static (layer, _) => layer.Weight, _inputs, columns, _weights.Pointer);
        var arguments = new Matrix(_arguments.Pointer, batch.Count, columns, _stride);
        _product.Multiply(
            batch.Matrix, new(_weights.Pointer, _inputs, columns, _stride), arguments,
            pattern: PatternOf(batch, columns)?.View ?? default);
        Scatter(layers, static (layer, rows) => layer.Arguments(rows), batch.Count, _arguments.Pointer);
    }

    /// <summary>Gives each layer the gradient of its weights, from that of its last backward pass.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="batch">The samples that they saw.</param>
    public void MultiplyTransposed(IReadOnlyList<DenseStage> layers, Batch batch)
    {
        var columns = Columns(layers);
        Gather(layers, static (layer, _) => layer.Gradient, batch.Count, columns, _gradients.Pointer);
        var gradients = new Matrix(_weightGradients.Pointer, _inputs, columns, _stride);
        _product.Multiply(
            batch.Matrix.Transposed, new(_gradients.Pointer, batch.Count, columns, _stride), gradients,
            pattern: PatternOf(batch, columns)?.Transposed ?? default);
        Scatter(layers, static (layer, _) => layer.WeightGradient, _inputs, _weightGradients.Pointer);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _team.Dispose();
        _product.Dispose();
        _weights.Dispose();
        _weightGradients.Dispose();
        _arguments.Dispose();
        _gradients.Dispose();
    }

    private static SparsityPattern? PatternOf(Batch batch, int columns) =>
        DenseStage.GainsByZeros(columns, batch.Part.ZeroShare) ? batch.Pattern : null;

    private static int Columns(IReadOnlyList<DenseStage> layers)
    {
        var columns = 0;
        for (var i = 0; i < layers.Count; i++)
            columns += layers[i].Outputs;
        return columns;
    }

    /// <summary>Puts the matrices of all layers side by side. What follows the last column is zero.</summary>
    private void Gather(
        IReadOnlyList<DenseStage> layers, Func<DenseStage, int, Matrix> matrixOf, int rows, int columns, float* target)
    {
        var column = 0;
        for (var i = 0; i < layers.Count; i++)
        {
            var from = matrixOf(layers[i], rows);
            // The padding of a row is overwritten by the next layer's first columns.
            CopyRows(from.Pointer, from.RowStride, rows, FloatBuffer.RoundUp(from.Columns), target + column, _stride);
            column += from.Columns;
        }

        var end = FloatBuffer.RoundUp(columns) - columns;
        for (var row = 0; end > 0 && row < rows; row++)
            new Span<float>(target + ((long)row * _stride) + columns, end).Clear();
    }

    /// <summary>Gives each layer its columns; the padding of its rows becomes zero.</summary>
    private void Scatter(
        IReadOnlyList<DenseStage> layers, Func<DenseStage, int, Matrix> matrixOf, int rows, float* source)
    {
        for (var i = 0; i < layers.Count; i++)
        {
            var to = matrixOf(layers[i], rows);
            CopyColumns(source, _stride, rows, to);
            source += to.Columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRows(float* source, int sourceStride, int rows, int width, float* target, int targetStride)
    {
        for (; rows > 0; rows--, source += sourceStride, target += targetStride)
        {
            for (var column = 0; column < width; column += FloatBuffer.Lane)
                Vector512.Load(source + column).Store(target + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyColumns(float* source, int sourceStride, int rows, in Matrix to)
    {
        var target = to.Pointer;
        var last = (to.Columns - 1) / FloatBuffer.Lane * FloatBuffer.Lane;
        var isThere = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(to.Columns - last)).AsSingle();
        for (; rows > 0; rows--, source += sourceStride, target += to.RowStride)
        {
            for (var column = 0; column < last; column += FloatBuffer.Lane)
                Vector512.Load(source + column).Store(target + column);
            (Vector512.Load(source + last) & isThere).Store(target + last);
        }
    }
}
