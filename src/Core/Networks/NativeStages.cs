using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>
/// Which layers the native engine has stages for. It grew; a sweep goes on with the set that it was planned with, and
/// names and dropout masks are those of the first set for ever.
/// </summary>
public enum StageSet
{
    /// <summary>
    /// Dense layers; convolutions of stride 1; max pools whose windows lie side by side, on what a convolution gave;
    /// elementwise activations; flatten; dropout. What plans of earlier versions mean, which do not say.
    /// </summary>
    First,

    /// <summary>
    /// Also batch_norm, residual and bottleneck blocks without a squeeze_excite, convolutions of any stride, and all
    /// pools; and convolutions with kernels of 3x3 take fewer products, which rounds otherwise.
    /// </summary>
    Second,
}

/// <summary>Which networks the native engine can train: those of which every layer has a stage there.</summary>
public static class NativeStages
{
    /// <summary>All that there is.</summary>
    public const StageSet Newest = StageSet.Second;

    /// <summary>Channels of an image are padded to a multiple of it.</summary>
    private const int Vector = 16;

    /// <summary>
    /// Why a network cannot train on the native engine, with the first layer that has no stage; null: it can.
    /// </summary>
    /// <param name="network">The network on its data.</param>
    /// <param name="stages">The stages to look among.</param>
    public static string? WhyNot(NetworkShape network, StageSet stages = Newest)
    {
        ArgumentNullException.ThrowIfNull(network);
        var without = stages == StageSet.First
            ? FirstWithout(network)
            : network.Layers.FirstOrDefault(layer => !HasStage(layer.Layer, layer.Input));
        if (without is not null)
            return string.Create(
                CultureInfo.InvariantCulture, $"layer {without.Index + 1} '{without.Layer}' has no native stage");
        return network.Layers.Any(layer => layer.Layer is DenseLayer) ? null : "it has no dense layer";
    }

    /// <summary>
    /// Whether a convolution is one that takes fewer products (Winograd's minimal filtering): kernels of 3x3 and stride
    /// 1 on images of at least a vector of channels.
    /// </summary>
    /// <param name="conv">The convolution.</param>
    /// <param name="input">The images before it.</param>
    /// <param name="stages">The set of stages.</param>
    public static bool TakesFewerProducts(ConvLayer conv, TensorShape input, StageSet stages)
    {
        ArgumentNullException.ThrowIfNull(conv);
        return stages != StageSet.First && input.Channels >= Vector && conv.Groups == 1
            && conv.Window is { Height: 3, Width: 3, StrideHeight: 1, StrideWidth: 1, Dilation: 1 }
            && conv.OutputOn(input) is { Height: > 1, Width: > 1 };
    }

    /// <summary>Whether any convolution of a network does.</summary>
    internal static bool TakesFewerProducts(NetworkShape network, StageSet stages) =>
        network.Layers.Any(layer => TakesFewerProducts([layer.Layer], layer.Input, stages));

    /// <summary>Whether no layer of this kind has a stage, whatever its sizes and its place.</summary>
    internal static bool NeverHasStage(Layer layer, StageSet stages) =>
        layer is not (DenseLayer or FlattenLayer or DropoutLayer or ConvLayer or PoolLayer or ActivationLayer)
        && (stages == StageSet.First || layer is not (GlobalAvgPoolLayer or BatchNormLayer or BlockLayer));

    /// <summary>
    /// Whether the first version of the stages trained a network otherwise: the channels that pad an image to whole
    /// vectors became 1/2 by a sigmoid, and the next convolution learned from them.
    /// </summary>
    internal static bool LearnedFromPadding(NetworkShape network)
    {
        var (padded, isHalf) = (false, false);
        foreach (var layer in network.Layers)
        {
            if (layer.Layer is ConvLayer && isHalf)
                return true;
            padded |= layer.Layer is ConvLayer;
            isHalf = (isHalf && layer.Layer is not ConvLayer) || (padded
                && layer.Layer.OwnActivation.Kind == ActivationKind.Sigmoid && layer.Output.Channels % Vector != 0);
        }

        return false;
    }

    private static bool TakesFewerProducts(IEnumerable<Layer> layers, TensorShape input, StageSet stages)
    {
        foreach (var layer in layers)
        {
            if (layer is ConvLayer conv && TakesFewerProducts(conv, input, stages))
                return true;
            if (layer is BlockLayer block && (TakesFewerProducts(block.Main, input, stages)
                || TakesFewerProducts(block.Shortcut(input), input, stages)))
                return true;
            input = layer.OutputOn(input);
        }

        return false;
    }

    private static LayerShape? FirstWithout(NetworkShape network)
    {
        var padded = false;
        var images = true;
        foreach (var layer in network.Layers)
        {
            var supported = layer.Layer switch
            {
                ConvLayer { Window: { StrideHeight: 1, StrideWidth: 1 } } => images && HasStage(layer),
                PoolLayer pool => padded && IsSideBySide(pool, layer.Input),
                DenseLayer or FlattenLayer or DropoutLayer or ActivationLayer => HasStage(layer),
                _ => false,
            };
            if (!supported)
                return layer;
            padded |= layer.Layer is ConvLayer;
            // After something else than a convolution's own stages, data with several channels would lie channels
            // first.
            images &= layer.Layer is ConvLayer || padded || layer.Input.Channels == 1;
        }

        return null;

        static bool HasStage(LayerShape layer) => NativeStages.HasStage(layer.Layer, layer.Input);
    }

    private static bool HasStage(Layer layer, TensorShape input) => layer switch
    {
        DenseLayer or FlattenLayer or DropoutLayer or PoolLayer or GlobalAvgPoolLayer or BatchNormLayer => true,
        ActivationLayer { Activation.Kind: ActivationKind.Softmax } => input.IsFlat,
        ActivationLayer => true,
        ConvLayer conv => HasStage(conv, input),
        BlockLayer block => block.OwnActivation.Kind != ActivationKind.Softmax
            && HaveStages(block.Main, input) && HaveStages(block.Shortcut(input), input),
        _ => false,
    };

    private static bool HaveStages(IEnumerable<Layer> layers, TensorShape input)
    {
        foreach (var layer in layers)
        {
            if (!HasStage(layer, input))
                return false;
            input = layer.OutputOn(input);
        }

        return true;
    }

    // Its padding is less than its kernel: the gradient of its input is then a convolution too.
    private static bool HasStage(ConvLayer conv, TensorShape input)
    {
        var margins = conv.Window.MarginsFor(input);
        return conv is { Window.Dilation: 1, Groups: 1 }
            && conv.Activation.Kind != ActivationKind.Softmax
            && margins.Top < conv.Window.Height && margins.Left < conv.Window.Width;
    }

    private static bool IsSideBySide(PoolLayer pool, TensorShape input) =>
        pool.Kind == PoolKind.Max
        && pool.Window.StrideHeight == pool.Window.Height
        && pool.Window.StrideWidth == pool.Window.Width
        && pool.Window.MarginsFor(input).IsEmpty;
}
