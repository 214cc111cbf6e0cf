using Sweeps.Core.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// A convolution; padding that differs from side to side, as TensorFlow's <c>same</c> has it, is put on before.
/// </summary>
internal sealed class ConvOperation(Window window, TensorShape input, Tensor weight, Tensor? bias) : Operation
{
    private readonly Margins _margins = window.MarginsFor(input);
    private readonly long[] _strides = [window.StrideHeight, window.StrideWidth];

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        long[] padding = [0, 0];
        if (_margins.IsSymmetric)
            padding = [_margins.Top, _margins.Left];
        else
            x = nn.functional.pad(x, [_margins.Left, _margins.Right, _margins.Top, _margins.Bottom]);
        return nn.functional.conv2d(x, weight, bias, _strides, padding);
    }
}
