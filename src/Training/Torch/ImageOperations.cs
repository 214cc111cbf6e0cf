using Sweeps.Core.Networks;
using static TorchSharp.torch;

namespace Sweeps.Training.Torch;

/// <summary>
/// A depthwise convolution as a sum over the places of the kernel, in their order: each is the image, shifted, times
/// one value a channel. It needs no blocks of channels (<see cref="ConvOperation"/>) and keeps no copy of the image.
/// </summary>
internal sealed class DepthwiseConvOperation(
    Window window, TensorShape input, int multiplier, Tensor weight, Tensor? bias) : Operation
{
    private readonly Margins _margins = window.MarginsFor(input);

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        if (multiplier > 1)
            x = x.repeat_interleave(multiplier, dim: 1);
        if (!_margins.IsEmpty)
            x = nn.functional.pad(x, [_margins.Left, _margins.Right, _margins.Top, _margins.Bottom]);
        var (height, width) = (Last(x.shape[2], window.Height), Last(x.shape[3], window.Width));
        Tensor? sum = null;
        for (var row = 0; row < window.Height; row++)
        {
            for (var column = 0; column < window.Width; column++)
            {
                var (top, left) = (row * window.Dilation, column * window.Dilation);
                var part = x.slice(2, top, top + height, window.StrideHeight)
                    .slice(3, left, left + width, window.StrideWidth)
                    .mul(weight.select(3, column).select(2, row).view(1, -1, 1, 1));
                sum = sum is null ? part : sum.add(part);
            }
        }

        return bias is null ? sum! : sum!.add(bias.view(1, -1, 1, 1));
    }

    // Beyond the last place that the kernel's first value takes.
    private long Last(long size, int kernel) => size - ((kernel - 1L) * window.Dilation);
}

/// <summary>Each channel less its mean, divided by its deviation.</summary>
internal sealed class NormalizeOperation(NormalizeLayer layer) : Operation
{
    private readonly Tensor _means = Channels(layer.Means);
    private readonly Tensor _deviations = Channels(layer.Deviations);

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) =>
        (layer.IsReversed ? Reversed(x) : x).sub(_means).div(_deviations);

    // libtorch 2.10's flip divides by zero on a picture of one pixel, which ends the process.
    private static Tensor Reversed(Tensor x) => cat([x.narrow(1, 2, 1), x.narrow(1, 1, 1), x.narrow(1, 0, 1)], 1);

    /// <inheritdoc />
    public override void Dispose()
    {
        _means.Dispose();
        _deviations.Dispose();
        base.Dispose();
    }

    private static Tensor Channels(IEnumerable<double> values)
    {
        using var flat = tensor(values.Select(value => (float)value).ToArray());
        return flat.view(1, -1, 1, 1).DetachFromDisposeScope();
    }
}

/// <summary>Each channel times what two dense layers make of the means of all channels.</summary>
internal sealed class SqueezeExciteOperation(
    Tensor squeeze, Tensor squeezeBias, Tensor excite, Tensor exciteBias) : Operation
{
    private static readonly long[] s_pixels = [2, 3];

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        var hidden = nn.functional.relu(nn.functional.linear(x.mean(s_pixels), squeeze, squeezeBias));
        var scale = nn.functional.sigmoid(nn.functional.linear(hidden, excite, exciteBias));
        return x.mul(scale.unsqueeze(2).unsqueeze(3));
    }
}

/// <summary>Normalises the features of each sample; of an image, the channels of each pixel.</summary>
internal sealed class LayerNormOperation(LayerNormLayer layer, Tensor gamma, Tensor beta) : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        if (x.dim() == 2)
            return nn.functional.layer_norm(x, [x.shape[1]], gamma, beta, layer.Epsilon);
        var pixels = x.permute(0, 2, 3, 1);
        return nn.functional.layer_norm(pixels, [x.shape[1]], gamma, beta, layer.Epsilon)
            .permute(0, 3, 1, 2).contiguous();
    }
}

/// <summary>Normalises groups of channels of each sample.</summary>
internal sealed class GroupNormOperation(GroupNormLayer layer, Tensor gamma, Tensor beta) : Operation
{
    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning) =>
        nn.functional.group_norm(x, layer.Groups, gamma, beta, layer.Epsilon);
}

/// <summary>What several paths make of one input, added or joined channel after channel.</summary>
internal sealed class JoinOperation(JoinKind kind, List<List<Operation>> paths, ActivationOperation activation)
    : Operation
{
    /// <inheritdoc />
    public override void BeginEpoch(int epoch)
    {
        foreach (var operation in paths.SelectMany(path => path))
            operation.BeginEpoch(epoch);
    }

    /// <inheritdoc />
    public override Tensor Forward(Tensor x, bool learning)
    {
        var outputs = paths.Select(
            path => path.Aggregate(x, (value, operation) => operation.Forward(value, learning))).ToList();
        var joined = kind == JoinKind.Concat ? cat(outputs, 1)
            : outputs.Aggregate((sum, output) => sum.add(output));
        return activation.Forward(joined, learning);
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        foreach (var operation in paths.SelectMany(path => path))
            operation.Dispose();
        base.Dispose();
    }
}
