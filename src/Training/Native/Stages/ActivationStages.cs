using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>An activation as a layer of its own.</summary>
/// <param name="pixels">Pixels of a sample, each padded to whole vectors; 1: its values follow one another.</param>
/// <param name="channels">Values of a pixel.</param>
/// <param name="activation">The function.</param>
/// <param name="capacity">The most samples of a batch.</param>
internal sealed unsafe class ActivationStage(int pixels, int channels, Activation activation, int capacity) : Stage
{
    private readonly ActivationPass _activation = ActivationPass.Create(activation);
    private readonly FloatBuffer _arguments = new((long)capacity * pixels * FloatBuffer.RoundUp(channels));
    private readonly FloatBuffer _values = new((long)capacity * pixels * FloatBuffer.RoundUp(channels));
    private readonly int _stride = pixels * FloatBuffer.RoundUp(channels);

    private int Width => pixels == 1 ? channels : _stride;

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        // A copy first: the layer before may need its own values for its gradient, and network inputs are not padded.
        for (var row = 0; row < input.Rows; row++)
        {
            new Span<float>(input.Pointer + ((long)row * input.RowStride), Width)
                .CopyTo(new(_arguments.Pointer + ((long)row * _stride), Width));
        }

        _activation.Forward(Pixels(_arguments.Pointer, input.Rows), null, Pixels(_values.Pointer, input.Rows));
        return new(_values.Pointer, input.Rows, Width, _stride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        var rows = gradient.Rows;
        _activation.Backward(
            Pixels(_values.Pointer, rows), Pixels(_arguments.Pointer, rows), Pixels(gradient.Pointer, rows), null);
        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _arguments.Dispose();
        _values.Dispose();
    }

    private Matrix Pixels(float* samples, int count) =>
        new(samples, count * pixels, channels, FloatBuffer.RoundUp(channels));
}

/// <summary>
/// f(x + b) for every pixel, b one number a channel. It overwrites what the stage before gave, which must not need it
/// again.
/// </summary>
internal sealed unsafe class PixelActivationStage : Stage
{
    private readonly int _pixels;
    private readonly int _channels;
    private readonly ActivationPass _activation;
    private readonly FloatBuffer? _values;
    private readonly ThreadTeam _team;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _backward;
    private Matrix _arguments;
    private Matrix _results;
    private Matrix _gradient;

    /// <summary>For images of so many pixels and channels, pixels padded to whole vectors.</summary>
    public PixelActivationStage(int pixels, int channels, Activation activation, int capacity, ThreadTeam team)
    {
        (_team, _forward, _backward) = (team, ForwardRows, BackwardLanes);
        (_pixels, _channels, _activation) = (pixels, channels, ActivationPass.Create(activation));
        _values = _activation.NeedsArgument ? new((long)capacity * pixels * FloatBuffer.RoundUp(channels)) : null;
    }

    /// <summary>The biases, padded; null: none.</summary>
    public required float* Biases { get; init; }

    /// <summary>Their gradient; null: none.</summary>
    public required float* BiasGradients { get; init; }

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _arguments = Pixels(input.Pointer, input.Rows);
        _results = _values is null ? _arguments : Pixels(_values.Pointer, input.Rows);
        _team.For(_arguments.Rows, Work, _forward);
        return new(_results.Pointer, input.Rows, input.Columns, input.RowStride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _gradient = Pixels(gradient.Pointer, gradient.Rows);
        _team.For(_gradient.RowStride / FloatBuffer.Lane, Work, _backward);
        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose() => _values?.Dispose();

    private long Work => (long)_arguments.Rows * _arguments.RowStride * ThreadTeam.ElementWork;

    private Matrix Pixels(float* images, int count) =>
        new(images, count * _pixels, _channels, FloatBuffer.RoundUp(_channels));

    private void ForwardRows(int member, int first, int end) =>
        _activation.Forward(
            _arguments.RowsFrom(first, end - first), Biases, _results.RowsFrom(first, end - first));

    // By channels: the gradient of a bias is one sum over all pixels.
    private void BackwardLanes(int member, int first, int end)
    {
        var sums = BiasGradients is null ? null : BiasGradients + (first * FloatBuffer.Lane);
        _activation.Backward(
            Lanes(_results, first, end), Lanes(_arguments, first, end), Lanes(_gradient, first, end), sums);
    }

    private static Matrix Lanes(in Matrix all, int first, int end) =>
        new(all.Pointer + (first * FloatBuffer.Lane), all.Rows, (end - first) * FloatBuffer.Lane, all.RowStride);
}

/// <summary>
/// f(x + b) for every pixel and then the mean of each 2x2 pixels, in one pass. It overwrites what the stage before
/// gave, first with the values, then with the gradient.
/// </summary>
internal sealed unsafe class PooledActivationStage : Stage
{
    private readonly PooledShape _shape;
    private readonly ActivationPass _activation;
    private readonly FloatBuffer _means;
    private readonly ThreadTeam _team;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _backward;
    private Matrix _pixels;
    private Matrix _gradient;

    /// <summary>For images of that shape, where <see cref="Suits"/>.</summary>
    public PooledActivationStage(PooledShape shape, Activation activation, int capacity, ThreadTeam team)
    {
        (_team, _forward, _backward) = (team, ForwardImages, BackwardLanes);
        (_shape, _activation) = (shape, ActivationPass.Create(activation));
        _means = new((long)capacity * Stride);
    }

    /// <summary>The biases, padded.</summary>
    public required float* Biases { get; init; }

    /// <summary>Their gradient.</summary>
    public required float* BiasGradients { get; init; }

    private int Stride => _shape.Height * _shape.Width * _shape.Floats;

    private long Work => (long)_pixels.Rows * 4 * Stride * ThreadTeam.ElementWork;

    /// <summary>Whether a convolution's function and the pool behind it are one pass.</summary>
    /// <param name="conv">The convolution.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="before">The images before the pool.</param>
    public static bool Suits(ConvLayer conv, PoolLayer pool, TensorShape before) =>
        conv.Bias && pool is { Kind: PoolKind.Average, Window: { Height: 2, Width: 2 } window }
        && window is { StrideHeight: 2, StrideWidth: 2 } && window.MarginsFor(before).IsEmpty
        && before.Height % 2 == 0 && before.Width % 2 == 0
        && !ActivationPass.Create(conv.Activation).NeedsArgument;

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _pixels = input;
        _team.For(input.Rows, Work, _forward);
        return new(_means.Pointer, input.Rows, Stride, Stride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _gradient = gradient;
        _team.For(_shape.Floats / FloatBuffer.Lane, Work, _backward);
        return _pixels;
    }

    /// <inheritdoc />
    public override void Dispose() => _means.Dispose();

    private void ForwardImages(int member, int first, int end)
    {
        for (var image = first; image < end; image++)
        {
            _activation.ForwardPooled(
                _shape, _pixels.Pointer + ((long)image * _pixels.RowStride), Biases,
                _means.Pointer + ((long)image * Stride));
        }
    }

    // By channels: the gradient of a bias is one sum over all pixels.
    private void BackwardLanes(int member, int first, int end)
    {
        for (var lane = first * FloatBuffer.Lane; lane < end * FloatBuffer.Lane; lane += FloatBuffer.Lane)
            _activation.BackwardPooled(_shape, lane, _pixels, _gradient, BiasGradients + lane);
    }
}

/// <summary>
/// y = e^x / sum e^x over each sample; with g the gradient with respect to y, x gets y (g - sum(g y)). Only for a
/// softmax that does not belong to the loss.
/// </summary>
internal sealed unsafe class SoftmaxStage(int width, int capacity) : Stage
{
    private readonly FloatBuffer _values = new((long)capacity * FloatBuffer.RoundUp(width));
    private readonly int _stride = FloatBuffer.RoundUp(width);

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        var values = new Matrix(_values.Pointer, input.Rows, width, _stride);
        for (var row = 0; row < input.Rows; row++)
        {
            var x = new ReadOnlySpan<float>(input.Pointer + ((long)row * input.RowStride), width);
            var y = values.Row(row);
            var highest = float.NegativeInfinity;
            foreach (var value in x)
                highest = value > highest ? value : highest;
            var sum = 0f;
            for (var column = 0; column < width; column++)
            {
                y[column] = VectorMath.Exp(Vector512.Create(x[column] - highest))[0];
                sum += y[column];
            }

            for (var column = 0; column < width; column++)
                y[column] /= sum;
        }

        return values;
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        for (var row = 0; row < gradient.Rows; row++)
        {
            var y = new ReadOnlySpan<float>(_values.Pointer + ((long)row * _stride), width);
            var g = gradient.Row(row)[..width];
            var dot = 0f;
            for (var column = 0; column < width; column++)
                dot += g[column] * y[column];
            for (var column = 0; column < width; column++)
                g[column] = y[column] * (g[column] - dot);
        }

        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose() => _values.Dispose();
}
