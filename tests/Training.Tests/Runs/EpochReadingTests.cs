using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// A result that is read off a longer training is that of a training of its own, whatever ends it: every member but the
/// times, to the last bit.
/// </summary>
public sealed class EpochReadingTests
{
    private static readonly Trainer s_trainer = new(new DataSets(new DataFolders()));

    private static TrainingRequest Request(
        double rate, int epochs, int? patience = null, ScoredEpoch score = default) =>
        new()
        {
            Data = "digits",
            Hyperparameters = new()
            {
                Architecture = "conv 4 5x5 stride 2 | batch_norm | relu | flatten | dropout 0.2 | dense",
                LearningRate = rate,
                BatchSize = 20,
                Epochs = epochs,
                LearningRateSchedule = new() { Kind = LearningRateKind.Exponential, Warmup = 1.5 },
                ClipNorm = rate > 1 ? null : 1,
                Augment = new() { Shift = 0.1 },
            },
            Split = Split.KFold(3, 1),
            Seed = 5,
            SampleLimit = 150,
            Patience = patience,
            Score = score,
        };

    public static TheoryData<double, int?, ScoredEpoch, int?> Ends()
    {
        var ends = new TheoryData<double, int?, ScoredEpoch, int?>();
        // Learns; overfits and jumps about; becomes infinite within the first epochs.
        foreach (var rate in (double[])[0.003, 0.3, 1e30])
        {
            foreach (var patience in (int?[])[null, 1, 2])
            {
                foreach (var until in (int?[])[null, 2])
                {
                    ends.Add(rate, patience, ScoredEpoch.Last, until);
                    ends.Add(rate, patience, ScoredEpoch.Best, until);
                }
            }
        }

        return ends;
    }

    [Theory]
    [Trait("Speed", "slow")]
    [MemberData(nameof(Ends))]
    public void Of_LongerTraining_IsTheResultOfTheShorterOne(
        double rate, int? patience, ScoredEpoch score, int? until)
    {
        var longer = s_trainer.Train(Request(rate, 8), NoObserver.Instance, null, default);
        var source = TrialResult.From(longer);
        for (var epochs = 1; epochs <= 8; epochs++)
        {
            var request = Request(rate, epochs, patience, score);
            var pause = until < epochs ? until : null;
            var alone = s_trainer.Train(request, new PausesAt(pause), null, default);
            var read = EpochReading.Of(request, pause, source, longer.Epochs);
            Assert.NotNull(read);
            var reason = alone.Outcome == TrainingOutcome.Stopped ? null : alone.Reason;
            Assert.Equal(WithoutTimes(TrialResult.From(alone)) with { Reason = reason }, WithoutTimes(read));
            Assert.Equal(longer.Epochs.Take(read.Epochs).Sum(epoch => epoch.TrainSeconds), read.TrainSeconds);
        }
    }

    [Fact]
    public void Of_TooFewEpochs_IsUnknown()
    {
        var request = Request(0.003, 4);
        var training = s_trainer.Train(request, NoObserver.Instance, null, default);
        var source = TrialResult.From(training);
        TrialResult? Read(TrainingRequest wanted, IReadOnlyList<EpochReport> epochs) =>
            EpochReading.Of(wanted, null, source, epochs);
        Assert.NotNull(Read(request, training.Epochs));
        Assert.Null(Read(Request(0.003, 5), training.Epochs));
        Assert.Null(Read(request, [.. training.Epochs.Take(3)]));
        Assert.Null(Read(request, [.. training.Epochs.Select(epoch => epoch with { WeightsDigest = null })]));
        Assert.Null(Read(request with { KeepModel = true }, training.Epochs));
        Assert.Null(Read(request with { EvaluateTest = true }, training.Epochs));
    }

    /// <summary>A report after a resume has all that those before have.</summary>
    [Fact]
    public void Train_Resumed_ReportsTheSameWeights()
    {
        var request = Request(0.003, 4);
        var watcher = new Watcher();
        var whole = s_trainer.Train(request, watcher, null, default);
        var resumed = s_trainer.Train(request, NoObserver.Instance, watcher.Checkpoints[1], default);
        Assert.Equal(
            whole.Epochs.Skip(2).Select(epoch => (epoch.WeightsDigest, epoch.ValidationLossError)),
            resumed.Epochs.Skip(2).Select(epoch => (epoch.WeightsDigest, epoch.ValidationLossError)));
        Assert.Equal(whole.WeightsDigest, whole.Epochs[^1].WeightsDigest);
    }

    private static TrialResult WithoutTimes(TrialResult result) => result with
    {
        TrainSeconds = 0,
        CpuSeconds = 0,
        EvaluationSeconds = 0,
    };

    private sealed class PausesAt(int? until) : ITrainingObserver
    {
        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) =>
            report.Epoch >= until ? "rung" : null;
    }
}
