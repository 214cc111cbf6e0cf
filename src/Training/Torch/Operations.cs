using System.Runtime.InteropServices;
using Sweeps.Core.Networks;
using Sweeps.Core.Randomness;
using Sweeps.Training.Numerics;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>One step of a network, in operations that libtorch can differentiate.</summary>
internal abstract class Operation : IDisposable
{
    /// <summary>The outputs for a batch; tensors made on the way belong to the caller's dispose scope.</summary>
    public abstract Tensor Forward(Tensor x, bool learning);

    /// <summary>Turns to the random streams of an epoch.</summary>
    public virtual void BeginEpoch(int epoch)
    {
    }

    /// <inheritdoc />
    public virtual void Dispose()
    {
    }
}

/// <summary>x W' + b.</summary>
internal sealed class DenseOperation(Tensor weight, Tensor? bias) : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => nn.functional.linear(x, weight, bias);
}

/// <summary>
/// A convolution; padding that differs from side to side, as TensorFlow's <c>same</c> has it, is put on before.
/// </summary>
/// <remarks>
/// oneDNN, which computes libtorch's convolutions, keeps images and kernels in blocks of up to 16 channels and fills
/// the last block with zeros. Version 3.7.1 (libtorch 2.10) leaves other numbers there on some processors (seen on AMD
/// EPYC of family 26), which spoil every sum over channels: the outputs, and the gradient of the inputs. So channels
/// come in whole blocks here; the zeros added change no number.
/// On virtual machines that do not tell the sizes of their caches it divides by zero, which ends the process, where it
/// plans the gradient of the inputs of a 1x1 convolution (<c>est_eff_1x1</c>): these are products of matrices here.
/// </remarks>
internal sealed class ConvOperation(
    Window window, TensorShape input, Tensor weight, Tensor? bias, int groups = 1) : Operation
{
    private const int Block = 16;

    // Images of so few channels, which data have, are not brought into blocks.
    private const int PlainChannelsMax = 4;

    private readonly Margins _margins = window.MarginsFor(input);
    private readonly long[] _strides = [window.StrideHeight, window.StrideWidth];
    private readonly long[] _dilations = [window.Dilation, window.Dilation];
    private readonly bool _isPointwise =
        window is { Height: 1, Width: 1 } && window.MarginsFor(input).IsEmpty;

    private readonly long _filters = weight.shape[0] / groups;
    private readonly long _channels = input.Channels / groups;
    private readonly long _channelsAdded =
        input.Channels / groups <= PlainChannelsMax ? 0 : Added(input.Channels / groups);

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        if (groups == 1)
            return Convolve(x, weight, bias);
        var parts = Enumerable.Range(0, groups).Select(group => Convolve(
            x.narrow(1, group * _channels, _channels), weight.narrow(0, group * _filters, _filters),
            bias?.narrow(0, group * _filters, _filters)));
        return cat(parts.ToList(), 1);
    }

    private Tensor Convolve(Tensor x, Tensor kernels, Tensor? offsets)
    {
        if (_isPointwise)
            return Multiply(x, kernels, offsets);
        // Only the gradient of the inputs is a sum over filters.
        var filtersAdded = x.requires_grad ? Added(_filters) : 0;
        if (_channelsAdded + filtersAdded > 0)
            kernels = nn.functional.pad(kernels, [0, 0, 0, 0, 0, _channelsAdded, 0, filtersAdded]);
        if (filtersAdded > 0 && offsets is not null)
            offsets = nn.functional.pad(offsets, [0, filtersAdded]);
        long[] padding = [0, 0];
        if (_margins.IsSymmetric)
            padding = [_margins.Top, _margins.Left];
        if (!_margins.IsSymmetric || _channelsAdded > 0)
            x = nn.functional.pad(x, _margins.IsSymmetric
                ? [0, 0, 0, 0, 0, _channelsAdded]
                : [_margins.Left, _margins.Right, _margins.Top, _margins.Bottom, 0, _channelsAdded]);
        x = nn.functional.conv2d(x, kernels, offsets, _strides, padding, _dilations);
        return filtersAdded > 0 ? x.narrow(1, 0, _filters) : x;
    }

    // The channels of every pixel that the window stands on, times one matrix.
    private Tensor Multiply(Tensor x, Tensor kernels, Tensor? offsets)
    {
        if (_strides[0] > 1 || _strides[1] > 1)
            x = x.slice(2, 0, x.shape[2], _strides[0]).slice(3, 0, x.shape[3], _strides[1]);
        var (samples, height, width) = (x.shape[0], x.shape[2], x.shape[3]);
        var matrices = kernels.reshape(1, _filters, _channels).expand(samples, _filters, _channels);
        var y = matrices.bmm(x.reshape(samples, _channels, height * width));
        if (offsets is not null)
            y = y.add(offsets.reshape(1, _filters, 1));
        return y.view(samples, _filters, height, width);
    }

    private static long Added(long channels) => (Block - (channels % Block)) % Block;
}

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

/// <summary>The mean of each channel.</summary>
internal sealed class GlobalAvgPoolOperation : Operation
{
    private static readonly long[] s_pixels = [2, 3];

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => x.mean(s_pixels);
}

/// <summary>An image as a vector: channels, rows, columns.</summary>
internal sealed class FlattenOperation : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => x.flatten(1);
}

/// <summary>
/// Inverted dropout with masks from our own stream, sample after sample; libtorch's generator is shared by all threads.
/// </summary>
/// <param name="rate">The probability of zero.</param>
/// <param name="key">The stream, without its epoch.</param>
/// <param name="native">
/// The image, in a network that the native engine can train too: its masks are drawn in that engine's order (pixel
/// after pixel, each of whole vectors of channels), so that both drop the same values. Null: channels first.
/// </param>
internal sealed class DropoutOperation(double rate, StreamKey key, TensorShape? native = null) : Operation
{
    private RandomStream _stream = new(key with { Epoch = 1 });

    /// <inheritdoc />
    public override void BeginEpoch(int epoch) => _stream = new(key with { Epoch = epoch });

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        if (!learning)
            return x;
        var mask = native is { } image
            ? empty([x.shape[0], image.Height, image.Width, FloatBuffer.RoundUp(image.Channels)])
            : empty(x.shape);
        _stream.FillDropoutMask(MemoryMarshal.Cast<byte, float>(mask.bytes), (float)rate);
        return x.mul(native is null ? mask : mask.narrow(3, 0, x.shape[1]).permute(0, 3, 1, 2));
    }
}

/// <summary>Batch normalisation; it owns its views of the running statistics.</summary>
internal sealed class BatchNormOperation(
    BatchNormLayer layer, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, bool isFrozen)
    : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        // One value a channel has no variance; libtorch refuses it. The running statistics stand in. A frozen one keeps
        // them, as in Keras.
        var measures = learning && !isFrozen && x.numel() > x.shape[1];
        return nn.functional.batch_norm(x, mean, variance, gamma, beta, measures, 1 - layer.Momentum, layer.Epsilon);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        mean.Dispose();
        variance.Dispose();
        base.Dispose();
    }
}

/// <summary>An activation function.</summary>
internal sealed class ActivationOperation(Activation activation) : Operation
{
    /// <summary>Whether it is max(0, x).</summary>
    public bool IsRelu => activation.Kind == ActivationKind.Relu;

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) => activation.Kind switch
    {
        ActivationKind.Linear => x,
        ActivationKind.Relu => nn.functional.relu(x),
        ActivationKind.LeakyRelu => nn.functional.leaky_relu(x, activation.Slope),
        ActivationKind.Elu => nn.functional.elu(x, activation.Slope),
        ActivationKind.Gelu => nn.functional.gelu(x),
        ActivationKind.Sigmoid => nn.functional.sigmoid(x),
        ActivationKind.Tanh => nn.functional.tanh(x),
        ActivationKind.Softmax => nn.functional.softmax(x, 1),
        var kind => throw new InvalidOperationException($"Unknown activation {kind}."),
    };
}
