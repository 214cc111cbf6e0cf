using Sweeps.Training.Networks;

namespace Sweeps.Training.Runs;

/// <summary>
/// A tensor that keeps its values: the optimizer makes one pass over all weights, decay and momentum included, and what
/// it did to these is undone. That costs one copy, where the pass costs several.
/// </summary>
internal sealed class FrozenWeights(Network network, ParameterPlace place)
{
    private readonly float[] _values = new float[place.Length];

    /// <summary>Copies the values that are kept.</summary>
    public void Keep() => network.Weights.Span.Slice(place.Offset, place.Length).CopyTo(_values);

    /// <summary>Takes their part out of the gradients.</summary>
    public void ClearGradients() => network.Gradients.Span.Slice(place.Offset, place.Length).Clear();

    /// <summary>Puts them back.</summary>
    public void Restore() => _values.CopyTo(network.Weights.Span[place.Offset..]);
}
