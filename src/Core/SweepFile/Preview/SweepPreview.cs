using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.SweepFile.Preview;

/// <summary>What a sweep will be, before anything is trained.</summary>
public sealed class SweepPreview
{
    private readonly SweepSpecification _specification;
    private readonly DataSize _data;
    private readonly List<Hyperparameters> _configurations;
    private readonly Dictionary<string, NetworkShape> _plans;
    private readonly (BracketShape Shape, int Passed)[]? _rungs;
    private readonly HashSet<int> _readOff = [];

    private SweepPreview(
        SweepSpecification specification,
        DataSize data,
        List<Hyperparameters> configurations,
        Dictionary<string, NetworkShape> plans)
    {
        (_specification, _data, _configurations, _plans) = (specification, data, configurations, plans);
        _rungs = specification.Schedule?.ScheduleOf(
            configurations.Count, specification.TrialsPerConfiguration, specification.MostEpochs,
            Math.Max(1, specification.Folds)).ExpectedRungs(configurations.Count);
        if (specification is { Reuse: true, Schedule: null, AsksForMetrics: false })
            FindReadOff();
        Architectures =
        [
            .. configurations.GroupBy(c => c.SizedArchitecture(), StringComparer.Ordinal)
                .Select(g => new PreviewedArchitecture(
                specification.ArchitectureName(g.First().Architecture),
                g.Key,
                plans[g.Key].Weights,
                g.Count(),
                [.. g.Select(BatchOf).Distinct().Order()])
                {
                    Sizes = g.First().Sizes,
                    MultiplyAdds = plans[g.Key].MultiplyAdds,
                }),
        ];
    }

    /// <summary>Number of configurations.</summary>
    public int Configurations => _configurations.Count;

    /// <summary>Number of trials; the refit not counted.</summary>
    public long Trials => (long)Configurations * _specification.TrialsPerConfiguration;

    /// <summary>
    /// Whether the configurations are known before there are scores: a method that learns chooses others.
    /// </summary>
    public bool KnowsConfigurations => !_specification.Method.Learns();

    /// <summary>Trials whose results the store has; none before it was asked.</summary>
    public IReadOnlySet<TrialId> Known { get; set; } = new HashSet<TrialId>();

    /// <summary>
    /// Epochs of which the store keeps the checkpoint, for trials that will go on from there; none before it was asked.
    /// </summary>
    public IReadOnlyDictionary<TrialId, int> Begun { get; set; } = new Dictionary<TrialId, int>();

    /// <summary>Results of the store that cannot be read, so that they are passed over; none before it was asked.
    /// </summary>
    public int Unread { get; set; }

    /// <summary>The configurations, by index.</summary>
    public IReadOnlyList<Hyperparameters> All => _configurations;

    /// <summary>
    /// Trials that are a part of a longer one, from which they differ in their epochs alone, and are not trained; those
    /// that are known not counted.
    /// </summary>
    public long ReadOff => _readOff.Sum(index => Enumerable.Range(0, _specification.TrialsPerConfiguration)
        .Count(fold => !Known.Contains(new(index, fold))));

    /// <summary>
    /// Epochs of all trials together that are trained: not of those that are known or read off another one; with a
    /// schedule those that are not stopped before.
    /// </summary>
    public long Epochs => Enumerable.Range(0, Configurations).Sum(
        index => Enumerable.Range(0, _specification.TrialsPerConfiguration).Sum(fold => (long)EpochsOf(index, fold)));

    /// <summary>Epochs of all trials together if each were trained to its end.</summary>
    public long EpochsInFull => _configurations.Sum(c => (long)c.Epochs) * _specification.TrialsPerConfiguration;

    /// <summary>
    /// Trials of the last step of the first bracket, those that pass all its rungs: fewer than slots leave some idle.
    /// Null without a schedule that says how many pass.
    /// </summary>
    public int? LastTrials
    {
        get
        {
            if (_rungs is not [({ Rungs: [.., var last] } shape, _), ..] || last.Alpha is not null
                || _specification.Schedule is { Order: RungOrder.Index })
            {
                return null;
            }

            var all = _specification.TrialsPerConfiguration;
            return shape.KeepOf(last, Math.Min(shape.Size, Configurations))
                * (last.Epochs is null ? all - last.Folds : all);
        }
    }

    /// <summary>Samples that a trial learns from in an epoch.</summary>
    public int LearnedSamples => Samples - ValidatedSamples;

    /// <summary>
    /// Samples in a step of a trial: not more than it learns from, whatever the configuration asks for.
    /// </summary>
    public int BatchOf(Hyperparameters configuration) => Math.Min(configuration.BatchSize, LearnedSamples);

    /// <summary>Samples that a trial is judged on after an epoch.</summary>
    public int ValidatedSamples => _specification.Folds > 0
        ? Samples / _specification.Folds
        : _specification.HoldoutFirst > 0
            ? _specification.HoldoutFirst
            : (int)Math.Round(Samples * _specification.HoldoutFraction);

    /// <summary>The networks, in the order in which they are first tried.</summary>
    public IReadOnlyList<PreviewedArchitecture> Architectures { get; }

    private int Samples => Math.Min(_specification.Data.Samples ?? int.MaxValue, _data.TrainingSamples);

    /// <summary>Counts a sweep.</summary>
    /// <param name="specification">The sweep.</param>
    /// <param name="data">The size of its data set.</param>
    /// <exception cref="SweepsException">A network does not fit the data.</exception>
    public static SweepPreview Create(SweepSpecification specification, DataSize data)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(data);
        var searcher = specification.CreateSearcher();
        var count = Math.Min(specification.RunCap ?? int.MaxValue, searcher.Count);
        var configurations = Enumerable.Range(0, count).Select(n => searcher.Propose(n, []).Hyperparameters).ToList();
        var plans = new Dictionary<string, NetworkShape>(StringComparer.Ordinal);
        foreach (var configuration in configurations)
        {
            if (!plans.ContainsKey(configuration.SizedArchitecture()))
                plans.Add(configuration.SizedArchitecture(), configuration.NetworkOn(
                    data.Input, data.Outputs, configuration.LossOf(data.Task), data.Task));
        }

        return new(specification, data, configurations, plans);
    }

    /// <summary>Epochs that a trial will train, if those go on that are expected to.</summary>
    private int EpochsOf(int configuration, int fold)
    {
        var all = _configurations[configuration].Epochs;
        if (_readOff.Contains(configuration) || Known.Contains(new(configuration, fold)))
            return 0;
        if (_rungs is null)
            return all - Begun.GetValueOrDefault(new(configuration, fold));
        var (shape, passed) = _rungs[configuration];
        return passed == shape.Rungs.Count
            ? all
            : shape.Rungs.Take(passed + 1)
                .Max(rung => fold < rung.Folds ? Math.Min(rung.Epochs ?? all, all) : 0);
    }

    private void FindReadOff()
    {
        var longest = new Dictionary<Hyperparameters, int>();
        for (var index = 0; index < _configurations.Count; index++)
        {
            var key = _configurations[index].WithoutEnd();
            if (longest.TryGetValue(key, out var other))
            {
                var isLonger = _configurations[index].Epochs > _configurations[other].Epochs;
                _readOff.Add(isLonger ? other : index);
                if (!isLonger)
                    continue;
            }

            longest[key] = index;
        }
    }

    /// <summary>How long the sweep will take, and what it will need.</summary>
    /// <param name="times">Measured steps, with as many slots busy as the sweep will use if neighbours are to
    /// count.</param>
    /// <param name="slots">Trials at the same time.</param>
    public SweepPrediction Predict(StepTimes times, int slots)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slots);
        var free = new PriorityQueue<double, double>(Enumerable.Repeat((0.0, 0.0), slots));
        double train = 0, wall = 0, longestRefit = 0;
        for (var index = 0; index < _configurations.Count; index++)
        {
            var configuration = _configurations[index];
            var network = configuration.SizedArchitecture();
            var epoch = EpochSeconds(times, configuration, LearnedSamples);
            // What a trial takes before its first step is before its first epoch's.
            var pause = times.EpochSecondsOf(network);
            var once = Math.Max(0, times.TrialSecondsOf(network) - pause) + PreviewCosts.TrialReportSeconds;
            var besides = pause + ValidatedSamples * times.EvaluationSecondsPerSample(network)
                + PreviewCosts.EpochReportSeconds;
            for (var fold = 0; fold < _specification.TrialsPerConfiguration; fold++)
            {
                var epochs = EpochsOf(index, fold);
                var training = epochs * epoch;
                // A slot that becomes free takes the next trial: the same pull as the real one.
                var end = free.Dequeue() + training + (epochs > 0 ? once + epochs * besides : 0);
                free.Enqueue(end, end);
                (train, wall) = (train + training, Math.Max(wall, end));
            }

            if (!_specification.Refit)
                continue;
            var learned = times.RefitShare * RefitSeconds(times, configuration);
            longestRefit = Math.Max(longestRefit, once + configuration.Epochs * pause + learned);
        }

        // Which configuration is best is not known yet: the refit is counted as the dearest.
        return new(
            slots, Configurations, Trials, train, PreviewCosts.SweepSeconds + wall + longestRefit, longestRefit,
            MemoryBytes(slots), DiskBytes(slots));
    }

    /// <summary>The configuration whose refit takes longest; null: there is no refit.</summary>
    /// <param name="times">Measured steps.</param>
    public Hyperparameters? DearestRefit(StepTimes times) => _specification.Refit
        ? _configurations.MaxBy(configuration => RefitSeconds(times, configuration))
        : null;

    /// <summary>Learning from all samples and the look at the test set, as fast as a trial learns.</summary>
    private double RefitSeconds(StepTimes times, Hyperparameters configuration) =>
        configuration.Epochs * EpochSeconds(times, configuration, Samples)
        + _data.TestSamples * times.EvaluationSecondsPerSample(configuration.SizedArchitecture());

    private static double EpochSeconds(StepTimes times, Hyperparameters configuration, int samples)
    {
        var (whole, rest) = Math.DivRem(samples, configuration.BatchSize);
        var network = configuration.SizedArchitecture();
        var epoch = whole > 0 ? whole * times.SecondsPerStep(network, configuration.BatchSize) : 0;
        if (rest > 0)
            epoch += times.SecondsPerStep(network, rest);
        return epoch;
    }

    private long MemoryBytes(int slots)
    {
        var learned = _specification.Refit ? Samples : LearnedSamples;
        var largest = _configurations.Max(
            c => PreviewCosts.TrialBytes(_plans[c.SizedArchitecture()], Math.Min(c.BatchSize, learned)));
        return PreviewCosts.ProcessBytes + (long)_data.TrainingSamples * _data.Input.Size * _data.BytesPerValue
            + slots * largest;
    }

    private long DiskBytes(int slots)
    {
        var largest = _plans.Values.Max(PreviewCosts.CheckpointBytes);
        return Trials * PreviewCosts.TrialLogBytes
            + (_rungs is null ? EpochsInFull : Epochs) * PreviewCosts.EpochLogBytes + (slots + 1) * largest;
    }
}

/// <summary>One network of a sweep.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Text">What is trained: a built-in name, or layers, with its sizes.</param>
/// <param name="Weights">Trainable weights.</param>
/// <param name="Configurations">Configurations that train it.</param>
/// <param name="BatchSizes">Their samples in a step, ascending.</param>
public sealed record PreviewedArchitecture(
    string Name, string Text, long Weights, int Configurations, IReadOnlyList<int> BatchSizes)
{
    /// <summary>What stands for its placeholders; null: it has none.</summary>
    public NetworkSizes? Sizes { get; init; }

    /// <summary>Products of one sample's way forward, each added to a sum.</summary>
    public long MultiplyAdds { get; init; }
}

/// <summary>What a preview needs to know of a data set.</summary>
/// <param name="Input">The shape of one sample.</param>
/// <param name="Outputs">Classes, or 1 for a regression.</param>
/// <param name="TrainingSamples">Samples to learn from and to validate on.</param>
/// <param name="Task">What the data ask for.</param>
/// <param name="BytesPerValue">Memory of one value of a sample: 1 for images kept as bytes, 4 for tables.</param>
public sealed record DataSize(TensorShape Input, int Outputs, int TrainingSamples, TaskKind Task, int BytesPerValue = 1)
{
    /// <summary>Samples that the refit is judged on at the end.</summary>
    public int TestSamples { get; init; }

    /// <summary>The size of a named data set.</summary>
    public static DataSize Of(KnownDataSet known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return new(known.Input, known.Outputs, known.TrainingSamples, KnownDataSet.Task)
        {
            TestSamples = known.TestSamples,
        };
    }
}
