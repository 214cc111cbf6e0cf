namespace Sweeps.Core.Networks;

/// <summary>One layer with its shapes.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Layer">The layer; a dense layer has its size here.</param>
/// <param name="Input">The shape before it.</param>
/// <param name="Output">The shape after it.</param>
/// <param name="Parameters">Its trainable tensors, in the order of the checkpoint; a residual block: its layers, then
/// its shortcut.</param>
/// <param name="Statistics">Values kept but not trained: running means and variances.</param>
public sealed record PlannedLayer(
    int Index,
    Layer Layer,
    TensorShape Input,
    TensorShape Output,
    IReadOnlyList<ParameterShape> Parameters,
    long Statistics)
{
    /// <summary>Number of weights to learn.</summary>
    public long Weights { get; } = Parameters.Sum(parameter => parameter.Size);
}
