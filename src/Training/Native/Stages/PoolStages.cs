using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// A pool: each window of an image becomes one pixel. Of windows that reach beyond the image only what lies in it
/// counts. Images are channels last, pixels whole vectors.
/// </summary>
internal abstract unsafe class PoolStage : Stage
{
    private readonly Window _window;
    private readonly TensorShape _before;
    private readonly TensorShape _after;
    private readonly Margins _margins;
    private readonly int _channels;
    private readonly bool _isCovered;
    private readonly bool _isOfFours;
    private readonly FloatBuffer _values;
    private readonly FloatBuffer _inputGradients;
    private readonly ThreadTeam _team;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _backward;
    private Matrix _input;
    private Matrix _gradient;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    /// <param name="window">The windows.</param>
    /// <param name="before">The images before.</param>
    /// <param name="after">The images after; a vector: one pixel.</param>
    /// <param name="channels">Floats of a pixel.</param>
    /// <param name="capacity">The most images of a batch.</param>
    /// <param name="team">Who shares the work.</param>
    protected PoolStage(
        Window window, TensorShape before, TensorShape after, int channels, int capacity, ThreadTeam team)
    {
        (_team, _forward, _backward) = (team, Forward, Backward);
        (_window, _before, _after, _channels) = (window, before, after, channels);
        _margins = window.MarginsFor(before);
        Overlaps = window.StrideHeight < window.Height || window.StrideWidth < window.Width;
        _isCovered = !Overlaps && _margins.IsEmpty && after.Height * window.Height == before.Height
            && after.Width * window.Width == before.Width;
        _isOfFours = _isCovered && window is { Height: 2, Width: 2 };
        _values = new((long)capacity * Stride);
        _inputGradients = new((long)capacity * before.Height * before.Width * channels);
    }

    /// <summary>Whether a pixel may lie in several windows, whose gradients are then added.</summary>
    protected bool Overlaps { get; }

    private PooledShape Fours => new(_after.Height, _after.Width, _channels, _channels);

    private int Stride => _after.Height * _after.Width * _channels;

    private int Size => _before.Height * _before.Width * _channels;

    private long Work => (long)_input.Rows * Size * ThreadTeam.ElementWork;

    /// <inheritdoc />
    public sealed override Matrix Forward(in Matrix input, bool learning)
    {
        _input = input;
        _team.For(input.Rows, Work, _forward);
        return new(_values.Pointer, input.Rows, _after.IsFlat ? _after.Channels : Stride, Stride);
    }

    /// <inheritdoc />
    public sealed override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        if (!inputWanted)
            return default;
        _gradient = gradient;
        _team.For(gradient.Rows, Work, _backward);
        return new(_inputGradients.Pointer, gradient.Rows, _input.Columns, Size);
    }

    /// <inheritdoc />
    public sealed override void Dispose()
    {
        _values.Dispose();
        _inputGradients.Dispose();
    }

    /// <summary>What a window becomes.</summary>
    /// <param name="view">The part of it that lies in the image.</param>
    /// <param name="x">Its first pixel.</param>
    /// <param name="y">Receives the pixel after.</param>
    /// <param name="channels">Floats of a pixel.</param>
    protected abstract void Gather(in PoolView view, float* x, float* y, int channels);

    /// <summary>Gives the gradient of a window to its pixels.</summary>
    /// <param name="view">The part of it that lies in the image.</param>
    /// <param name="x">Its first pixel.</param>
    /// <param name="gradient">With respect to the pixel after.</param>
    /// <param name="target">Receives that of the pixels.</param>
    /// <param name="channels">Floats of a pixel.</param>
    protected abstract void Spread(in PoolView view, float* x, float* gradient, float* target, int channels);

    /// <summary>What each 2x2 pixels of an image become, which are all of it: as <see cref="Gather"/>.</summary>
    protected abstract void GatherFours(in PooledShape shape, float* x, float* y);

    /// <summary>Gives the gradient to each 2x2 pixels of an image: as <see cref="Spread"/>.</summary>
    protected abstract void SpreadFours(in PooledShape shape, float* x, float* gradient, float* target);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(int member, int first, int end)
    {
        var y = _values.Pointer + ((long)first * Stride);
        for (var image = first; image < end; image++)
        {
            if (_isOfFours)
            {
                GatherFours(Fours, _input.Pointer + ((long)image * _input.RowStride), y);
                y += Stride;
                continue;
            }

            for (var row = 0; row < _after.Height; row++)
            {
                for (var column = 0; column < _after.Width; column++, y += _channels)
                {
                    var view = ViewOf(row, column);
                    Gather(view, _input.Pointer + ((long)image * _input.RowStride) + view.Corner, y, _channels);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward(int member, int first, int end)
    {
        if (!_isCovered)
            _inputGradients.Span[(first * Size)..(end * Size)].Clear();
        for (var image = first; image < end; image++)
        {
            var g = _gradient.Pointer + ((long)image * _gradient.RowStride);
            if (_isOfFours)
            {
                SpreadFours(
                    Fours, _input.Pointer + ((long)image * _input.RowStride), g,
                    _inputGradients.Pointer + ((long)image * Size));
                continue;
            }

            for (var row = 0; row < _after.Height; row++)
            {
                for (var column = 0; column < _after.Width; column++, g += _channels)
                {
                    var view = ViewOf(row, column);
                    var x = _input.Pointer + ((long)image * _input.RowStride) + view.Corner;
                    Spread(view, x, g, _inputGradients.Pointer + ((long)image * Size) + view.Corner, _channels);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PoolView ViewOf(int row, int column)
    {
        var (top, left) = ((row * _window.StrideHeight) - _margins.Top, (column * _window.StrideWidth) - _margins.Left);
        var (first, begin) = (Math.Max(top, 0), Math.Max(left, 0));
        return new(
            ((first * _before.Width) + begin) * _channels,
            Math.Min(top + _window.Height, _before.Height) - first,
            Math.Min(left + _window.Width, _before.Width) - begin,
            _before.Width * _channels);
    }
}

/// <summary>The part of a window that lies in the image.</summary>
/// <param name="Corner">Floats of the image before its first pixel.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="RowStride">Floats from one row of the image to the next.</param>
internal readonly record struct PoolView(int Corner, int Rows, int Columns, int RowStride);

/// <summary>The largest value of each window. The gradient goes to the first of the largest.</summary>
/// <inheritdoc cref="PoolStage(Window, TensorShape, TensorShape, int, int, ThreadTeam)" />
internal sealed unsafe class MaxPoolStage(
    Window window, TensorShape before, TensorShape after, int channels, int capacity, ThreadTeam team)
    : PoolStage(window, before, after, channels, capacity, team)
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Gather(in PoolView view, float* x, float* y, int channels)
    {
        for (var channel = 0; channel < channels; channel += FloatBuffer.Lane)
            Largest(view, x + channel, channels).Store(y + channel);
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Spread(in PoolView view, float* x, float* gradient, float* target, int channels)
    {
        for (var channel = 0; channel < channels; channel += FloatBuffer.Lane)
        {
            var largest = Largest(view, x + channel, channels);
            var left = Vector512.Load(gradient + channel);
            for (var row = 0; row < view.Rows; row++)
            {
                var offset = (row * view.RowStride) + channel;
                for (var column = 0; column < view.Columns; column++, offset += channels)
                {
                    var mine = Vector512.Equals(Vector512.Load(x + offset), largest).AsSingle();
                    var share = left & mine;
                    (Overlaps ? Vector512.Load(target + offset) + share : share).Store(target + offset);
                    left = Vector512.AndNot(left, mine);
                }
            }
        }
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void GatherFours(in PooledShape shape, float* x, float* y)
    {
        nint next = shape.Floats, line = 2 * next * shape.Width;
        for (var row = 0; row < shape.Height; row++, x += line)
        {
            for (var column = 0; column < shape.Width; column++, x += next)
            {
                for (var lane = 0; lane < shape.Floats; lane += FloatBuffer.Lane, x += FloatBuffer.Lane)
                {
                    var largest = Larger(Vector512.Load(x), Vector512.Load(x + next));
                    largest = Larger(Larger(largest, Vector512.Load(x + line)), Vector512.Load(x + line + next));
                    largest.Store(y);
                    y += FloatBuffer.Lane;
                }
            }
        }
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void SpreadFours(in PooledShape shape, float* x, float* gradient, float* target)
    {
        nint next = shape.Floats, line = 2 * next * shape.Width;
        var to = target - x;
        for (var row = 0; row < shape.Height; row++, x += line)
        {
            for (var column = 0; column < shape.Width; column++, x += next)
            {
                for (var lane = 0; lane < shape.Floats; lane += FloatBuffer.Lane, x += FloatBuffer.Lane)
                {
                    Vector512<float> a = Vector512.Load(x), b = Vector512.Load(x + next), c = Vector512.Load(x + line),
                        d = Vector512.Load(x + line + next), left = Vector512.Load(gradient);
                    gradient += FloatBuffer.Lane;
                    var largest = Larger(Larger(Larger(a, b), c), d);
                    Give(ref left, a, largest, x + to);
                    Give(ref left, b, largest, x + to + next);
                    Give(ref left, c, largest, x + to + line);
                    Give(ref left, d, largest, x + to + line + next);
                }
            }
        }
    }

    /// <summary>Gives what is left of a gradient to a value that is the largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Give(
        ref Vector512<float> left, Vector512<float> value, Vector512<float> largest, float* target)
    {
        var mine = Vector512.Equals(value, largest).AsSingle();
        (left & mine).Store(target);
        left = Vector512.AndNot(left, mine);
    }

    // Not less or equal: NaN is taken, so that it is not lost.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Larger(Vector512<float> largest, Vector512<float> value) =>
        Vector512.ConditionalSelect(Vector512.LessThanOrEqual(value, largest), largest, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Largest(in PoolView view, float* x, int channels)
    {
        var largest = Vector512.Load(x);
        for (var row = 0; row < view.Rows; row++, x += view.RowStride)
        {
            for (var column = 0; column < view.Columns; column++)
                largest = Larger(largest, Vector512.Load(x + (column * channels)));
        }

        return largest;
    }
}

/// <summary>The mean of each window, of which padding is no part. Each of its pixels gets an equal share of the
/// gradient.</summary>
/// <inheritdoc cref="PoolStage(Window, TensorShape, TensorShape, int, int, ThreadTeam)" />
internal sealed unsafe class AveragePoolStage(
    Window window, TensorShape before, TensorShape after, int channels, int capacity, ThreadTeam team)
    : PoolStage(window, before, after, channels, capacity, team)
{
    // To multiply by it and to divide by four round alike.
    private const float Quarter = 0.25f;

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Gather(in PoolView view, float* x, float* y, int channels)
    {
        var count = Vector512.Create((float)(view.Rows * view.Columns));
        for (var channel = 0; channel < channels; channel += FloatBuffer.Lane)
        {
            var sum = Vector512<float>.Zero;
            for (var row = 0; row < view.Rows; row++)
            {
                var from = x + ((row * view.RowStride) + channel);
                for (var column = 0; column < view.Columns; column++, from += channels)
                    sum += Vector512.Load(from);
            }

            (sum / count).Store(y + channel);
        }
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Spread(in PoolView view, float* x, float* gradient, float* target, int channels)
    {
        var count = Vector512.Create((float)(view.Rows * view.Columns));
        for (var channel = 0; channel < channels; channel += FloatBuffer.Lane)
        {
            var share = Vector512.Load(gradient + channel) / count;
            for (var row = 0; row < view.Rows; row++)
            {
                var to = target + ((row * view.RowStride) + channel);
                for (var column = 0; column < view.Columns; column++, to += channels)
                    (Overlaps ? Vector512.Load(to) + share : share).Store(to);
            }
        }
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void GatherFours(in PooledShape shape, float* x, float* y)
    {
        nint next = shape.Floats, line = 2 * next * shape.Width;
        for (var row = 0; row < shape.Height; row++, x += line)
        {
            for (var column = 0; column < shape.Width; column++, x += next)
            {
                for (var lane = 0; lane < shape.Floats; lane += FloatBuffer.Lane, x += FloatBuffer.Lane)
                {
                    var sum = Vector512<float>.Zero + Vector512.Load(x) + Vector512.Load(x + next)
                        + Vector512.Load(x + line) + Vector512.Load(x + line + next);
                    (sum * Vector512.Create(Quarter)).Store(y);
                    y += FloatBuffer.Lane;
                }
            }
        }
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void SpreadFours(in PooledShape shape, float* x, float* gradient, float* target)
    {
        nint next = shape.Floats, line = 2 * next * shape.Width;
        for (var row = 0; row < shape.Height; row++, target += line)
        {
            for (var column = 0; column < shape.Width; column++, target += next)
            {
                for (var lane = 0; lane < shape.Floats; lane += FloatBuffer.Lane, target += FloatBuffer.Lane)
                {
                    var share = Vector512.Load(gradient) * Vector512.Create(Quarter);
                    gradient += FloatBuffer.Lane;
                    share.Store(target);
                    share.Store(target + next);
                    share.Store(target + line);
                    share.Store(target + line + next);
                }
            }
        }
    }
}
