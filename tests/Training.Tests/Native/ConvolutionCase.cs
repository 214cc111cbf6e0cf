using Sweeps.Core.Networks;
using Sweeps.Training.Native;
using Sweeps.Training.Native.Sparse;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Numerics;

namespace Sweeps.Training.Tests.Native;

/// <summary>
/// A convolution of some images: inputs of which half were rectified, gradients of which a pool let one in four
/// through; what pads channels and filters is zero.
/// </summary>
internal sealed unsafe record ConvolutionCase(ConvShape Shape, float[] Inputs, float[] Kernels, float[] Gradients)
{
    private const int Images = 5;

    /// <summary>A shape whose pixels before have <paramref name="floats"/> floats.</summary>
    public static ConvShape ShapeOf(int height, int width, int channels, int floats, int filters, string kernel)
    {
        var plan = Small.Plan(
            $"conv {filters} {kernel} | flatten | dense", TensorShape.Image(channels, height, width), 2);
        var layer = plan.Layers[0];
        return new(((ConvLayer)layer.Layer).Window, layer.Input, floats, layer.Output);
    }

    public static ConvolutionCase Draw(ConvShape shape)
    {
        var inputs = Small.Uniform(Images * shape.Height * shape.Width * shape.Channels, 1);
        var kernels = Small.Uniform(shape.KernelSize * shape.Filters, 2);
        var gradients = Small.Uniform(Images * shape.OutputPixels * shape.Filters, 3);
        var kept = Small.Uniform(gradients.Length, 4);
        bool IsChannel(int i) => i % shape.Channels < shape.InputChannels;
        bool IsFilter(int i) => i % shape.Filters < shape.OutputChannels;
        return new(
            shape,
            [.. inputs.Select((value, i) => IsChannel(i) ? Math.Max(0, value) : 0)],
            [.. kernels.Select((value, i) => IsFilter(i) && IsChannel(i / shape.Filters) ? value : 0)],
            [.. gradients.Select((value, i) => IsFilter(i) && kept[i] > 0.5 ? value : 0)]);
    }

    public static IReadOnlyList<int> Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    /// <summary>Outputs, gradients of kernels, gradients of inputs where these are whole vectors.</summary>
    public float[][] Run(
        ZeroPolicy zeros, int threads = 1, bool wide = true, ZeroPolicy padding = ZeroPolicy.WhereFaster)
    {
        using var team = new ThreadTeam { Size = threads, LeastWork = 0 };
        using var inputs = Buffer(Inputs);
        using var kernels = Buffer(Kernels);
        using var gradients = Buffer(Gradients);
        using var kernelGradients = new FloatBuffer(Kernels.Length);
        var inputWanted = Shape.Channels % FloatBuffer.Lane == 0;
        using var stage = new ConvStage(Shape, Images, inputWanted, team, wide, zeros, padding)
        {
            Weights = kernels.Pointer,
            WeightGradients = kernelGradients.Pointer,
        };
        var (before, after) = (Inputs.Length / Images, Gradients.Length / Images);
        var outputs = stage.Forward(new(inputs.Pointer, Images, before, before), learning: true);
        var forward = new ReadOnlySpan<float>(outputs.Pointer, Gradients.Length).ToArray();
        var back = stage.Backward(new(gradients.Pointer, Images, after, after), inputWanted);
        return
        [
            forward, kernelGradients.Span[..Kernels.Length].ToArray(),
            new ReadOnlySpan<float>(back.Pointer, inputWanted ? Inputs.Length : 0).ToArray(),
        ];
    }

    private static FloatBuffer Buffer(float[] values)
    {
        var buffer = new FloatBuffer(values.Length);
        values.CopyTo(buffer.Span);
        return buffer;
    }
}
