using Sweeps.Core.Networks;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Native.Stages;

/// <summary>An activation as a layer of its own.</summary>
internal sealed unsafe class ActivationStage(int width, Activation activation, int capacity) : Stage
{
    private readonly ActivationPass _activation = ActivationPass.Create(activation);
    private readonly FloatBuffer _arguments = new((long)capacity * FloatBuffer.RoundUp(width));
    private readonly FloatBuffer _values = new((long)capacity * FloatBuffer.RoundUp(width));
    private readonly int _stride = FloatBuffer.RoundUp(width);

    /// <inheritdoc />
    public override Matrix Forward(in Matrix input, bool learning)
    {
        // A copy first: the layer before may need its own values for its gradient, and network inputs are not padded.
        for (var row = 0; row < input.Rows; row++)
        {
            new Span<float>(input.Pointer + ((long)row * input.RowStride), width)
                .CopyTo(new(_arguments.Pointer + ((long)row * _stride), width));
        }

        var values = new Matrix(_values.Pointer, input.Rows, width, _stride);
        _activation.Forward(new(_arguments.Pointer, input.Rows, width, _stride), null, values);
        return values;
    }

    /// <inheritdoc />
    public override Matrix Backward(in Matrix gradient, bool inputWanted)
    {
        var values = new Matrix(_values.Pointer, gradient.Rows, width, _stride);
        _activation.Backward(values, new(_arguments.Pointer, gradient.Rows, width, _stride), gradient, null);
        return gradient;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _arguments.Dispose();
        _values.Dispose();
    }
}
