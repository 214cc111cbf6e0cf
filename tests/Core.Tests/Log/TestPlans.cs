using Sweeps.Core.Log;
using Sweeps.Core.Schedulers;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Log;

/// <summary>Small plans, a source and made-up results for tests of the sweep's domain.</summary>
internal static class TestPlans
{
    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    public static SweepPlan Plan(int configurations = 4, int folds = 3, bool refit = true) => new()
    {
        Id = "test",
        Specification = "{}",
        Seed = 1,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = folds,
        HoldoutFraction = folds == 0 ? 0.2 : 0,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = configurations,
        Refit = refit,
    };

    /// <summary>The same, which takes over what the store has and trains what is one training once.</summary>
    public static SweepPlan Reusing(SweepPlan plan) => plan with
    {
        Reuse = true,
        EpochsDiffer = true,
        Content = new() { Digest = new string('d', 64), IsPublished = true },
    };

    /// <summary>Brackets of four and of three: fewer folds and fewer epochs first.</summary>
    public static SweepPlan Scheduled(int configurations, int folds) => Plan(configurations, folds) with
    {
        Schedule = new()
        {
            Shapes = [new(4, [new(1, 1, 2), new(folds, 2, 1)]), new(3, [new(folds, 1, 1)])],
        },
    };

    /// <summary>One by one: half of those that came go on from one epoch on one fold, and from two on all.</summary>
    public static SweepPlan InOrder(int configurations, int folds, params Rung[] rungs) =>
        Plan(configurations, folds) with
        {
            Schedule = new()
            {
                Shapes = [new(2, rungs is [] ? [new(1, 1, 1), new(Math.Max(1, folds), 2, 1)] : rungs)],
                Order = RungOrder.Index,
            },
        };

    public static SiloId Silo(int number) => new($"silo-{number}", $"silo-{number}.1");

    /// <summary>Numbers that depend on the trial alone, as a trainer's do.</summary>
    public static TrialResult Result(TrialId trial, TrainingOutcome outcome = TrainingOutcome.Completed)
    {
        var mixed = unchecked((uint)(trial.Configuration * 2654435761u) ^ (uint)((trial.Fold + 2) * 40503));
        var metric = 0.5 + (mixed % 1000) / 2500.0;
        return Result(metric, outcome) with
        {
            WeightsDigest = mixed.ToString("x16").PadLeft(64, '0'),
            Test = trial.IsRefit ? new TestReport(0.1, metric, [5, 1, 0, 4], 2) : null,
        };
    }

    public static TrialResult Of(TrialId trial) => Result(trial);

    public static TrialResult Result(
        double accuracy,
        TrainingOutcome outcome = TrainingOutcome.Completed,
        double seconds = 2,
        long weights = 100) => new()
        {
            Outcome = outcome,
            Reason = outcome == TrainingOutcome.Completed ? null : "a reason",
            TrainLoss = 1 - accuracy,
            TrainMetric = accuracy,
            ValidationLoss = 1 - accuracy,
            ValidationMetric = accuracy,
            Epochs = 3,
            Weights = weights,
            WeightsDigest = new string('a', 64),
            TrainSeconds = seconds,
            CpuSeconds = seconds,
            EvaluationSeconds = 0.5,
            Samples = 1000,
        };
}
