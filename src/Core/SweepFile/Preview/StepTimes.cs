namespace Sweeps.Core.SweepFile.Preview;

/// <summary>
/// Measured steps, and what follows from them for batch sizes in between: a step costs a fixed part and a part per
/// sample, so the line through the two nearest measured batch sizes tells the rest.
/// </summary>
public sealed class StepTimes
{
    private readonly Dictionary<string, StepTime[]> _measured;

    // Networks that were timed with several batch sizes, and what those of one took over from them.
    private readonly string[] _several;
    private readonly Dictionary<string, double> _fixedShares = new(StringComparer.Ordinal);

    /// <summary>Takes the measurements; at least one for each architecture that is asked for.</summary>
    public StepTimes(IEnumerable<StepTime> measured)
    {
        _measured = measured
            .GroupBy(t => t.Architecture, StringComparer.Ordinal)
            .ToDictionary(
                g => g.Key,
                g => g.DistinctBy(t => t.BatchSize).OrderBy(t => t.BatchSize).ToArray(),
                StringComparer.Ordinal);
        _several =
        [
            .. _measured.Where(item => item.Value.Length > 1 && !item.Value[0].IsEstimated).Select(item => item.Key),
        ];
    }

    /// <summary>
    /// A step of the refit as a share of one of a trial: the refit has all slots to itself, and what they are free for
    /// helps it. 1: not measured.
    /// </summary>
    public double RefitShare { get; init; } = 1;

    /// <summary>The batch sizes worth timing: all if they are few, else the ends and points evenly between
    /// them.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="most">Most measurements, at least 2.</param>
    public static IReadOnlyList<int> BatchSizesToMeasure(PreviewedArchitecture architecture, int most)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        var sizes = architecture.BatchSizes;
        if (sizes.Count <= most)
            return sizes;
        return [.. Enumerable.Range(0, most).Select(i => sizes[i * (sizes.Count - 1) / (most - 1)])];
    }

    /// <summary>The networks worth timing: of an architecture with many sizes a few, evenly by their weights.</summary>
    /// <param name="architectures">All networks.</param>
    /// <param name="most">Most networks of one architecture, at least 2.</param>
    public static IReadOnlySet<PreviewedArchitecture> ToMeasure(
        IReadOnlyList<PreviewedArchitecture> architectures, int most)
    {
        ArgumentNullException.ThrowIfNull(architectures);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        return architectures.GroupBy(a => a.Name).SelectMany(group =>
        {
            var ordered = group.OrderBy(a => a.Weights).ToList();
            return ordered.Count <= most
                ? ordered
                : Enumerable.Range(0, most).Select(i => ordered[i * (ordered.Count - 1) / (most - 1)]);
        }).ToHashSet();
    }

    /// <summary>Steps of a network that was not timed: on the line, by weights, between its neighbours of the same
    /// architecture that were.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="timed">Those that were timed.</param>
    public IEnumerable<StepTime> Estimate(
        PreviewedArchitecture architecture, IReadOnlyCollection<PreviewedArchitecture> timed)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var others = timed.Where(a => a.Name == architecture.Name).OrderBy(a => a.Weights).ToList();
        var above = others.Find(a => a.Weights >= architecture.Weights) ?? others[^1];
        var below = others.FindLast(a => a.Weights <= architecture.Weights) ?? others[0];
        var share = above.Weights == below.Weights
            ? 0
            : (double)(architecture.Weights - below.Weights) / (above.Weights - below.Weights);
        return TimesOf(below.Text).Select(step => new StepTime(
            architecture.Text,
            step.BatchSize,
            Between(step.Seconds, SecondsPerStep(above.Text, step.BatchSize)),
            Between(step.EvaluationPerSample, EvaluationSecondsPerSample(above.Text)))
        {
            TrialSeconds = Between(step.TrialSeconds, TrialSecondsOf(above.Text)),
            EpochSeconds = Between(step.EpochSeconds, EpochSecondsOf(above.Text)),
            IsEstimated = true,
        });

        double Between(double low, double high) => low + share * (high - low);
    }

    /// <summary>Seconds of one step.</summary>
    /// <exception cref="ArgumentException">Nothing was measured for the architecture.</exception>
    public double SecondsPerStep(string architecture, int batchSize)
    {
        var times = TimesOf(architecture);
        var after = Array.FindIndex(times, t => t.BatchSize >= batchSize);
        if (after >= 0 && times[after].BatchSize == batchSize)
            return times[after].Seconds;
        if (times is [var one])
        {
            if (!_fixedShares.TryGetValue(architecture, out var fixedShare))
                _fixedShares[architecture] = fixedShare = FixedShare(one);
            return one.Seconds * (fixedShare + (1 - fixedShare) * batchSize / one.BatchSize);
        }

        var high = Math.Max(1, after < 0 ? times.Length - 1 : after);
        var (a, b) = (times[high - 1], times[high]);
        var slope = Math.Max(0, (b.Seconds - a.Seconds) / (b.BatchSize - a.BatchSize));

        // Noise may tilt the line below zero for small batches; no step is free.
        return Math.Max(a.Seconds + slope * (batchSize - a.BatchSize), Math.Min(a.Seconds, b.Seconds) / 10);
    }

    /// <summary>The part of a step that no sample costs, of a network with one measured batch size: as of the network
    /// with several whose step of that size takes about as long. None without such a network.</summary>
    private double FixedShare(StepTime one)
    {
        if (_several.Length == 0)
            return 0;
        var like = _several.Select(key => (Key: key, Seconds: SecondsPerStep(key, one.BatchSize)))
            .MinBy(item => Math.Abs(Math.Log(item.Seconds / one.Seconds)));
        var perSample = (SecondsPerStep(like.Key, 2 * one.BatchSize) - like.Seconds) / one.BatchSize;
        return Math.Clamp(1 - perSample * one.BatchSize / like.Seconds, 0, 1);
    }

    /// <summary>Seconds of judging one sample: the least measured, as evaluation picks its own batch size.</summary>
    /// <exception cref="ArgumentException">Nothing was measured for the architecture.</exception>
    public double EvaluationSecondsPerSample(string architecture) =>
        TimesOf(architecture).Min(t => t.EvaluationPerSample);

    /// <summary>Seconds of a trial before its first step and after its last epoch.</summary>
    /// <exception cref="ArgumentException">Nothing was measured for the architecture.</exception>
    public double TrialSecondsOf(string architecture) => TimesOf(architecture).Min(t => t.TrialSeconds);

    /// <summary>Seconds between two epochs, without the evaluation.</summary>
    /// <exception cref="ArgumentException">Nothing was measured for the architecture.</exception>
    public double EpochSecondsOf(string architecture) => TimesOf(architecture).Min(t => t.EpochSeconds);

    private StepTime[] TimesOf(string architecture) => _measured.GetValueOrDefault(architecture)
        ?? throw new ArgumentException($"No step of '{architecture}' was measured.", nameof(architecture));
}

/// <summary>A measured step of training.</summary>
/// <param name="Architecture">The network, as <see cref="PreviewedArchitecture.Text"/>.</param>
/// <param name="BatchSize">Samples of the step.</param>
/// <param name="Seconds">Wall seconds of one step, after warming up.</param>
/// <param name="EvaluationSecondsPerSample">Wall seconds of judging one sample; null: not measured, a third of a
/// training sample's.</param>
public sealed record StepTime(
    string Architecture, int BatchSize, double Seconds, double? EvaluationSecondsPerSample = null)
{
    /// <summary>Wall seconds of a trial before its first step, while the network is made and its weights are drawn, and
    /// after its last epoch.</summary>
    public double TrialSeconds { get; init; }

    /// <summary>Wall seconds between two epochs, without the evaluation.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Not measured, but estimated from other sizes of the same architecture.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>A forward pass is about a third of forward and backward together.</summary>
    internal double EvaluationPerSample => EvaluationSecondsPerSample ?? Seconds / BatchSize / 3;
}
