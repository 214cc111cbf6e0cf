using TorchSharp;
using static TorchSharp.torch;

namespace Sweeps.TorchSharpTests;

/// <summary>A differentiable function of some inputs, and the shapes and ranges to try it on.</summary>
internal sealed record GradientCase(Func<Tensor[], Tensor> Function, params GradientInput[] Inputs)
{
    private const double Step = 1e-6;

    /// <summary>
    /// Holds the gradients of a weighted sum of the results against central differences: the weights are all different,
    /// so that a gradient in the wrong place shows.
    /// </summary>
    public void Check()
    {
        using var scope = NewDisposeScope();
        var values = Inputs.Select((input, i) => input.Values(i + 1)).ToArray();
        var inputs = Inputs.Select((input, i) => Numbers.Of(values[i], input.Shape).requires_grad_()).ToArray();
        WeightedSum(inputs).backward();

        for (var i = 0; i < inputs.Length; i++)
        {
            var differences = new double[values[i].Length];
            for (var k = 0; k < differences.Length; k++)
                differences[k] = (Moved(values, i, k, Step) - Moved(values, i, k, -Step)) / (2 * Step);
            Assert.NotNull(inputs[i].grad);
            Numbers.AssertClose(differences, Numbers.Values(inputs[i].grad!), 2e-7);
        }
    }

    private double Moved(double[][] values, int input, int place, double step)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var inputs = Inputs.Select((each, i) =>
        {
            var copy = (double[])values[i].Clone();
            if (i == input) copy[place] += step;
            return Numbers.Of(copy, each.Shape);
        });
        return WeightedSum(inputs.ToArray()).ToDouble();
    }

    private Tensor WeightedSum(Tensor[] inputs)
    {
        var result = Function(inputs).contiguous();
        var weights = Numbers.Of(Numbers.Spread((int)result.numel(), 0.5, 1.5, 99), result.shape);
        return (result * weights).sum();
    }
}
