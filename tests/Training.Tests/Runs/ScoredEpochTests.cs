using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Runs;

/// <summary>Which epoch of a training is its result, on trainings that get worse after a while.</summary>
public sealed class ScoredEpochTests
{
    private const string WithStatistics = "conv 4 5x5 stride 2 | batch_norm | relu | flatten | dense";
    private const string Natively = "conv 4 5x5 stride 2 | batch_norm | tanh | flatten | batch_norm | dense";
    private const string Dense = "flatten | dense 32 relu | dense";

    private static readonly Trainer s_trainer = new(new DataSets(new DataFolders()));

    /// <summary>
    /// The first epochs of a longer training are a shorter one: training just as long as the best epoch gives the
    /// weights that were restored, by a way that restores nothing.
    /// </summary>
    [Theory]
    [InlineData(Dense)]
    [InlineData(WithStatistics)]
    [InlineData(Natively)]
    public void Train_Best_HasTheWeightsOfATrainingThatEndedThere(string architecture)
    {
        var best = Train(Request(architecture) with { Score = ScoredEpoch.Best, KeepModel = true });
        var lowest = best.Epochs.MinBy(report => report.ValidationLoss)!;
        Assert.Equal(lowest.Epoch, best.BestEpoch);
        Assert.InRange(best.BestEpoch, 1, best.Epochs.Count - 1);

        var shorter = Request(architecture);
        shorter = shorter with { Hyperparameters = shorter.Hyperparameters with { Epochs = best.BestEpoch } };
        var last = Train(shorter with { KeepModel = true });
        Assert.Equal(last.WeightsDigest, best.WeightsDigest);
        Assert.Equal(last.ValidationLossError, best.ValidationLossError);
        Assert.Equal(0, last.BestEpoch);
        Assert.NotEqual(Train(Request(architecture)).WeightsDigest, best.WeightsDigest);
    }

    /// <summary>The weights to restore may be older than the checkpoint.</summary>
    [Theory]
    [InlineData(Dense)]
    [InlineData(WithStatistics)]
    [InlineData(Natively)]
    public void Train_BestResumedAfterAnyEpoch_GivesTheSameBits(string architecture)
    {
        var request = Request(architecture) with { Score = ScoredEpoch.Best };
        var watcher = new Watcher();
        var whole = s_trainer.Train(request, watcher, null, default);
        foreach (var checkpoint in watcher.Checkpoints)
        {
            var resumed = s_trainer.Train(request, new Watcher(), checkpoint, default);
            Assert.Equal(whole.WeightsDigest, resumed.WeightsDigest);
            Assert.Equal(whole.BestEpoch, resumed.BestEpoch);
            Assert.Equal(whole.ValidationLossError, resumed.ValidationLossError);
            Assert.Equal(whole.ValidationMetricError, resumed.ValidationMetricError);
        }
    }

    [Fact]
    public void Train_BestFromACheckpointForTheLast_IsRefused()
    {
        var watcher = new Watcher { StopAfter = 1 };
        s_trainer.Train(Request(Dense), watcher, null, default);
        var error = Assert.Throws<TrainingException>(() => s_trainer.Train(
            Request(Dense) with { Score = ScoredEpoch.Best }, new Watcher(), watcher.Checkpoints[0], default));
        Assert.Equal(TrainingFailure.Checkpoint, error.Kind);
    }

    [Fact]
    public void Train_BestWithoutValidation_IsTheLast()
    {
        var all = Request(Dense) with { Split = Split.All };
        var best = Train(all with { Score = ScoredEpoch.Best });
        Assert.Equal(0, best.BestEpoch);
        Assert.Equal(Train(all).WeightsDigest, best.WeightsDigest);
    }

    /// <summary>The standard error of a share of n samples is sqrt(p (1 - p) / (n - 1)).</summary>
    [Fact]
    public void Train_Errors_AreThoseOfAShare()
    {
        var result = Train(Request(Dense));
        var accuracy = result.Epochs[^1].ValidationMetric;
        Assert.Equal(Math.Sqrt(accuracy * (1 - accuracy) / 99), result.ValidationMetricError, 12);
        Assert.InRange(result.ValidationLossError, 1e-4, 1);
        Assert.True(double.IsNaN(Train(Request(Dense) with { Split = Split.All }).ValidationLossError));
    }

    private static TrainingResult Train(TrainingRequest request) =>
        s_trainer.Train(request, new Watcher(keepCheckpoints: false), null, default);

    // A learning rate at which the validation loss rises again.
    private static TrainingRequest Request(string architecture) => new()
    {
        Data = "digits",
        Split = Split.KFold(3, 0),
        Seed = 1,
        SampleLimit = 300,
        Stages = architecture == Natively ? NativeStages.Newest : StageSet.First,
        Hyperparameters = new()
        {
            Architecture = architecture,
            LearningRate = 0.05,
            BatchSize = 16,
            Epochs = 12,
            Optimizer = OptimizerKind.Adam,
        },
    };
}
