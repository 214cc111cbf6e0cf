using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

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
    private Matrix _arguments;
    private Matrix _results;

    /// <summary>For images of so many pixels and channels, the channels whole vectors.</summary>
    public PixelActivationStage(int pixels, int channels, Activation activation, int capacity)
    {
        (_pixels, _channels, _activation) = (pixels, channels, ActivationPass.Create(activation));
        _values = _activation.NeedsArgument ? new((long)capacity * pixels * channels) : null;
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
        _activation.Forward(_arguments, Biases, _results);
        return new(_results.Pointer, input.Rows, input.Columns, input.RowStride);
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        _activation.Backward(_results, _arguments, Pixels(gradient.Pointer, gradient.Rows), BiasGradients);
        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose() => _values?.Dispose();

    private Matrix Pixels(float* images, int count) => new(images, count * _pixels, _channels, _channels);
}
