using System.Diagnostics;
using Sweeps.Client.Sweep.Submission;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;
using Sweeps.Training;
using Sweeps.Training.Data;

namespace Sweeps.Client.Sweep.Preview;

/// <summary>Counts a sweep's trials, times a few training steps and predicts the sweep's cost.</summary>
internal sealed class SweepForecast
{
    // Of one architecture with sizes that are searched; times of the others follow from theirs.
    private const int NetworksTimed = 6;

    private static readonly TimeSpan s_eachLeast = TimeSpan.FromMilliseconds(10);

    private readonly SweepSpecification _specification;
    private readonly SweepPlan _plan;
    private readonly DataSets _sets;
    private bool _isWarm;

    public SweepForecast(SweepSpecification specification, SweepPlan plan, DataSets sets)
    {
        (_specification, _plan, _sets) = (specification, plan, sets);
        Preview = SweepPreview.Create(specification, SizeOf(plan, sets));
    }

    /// <summary>The sweep in numbers.</summary>
    public SweepPreview Preview { get; }

    /// <summary>Times steps of every network.</summary>
    /// <param name="slots">Trainings in parallel.</param>
    /// <param name="each">Time for one network with one batch size.</param>
    /// <param name="batchSizes">Batch sizes timed of one network at most, at least 2.</param>
    /// <param name="limit">
    /// After this time no further batch size is timed; each network, but of sizes that are searched a few alone, is
    /// always timed with its smallest one.
    /// </param>
    /// <exception cref="SweepsException">The data are missing.</exception>
    public StepTimes Measure(int slots, TimeSpan each, int batchSizes, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        WarmUp(each, batchSizes, limit);
        var timer = TimerOf(slots);
        var times = new List<StepTime>();
        var (networks, wanted) = Wanted(batchSizes);
        each = EachOf(each, limit, wanted.Count);
        foreach (var (text, size, rank) in wanted)
        {
            if (rank == 0 || Stopwatch.GetElapsedTime(start) < limit)
                times.Add(timer.Measure(Configuration(text, size), each, Preview.ValidatedSamples));
        }

        var measured = new StepTimes(times);
        times.AddRange(Preview.Architectures.Where(network => !networks.Contains(network))
            .SelectMany(network => measured.Estimate(network, networks)));
        Steps = times;
        var all = new StepTimes(times);
        if (slots == 1 || Preview.DearestRefit(all) is not { } refit)
            return all;
        var trial = all.SecondsPerStep(refit.SizedArchitecture(), Preview.BatchOf(refit));
        var alone = timer.MeasureAlone(Configuration(refit.SizedArchitecture(), Preview.BatchOf(refit)), each);
        return new(times) { RefitShare = alone / trial };
    }

    /// <summary>
    /// Trains every network for a moment, so that its code is compiled when it is timed: the first second of a process
    /// compiles. May be done ahead, beside something else; <see cref="Measure"/> does it where it was not.
    /// </summary>
    /// <param name="each">Time for one network with one batch size, as it will be timed.</param>
    /// <param name="batchSizes">Batch sizes that will be timed.</param>
    /// <param name="limit">As it will be timed; a third of it is taken at most, but for the last network begun.</param>
    /// <exception cref="SweepsException">The data are missing.</exception>
    public void WarmUp(TimeSpan each, int batchSizes, TimeSpan limit)
    {
        if (_isWarm)
            return;
        _sets.Load(_plan);
        var timer = TimerOf(slots: 1);
        var start = Stopwatch.GetTimestamp();
        var wanted = Wanted(batchSizes).Steps;
        each = EachOf(each, limit, wanted.Count);
        foreach (var (text, size, _) in wanted.Where(item => item.Rank == 0)
            .TakeWhile(_ => Stopwatch.GetElapsedTime(start) < limit / 3))
        {
            timer.Measure(Configuration(text, size), each / 3, Preview.ValidatedSamples);
        }

        _isWarm = true;
    }

    private StepTimer TimerOf(int slots) => new(new Trainer(_sets), _plan, slots, TimeProvider.System);

    /// <summary>The smallest batch size of every network comes first, so that a limit drops no network.</summary>
    private (IReadOnlySet<PreviewedArchitecture> Networks, List<(string Text, int Size, int Rank)> Steps) Wanted(
        int batchSizes)
    {
        var networks = StepTimes.ToMeasure(Preview.Architectures, NetworksTimed);
        return (networks, [.. networks
            .SelectMany(architecture => StepTimes.BatchSizesToMeasure(architecture, batchSizes)
                .Select((size, rank) => (architecture.Text, size, rank)))
            .OrderBy(item => item.rank)]);
    }

    /// <summary>Of many networks each has less time, rather than the last ones none for a second batch size.</summary>
    private static TimeSpan EachOf(TimeSpan each, TimeSpan limit, int count) => TimeSpan.FromTicks(
        Math.Clamp(limit.Ticks / count, Math.Min(s_eachLeast.Ticks, each.Ticks), each.Ticks));

    /// <summary>What the last <see cref="Measure"/> found, and what follows from it.</summary>
    public IReadOnlyList<StepTime> Steps { get; private set; } = [];

    private Hyperparameters Configuration(string architecture, int batchSize)
    {
        var searcher = _specification.CreateSearcher();
        return Enumerable.Range(0, Preview.Configurations)
            .Select(index => searcher.Propose(index, []).Hyperparameters)
            .First(point => point.SizedArchitecture() == architecture && Preview.BatchOf(point) == batchSize) with
        {
            BatchSize = batchSize,
        };
    }

    private static DataSize SizeOf(SweepPlan plan, DataSets sets)
    {
        if (KnownDataSets.Find(plan.Data) is { } known)
            return DataSize.Of(known);
        return DataChecks.SizeOf(sets.Load(plan));
    }
}
