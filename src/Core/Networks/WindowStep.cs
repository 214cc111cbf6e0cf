namespace Sweeps.Core.Networks;

/// <summary>A window that slides over an image: of a convolution or a pool, which a layer is or has inside.</summary>
/// <param name="Layer">The convolution or the pool.</param>
/// <param name="Rows">From the input's rows to the output's.</param>
/// <param name="Columns">Likewise.</param>
public sealed record WindowStep(Layer Layer, AxisStep Rows, AxisStep Columns)
{
    /// <summary>Those of a layer, in the order in which it applies them; none of a layer without.</summary>
    public static IReadOnlyList<WindowStep> Of(LayerShape layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return [.. Of(layer.Layer, layer.Input)];
    }

    private static IEnumerable<WindowStep> Of(Layer layer, TensorShape input) => layer switch
    {
        ConvLayer conv => [Of(layer, conv.Window, input)],
        DepthwiseConvLayer conv => [Of(layer, conv.Window, input)],
        PoolLayer pool => [Of(layer, pool.Window, input)],
        SeparableConvLayer conv => Along(conv.Parts, input),
        BlockLayer block => [.. Along(block.Main, input), .. Along(block.Shortcut(input), input)],
        JoinLayer join => join.Paths.SelectMany(path => Along(path, input)),
        _ => [],
    };

    private static List<WindowStep> Along(IReadOnlyList<Layer> path, TensorShape input)
    {
        var steps = new List<WindowStep>();
        foreach (var layer in path)
        {
            steps.AddRange(Of(layer, input));
            input = layer.OutputOn(input);
        }

        return steps;
    }

    private static WindowStep Of(Layer layer, Window window, TensorShape input)
    {
        var margins = window.MarginsFor(input);
        var output = layer.OutputOn(input);
        return new(
            layer,
            new(input.Height, window.Reach(window.Height), margins.Top, margins.Bottom, window.StrideHeight,
                output.Height),
            new(input.Width, window.Reach(window.Width), margins.Left, margins.Right, window.StrideWidth,
                output.Width));
    }
}

/// <summary>How a window's places along one axis come about: floor((Size - Kernel + Before + After) / Stride) + 1.
/// </summary>
/// <param name="Size">Of the input.</param>
/// <param name="Kernel">From the kernel's first value to its last: with a dilation, its gaps too.</param>
/// <param name="Before">Padding before the first value.</param>
/// <param name="After">Padding after the last.</param>
/// <param name="Stride">From one place to the next.</param>
/// <param name="Output">Places, which is the size of the output.</param>
public sealed record AxisStep(int Size, int Kernel, int Before, int After, int Stride, int Output)
{
    /// <summary>The numbers put into (W-K+2P)/S+1, which is rounded down; P may differ from side to side:
    /// <c>(28-5+2*2)/1+1</c>, <c>(28-3+0+1)/2+1</c>.</summary>
    public override string ToString()
    {
        var padding = Before == After ? $"2*{Before}" : $"{Before}+{After}";
        return FormattableString.Invariant($"({Size}-{Kernel}+{padding})/{Stride}+1");
    }
}
