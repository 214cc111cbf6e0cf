using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Networks;
using Sweeps.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.Training.Tests.Torch;

/// <summary>What the torch engine takes for granted of TorchSharp and libtorch.</summary>
public sealed class TorchSharpTests : IDisposable
{
    private const string Workers = "train-test";

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Backward_IntoPresetGradientsThatAreViews_AddsInPlaceToTheBuffer()
    {
        var parameters = zeros(9);
        var gradients = ones(9);
        var weight = parameters.narrow(0, 1, 6).view(2, 3).requires_grad_();
        var bias = parameters.narrow(0, 7, 2).requires_grad_();
        weight.grad = gradients.narrow(0, 1, 6).view(2, 3);
        bias.grad = gradients.narrow(0, 7, 2);
        for (var step = 1; step <= 3; step++)
        {
            nn.functional.linear(ones(4, 3), weight, bias).sum().backward();
            var added = 1f + (4 * step);
            Assert.Equal(
                [1, added, added, added, added, added, added, added, added], gradients.data<float>().ToArray());
        }

        gradients.fill_(0);
        Assert.Equal(0f, weight.grad!.abs().sum().ToSingle());
    }

    [Fact]
    public void Backward_IntoPresetGradientsOfAConvolution_AddsInPlaceToTheBuffer()
    {
        var gradients = zeros(18 + 5);
        var weight = ones(2, 1, 3, 3, requires_grad: true);
        weight.grad = gradients.narrow(0, 3, 18).view(2, 1, 3, 3);

        nn.functional.conv2d(ones(16, 1, 5, 5), weight, padding: [1, 1]).sum().backward();

        Assert.Equal(gradients.narrow(0, 3, 18).sum().ToSingle(), weight.grad!.sum().ToSingle());
        // Of nine taps four meet 4 x 4 pixels, four 4 x 5 and one 5 x 5, in 16 images and 2 filters.
        Assert.Equal(16f * ((4 * 16) + (4 * 20) + 25) * 2, gradients.sum().ToSingle());
    }

    /// <summary>In double precision libtorch convolves without oneDNN: an independent result.</summary>
    [Theory]
    [InlineData(20, 33, 3)]
    [InlineData(16, 17, 4)]
    [InlineData(5, 40, 5)]
    [InlineData(4, 4, 3)]
    [InlineData(1, 20, 5)]
    [InlineData(32, 48, 1)]
    public void ConvOperation_ChannelsThatFillNoBlock_HasTheOutputsAndGradientsOfDoubles(
        int channels, int filters, int kernel)
    {
        var layer = Assert.IsType<ConvLayer>(
            Architecture.Parse($"conv {filters} {kernel}x{kernel} same | flatten | dense").Layers[0]);
        var (input, weight, bias) =
            (Tensor(1, 13, channels, 9, 8), Tensor(2, filters, channels, kernel, kernel), Tensor(3, filters));
        using var operation = new ConvOperation(layer.Window, TensorShape.Image(channels, 9, 8), weight, bias);

        var found = Run(input, weight, bias, x => operation.Forward(x, learning: true));

        var (inputs, weights, biases) = (Double(input), Double(weight), Double(bias));
        var margins = layer.Window.MarginsFor(TensorShape.Image(channels, 9, 8));
        var expected = Run(inputs, weights, biases, x => nn.functional.conv2d(
            nn.functional.pad(x, [margins.Left, margins.Right, margins.Top, margins.Bottom]), weights, biases));
        foreach (var (mine, right) in found.Zip(expected))
            Assert.InRange(((mine.to(float64) - right).abs().max() / right.abs().max()).ToDouble(), 0, 1e-5);

        static Tensor Tensor(int seed, params long[] shape) =>
            tensor(Small.Uniform((int)shape.Aggregate((a, b) => a * b), seed), shape).requires_grad_();

        static Tensor Double(Tensor x) => x.detach().to(float64).requires_grad_();

        static Tensor[] Run(Tensor x, Tensor weight, Tensor bias, Func<Tensor, Tensor> forward)
        {
            var outputs = forward(x);
            outputs.mul(outputs).sum().backward();
            return [outputs.detach(), x.grad!, weight.grad!, bias.grad!];
        }
    }

    /// <summary>
    /// Threads that libtorch starts bear the name of the thread that had them started; they stay as long as it does.
    /// </summary>
    [LinuxFact]
    public void TwoTrainings_SideBySide_HaveTheSameBitsAndNoThreadWorksForThem()
    {
        var weights = new float[2][];
        using var together = new Barrier(2);
        var alone = Learn();
        var counts = OnNamedThreads(2, i =>
        {
            together.SignalAndWait();
            weights[i] = Learn();
            together.SignalAndWait();
            var count = CountOfWorkers();
            together.SignalAndWait();
            return count;
        });

        Assert.All(weights, found => Assert.Equal(alone, found));
        Assert.Equal([2, 2], counts);
        // Otherwise the count would prove nothing.
        Assert.Equal([2], OnNamedThreads(1, _ =>
        {
            set_num_threads(2);
            using var scope = NewDisposeScope();
            ones(1 << 22).exp().sum();
            return CountOfWorkers();
        }));
    }

    /// <summary>The weights after some steps of a network that uses all that libtorch computes on threads.</summary>
    private static float[] Learn()
    {
        var plan = Small.Plan("conv 16 5x5 same | batch_norm | relu | max_pool 2 | flatten | dense 256 relu | dense",
            TensorShape.Image(1, 28, 28), 10);
        using var network = new AutogradNetwork(plan, Small.Streams, 100);
        using var batch = new Batch(Small.Classes(100, 28 * 28, 10), 100);
        InitialWeights.Fill(network, InitializerKind.XavierUniform, Small.Streams);
        batch.Fill([.. Enumerable.Range(0, 100)]);
        var loss = Loss.Create(LossKind.CrossEntropy);
        for (var step = 0; step < 4; step++)
        {
            loss.ScoreWithGradient(network.Forward(batch, learning: true), batch, network.OutputGradient);
            network.Backward();
            for (var i = 0; i < network.Weights.Length; i++)
                network.Weights.Span[i] -= 0.01f * network.Gradients.Span[i];
        }

        return network.Weights.Span.ToArray();
    }

    private static int[] OnNamedThreads(int count, Func<int, int> work)
    {
        var (results, failures) = (new int[count], new Exception?[count]);
        var threads = results.Select((_, i) => new Thread(() =>
            failures[i] = Record.Exception(() => results[i] = work(i)))
        { Name = Workers }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(failures, Assert.Null);
        return results;
    }

    private static int CountOfWorkers()
    {
        var count = 0;
        foreach (var folder in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                count += File.ReadAllText(Path.Combine(folder, "comm")).Trim() == Workers ? 1 : 0;
            }
            catch (IOException)
            {
                // A thread that ended meanwhile.
            }
        }

        return count;
    }
}

/// <summary>A test that looks into /proc.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Only Linux has /proc.";
    }
}
