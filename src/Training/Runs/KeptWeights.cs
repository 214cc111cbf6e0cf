using System.Runtime.InteropServices;
using Sweeps.Core.Trainings;
using Sweeps.Training.Networks;

namespace Sweeps.Training.Runs;

/// <summary>A copy of a network after its best epoch so far.</summary>
internal sealed class BestWeights(Network network)
{
    private readonly float[] _weights = new float[network.Weights.Length];
    private readonly float[] _statistics = new float[network.Statistics.Length];

    /// <summary>Copies the network if its last epoch is the best one.</summary>
    public void Keep(IReadOnlyList<EpochReport> epochs)
    {
        if (Plateau.Best(epochs) != epochs.Count)
            return;
        network.Weights.Span.CopyTo(_weights);
        network.Statistics.Span.CopyTo(_statistics);
    }

    /// <summary>Copies it back.</summary>
    public void Restore()
    {
        _weights.CopyTo(network.Weights.Span);
        _statistics.CopyTo(network.Statistics.Span);
    }

    /// <summary>Whether a checkpoint's copy is of a network of the same size.</summary>
    public bool Fits((float[] Weights, float[] Statistics)? best) => best is { } copy
        && copy.Weights.Length == network.Kept.Length && copy.Statistics.Length == _statistics.Length;

    /// <summary>Takes a checkpoint's copy.</summary>
    public void Resume(float[] weights, float[] statistics)
    {
        network.Kept.CopyBack(weights, _weights);
        statistics.CopyTo(_statistics, 0);
    }

    /// <summary>The copy as a checkpoint holds it.</summary>
    public ReadOnlyMemory<byte>[] Bytes() =>
    [
        MemoryMarshal.AsBytes(network.Kept.Of(_weights).AsSpan()).ToArray(),
        MemoryMarshal.AsBytes(_statistics.AsSpan()).ToArray(),
    ];
}

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
