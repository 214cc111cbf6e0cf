using Sweeps.Core.Networks;
using Sweeps.Training.Native;
using Sweeps.Training.Native.Stages;
using Sweeps.Training.Native.Winograd;
using Sweeps.Training.Numerics;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Sweeps.Training.Tests.Native;

/// <summary>Winograd's convolution against sums in double precision, and its rounding beside libtorch's.</summary>
public sealed unsafe class WinogradTests(ITestOutputHelper output)
{
    private const int Images = 13;

    /// <summary>Padding, odd sizes, outputs of which tiles hang over, more than one image a product, and one.</summary>
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 14, 14, 32, 48, 1 },
        { 7, 7, 64, 32, 1 },
        { 9, 12, 16, 16, 0 },
        { 15, 30, 32, 64, 0 },
        { 5, 4, 16, 80, 2 },
        { 28, 28, 16, 16, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Stage_AnyShape_IsTheConvolutionWithLittleRounding(
        int height, int width, int channels, int filters, int padding)
    {
        var shape = ShapeOf(height, width, channels, filters, padding);
        var drawn = Case.Draw(shape, Images);
        var (mine, its, exact) = (drawn.ByStage(threads: 1), drawn.ByLibtorch(padding), drawn.InDouble());

        // Outputs, gradients of kernels, gradients of inputs. Where three gradients in four are zero libtorch rounds
        // little; what that comes to in a network is another test's (NetworkRoundingTests). Its sums, and so its
        // rounding, depend on the processor, ours do not.
        double[] most = [1.5, 2.5, 2];
        for (var part = 0; part < 3; part++)
        {
            var (error, bound) = (Error(mine[part], exact[part]), Error(its[part], exact[part]));
            output.WriteLine($"{part}: {error.Rms:g3} {error.Most:g3}, libtorch {bound.Rms:g3} {bound.Most:g3}");
            Assert.InRange(error.Rms, 0, most[part] * bound.Rms);
            Assert.InRange(error.Most, 0, most[part] * 1.5 * bound.Most);
        }

        foreach (var threads in new[] { 2, 5 })
            Assert.Equal(mine.Select(Bits), drawn.ByStage(threads).Select(Bits));
        Assert.Equal(mine.Select(Bits), drawn.ByStage(threads: 1, wide: false).Select(Bits));
    }

    private static ConvShape ShapeOf(int height, int width, int channels, int filters, int padding)
    {
        var plan = Small.Plan(
            $"conv {filters} 3x3 padding {padding} | flatten | dense", TensorShape.Image(channels, height, width), 2);
        var layer = plan.Layers[0];
        return new(((ConvLayer)layer.Layer).Window, layer.Input, channels, layer.Output);
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    // Shares of the largest value.
    private static (double Rms, double Most) Error(float[] values, double[] exact)
    {
        var scale = exact.Max(Math.Abs);
        var errors = values.Zip(exact, (value, right) => Math.Abs(value - right) / scale).ToList();
        return (Math.Sqrt(errors.Average(error => error * error)), errors.Max());
    }

    /// <summary>Rectified inputs, gradients of which a pool let one in four through, as in a network.</summary>
    private sealed record Case(ConvShape Shape, int Images, float[] Inputs, float[] Kernels, float[] Gradients)
    {
        public static Case Draw(ConvShape shape, int images)
        {
            var inputs = Small.Uniform(images * shape.Height * shape.Width * shape.Channels, 1);
            var kernels = Small.Uniform(shape.KernelSize * shape.Filters, 2);
            var gradients = Small.Uniform(images * shape.OutputPixels * shape.Filters, 3);
            var kept = Small.Uniform(gradients.Length, 4);
            return new(shape, images, [.. inputs.Select(value => Math.Max(0, value))], kernels,
                [.. gradients.Zip(kept, (value, keep) => keep > 0.5 ? value : 0)]);
        }

        public double[][] InDouble()
        {
            var outputs = new double[Gradients.Length];
            var kernelGradients = new double[Kernels.Length];
            var inputGradients = new double[Inputs.Length];
            for (var image = 0; image < Images; image++)
            {
                for (var y = 0; y < Shape.OutputHeight; y++)
                {
                    for (var x = 0; x < Shape.OutputWidth; x++)
                        Add(image, y, x, outputs, kernelGradients, inputGradients);
                }
            }

            return [outputs, kernelGradients, inputGradients];
        }

        private void Add(int image, int y, int x, double[] outputs, double[] kernelGradients, double[] inputGradients)
        {
            var after = ((((image * Shape.OutputHeight) + y) * Shape.OutputWidth) + x) * Shape.Filters;
            for (var place = 0; place < 9; place++)
            {
                var (row, column) = (y + (place / 3) - Shape.Top, x + (place % 3) - Shape.Left);
                if (row < 0 || row >= Shape.Height || column < 0 || column >= Shape.Width)
                    continue;
                var before = ((((image * Shape.Height) + row) * Shape.Width) + column) * Shape.Channels;
                for (var channel = 0; channel < Shape.Channels; channel++)
                {
                    var kernel = ((place * Shape.Channels) + channel) * Shape.Filters;
                    for (var filter = 0; filter < Shape.Filters; filter++)
                    {
                        outputs[after + filter] += (double)Inputs[before + channel] * Kernels[kernel + filter];
                        kernelGradients[kernel + filter] +=
                            (double)Inputs[before + channel] * Gradients[after + filter];
                        inputGradients[before + channel] +=
                            (double)Kernels[kernel + filter] * Gradients[after + filter];
                    }
                }
            }
        }

        public float[][] ByStage(int threads, bool wide = true)
        {
            using var team = new ThreadTeam { Size = threads };
            using var inputs = Buffer(Inputs);
            using var kernels = Buffer(Kernels);
            using var gradients = Buffer(Gradients);
            using var kernelGradients = new FloatBuffer(Kernels.Length);
            using var stage = new WinogradStage(Shape, Images, inputWanted: true, team, wide)
            {
                Weights = kernels.Pointer,
                WeightGradients = kernelGradients.Pointer,
            };
            var (before, after) = (Inputs.Length / Images, Gradients.Length / Images);
            var outputs = stage.Forward(new(inputs.Pointer, Images, before, before), learning: true);
            var forward = new ReadOnlySpan<float>(outputs.Pointer, Gradients.Length).ToArray();
            var back = stage.Backward(new(gradients.Pointer, Images, after, after), inputWanted: true);
            return
            [
                forward, kernelGradients.Span[..Kernels.Length].ToArray(),
                new ReadOnlySpan<float>(back.Pointer, Inputs.Length).ToArray(),
            ];
        }

        public float[][] ByLibtorch(int padding)
        {
            using var scope = NewDisposeScope();
            var inputs = tensor(Inputs, [Images, Shape.Height, Shape.Width, Shape.Channels])
                .permute(0, 3, 1, 2).contiguous().requires_grad_();
            var kernels = tensor(Kernels, [3, 3, Shape.Channels, Shape.Filters])
                .permute(3, 2, 0, 1).contiguous().requires_grad_();
            var gradients = tensor(Gradients, [Images, Shape.OutputHeight, Shape.OutputWidth, Shape.Filters])
                .permute(0, 3, 1, 2).contiguous();
            var outputs = nn.functional.conv2d(inputs, kernels, padding: [padding, padding]);
            outputs.backward([gradients]);
            return
            [
                Floats(outputs.permute(0, 2, 3, 1)), Floats(kernels.grad!.permute(2, 3, 1, 0)),
                Floats(inputs.grad!.permute(0, 2, 3, 1)),
            ];
        }

        private static float[] Floats(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

        private static FloatBuffer Buffer(float[] values)
        {
            var buffer = new FloatBuffer(values.Length);
            values.CopyTo(buffer.Span);
            return buffer;
        }
    }
}
