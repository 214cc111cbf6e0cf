using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Data;
using Sweeps.Training.Native.Products;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native;

/// <summary>
/// The products of the first layers of several networks on one batch, as one product of as many columns as all of them
/// have: narrow layers side by side fill whole vectors and tiles, and zeros of pictures are looked for once. Those
/// whose weights lie turned come first. Each element is the same chain as alone (<see cref="MatrixProduct"/>), so that
/// the bits are the same. Used from one thread.
/// </summary>
internal sealed unsafe class ProductsTogether : IDisposable
{
    private readonly ThreadTeam _team = new();
    private readonly MatrixProduct _product;
    private readonly FloatBuffer _weights;
    private readonly FloatBuffer _weightGradients;
    private readonly FloatBuffer _arguments;
    private readonly FloatBuffer _gradients;
    private readonly FloatBuffer _square = new(FloatBuffer.Lane * FloatBuffer.Lane);
    private readonly List<DenseStage> _layers = [];
    private readonly nint[] _rows;
    private readonly int _inputs;
    private readonly int _stride;
    private int _turned;
    private int _columns;

    /// <summary>Buffers for layers on <paramref name="inputs"/> features.</summary>
    /// <param name="inputs">Features of a sample.</param>
    /// <param name="columns">The most outputs of all layers together.</param>
    /// <param name="capacity">The most samples of a batch.</param>
    /// <param name="wide">Whether tiles of 512 bits are used; null: where the processor has them.</param>
    public ProductsTogether(int inputs, int columns, int capacity, bool? wide = null)
    {
        // The last vector of a row reaches beyond its columns.
        (_inputs, _stride) = (inputs, FloatBuffer.RoundUp(columns) + FloatBuffer.Lane);
        _rows = new nint[columns];
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
        Order(layers);
        Gather(static (layer, _) => layer.Weight, _inputs, _weights.Pointer);
        var arguments = new Matrix(_arguments.Pointer, batch.Count, _columns, _stride);
        _product.Multiply(
            batch.Matrix, new(_weights.Pointer, _inputs, _columns, _stride), arguments,
            pattern: PatternOf(batch)?.View ?? default);
        Scatter(static (layer, rows) => layer.Arguments(rows), batch.Count, _arguments.Pointer);
    }

    /// <summary>Gives each layer the gradient of its weights, from that of its last backward pass.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="batch">The samples that they saw.</param>
    public void MultiplyTransposed(IReadOnlyList<DenseStage> layers, Batch batch)
    {
        Order(layers);
        Gather(static (layer, _) => layer.Gradient, batch.Count, _gradients.Pointer);
        var gradients = new Matrix(_weightGradients.Pointer, _inputs, _columns, _stride);
        _product.Multiply(
            batch.Matrix.Transposed, new(_gradients.Pointer, batch.Count, _columns, _stride), gradients,
            pattern: PatternOf(batch)?.Transposed ?? default);
        Scatter(static (layer, _) => layer.WeightGradient, _inputs, _weightGradients.Pointer);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _team.Dispose();
        _product.Dispose();
        _square.Dispose();
        _weights.Dispose();
        _weightGradients.Dispose();
        _arguments.Dispose();
        _gradients.Dispose();
    }

    private SparsityPattern? PatternOf(Batch batch) =>
        DenseStage.GainsByZeros(_columns, batch.Part.ZeroShare) ? batch.Pattern : null;

    private void Order(IReadOnlyList<DenseStage> layers)
    {
        _layers.Clear();
        _turned = 0;
        for (var i = 0; i < layers.Count; i++)
        {
            if (layers[i].IsTurned)
                _layers.Insert(_turned++, layers[i]);
            else
                _layers.Add(layers[i]);
        }

        _columns = 0;
        for (var i = 0; i < _layers.Count; i++)
            _columns += _layers[i].Outputs;
    }

    /// <summary>Puts the matrices of all layers side by side. What follows the last column is zero.</summary>
    private void Gather(Func<DenseStage, int, Matrix> matrixOf, int rows, float* target)
    {
        var column = ListRows(matrixOf, rows);
        for (var first = 0; first < column; first += FloatBuffer.Lane)
            GatherTurned(first, Math.Min(FloatBuffer.Lane, column - first), rows, target + first);
        for (var i = column > 0 ? _turned : 0; i < _layers.Count; i++)
        {
            var from = matrixOf(_layers[i], rows);
            // The padding of a row is overwritten by the next layer's first columns.
            CopyRows(from.Pointer, from.RowStride, rows, FloatBuffer.RoundUp(from.Columns), target + column, _stride);
            column += from.Columns;
        }

        var end = FloatBuffer.RoundUp(_columns) - _columns;
        for (var row = 0; end > 0 && row < rows; row++)
            new Span<float>(target + ((long)row * _stride) + _columns, end).Clear();
    }

    /// <summary>Gives each layer its columns; the padding of its rows becomes zero.</summary>
    private void Scatter(Func<DenseStage, int, Matrix> matrixOf, int rows, float* source)
    {
        var column = ListRows(matrixOf, rows);
        for (var first = 0; first < column; first += FloatBuffer.Lane)
            ScatterTurned(first, Math.Min(FloatBuffer.Lane, column - first), rows, source + first);
        for (var i = column > 0 ? _turned : 0; i < _layers.Count; i++)
        {
            var to = matrixOf(_layers[i], rows);
            CopyColumns(source + column, _stride, rows, to);
            column += to.Columns;
        }
    }

    /// <summary>Lists where the columns of those matrices lie that are turned.</summary>
    /// <returns>How many columns that are.</returns>
    private int ListRows(Func<DenseStage, int, Matrix> matrixOf, int rows)
    {
        var count = 0;
        for (var i = 0; i < _turned; i++)
        {
            var matrix = matrixOf(_layers[i], rows);
            for (var column = 0; matrix.ColumnStride != 1 && column < matrix.Columns; column++)
                _rows[count++] = (nint)(matrix.Pointer + ((long)column * matrix.ColumnStride));
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GatherTurned(int first, int columns, int rows, float* target)
    {
        _square.Span.Clear();
        for (var row = 0; row < rows; row += FloatBuffer.Lane, target += FloatBuffer.Lane * _stride)
        {
            for (var i = 0; i < columns; i++)
                Vector512.Load((float*)_rows[first + i] + row).Store(_square.Pointer + (i * FloatBuffer.Lane));
            FloatSquare.Transpose(
                _square.Pointer, FloatBuffer.Lane, FloatBuffer.Lane, target, _stride, FloatBuffer.Lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScatterTurned(int first, int columns, int rows, float* source)
    {
        for (var row = 0; row < rows; row += FloatBuffer.Lane, source += FloatBuffer.Lane * _stride)
        {
            FloatSquare.Transpose(
                source, _stride, FloatBuffer.Lane, _square.Pointer, FloatBuffer.Lane, FloatBuffer.Lane);
            for (var i = 0; i < columns; i++)
                Vector512.Load(_square.Pointer + (i * FloatBuffer.Lane)).Store((float*)_rows[first + i] + row);
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
