using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Torch;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Sweeps.Training.Tests.Native;

/// <summary>
/// Gradients of a whole network on pictures beside those that autograd has in double precision: forms of a convolution
/// that take fewer products must not pay for it with more rounding than libtorch's own.
/// </summary>
[Trait("Speed", "slow")]
public sealed class NetworkRoundingTests(ITestOutputHelper output)
{
    private const int Rows = 64;

    // cnn-fashion without dropout, whose masks a module of libtorch would draw otherwise.
    private const string Network = "conv 64 7x7 same relu | max_pool 2x2 | "
        + "conv 128 3x3 same relu | conv 128 3x3 same relu | max_pool 2x2 | "
        + "conv 256 3x3 same relu | conv 256 3x3 same relu | max_pool 2x2 | flatten | dense 64 relu | dense";

    [Fact]
    public void Gradients_ConvolutionsOfThreeByThree_RoundNoMoreThanLibtorch()
    {
        using var scope = NewDisposeScope();
        var plan = Small.Plan(Network, TensorShape.Image(1, 28, 28), 10);
        using var native = new StagedNetwork(plan, Small.Streams, Rows);
        using var libtorch = new AutogradNetwork(plan, Small.Streams, Rows);
        using var batch = new Batch(new DataSets(new()).Load(new DataRequest("digits")).Train, Rows);
        batch.Fill([.. Enumerable.Range(0, Rows)]);
        InitialWeights.Fill(native, InitializerKind.HeNormal, Small.Streams);
        InitialWeights.Fill(libtorch, InitializerKind.HeNormal, Small.Streams);
        var exact = InDouble(native, batch);

        var (ours, its) = (Errors(native, batch, exact), Errors(libtorch, batch, exact));

        for (var i = 0; i < exact.Count; i++)
            output.WriteLine($"{native.ParameterPlaces[i].Name}: {ours[i]:g3}, libtorch {its[i]:g3}");
        var kernels = native.ParameterPlaces.Select((place, index) => (place, index))
            .Where(pair => pair.place.Shape.Dimensions is [_, _, 3, 3]).Select(pair => pair.index).ToList();
        Assert.Equal(4, kernels.Count);
        // Here two thirds of libtorch's and less, whose sums depend on the processor.
        Assert.All(kernels, i => Assert.InRange(ours[i], 0, 1.5 * its[i]));
        Assert.All(ours, error => Assert.InRange(error, 0, 3e-6));
    }

    private static List<double[]> InDouble(StagedNetwork network, Batch batch)
    {
        Module<Tensor, Tensor> module = Sequential(
            Unflatten(1, [1, 28, 28]),
            Conv2d(1, 64, 7, padding: 3), ReLU(), MaxPool2d(2),
            Conv2d(64, 128, 3, padding: 1), ReLU(), Conv2d(128, 128, 3, padding: 1), ReLU(), MaxPool2d(2),
            Conv2d(128, 256, 3, padding: 1), ReLU(), Conv2d(256, 256, 3, padding: 1), ReLU(), MaxPool2d(2),
            Flatten(), Linear(256 * 3 * 3, 64), ReLU(), Linear(64, 10)).to(float64);
        using (no_grad())
        {
            foreach (var (parameter, place) in module.parameters().Zip(network.ParameterPlaces))
            {
                var values = new float[place.Shape.Size];
                place.CopyFrom(network.Weights.Span, values);
                parameter.copy_(tensor(values, parameter.shape).to(float64));
            }
        }

        var pixels = tensor(batch.Inputs.Span[..(Rows * 784)].ToArray(), [Rows, 784]).to(float64);
        functional.cross_entropy(module.forward(pixels), tensor(batch.Labels.ToArray())).backward();
        return [.. module.parameters().Select(parameter => parameter.grad!.contiguous().data<double>().ToArray())];
    }

    // Of each tensor, as a share of its norm.
    private static List<double> Errors(Network network, Batch batch, List<double[]> exact)
    {
        Loss.Create(LossKind.CrossEntropy).ScoreWithGradient(
            network.Forward(batch, learning: true), batch, network.OutputGradient);
        network.Backward();
        return
        [
            .. network.ParameterPlaces.Zip(exact, (place, right) =>
            {
                var values = new float[place.Shape.Size];
                place.CopyFrom(network.Gradients.Span, values);
                return Math.Sqrt(values.Zip(right, (value, exactly) => (value - exactly) * (value - exactly)).Sum()
                    / right.Sum(value => value * value));
            }),
        ];
    }
}
