using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sweeps.Core.Log;
using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.Trainings;
using Sweeps.Grains.Coordination;
using Sweeps.Store.Contract;

namespace Sweeps.Dashboard.Tests;

/// <summary>A sweep whose trials end as a test says, by the real decisions and without any training.</summary>
internal sealed class MadeSweep
{
    // What the commands of others read of it: a grid of two configurations.
    public const string Specification = """
        {"name":"made","data":"digits","method":"grid","folds":2,"epochs":3,"architectures":{"linear":"linear"},
        "parameters":{"architecture":{"values":["linear"]},"learning_rate":{"values":[0.001,0.002]},
        "batch_size":{"value":100},"optimizer":{"value":"adam"}},"seed":1,"refit":false}
        """;

    private readonly SweepCoordinator _coordinator;
    private readonly SiloId _silo;
    private long _claims;

    private MadeSweep(
        ISweepStore store, string id, string silo, Func<int, double> rate,
        Func<Hyperparameters, Hyperparameters> change)
    {
        _silo = new(silo, $"{silo}-1");
        _coordinator = new(id, store, _ => new Source(rate, change), new CoordinatorClock(store, TimeProvider.System));
    }

    /// <summary>Submits one.</summary>
    public static async Task<MadeSweep> SubmitAsync(
        ISweepStore store, string id, int configurations, int folds = 2, TaskKind task = TaskKind.Classification,
        string? name = null, string silo = "made", string? metric = null, Func<int, double>? rate = null,
        SweepObjectives? objectives = null, Func<TrialId, int>? together = null, string? specification = null,
        Func<Hyperparameters, Hyperparameters>? change = null)
    {
        var sweep = new MadeSweep(store, id, silo, rate ?? RateOf, change ?? (point => point))
        {
            Together = together ?? (_ => 1),
        };
        await sweep.GiveAsync(new SubmitSweep(new()
        {
            Id = id,
            Name = name,
            Specification = specification ?? Specification,
            Seed = 1,
            Data = "digits",
            Task = task,
            Folds = folds,
            HoldoutFraction = folds > 0 ? 0 : 0.25,
            Metric = metric is null ? SweepMetric.DefaultOf(task) : SweepMetric.Of(metric),
            Configurations = configurations,
            Refit = false,
            Objectives = objectives,
        }));
        return sweep;
    }

    /// <summary>How many trials were trained at once with each.</summary>
    public Func<TrialId, int> Together { get; init; } = _ => 1;

    /// <summary>Gives a command as another process would.</summary>
    public Task GiveAsync(params SweepCommand[] commands) => _coordinator.ExecuteAsync(commands);

    /// <summary>Hands out so many trials, or what there is.</summary>
    public async Task<IReadOnlyList<AttemptId>> ClaimAsync(int count)
    {
        var decision = Assert.Single(await _coordinator.ExecuteAsync(
            [new ClaimTrials(_silo, ++_claims, count, "made")]));
        return [.. decision.Assignments.Select(assignment => assignment.Attempt)];
    }

    /// <summary>Hands out so many trials, and ends each with a metric, or as diverged where that is NaN.</summary>
    public async Task CompleteAsync(int count, Func<TrialId, double> metric)
    {
        var attempts = await ClaimAsync(count);
        await GiveAsync([.. attempts.Select(attempt => new CompleteTrial(attempt, Result(attempt.Trial, metric)))]);
    }

    private TrialResult Result(TrialId trial, Func<TrialId, double> metric) => new()
    {
        Outcome = double.IsNaN(metric(trial)) ? TrainingOutcome.Diverged : TrainingOutcome.Completed,
        Reason = double.IsNaN(metric(trial)) ? "the loss is no number" : null,
        ValidationMetric = metric(trial),
        ValidationLoss = 1 - metric(trial),
        Metrics = double.IsNaN(metric(trial))
            ? null : new([KeyValuePair.Create(SweepMetric.ValidationF1, metric(trial) / 2)]),
        Engine = EngineKind.Native,
        TrainMetric = metric(trial),
        TrainLoss = 1 - metric(trial),
        Epochs = 3,
        Weights = 1_000 + trial.Configuration,
        WeightsDigest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{trial}"))),
        TrainSeconds = 1 + trial.Configuration,
        CpuSeconds = 1 + trial.Configuration,
        Samples = 1_000,
        Together = Together(trial),
    };

    /// <summary>The learning rate of a configuration: they differ, and grow with it.</summary>
    public static double RateOf(int configuration) => (configuration + 1) / 1_000.0;

    private sealed class Source(Func<int, double> rate, Func<Hyperparameters, Hyperparameters> change) : ISearcher
    {
        public int Count => int.MaxValue;

        public Proposal Propose(int n, IReadOnlyList<ProposedConfiguration> history) => new(
            change(new()
            {
                Architecture = n % 2 == 0 ? "linear" : "flatten | dense 8 relu | dense",
                LearningRate = rate(n),
                BatchSize = n % 3 == 0 ? 50 : 100,
                Epochs = 3,
            }),
            new([new("learning_rate", ParameterValue.Of(rate(n)))]));
    }

    /// <summary>A metric that is best for the last configuration.</summary>
    public static double Growing(TrialId trial) =>
        0.5 + (0.4 * (1 - (1.0 / (trial.Configuration + 2)))) + (0.001 * trial.Fold);

    /// <summary>As pages write a metric.</summary>
    public static string Text(double metric) => metric.ToString("0.0000", CultureInfo.InvariantCulture);
}
