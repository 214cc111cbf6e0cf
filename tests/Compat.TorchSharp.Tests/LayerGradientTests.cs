using TorchSharp;
using static Sweeps.TorchSharpTests.GradientInput;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sweeps.TorchSharpTests;

/// <summary>As <see cref="GradientTests"/>, for layers and losses.</summary>
public class LayerGradientTests
{
    private static readonly GradientInput Images = In(-1, 1, 2, 2, 5, 5);
    private static readonly GradientInput Logits = In(-2, 2, 4, 3);

    private static readonly Dictionary<string, GradientCase> Cases = new()
    {
        ["linear"] = new(x => functional.linear(x[0], x[1], x[2]), In(-1, 1, 3, 4), In(-1, 1, 2, 4), In(-1, 1, 2)),
        ["linear without bias"] = new(x => functional.linear(x[0], x[1]), In(-1, 1, 3, 4), In(-1, 1, 2, 4)),
        ["conv2d"] = new(x => functional.conv2d(x[0], x[1], x[2]), Images, In(-1, 1, 3, 2, 3, 3), In(-1, 1, 3)),
        ["conv2d strided, padded"] = new(
            x => functional.conv2d(x[0], x[1], strides: [2, 1], padding: [1, 2]), Images, In(-1, 1, 3, 2, 3, 2)),
        ["conv2d dilated, grouped"] = new(
            x => functional.conv2d(x[0], x[1], dilation: [2, 2], groups: 2), Images, In(-1, 1, 4, 1, 2, 2)),
        ["max_pool2d"] = new(x => functional.max_pool2d(x[0], 2), Images),
        ["max_pool2d padded"] = new(x => functional.max_pool2d(x[0], [3, 3], [2, 2], [1, 1]), Images),
        ["max_pool2d ceil"] = new(x => functional.max_pool2d(x[0], (2, 2), (2, 2), ceil_mode: true), Images),
        ["avg_pool2d"] = new(x => functional.avg_pool2d(x[0], 2, 1), Images),
        ["avg_pool2d padded"] = new(
            x => functional.avg_pool2d(x[0], [3, 3], [2, 2], [1, 1], count_include_pad: false), Images),
        ["adaptive_avg_pool2d"] = new(x => functional.adaptive_avg_pool2d(x[0], (2, 3)), Images),
        ["batch_norm training"] = new(
            x => functional.batch_norm(x[0], null, null, x[1], x[2], training: true),
            Images, In(0.5, 1.5, 2), In(-1, 1, 2)),
        ["batch_norm evaluating"] = new(
            x => functional.batch_norm(x[0], Float64(0.1, -0.2), Float64(0.9, 1.4), x[1], x[2]),
            Images, In(0.5, 1.5, 2), In(-1, 1, 2)),
        ["pad constant"] = new(x => functional.pad(x[0], (1, 2, 0, 1), PaddingModes.Constant, 3), Images),
        ["pad reflect"] = new(x => functional.pad(x[0], [1, 2, 2, 1], PaddingModes.Reflect), Images),
        ["pad replicate"] = new(x => functional.pad(x[0], [1, 2, 2, 1], PaddingModes.Replicate), Images),
        ["dropout off"] = new(x => functional.dropout(x[0], 0.5, training: false), Images),
        ["relu"] = new(x => functional.relu(x[0].clone(), inplace: true), Images),
        ["leaky_relu"] = new(x => functional.leaky_relu(x[0]), Images),
        ["elu"] = new(x => functional.elu(x[0], 0.4), Images),
        ["gelu"] = new(x => functional.gelu(x[0]), Images),
        ["sigmoid"] = new(x => functional.sigmoid(x[0]), Images),
        ["tanh"] = new(x => functional.tanh(x[0].clone(), inplace: true), Images),
        ["softmax"] = new(x => functional.softmax(x[0], 1), Logits),
        ["log_softmax"] = new(x => functional.log_softmax(x[0], 1), Logits),
        ["cross_entropy"] = new(x => functional.cross_entropy(x[0], Classes()), Logits),
        ["cross_entropy sum, weights"] = new(
            x => functional.cross_entropy(x[0], Classes(), Float64(1, 2, 0.5), reduction: Reduction.Sum), Logits),
        ["cross_entropy each, smoothed"] = new(
            x => functional.cross_entropy(x[0], Classes(), reduction: Reduction.None, label_smoothing: 0.1), Logits),
        ["cross_entropy of probabilities"] = new(
            x => functional.cross_entropy(x[0], Numbers.Of(Numbers.Spread(12, 0.1, 0.5, 7), 4, 3)), Logits),
        ["nll_loss"] = new(x => functional.nll_loss(x[0].log_softmax(1), Classes()), Logits),
        ["binary cross-entropy"] = new(
            x => functional.binary_cross_entropy_with_logits(x[0], x[1], reduction: Reduction.Mean),
            Logits, In(0.1, 0.9, 4, 3)),
        ["binary cross-entropy, weights"] = new(
            x => functional.binary_cross_entropy_with_logits(
                x[0], x[1], reduction: Reduction.Sum, pos_weights: Float64(1, 2, 3)),
            Logits, In(0.1, 0.9, 4, 3)),
        ["mse_loss"] = new(x => functional.mse_loss(x[0], x[1]), Logits, Logits),
        ["mse_loss each"] = new(x => functional.mse_loss(x[0], x[1], Reduction.None), Logits, Logits),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_OfALayer_EqualsCentralDifferences(string name) => Cases[name].Check();

    private static Tensor Classes() => tensor(new long[] { 2, 0, 1, 2 });

    private static Tensor Float64(params double[] values) => tensor(values);
}
