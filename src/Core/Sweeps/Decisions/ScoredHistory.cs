using System.Collections;

namespace Sweeps.Core.Sweeps;

/// <summary>The first configurations with their scores, as a searcher may see them.</summary>
internal sealed class ScoredHistory(SweepState state, int count) : IReadOnlyList<ScoredConfiguration>
{
    public int Count => count;

    public ScoredConfiguration this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            return new(index, state.HyperparametersOf(index), state.ScoreOf(index)!.Value);
        }
    }

    public IEnumerator<ScoredConfiguration> GetEnumerator()
    {
        for (var index = 0; index < count; index++)
            yield return this[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
