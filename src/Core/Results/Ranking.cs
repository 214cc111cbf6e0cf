using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.State;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Results;

/// <summary>The configurations that can be chosen in their order, with ties and collapsed folds; made once.</summary>
internal sealed class Ranking
{
    // Noise grows as results get worse, so the better half decides how much the best vary.
    private const int PoolMin = 10;
    private const int PoolMax = 2_000;

    // As many work on it where each is worth its beginning.
    private const int OfALargeSweep = 5_000;

    private readonly SweepState _state;
    private readonly double[][] _values;
    private readonly FoldTimes[] _times;
    private readonly double _spread;

    private Ranking(SweepState state, int threads)
    {
        _state = state;
        Entries = BestSelection.Ranked(state);
        (_values, _times) = (new double[Entries.Count][], new FoldTimes[Entries.Count]);
        ForAll(Entries.Count, threads, place =>
        {
            _values[place] = FoldScores.Values(state, Entries[place].Index);
            _times[place] = FoldTimes.Of(state, Entries[place].Index);
        });
        var pool = _values[..PoolOf(_values.Length)];
        var sampling = SamplingOf(
            state, Entries.Take(pool.Length).Select(entry => entry.Index), state.Plan.TrialsPerConfiguration);
        var noise = NoiseOf(pool, sampling);
        Ties = TieRule.Of(noise, Entries.Count, state.Plan.Folds, Math.Max(1, state.Plan.Repeats));
        // Where most configurations are noisy, noise is no collapse.
        _spread = Math.Max(FoldNoise.Spread(pool), FoldNoise.Spread(_values));
    }

    /// <summary>The configurations that can be chosen, best first.</summary>
    public IReadOnlyList<(int Index, ConfigurationScore Score)> Entries { get; }

    /// <summary>What counts as a tie.</summary>
    public TieRule Ties { get; }

    /// <summary>How many of the best configurations decide how much a fold varies.</summary>
    public static int PoolOf(int configurations) =>
        Math.Min(configurations, Math.Clamp(configurations / 2, PoolMin, PoolMax));

    /// <summary>Of a sweep as it is now.</summary>
    /// <param name="threads">At most this many work on it.</param>
    public static Ranking Of(SweepState state, int threads = 1) => new(state, threads);

    /// <summary>The metric of each fold of the configuration of that place.</summary>
    public double[] ValuesAt(int place) => _values[place];

    /// <summary>What the folds of each took, best first.</summary>
    public IReadOnlyList<FoldTimes> Times => _times;

    /// <summary>Does the same for each place, which is independent of the others.</summary>
    public static void ForAll(int count, int threads, Action<int> place)
    {
        if (threads > 1 && count >= OfALargeSweep)
        {
            Parallel.For(0, count, new() { MaxDegreeOfParallelism = threads }, place);
            return;
        }

        for (var index = 0; index < count; index++)
            place(index);
    }

    /// <summary>Whether the configuration of that place is tied with the first; the first itself is not.</summary>
    public bool IsTied(int place) => place > 0 && Ties.IsTie(Entries[0].Score.Mean, Entries[place].Score.Mean);

    /// <summary>The configurations tied with the best one, best first; without it.</summary>
    public IReadOnlyList<int> Tied() =>
        [.. Enumerable.Range(0, Entries.Count).Where(IsTied).Select(place => Entries[place].Index)];

    /// <summary>
    /// Folds on which the configuration of that place fell far behind its own median, seen against how much folds of a
    /// configuration usually differ: never its best one, and never more than half of them. Diverged ones are not among
    /// them.
    /// </summary>
    public IReadOnlyList<int> Collapsed(int place)
    {
        var (values, index) = (_values[place], Entries[place].Index);
        if (values.Length < 2)
            return [];
        var sign = _state.Plan.Metric.Goal == MetricGoal.Maximize ? 1 : -1;
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(fold => sign * values[fold])];
        // The better one of two.
        var middle = order[values.Length / 2];
        var own = FoldScores.SamplingVariance(_state, new(index, middle));
        var limit = FoldNoise.Collapse(_spread, own);
        return limit > 0
            ? [.. order.Where(fold => sign * (values[middle] - values[fold]) > limit
                && !HasDiverged(new(index, fold))).Order()]
            : [];
    }

    private FoldNoise? NoiseOf(double[][] pool, double sampling) => FoldNoise.Of(
        [.. pool.Select(values => FoldScores.OfSplits(_state.Plan, values))],
        sampling,
        Math.Max(1, _state.Plan.Repeats));

    private bool HasDiverged(TrialId trial) => _state.Cell(trial).Outcome == TrainingOutcome.Diverged;

    /// <summary>The usual sampling variance of a fold's validation; NaN: not known of any.</summary>
    /// <param name="state">The sweep.</param>
    /// <param name="configurations">Whose.</param>
    /// <param name="folds">The first so many folds of each.</param>
    public static double SamplingOf(SweepState state, IEnumerable<int> configurations, int folds)
    {
        var known = new List<double>();
        foreach (var index in configurations)
        {
            for (var fold = 0; fold < folds; fold++)
            {
                var variance = FoldScores.SamplingVariance(state, new(index, fold));
                if (!double.IsNaN(variance))
                    known.Add(variance);
            }
        }

        return known.Count == 0 ? double.NaN : FoldNoise.Median([.. known]);
    }
}
