using System.Globalization;

namespace Sweeps.Core.Networks;

/// <summary>Which networks the native engine can train: those of which every layer has a stage there.</summary>
public static class NativeStages
{
    /// <summary>
    /// Why a network cannot train on the native engine, with the first layer that has no stage; null: it can. There are
    /// stages for dense layers; convolutions of stride 1; max pools whose windows lie side by side, on what a
    /// convolution gave; elementwise activations; flatten; dropout.
    /// </summary>
    /// <param name="network">The network on its data.</param>
    public static string? WhyNot(NetworkShape network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var padded = false;
        var images = true;
        foreach (var layer in network.Layers)
        {
            var supported = layer.Layer switch
            {
                DenseLayer or FlattenLayer or DropoutLayer => true,
                ConvLayer conv => images && HasStage(conv, layer.Input),
                PoolLayer pool => padded && HasStage(pool, layer.Input),
                ActivationLayer activation =>
                    layer.Output.IsFlat || activation.Activation.Kind != ActivationKind.Softmax,
                _ => false,
            };
            if (!supported)
                return string.Create(
                    CultureInfo.InvariantCulture, $"layer {layer.Index + 1} '{layer.Layer}' has no native stage");
            padded |= layer.Layer is ConvLayer;
            // After something else than a convolution's own stages, data with several channels would lie channels
            // first.
            images &= layer.Layer is ConvLayer || padded || layer.Input.Channels == 1;
        }

        return network.Layers.Any(layer => layer.Layer is DenseLayer) ? null : "it has no dense layer";
    }

    /// <summary>Whether no layer of this kind has a stage, whatever its sizes and its place.</summary>
    internal static bool NeverHasStage(Layer layer) =>
        layer is not (DenseLayer or FlattenLayer or DropoutLayer or ConvLayer or PoolLayer or ActivationLayer);

    // Its padding is less than its kernel: the gradient of its input is then a convolution too.
    private static bool HasStage(ConvLayer conv, TensorShape input)
    {
        var window = conv.Window;
        var margins = window.MarginsFor(input);
        return window is { StrideHeight: 1, StrideWidth: 1, Dilation: 1 }
            && conv.Groups == 1
            && conv.Activation.Kind != ActivationKind.Softmax
            && margins.Top < window.Height && margins.Left < window.Width;
    }

    private static bool HasStage(PoolLayer pool, TensorShape input) =>
        pool.Kind == PoolKind.Max
        && pool.Window.StrideHeight == pool.Window.Height
        && pool.Window.StrideWidth == pool.Window.Width
        && pool.Window.MarginsFor(input).IsEmpty;
}
