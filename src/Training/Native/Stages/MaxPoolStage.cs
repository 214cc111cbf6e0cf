using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>
/// The largest value of each window, windows side by side without padding; what is left over at the right and at the
/// bottom is not looked at. The gradient goes to the first of the largest. Images are channels last, pixels whole
/// vectors.
/// </summary>
internal sealed unsafe class MaxPoolStage : Stage
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _windowHeight;
    private readonly int _windowWidth;
    private readonly int _channels;
    private readonly FloatBuffer _values;
    private readonly FloatBuffer _inputGradients;
    private readonly ThreadTeam _team;
    private readonly ThreadTeam.TeamLoop _forward;
    private readonly ThreadTeam.TeamLoop _backward;
    private Matrix _input;
    private Matrix _gradient;

    /// <summary>Buffers for up to <paramref name="capacity"/> images.</summary>
    public MaxPoolStage(
        int height, int width, int channels, int windowHeight, int windowWidth, int capacity, ThreadTeam team)
    {
        (_team, _forward, _backward) = (team, Forward, Backward);
        (_height, _width, _channels, _windowHeight, _windowWidth) =
            (height, width, channels, windowHeight, windowWidth);
        _values = new((long)capacity * Stride);
        _inputGradients = new((long)capacity * height * width * channels);
    }

    private int Rows => _height / _windowHeight;

    private int Columns => _width / _windowWidth;

    private int Stride => Rows * Columns * _channels;

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        _input = input;
        _team.For(input.Rows, Work, _forward);
        return new(_values.Pointer, input.Rows, Stride, Stride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _gradient = gradient;
        _team.For(gradient.Rows, Work, _backward);
        return Target(gradient.Rows);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _values.Dispose();
        _inputGradients.Dispose();
    }

    private long Work => (long)_input.Rows * _height * _width * _channels * ThreadTeam.ElementWork;

    private Matrix Target(int images) =>
        new(_inputGradients.Pointer, images, _input.Columns, _height * _width * _channels);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(int member, int first, int end)
    {
        var y = _values.Pointer + ((long)first * Stride);
        for (var image = first; image < end; image++)
        {
            for (var row = 0; row < Rows; row++)
            {
                for (var column = 0; column < Columns; column++)
                {
                    var x = Corner(_input, image, row, column);
                    for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane, y += FloatBuffer.Lane)
                        Largest(x + channel).Store(y);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward(int member, int first, int end)
    {
        var target = Target(end);
        if (_height % _windowHeight != 0 || _width % _windowWidth != 0)
            _inputGradients.Span[(first * target.RowStride)..(end * target.RowStride)].Clear();
        for (var image = first; image < end; image++)
        {
            var g = _gradient.Pointer + ((long)image * _gradient.RowStride);
            for (var row = 0; row < Rows; row++)
            {
                for (var column = 0; column < Columns; column++)
                {
                    var x = Corner(_input, image, row, column);
                    var t = Corner(target, image, row, column);
                    for (var channel = 0; channel < _channels; channel += FloatBuffer.Lane, g += FloatBuffer.Lane)
                        Spread(x + channel, t + channel, Vector512.Load(g));
                }
            }
        }
    }

    private float* Corner(in Matrix images, int image, int row, int column) =>
        images.Pointer + ((long)image * images.RowStride)
            + ((((long)row * _windowHeight * _width) + ((long)column * _windowWidth)) * _channels);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Largest(float* x)
    {
        var largest = Vector512.Load(x);
        for (var row = 0; row < _windowHeight; row++)
        {
            for (var column = 0; column < _windowWidth; column++)
            {
                var value = Vector512.Load(x + (((row * _width) + column) * _channels));
                // Not less or equal: NaN is taken, so that it is not lost.
                largest = Vector512.ConditionalSelect(Vector512.LessThanOrEqual(value, largest), largest, value);
            }
        }

        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Spread(float* x, float* target, Vector512<float> gradient)
    {
        var largest = Largest(x);
        for (var row = 0; row < _windowHeight; row++)
        {
            for (var column = 0; column < _windowWidth; column++)
            {
                var offset = ((row * _width) + column) * _channels;
                var mine = Vector512.Equals(Vector512.Load(x + offset), largest).AsSingle();
                (gradient & mine).Store(target + offset);
                gradient = Vector512.AndNot(gradient, mine);
            }
        }
    }
}
