namespace Sweeps.Core.Networks;

/// <summary><c>global_avg_pool</c>: the mean of each channel; an image becomes a vector of its channels.</summary>
public sealed record GlobalAvgPoolLayer : Layer
{
    internal override IEnumerable<string> Words() => ["global_avg_pool"];

    internal override LayerResult Infer(TensorShape input)
    {
        NeedImage(input);
        return LayerResult.WithoutWeights(TensorShape.Flat(input.Channels));
    }
}
