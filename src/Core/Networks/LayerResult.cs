namespace Sweeps.Core.Networks;

/// <summary>What shape inference finds for one layer.</summary>
/// <param name="Output">The shape after the layer.</param>
/// <param name="Parameters">Its trainable tensors.</param>
/// <param name="Statistics">Values that are kept but not trained: running means and variances.</param>
internal readonly record struct LayerResult(TensorShape Output, IReadOnlyList<ParameterShape> Parameters,
    long Statistics = 0)
{
    public static LayerResult WithoutWeights(TensorShape output) => new(output, []);
}
