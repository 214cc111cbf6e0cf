using Sweeps.Client.Sweep.Results;
using Sweeps.Core.Log;
using Sweeps.Core.Results;
using Sweeps.Core.Trainings;

namespace Sweeps.Client.Tests.Sweep.Results;

/// <summary>Why there is no best configuration.</summary>
public sealed class NoBestTests
{
    [Theory]
    [InlineData("dd", 2, "every training diverged. Try smaller learning rates.")]
    [InlineData("xd", 2, "every training that the schedule did not stop diverged. Try smaller learning rates.")]
    [InlineData("xm", 2, "none has a result on every fold.")]
    [InlineData("dm", 0, "none has a result.")]
    [InlineData("", 2, "none has a result on every fold.")]
    public void Reason_OfRows_SaysWhatBecameOfThoseLeft(string rows, int folds, string expected) => Assert.Equal(
        expected, NoBest.Reason(Plan(folds), [.. rows.Select(Row)]));

    /// <summary>x: stopped by the schedule; d: diverged; m: without results.</summary>
    private static LeaderboardRow Row(char kind, int index) => new()
    {
        Index = index,
        Hyperparameters = new() { Architecture = "linear", LearningRate = 1, BatchSize = 10, Epochs = 2 },
        Score = default,
        Weights = 0,
        Times = default,
        Values = [],
        AllDiverged = kind == 'd',
        StoppedAt = kind == 'x' ? (1, 1) : null,
    };

    private static SweepPlan Plan(int folds) => new()
    {
        Id = "s",
        Specification = "{}",
        Seed = 1,
        Data = "digits",
        Task = TaskKind.Classification,
        Folds = folds,
        Metric = SweepMetric.DefaultOf(TaskKind.Classification),
        Configurations = 2,
    };
}
