using Sweeps.Core.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// The largest or the mean value of each window. Padding never counts: not for the largest, not for the mean, as in
/// Keras.
/// </summary>
internal sealed class PoolOperation : Operation
{
    private readonly Window _window;
    private readonly Margins _margins;
    private readonly Tensor? _share;

    /// <summary>The pool of a layer on images of that shape.</summary>
    public PoolOperation(PoolLayer layer, TensorShape input)
    {
        (IsMax, _window, _margins) = (layer.Kind == PoolKind.Max, layer.Window, layer.Window.MarginsFor(input));
        if (IsMax || _margins.IsEmpty)
            return;
        // The share of each window that is image: a mean over the padded window, divided by it, is the mean over the
        // image.
        using var scope = NewDisposeScope();
        _share = Average(Pad(ones([1, 1, input.Height, input.Width]), 0)).DetachFromDisposeScope();
    }

    /// <summary>Whether it takes the largest value.</summary>
    public bool IsMax { get; }

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        if (IsMax)
            return nn.functional.max_pool2d(Pad(x, double.NegativeInfinity), [_window.Height, _window.Width],
                [_window.StrideHeight, _window.StrideWidth]);
        var mean = Average(Pad(x, 0));
        return _share is null ? mean : mean.div(_share);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _share?.Dispose();
        base.Dispose();
    }

    private Tensor Pad(Tensor x, double value) => _margins.IsEmpty
        ? x
        : nn.functional.pad(x, [_margins.Left, _margins.Right, _margins.Top, _margins.Bottom], value: value);

    private Tensor Average(Tensor x) =>
        nn.functional.avg_pool2d(x, [_window.Height, _window.Width], [_window.StrideHeight, _window.StrideWidth]);
}
