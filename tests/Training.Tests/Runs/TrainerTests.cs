using Sweeps.Core.Trainings;
using Sweeps.Training.Data;

namespace Sweeps.Training.Tests.Runs;

/// <summary>Whole trainings on a part of the digits.</summary>
public sealed class TrainerTests
{
    private const string Dense = "flatten | dense 32 relu | dropout 0.3 | dense";
    private const string Staged = "conv 8 5x5 relu | max_pool 2 | dropout 0.2 | flatten | dense";
    private const string Image = "conv 4 5x5 stride 2 | batch_norm | relu | dropout 0.2 | flatten | dense";

    private static readonly Trainer s_trainer = new(new DataSets(new DataFolders()));

    [Theory]
    [InlineData(Dense)]
    [InlineData(Staged)]
    [InlineData(Image)]
    public void Train_BesideOthers_GivesTheWeightsOfAlone(string architecture)
    {
        var request = Request(architecture);
        var alone = Train(request);
        var results = new TrainingResult[4];
        var threads = results.Select((_, i) => new Thread(() =>
            results[i] =
                Train(i == 1 ? request
                    : request with
                    {
                        Seed = 100 + i,
                        Hyperparameters = request.Hyperparameters with { BatchSize = 20 + i }
                    })));
        var running = threads.ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        Assert.Equal(alone.WeightsDigest, results[1].WeightsDigest);
        Assert.Equal(4, results.Select(result => result.WeightsDigest).Distinct().Count());
    }

    [Theory]
    [InlineData(Dense, OptimizerKind.Adam)]
    [InlineData(Dense, OptimizerKind.RmsProp)]
    [InlineData(Dense, OptimizerKind.Sgd)]
    [InlineData(Image, OptimizerKind.Adagrad)]
    [InlineData(Image, OptimizerKind.AdamW)]
    [InlineData(Staged, OptimizerKind.Adam)]
    public void Train_StoppedAfterAnyEpochAndResumed_GivesTheWeightsOfNeverStopped(string architecture,
        OptimizerKind optimizer)
    {
        AssertResumes(Request(architecture, optimizer));
    }

    /// <summary>Rates go on where they were, and what the optimizers remember between steps.</summary>
    [Theory]
    [InlineData(Dense, OptimizerKind.Nadam, LearningRateKind.Cosine)]
    [InlineData(Dense, OptimizerKind.Adadelta, LearningRateKind.Linear)]
    [InlineData(Image, OptimizerKind.Adamax, LearningRateKind.OneCycle)]
    [InlineData(Staged, OptimizerKind.Sgd, LearningRateKind.Step)]
    [InlineData(Dense, OptimizerKind.Adam, LearningRateKind.Exponential)]
    [InlineData(Dense, OptimizerKind.Nadam, LearningRateKind.Constant)]
    public void Train_ScheduledStoppedAndResumed_GivesTheWeightsOfNeverStopped(
        string architecture, OptimizerKind optimizer, LearningRateKind kind)
    {
        var request = Request(architecture, optimizer);
        AssertResumes(request with
        {
            Hyperparameters = request.Hyperparameters with
            {
                LearningRateSchedule = new() { Kind = kind, Every = 1, Warmup = 1.5 },
                ClipNorm = 0.5,
                ClipValue = 0.1,
                LabelSmoothing = 0.1,
                ClassWeights = "balanced",
                Augment = new() { Shift = 0.1, Rotation = 10, Cutout = 0.2 },
            },
        });
    }

    /// <summary>After an epoch at the full rate one at a rate of nearly nothing leaves the weights where they were.
    /// </summary>
    [Fact]
    public void Train_RateFallsToNothing_LeavesTheWeights()
    {
        var request = Request(Dense, OptimizerKind.Sgd);
        request = request with
        {
            Hyperparameters = request.Hyperparameters with
            {
                LearningRateSchedule = new() { Kind = LearningRateKind.Step, Decay = 1e-30, Every = 2 },
                Epochs = 3,
            },
        };
        var epochs = Train(request).Epochs.Select(epoch => epoch.WeightsDigest).ToList();
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.Equal(epochs[1], epochs[2]);
    }

    /// <summary>A network that does not move judges the same held-out pictures in every epoch, and learns from others.
    /// </summary>
    [Fact]
    public void Train_ChangedPictures_AreLearnedFromAndNeverJudgedBy()
    {
        var request = Request("flatten | dense 8 relu | dense");
        request = request with
        {
            Hyperparameters = request.Hyperparameters with
            {
                LearningRate = 0,
                Augment = new() { Shift = 0.2, Rotation = 20 },
            },
        };
        var epochs = Train(request).Epochs;
        Assert.Single(epochs.Select(epoch => epoch.ValidationLoss).Distinct());
        Assert.Equal(epochs.Count, epochs.Select(epoch => epoch.TrainLoss).Distinct().Count());
    }

    /// <summary>A class that counts nothing is not learned; one that counts much is named more often.</summary>
    [Fact]
    public void Train_ClassWeights_MoveWhatIsNamed()
    {
        var request = Request("flatten | dense 32 relu | dense") with { EvaluateTest = true };
        int Named(string weights)
        {
            var result = Train(request with
            {
                Hyperparameters = request.Hyperparameters with { ClassWeights = weights, Epochs = 5 },
            });
            return Enumerable.Range(0, 10).Sum(label => result.Test!.Confusion![(label * 10) + 3]);
        }

        Assert.True(Named("3=0") < Named("3=1"));
        Assert.True(Named("3=1") < Named("3=20"));
    }

    [Fact]
    public void Train_SettingThatTheDataRefuse_SaysSo()
    {
        var request = Request(Dense);
        var weights = request.Hyperparameters with { ClassWeights = "seven=2" };
        var error = Assert.Throws<TrainingException>(() => Train(request with { Hyperparameters = weights }));
        Assert.Contains("'seven' is no class of digits", error.Message, StringComparison.Ordinal);
        var smooth = request.Hyperparameters with { Loss = LossKind.MeanSquaredError, LabelSmoothing = 0.1 };
        error = Assert.Throws<TrainingException>(() => Train(request with { Hyperparameters = smooth }));
        Assert.Contains("leave label_smoothing out", error.Message, StringComparison.Ordinal);
    }

    private static void AssertResumes(TrainingRequest request)
    {
        var watcher = new Watcher();
        var whole = s_trainer.Train(request, watcher, null, default);
        Assert.Equal(request.Hyperparameters.Epochs, watcher.Checkpoints.Count);
        for (var epoch = 1; epoch <= watcher.Checkpoints.Count; epoch++)
        {
            var stopped = s_trainer.Train(request, new Watcher { StopAfter = epoch }, null, default);
            Assert.Equal(TrainingOutcome.Stopped, stopped.Outcome);
            var resumed = s_trainer.Train(request, new Watcher(), watcher.Checkpoints[epoch - 1], default);
            Assert.Equal(whole.WeightsDigest, resumed.WeightsDigest);
            Assert.Equal(whole.Epochs.Select(Numbers), resumed.Epochs.Select(Numbers));
        }
    }

    [Theory]
    [InlineData(Dense, ScoredEpoch.Last)]
    [InlineData(Dense, ScoredEpoch.Best)]
    [InlineData(Staged, ScoredEpoch.Best)]
    public void Train_ResumedAndStoppedBeforeItsFirstBatch_GivesTheResultOfTheStop(
        string architecture, ScoredEpoch score)
    {
        var request = Request(architecture) with { Score = score };
        var watcher = new Watcher { StopAfter = 2 };
        var stopped = s_trainer.Train(request, watcher, null, default);
        var second = new Watcher { Reason = () => "enough" };

        var again = s_trainer.Train(request, second, watcher.Checkpoints[1], default);

        Assert.Equal(2, second.ResumedAt);
        Assert.Null(watcher.ResumedAt);
        Assert.Empty(second.Reports);
        Assert.Equal(
            (stopped.Outcome, stopped.WeightsDigest, stopped.BestEpoch, stopped.ValidationMetricError),
            (again.Outcome, again.WeightsDigest, again.BestEpoch, again.ValidationMetricError));
        Assert.Equal(stopped.Epochs.Select(Numbers), again.Epochs.Select(Numbers));
    }

    /// <summary>Whether a training was stopped at its plateau or a moment before must not show.</summary>
    [Fact]
    public void Train_StoppedAtItsPlateau_HasStoppedEarly()
    {
        var request = Request(Dense);
        request = request with
        {
            Patience = 1,
            Hyperparameters = request.Hyperparameters with { LearningRate = 0, Dropout = 0, Epochs = 9 },
        };
        var watcher = new Watcher { StopAfter = 2 };

        var stopped = s_trainer.Train(request, watcher, null, default);
        var resumed = s_trainer.Train(
            request, new Watcher { Reason = () => "enough" }, watcher.Checkpoints[1], default);

        Assert.Equal((TrainingOutcome.StoppedEarly, 2), (stopped.Outcome, stopped.Epochs.Count));
        Assert.Equal((resumed.Outcome, resumed.WeightsDigest), (stopped.Outcome, stopped.WeightsDigest));
    }

    /// <summary>Another seed begins elsewhere on the same samples; another repeat has other samples.</summary>
    [Fact]
    public void Train_ReplicatesAndRepeats_BeginElsewhere()
    {
        var request = Request(Dense) with { Split = Split.KFold(4, 1) };
        request = request with { Hyperparameters = request.Hyperparameters with { LearningRate = 0, Epochs = 1 } };
        TrainingRequest[] requests =
        [
            request, request with { Replicate = 1 }, request with { Split = Split.KFold(4, 1, 1) },
            request with { Split = Split.KFold(4, 1, 1), Replicate = 1 },
        ];

        Assert.Equal(4, requests.Select(r => Train(r).WeightsDigest).Distinct().Count());
    }

    [Fact]
    public void Train_ResumedFromAnotherRequest_IsRefused()
    {
        var watcher = new Watcher { StopAfter = 1 };
        var request = Request(Dense);
        s_trainer.Train(request, watcher, null, default);
        foreach (var other in (TrainingRequest[])
            [
                request with { Seed = 2 },
                request with { Split = Split.KFold(3, 1) },
                request with { Split = Split.KFold(3, 0, 1) },
                request with { Replicate = 1 },
                request with { SampleLimit = 299 },
                request with { Hyperparameters = request.Hyperparameters with { LearningRate = 0.02 } },
            ])
        {
            var error = Assert.Throws<TrainingException>(() =>
                s_trainer.Train(other, new Watcher(), watcher.Checkpoints[0], default));
            Assert.Equal(TrainingFailure.Checkpoint, error.Kind);
        }
    }

    [Fact]
    public void Train_MoreEpochsThanTheCheckpointWasFor_GoesOn()
    {
        var request = Request(Dense);
        var more = request with { Hyperparameters = request.Hyperparameters with { Epochs = 5 } };
        var watcher = new Watcher();
        s_trainer.Train(request, watcher, null, default);
        Assert.Equal(Train(more).WeightsDigest,
            s_trainer.Train(more, new Watcher(), watcher.Checkpoints[^1], default).WeightsDigest);
    }

    [Fact]
    public void Train_Reports_CountSamplesAndMeasureTime()
    {
        var watcher = new Watcher();
        var result = s_trainer.Train(Request(Dense), watcher, null, default);
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.Equal(watcher.Reports, result.Epochs);
        Assert.All(result.Epochs, report =>
        {
            Assert.Equal(200, report.Samples);
            Assert.True(report.TrainSeconds > 0);
            Assert.InRange(report.ValidationMetric, 0, 1);
            Assert.True(!OperatingSystem.IsLinux() || report.CpuSeconds > 0);
        });
        Assert.True(result.Epochs[^1].TrainLoss < result.Epochs[0].TrainLoss);
        Assert.Null(result.Test);
        Assert.Null(result.Model);
        Assert.Equal((784 * 32) + 32 + (32 * 10) + 10, result.Weights);
    }

    [Fact]
    public void Train_AllSamples_OpensTheTestSet()
    {
        var result = Train(Request(Dense) with { Split = Split.All });
        var test = Assert.IsType<TestReport>(result.Test);
        Assert.Equal(2000, test.Confusion!.Sum());
        var right = Enumerable.Range(0, 10).Sum(i => test.Confusion![(i * 10) + i]);
        Assert.Equal(test.Metric, right / 2000.0, 1e-12);
        Assert.True(double.IsNaN(result.Epochs[0].ValidationLoss));
    }

    [Theory]
    [InlineData(Dense)]
    [InlineData(Image)]
    public void Train_AbsurdLearningRate_DivergesWithEpochAndStep(string architecture)
    {
        var request = Request(architecture, OptimizerKind.Sgd);
        var result = Train(request with { Hyperparameters = request.Hyperparameters with { LearningRate = 1e38 } });
        Assert.Equal(TrainingOutcome.Diverged, result.Outcome);
        Assert.Matches("(NaN|infinite) in epoch 1, step [0-9]+", result.Reason);
    }

    [Fact]
    public void Train_NoProgress_StopsEarly()
    {
        var request = Request(Dense);
        var result =
            Train(request with
            {
                Patience = 1,
                Hyperparameters = request.Hyperparameters with { LearningRate = 0, Dropout = 0, Epochs = 9 }
            });
        Assert.Equal(TrainingOutcome.StoppedEarly, result.Outcome);
        Assert.Equal(2, result.Epochs.Count);
        Assert.Contains("since epoch 1", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_StopReasonBetweenBatches_EndsWithWhatWasReached()
    {
        var asked = 0;
        var result =
            s_trainer.Train(Request(Dense), new Watcher { Reason = () => ++asked > 14 ? "enough" : null }, null,
                default);
        Assert.Equal((TrainingOutcome.Stopped, "enough"), (result.Outcome, result.Reason));
        Assert.Single(result.Epochs);
    }

    [Fact]
    public void Train_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var watcher = new Watcher { Reason = () => { cancellation.Cancel(); return null; } };
        Assert.Throws<OperationCanceledException>(() =>
            s_trainer.Train(Request(Dense), watcher, null, cancellation.Token));
    }

    [Fact]
    public void Train_MoreMemoryThanAnyMachineHas_SaysSo()
    {
        var request =
            Request("flatten | dense 1 | dense 900000 | dense", batchSize: 3000) with
            {
                SampleLimit = 3000,
                Split = Split.All
            };
        var error = Assert.Throws<TrainingException>(() => Train(request));
        Assert.Equal(TrainingFailure.OutOfMemory, error.Kind);
        Assert.Contains("batch", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flatten | dens 10", TrainingFailure.Network, "dense")]
    [InlineData("flatten | dense 10 | conv 3 3x3", TrainingFailure.Network, "conv")]
    public void Train_ImpossibleNetwork_SaysWhy(string architecture, TrainingFailure kind, string word)
    {
        var error = Assert.Throws<TrainingException>(() => Train(Request(architecture)));
        Assert.Equal(kind, error.Kind);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NoSuchData_IsADataError()
    {
        var error = Assert.Throws<TrainingException>(() => Train(Request(Dense) with { Data = "mnits" }));
        Assert.Equal(TrainingFailure.Data, error.Kind);
    }

    private static TrainingResult Train(TrainingRequest request) =>
        s_trainer.Train(request, new Watcher(), null, default);

    private static (int, double, double, double, double, int) Numbers(EpochReport report) =>
        (report.Epoch, report.TrainLoss, report.TrainMetric, report.ValidationLoss, report.ValidationMetric,
            report.Samples);

    private static TrainingRequest Request(string architecture, OptimizerKind optimizer = OptimizerKind.Adam,
        int batchSize = 16) => new()
        {
            Data = "digits",
            Split = Split.KFold(3, 0),
            Seed = 1,
            SampleLimit = 300,
            Hyperparameters = new()
            {
                Architecture = architecture,
                LearningRate = 0.01,
                BatchSize = batchSize,
                Epochs = 3,
                Optimizer = optimizer,
                Momentum = optimizer is OptimizerKind.Sgd or OptimizerKind.RmsProp ? 0.5 : null,
            },
        };
}
