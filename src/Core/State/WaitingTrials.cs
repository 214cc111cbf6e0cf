using System.Collections.Immutable;
using Sweeps.Core.Log;

namespace Sweeps.Core.State;

/// <summary>The trials that wait, in the order of work.</summary>
internal static class WaitingTrials
{
    /// <summary>Configurations whose trials are mixed: the first of them has its score after most trials of so many.
    /// </summary>
    private const int Block = 16;

    /// <summary>
    /// Merges the ready set with the fresh trials from the frontier on, which have priority 0. Trials that must run
    /// alone are left out.
    /// </summary>
    /// <param name="proposing">Configurations about to be proposed; their trials are the last.</param>
    public static IEnumerable<TrialId> InOrder(SweepState state, int proposing) =>
        Merged(state, proposing).Select(waiting => waiting.Trial);

    /// <summary>
    /// The same trials fold by fold: of each so many configurations first those on the first fold. Trials that come in
    /// one order of samples meet in one slot so, which may train them in one pass.
    /// </summary>
    public static IEnumerable<TrialId> FoldByFold(SweepState state, int proposing)
    {
        var block = new List<ReadyTrial>();
        foreach (var waiting in Merged(state, proposing))
        {
            if (block.Count > 0 && !IsInBlockOf(block[0], waiting))
            {
                foreach (var trial in ByFold(block))
                    yield return trial;
                block.Clear();
            }

            block.Add(waiting);
        }

        foreach (var trial in ByFold(block))
            yield return trial;
    }

    private static bool IsInBlockOf(ReadyTrial first, ReadyTrial other) =>
        (first.Priority, first.Strikes, first.Trial.Configuration / Block)
            == (other.Priority, other.Strikes, other.Trial.Configuration / Block);

    private static IEnumerable<TrialId> ByFold(List<ReadyTrial> block) =>
        block.Select(waiting => waiting.Trial).OrderBy(trial => trial.Fold).ThenBy(trial => trial.Configuration);

    private static IEnumerable<ReadyTrial> Merged(SweepState state, int proposing)
    {
        using var ready = state.Ready.InOrder().GetEnumerator();
        var queued = ready.MoveNext();
        foreach (var fresh in Fresh(state, proposing))
        {
            while (queued && ready.Current.CompareTo(fresh) < 0)
            {
                yield return ready.Current;
                queued = ready.MoveNext();
            }

            yield return fresh;
        }

        while (queued)
        {
            yield return ready.Current;
            queued = ready.MoveNext();
        }
    }

    /// <summary>
    /// The same trials where several closed brackets are under way: among those of equal priority and strikes first
    /// whose bracket has the longest way to go, so that the last brackets end together. Whoever learns from scores
    /// waits for those of lower index, which come first in natural order.
    /// </summary>
    public static IEnumerable<TrialId> LongestFirst(SweepState state, int proposing) =>
        state.Ready.InOrder().Concat(Fresh(state, proposing))
            .OrderByDescending(waiting => waiting.Priority)
            .ThenBy(waiting => waiting.Strikes)
            .ThenByDescending(waiting => state.WayOf(waiting.Trial))
            .ThenBy(waiting => waiting.Trial)
            .Select(waiting => waiting.Trial);

    private static IEnumerable<ReadyTrial> Fresh(SweepState state, int proposing)
    {
        var end = state.ProposedTrials + proposing * state.Plan.TrialsPerConfiguration;
        for (var index = state.Frontier; index < end; index++)
        {
            if (IsFresh(state, index))
                yield return new(0, 0, state.TrialAt(index));
        }
    }

    private static bool IsFresh(SweepState state, int index)
    {
        if (index < state.ProposedTrials)
            return SweepState.IsFresh(state.CellAt(index));
        var (configuration, fold) = state.TrialAt(index);
        return fold < state.FoldsAtStart(configuration);
    }
}

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

    /// <summary>Writes all of them.</summary>
    public void Save(SnapshotWriter writer) => writer.WriteAll(_trials, writer.Write);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static ReadySet Load(SnapshotReader reader) => new([.. reader.ReadList(reader.Read<ReadyTrial>)]);
}

/// <summary>
/// A waiting trial's place in the order of work: higher priority, then fewer strikes, then lower configuration, then
/// lower fold. A trial that was running when a silo died comes after those that were not: if silos then go on dying, it
/// was not the cause, and if it is, the others are done first.
/// </summary>
internal readonly record struct ReadyTrial(int Priority, int Strikes, TrialId Trial) : IComparable<ReadyTrial>
{
    public int CompareTo(ReadyTrial other)
    {
        if (Priority != other.Priority)
            return other.Priority.CompareTo(Priority);
        return Strikes != other.Strikes ? Strikes.CompareTo(other.Strikes) : Trial.CompareTo(other.Trial);
    }
}
