using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Searchers;
using Sweeps.Core.SweepFile;
using Sweeps.Tests.Shared;

namespace Sweeps.Simulation.Tests;

/// <summary>What a simulation does; everything else follows from the seed.</summary>
internal sealed record SimulationOptions
{
    private static readonly string[] s_learning = ["tpe", "bayes", "cmaes", "nsga2"];

    private static readonly string[] s_ranking = ["tpe", "cmaes", "nsga2"];

    public required int Seed { get; init; }

    public int Silos { get; init; } = 5;

    public int SlotsMax { get; init; } = 3;

    public int Configurations { get; init; } = 10;

    public int Folds { get; init; } = 3;

    /// <summary>Processes that host a coordinator; all of them decide on the same log.</summary>
    public int Coordinators { get; init; } = 5;

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Mean time between faults; zero: none.</summary>
    public TimeSpan FaultInterval { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Faults stop here, so that a run ends.</summary>
    public TimeSpan FaultsUntil { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A run that has not ended here never will.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Share of messages between processes that are lost, and that arrive twice.</summary>
    public double MessageLoss { get; init; } = 0.05;

    /// <summary>Share of answers of the database that are lost though the work was done.</summary>
    public double AnswerLoss { get; init; } = 0.01;

    /// <summary>A trial that kills every process that trains it.</summary>
    public TrialId? Poison { get; init; }

    /// <summary>A trial whose start throws on every silo.</summary>
    public TrialId? Unstartable { get; init; }

    /// <summary>A trial that every silo hands back before it begins.</summary>
    public TrialId? Stalling { get; init; }

    /// <summary>Trials that must fail.</summary>
    public IReadOnlyList<TrialId> Doomed() =>
        [.. ((TrialId?[])[Poison, Unstartable, Stalling]).OfType<TrialId>()];

    /// <summary>Times that somebody stops a trial while the sweep runs.</summary>
    public int Stops { get; init; }

    /// <summary>
    /// Silos that may die with a trial before it is set aside; high where the answer must equal the undisturbed one.
    /// </summary>
    public int SilosBeforeSetAside { get; init; } = 200;

    /// <summary>When configurations are compared and stopped; null: never.</summary>
    public SweepSchedule? Schedule { get; init; }

    /// <summary>A method that learns, and how far it looks back; null: a searcher of the simulation's own.</summary>
    public (string Method, int Lag)? Search { get; init; }

    /// <summary>Share of the trials whose results the store has from an earlier sweep; 0: there was none.</summary>
    public double KnownShare { get; init; }

    /// <summary>Further objectives, and which configuration is chosen; null: one objective, whose best is.</summary>
    public SweepObjectives? Objectives { get; init; }

    public PlantedBug Bug { get; init; }

    /// <summary>The searcher.</summary>
    /// <param name="lag">Another lag than the sweep's; null: its own.</param>
    public ISearcher NewSearcher(int? lag = null) => Search is not { } search
        ? new SimulatedSearcher()
        : SpecificationReader.Read(FileOf(search.Method, lag ?? search.Lag, Metrics), "simulated.yaml").Require()
            .CreateSearcher();

    private string Metrics => string.Join(", ", Simulation.Plan(this).AllObjectives().Select(metric => metric.Name));

    private static string FileOf(string method, int lag, string metrics = "validation_accuracy")
    {
        var isGrid = method == "grid";
        return $$"""
            data: digits
            architectures: [mlp-5]
            method: {{method}}
            metric: [{{metrics}}]
            lag: {{lag}}
            warmup: 3
            run_cap: 1000
            epochs: {{FakeTrainer.EpochsMax}}
            parameters:
              learning_rate: {{(isGrid
                ? "[0.0001, 0.001, 0.01, 0.1, 1]"
                : "{distribution: log_uniform_values, min: 0.0001, max: 1}")}}
              optimizer: [sgd, adam]
              momentum: {{(isGrid
                ? "{values: [0.0, 0.9], when: {optimizer: sgd} }"
                : "{min: 0.0, max: 0.9, when: {optimizer: sgd} }")}}
              batch_size: [16, 32, 64, 128]
            """;
    }

    /// <summary>As any of the others, and somebody stops trials.</summary>
    public static SimulationOptions AnyStopped(int seed)
    {
        var options = (seed % 4) switch
        {
            0 => Any(seed),
            1 => AnyScheduled(seed),
            2 => AnyLearning(seed),
            _ => AnyReusing(seed),
        };
        return options with
        {
            Stops = 1 + new Random(seed ^ 0x5709).Next(8),
            // After a stop a learner may propose the same values in another order, and the fake trainer's weights are
            // those of an index: results of an earlier sweep would be those of others.
            KnownShare = options.Search is null ? options.KnownShare : 0,
        };
    }

    /// <summary>As <see cref="AnyScheduled"/> or <see cref="AnyLearning"/>, in a store of earlier results.</summary>
    public static SimulationOptions AnyReusing(int seed) =>
        (seed % 3 == 0 ? AnyLearning(seed) : AnyScheduled(seed)) with
        {
            KnownShare = new Random(seed ^ 0x4e5e).NextDouble(),
            Schedule = seed % 3 == 1 ? null : AnyScheduled(seed).Schedule,
        };

    /// <summary>As <see cref="Any"/> or <see cref="AnyScheduled"/>, with a method that learns.</summary>
    public static SimulationOptions AnyLearning(int seed)
    {
        var random = new Random(seed ^ 0x1ea54);
        var options = seed % 2 == 0 ? Any(seed) : AnyScheduled(seed);
        return options with
        {
            Configurations = 4 + random.Next(26),
            Search = (s_learning[random.Next(s_learning.Length)], 1 + random.Next(6)),
        };
    }

    /// <summary>As <see cref="AnyScheduled"/>, with two to four objectives and, half the time, a method that learns.
    /// </summary>
    public static SimulationOptions AnyObjectives(int seed)
    {
        var random = new Random(seed ^ 0x0b1ec);
        string[] names =
            [SweepMetric.Weights, SweepMetric.ValidationLoss, SweepMetric.MultiplyAdds, SweepMetric.ValidationError];
        random.Shuffle(names);
        var options = AnyScheduled(seed);
        return options with
        {
            Objectives = new()
            {
                Further = [.. names.Take(1 + random.Next(3)).Select(SweepMetric.Of)],
                Choose = (FinalChoice)random.Next(3),
                Input = "28x28x1",
                Outputs = 10,
            },
            Search = random.Next(2) == 0 ? null : (random.Next(2) == 0 ? "tpe" : "nsga2", 1 + random.Next(6)),
            // A race compares one objective.
            Schedule = options.Schedule! with
            {
                Shapes =
                [
                    .. options.Schedule.Shapes.Select(shape => shape with
                    {
                        Rungs = [.. shape.Rungs.Select(rung => rung with { Alpha = null })],
                    }),
                ],
            },
        };
    }

    /// <summary>As <see cref="Any"/>, with a schedule that follows from the seed too.</summary>
    public static SimulationOptions AnyScheduled(int seed)
    {
        var random = new Random(seed ^ 0x5c4ed);
        var options = Any(seed) with { Configurations = 1 + random.Next(30) };
        var shapes = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => AnyShape(random, options.Folds)).ToList();
        return options with
        {
            Schedule = random.Next(3) == 0 ? InIndexOrder(shapes[0], random) : new() { Shapes = shapes },
        };
    }

    private static SweepSchedule InIndexOrder(BracketShape shape, Random random) => new()
    {
        Shapes =
        [
            shape with
            {
                Rungs = [.. shape.Rungs.Select(rung => rung with
                {
                    Alpha = rung.Epochs is null ? rung.Alpha : null,
                    Warmup = random.Next(3),
                })],
            },
        ],
        Order = RungOrder.Index,
    };

    /// <summary>As <see cref="Any"/>, with a searcher and a schedule of the <see cref="SearchMatrix"/> in turn.
    /// </summary>
    public static SimulationOptions AnyOfMatrix(int seed)
    {
        var random = new Random(seed ^ 0x3a781);
        var (method, schedule) = SearchMatrix.All[seed % SearchMatrix.All.Count];
        var (configurations, folds) = (4 + random.Next(20), 2 + random.Next(3));
        var plan = SpecificationReader.Read(
            FileOf(method, lag: 1) + $"\nfolds: {folds}\nschedule: {schedule}\n", "matrix.yaml").Require().Schedule;
        return Any(seed) with
        {
            Configurations = configurations,
            Folds = folds,
            Search = (method, 1 + random.Next(6)),
            Schedule = plan?.ScheduleOf(configurations, folds, FakeTrainer.EpochsMax, folds),
        };
    }

    /// <summary>
    /// As <see cref="Any"/>, with a method that ranks beside hyperband over epochs. Trainings have 1 to 4 epochs, so
    /// that some are over, and scored, before or after others of their group reach the first rung.
    /// </summary>
    public static SimulationOptions AnyEndedBeforeItsRung(int seed)
    {
        var plan = new SchedulePlan { Method = ScheduleMethod.Hyperband, Over = ScheduleBudget.Epochs, Eta = 2 };
        return Any(seed) with
        {
            Configurations = 24,
            Folds = 0,
            Search = (s_ranking[seed % s_ranking.Length], 1),
            Schedule = plan.ScheduleOf(24, 1, FakeTrainer.EpochsMax),
        };
    }

    private static BracketShape AnyShape(Random random, int folds)
    {
        var rungs = new List<Rung>();
        var (size, fold, epoch) = (1 + random.Next(12), 1, 0);
        var keep = size;
        for (var count = random.Next(4); count > 0; count--)
        {
            fold = Math.Min(Math.Max(1, folds), fold + random.Next(2));
            epoch += 1 + random.Next(2);
            keep = random.Next(keep + 1);
            // One in four is a comparison of a race.
            rungs.Add(random.Next(4) > 0
                ? new(fold, epoch > FakeTrainer.EpochsMax ? null : epoch, keep)
                : new(fold, epoch > FakeTrainer.EpochsMax ? null : epoch, keep, 0.05 + (0.4 * random.NextDouble())));
        }

        return new(size, rungs);
    }

    /// <summary>
    /// A cluster that follows from its seed: from one silo on one machine to a dozen behind a very bad network.
    /// </summary>
    public static SimulationOptions Any(int seed)
    {
        // Not the stream of the run itself: its first numbers would repeat here.
        var random = new Random(seed ^ 0x5eed);
        var silos = 1 + random.Next(12);
        var lease = 4 + random.Next(20);
        return new()
        {
            Seed = seed,
            Silos = silos,
            SlotsMax = 1 + random.Next(4),
            Configurations = 1 + random.Next(20),
            Folds = random.Next(4) switch { 0 => 0, var folds => folds + 1 },
            Coordinators = random.Next(2) == 0 ? silos : 1 + random.Next(silos),
            Lease = TimeSpan.FromSeconds(lease),
            Heartbeat = TimeSpan.FromSeconds(lease / 5.0),
            FaultInterval = TimeSpan.FromSeconds(0.5 + random.NextDouble() * 8),
            MessageLoss = random.NextDouble() * 0.2,
            AnswerLoss = random.NextDouble() * 0.05,
        };
    }
}

/// <summary>Bugs that a test plants to see that the simulator finds them.</summary>
internal enum PlantedBug
{
    None,

    /// <summary>Reports of an old attempt count as the current one's.</summary>
    FencingOff,

    /// <summary>Silos send one heartbeat and no more.</summary>
    LeaseNotRenewed,

    /// <summary>A start that throws says at its second try that the trial runs.</summary>
    FailedStartRuns,

    /// <summary>After an append with unknown outcome the result is appended again instead of decided again.</summary>
    ResultWrittenTwice,

    /// <summary>A rung is decided when half of its bracket has come.</summary>
    RungByArrival,

    /// <summary>In index order a configuration is compared with whoever came before it.</summary>
    NextByArrival,

    /// <summary>A coordinator that begins anew does not know who was promoted.</summary>
    PromotionLost,

    /// <summary>After an append with unknown outcome the events of a stop are appended again.</summary>
    StopWrittenTwice,

    /// <summary>A silo releases the checkpoint of a trial that pauses at a rung.</summary>
    PausedCheckpointReleased,

    /// <summary>Results are known by a course that leaves the fold out.</summary>
    CourseWithoutFold,

    /// <summary>How far a searcher looks back depends on the process that asks it.</summary>
    LagOfTheProcess,
}
