namespace Sweeps.Core.Networks;

/// <summary>
/// <c>flatten</c>: an image as a vector, in the order channels, rows, columns; a vector stays as it is.
/// </summary>
public sealed record FlattenLayer : Layer
{
    internal override IEnumerable<string> Words() => ["flatten"];

    internal override LayerResult Infer(TensorShape input) => input.Size <= NetworkLimits.MaxSize
        ? LayerResult.WithoutWeights(TensorShape.Flat((int)input.Size))
        : throw new LayerException($"a vector of {input.Size} values is too long; at most {NetworkLimits.MaxSize} are "
            + "allowed: pool before it");
}
