using System.Collections.Immutable;

namespace Sweeps.Core.Scheduling;

/// <summary>
/// Trials that wait outside the natural order: tried before, or with a priority. In the order of work.
/// </summary>
internal sealed class ReadySet
{
    private readonly ImmutableSortedSet<ReadyTrial> _trials;

    private ReadySet(ImmutableSortedSet<ReadyTrial> trials) => _trials = trials;

    public static ReadySet Empty { get; } = new([]);

    public int Count => _trials.Count;

    public ReadySet Add(ReadyTrial trial) => new(_trials.Add(trial));

    public ReadySet Remove(ReadyTrial trial) => new(_trials.Remove(trial));

    /// <summary>In the order of work.</summary>
    public IEnumerable<ReadyTrial> InOrder() => _trials;
}
