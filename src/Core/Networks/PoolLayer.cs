namespace Sweeps.Core.Networks;

/// <summary><c>max_pool 2</c>, <c>avg_pool 3 stride 2 same</c>: shrinks each channel.</summary>
/// <param name="Kind">What a window becomes.</param>
/// <param name="Window">Size (2 unless given), stride (the size unless given) and padding (valid unless given), as
/// Keras.</param>
public sealed record PoolLayer(PoolKind Kind, Window Window) : Layer
{
    internal override IEnumerable<string> Words()
    {
        yield return Kind == PoolKind.Max ? "max_pool" : "avg_pool";
        yield return Window.Kernel;
        if (Window.Padding.Kind != PaddingKind.Valid)
            yield return Window.Padding.ToString();
        if (Window.StrideHeight != Window.Height || Window.StrideWidth != Window.Width)
            yield return $"stride {Window.Stride}";
    }

    internal override void Validate()
    {
        Window.Validate("window");
        if (2 * Window.Padding.Size > Math.Min(Window.Height, Window.Width))
            throw new LayerException($"a padding of {Window.Padding.Size} is more than half of the {Window.Kernel} "
                + "window, so that windows could be empty; use less");
    }

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        if (Window.Misfit(input, "window") is { } reason)
            throw new LayerException(reason);
        var (height, width) = Window.Slide(input);
        return LayerResult.WithoutWeights(TensorShape.Image(input.Channels, height, width));
    }
}
