using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Runs;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// Trainings together give what each gives alone, to the last bit: results, curves, checkpoints, and how they end. All
/// on the digits, of which four in five pixels are zero.
/// </summary>
public sealed class TrainingGroupTests
{
    private static readonly DataSets s_sets = new(new DataFolders([]));
    private static readonly Trainer s_trainer = new(s_sets);

    private static readonly TrainingRequest s_request = new()
    {
        Data = "digits",
        Hyperparameters = new() { Architecture = "mlp-5", LearningRate = 0.01, BatchSize = 30, Epochs = 3 },
        Split = Split.KFold(3, 1),
        Seed = 5,
        SampleLimit = 350,
        SampleOrder = SampleOrder.Shared,
    };

    /// <summary>Optimizers, widths, depths, activations, rates, epochs, masks and what is kept, all in one pass.
    /// </summary>
    private static TrainingRequest[] Mixed() =>
    [
        s_request,
        With(point => point with { LearningRate = 0.1, Optimizer = OptimizerKind.Sgd, Momentum = 0.9 }),
        With(point => point with { Architecture = "mlp-10", Epochs = 1 }),
        With(point => point with { Architecture = "flatten | dense 16 gelu | dense 7 sigmoid | dense" }),
        With(point => point with { Architecture = "flatten | dense 1 tanh | dropout 0.3 | dense", Epochs = 5 }),
        With(point => point with { Architecture = "linear", Optimizer = OptimizerKind.AdamW, WeightDecay = 0.1 }),
        With(point => point with { Optimizer = OptimizerKind.RmsProp, ClipNorm = 0.1, LabelSmoothing = 0.1 }),
        With(point => point with
        {
            Architecture = "flatten | dense 13 relu | batch_norm | dense",
            Optimizer = OptimizerKind.Nadam,
            LearningRateSchedule = new() { Kind = LearningRateKind.Cosine },
        }) with { Stages = StageSet.Second },
        With(point => point with { LearningRate = 0.3 }) with { Patience = 1 },
        With(point => point with { LearningRate = 0.2, Optimizer = OptimizerKind.Adagrad, Epochs = 6 }) with
        {
            Score = ScoredEpoch.Best,
            KeepCheckpoint = true,
            Metrics = "validation_f1",
        },
    ];

    [Fact]
    public void Train_OfManyKinds_GivesWhatEachGivesAlone()
    {
        var requests = Mixed();
        Assert.Single(requests.Select(request => s_trainer.GroupOf(request with { Stages = StageSet.Second }))
            .Distinct());
        AssertAsAlone(requests, () => new Watcher());
    }

    /// <summary>From two of them on, and however many columns they come to.</summary>
    [Theory]
    [InlineData("mlp-5", 2)]
    [InlineData("mlp-5", 7)]
    [InlineData("mlp-5", 13)]
    [InlineData("flatten | dense 16 relu | dense", 5)]
    public void Train_OfOneKind_GivesWhatEachGivesAlone(string architecture, int count) => AssertAsAlone(
        [.. Enumerable.Range(1, count).Select(i => With(point => point with
        {
            Architecture = architecture,
            LearningRate = 0.003 * i,
            Epochs = 2,
        }))],
        () => new Watcher());

    [Fact]
    public void Train_OneDiverges_OthersGoOn()
    {
        var wild = With(point => point with { LearningRate = 1e30, Optimizer = OptimizerKind.Sgd });
        var results = AssertAsAlone([s_request, wild, Mixed()[2], Mixed()[5]], () => new Watcher());
        Assert.Equal(TrainingOutcome.Diverged, results[1].Outcome);
        Assert.Equal(TrainingOutcome.Completed, results[0].Outcome);
    }

    /// <summary>As at a rung: after its epoch each stops by itself, with a checkpoint to go on from.</summary>
    [Fact]
    public void Train_OneStops_OthersGoOn()
    {
        var results = AssertAsAlone(Mixed()[..4], place => new Watcher { StopAfter = place == 1 ? 2 : 9 });
        Assert.Equal(TrainingOutcome.Stopped, results[1].Outcome);
    }

    /// <summary>Those of one epoch go side by side, the others after them.</summary>
    [Fact]
    public void Train_FromCheckpointsOfDifferentEpochs_GivesWhatEachGivesAlone()
    {
        var requests = Mixed()[..4];
        var stopped = requests.Select((request, place) =>
        {
            var watcher = new Watcher { StopAfter = place };
            if (place > 0)
                s_trainer.Train(request, watcher, null, default);
            return watcher.Checkpoints.LastOrDefault();
        }).ToArray();
        var results = new TrainingResult[requests.Length];
        s_trainer.TrainTogether([.. requests.Select((request, place) => new TrainingTask(
            request, new Watcher(), stopped[place] is { } state ? state : default(ReadOnlyMemory<byte>?),
            result => results[place] = result()))]);

        Assert.Equal(
            requests.Select(request => s_trainer.Train(request, new Watcher(), null, default).WeightsDigest),
            results.Select(result => result.WeightsDigest));
    }

    /// <summary>
    /// Whatever pass it is that something shared fails in: the buffers at first, the products of a step on the way
    /// there and back, those of what is held out. Each goes on from where it is.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(30)]
    public void Train_SharedPassFails_EachGivesWhatItGivesAlone(int failing)
    {
        var passes = 0;
        var results = new TrainingResult[Mixed().Length];
        using var group = new TrainingGroup(TimeProvider.System)
        {
            Sharing = () =>
            {
                if (++passes == failing)
                    throw new InsufficientMemoryException("no memory for all");
            },
        };
        foreach (var (place, request) in Mixed().Index())
        {
            group.Add(
                new(request, new Watcher(), null, result => results[place] = result()),
                TrainingSetup.Of(request, s_sets));
        }

        group.Train();

        Assert.Equal(failing, passes);
        Assert.IsType<InsufficientMemoryException>(group.Failure);
        Assert.Equal(Mixed().Select(Alone).Select(Outcome), results.Select(Outcome));
    }

    /// <summary>Its owner agrees: it begins again beside the others, and is no failure.</summary>
    [Fact]
    public void Train_OnesCheckpointIsBad_BeginsFromTheStart()
    {
        var results = new TrainingResult[3];
        var said = new List<TrainingException>();
        s_trainer.TrainTogether([.. Mixed()[..3].Select((request, place) => new TrainingTask(
            request, new Watcher(), place == 1 ? new byte[100] : default(ReadOnlyMemory<byte>?),
            result => results[place] = result())
        {
            BeginsAgain = error =>
            {
                said.Add(error);
                return true;
            },
        })]);

        Assert.Equal(TrainingFailure.Checkpoint, Assert.Single(said).Kind);
        Assert.Equal(Mixed()[..3].Select(Alone).Select(Outcome), results.Select(Outcome));
        Assert.Equal(3, results[1].Together);
    }

    /// <summary>It waits for those of another epoch, and is asked before each of theirs.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_WaitingOneIsToStop_IsHeardBeforeTheOthersEnd(bool isCancelled)
    {
        var first = new Watcher { StopAfter = 2 };
        s_trainer.Train(s_request, first, null, default);
        using var cancellation = new CancellationTokenSource();
        var order = new List<int>();
        var others = new Watcher();
        s_trainer.TrainTogether([.. Enumerable.Range(0, 3).Select(place => new TrainingTask(
            s_request, place == 2 ? new Waiting(() => others.Reports.Count > 0, isCancelled ? cancellation : null)
                : others,
            place == 2 ? first.Checkpoints[1] : default(ReadOnlyMemory<byte>?),
            _ => order.Add(place), place == 2 ? cancellation.Token : default))]);

        Assert.Equal(2, order[0]);
    }

    /// <summary>Its seconds hold the shares of before.</summary>
    [Fact]
    public void Resume_OfWhatWasTrainedTogether_SaysSo()
    {
        var watchers = Enumerable.Range(0, 3).Select(_ => new Watcher { StopAfter = 1 }).ToArray();
        Ends(Mixed()[..3], place => watchers[place]);

        Assert.Equal(3, s_trainer.Train(s_request, new Watcher(), watchers[0].Checkpoints[0], default).Together);
        Assert.Equal(1, Alone(s_request).Together);
    }

    [Fact]
    public void Train_ClockDoesNotMove_TimesAreNumbers()
    {
        var ended = 0;
        new Trainer(s_sets, new StoppedClock()).TrainTogether([.. Mixed()[..3].Select(request => new TrainingTask(
            request, new Watcher(), null,
            result =>
            {
                ended++;
                Assert.All(result().Epochs, epoch => Assert.True(double.IsFinite(epoch.CpuSeconds)));
            }))]);
        Assert.Equal(3, ended);
    }

    [Fact]
    public void Train_OnesObserverThrows_OnlyThatOneFails()
    {
        var watcher = new Watcher { Reason = () => throw new InvalidOperationException("the disk is full") };
        var ends = Ends(Mixed()[..3], place => place == 1 ? watcher : new Watcher());

        Assert.Throws<InvalidOperationException>(ends[1]);
        Assert.Equal(Alone(Mixed()[0]).WeightsDigest, ends[0]().WeightsDigest);
        Assert.Equal(Alone(Mixed()[2]).WeightsDigest, ends[2]().WeightsDigest);
    }

    [Fact]
    public void Train_OneIsCancelled_OnlyThatOneEnds()
    {
        using var cancellation = new CancellationTokenSource();
        var asked = 0;
        var watcher = new Watcher
        {
            Reason = () =>
            {
                if (++asked == 4)
                    cancellation.Cancel();
                return null;
            },
        };
        var ends = Ends(
            Mixed()[..3], place => place == 1 ? watcher : new Watcher(),
            place => place == 1 ? cancellation.Token : default);

        Assert.ThrowsAny<OperationCanceledException>(ends[1]);
        Assert.Equal(Alone(Mixed()[0]).WeightsDigest, ends[0]().WeightsDigest);
    }

    /// <summary>A bad checkpoint, and a network that there is none of: said as alone.</summary>
    [Fact]
    public void Train_OnesCannotBegin_OnlyTheseFail()
    {
        var ends = new Func<TrainingResult>[3];
        var bad = With(point => point with { Architecture = "dense 5 relu | conv 3 3x3 | dense" });
        s_trainer.TrainTogether(
        [
            new(s_request, new Watcher(), null, end => ends[0] = end),
            new(s_request, new Watcher(), new byte[100], end => ends[1] = end),
            new(bad, new Watcher(), null, end => ends[2] = end),
        ]);

        Assert.Equal(TrainingFailure.Checkpoint, Assert.Throws<TrainingException>(ends[1]).Kind);
        Assert.Equal(TrainingFailure.Network, Assert.Throws<TrainingException>(ends[2]).Kind);
        Assert.Equal(Alone(s_request).WeightsDigest, ends[0]().WeightsDigest);
    }

    [Fact]
    public void GroupOf_WhatSharesNoBatches_Differs()
    {
        var key = s_trainer.GroupOf(s_request);
        Assert.NotNull(key);
        Assert.Equal(key, s_trainer.GroupOf(With(point => point with { LearningRate = 1, Architecture = "mlp-10" })));
        Assert.All(
            (TrainingRequest[])
            [
                s_request with { Seed = 6 }, s_request with { Split = Split.KFold(3, 2) },
                s_request with { Replicate = 1 }, s_request with { SampleLimit = 300 },
                With(point => point with { BatchSize = 31 }),
            ],
            other => Assert.NotEqual(key, s_trainer.GroupOf(other)));
    }

    [Fact]
    public void GroupOf_WhatGainsByNoGroup_IsNone() => Assert.All(
        (TrainingRequest[])
        [
            s_request with { SampleOrder = SampleOrder.Own }, s_request with { Engine = EngineKind.Torch },
            s_request with { Split = Split.All }, With(point => point with { Augment = new() { Shift = 0.1 } }),
            With(point => point with { Architecture = "mlp-128-128" }),
            With(point => point with { Architecture = "conv 4 5x5 relu | flatten | dense" }),
            With(point => point with { Architecture = "no network" }),
            // By the first stages it is libtorch's.
            With(point => point with { Architecture = "flatten | dense 13 relu | batch_norm | dense" }) with
            {
                Stages = StageSet.First,
            },
        ],
        request => Assert.Null(s_trainer.GroupOf(request)));

    private static (TrainingOutcome, string?, string?, MetricValues?, int) Outcome(TrainingResult result) =>
        (result.Outcome, result.Reason, result.WeightsDigest, result.Metrics, result.Epochs.Count);

    private static TrainingRequest With(Func<Hyperparameters, Hyperparameters> change) =>
        s_request with { Hyperparameters = change(s_request.Hyperparameters) };

    private static TrainingResult Alone(TrainingRequest request) =>
        s_trainer.Train(request, new Watcher(), null, default);

    private static Func<TrainingResult>[] Ends(
        TrainingRequest[] requests, Func<int, Watcher> watcherOf, Func<int, CancellationToken>? cancellationOf = null)
    {
        var ends = new Func<TrainingResult>[requests.Length];
        s_trainer.TrainTogether([.. requests.Select((request, place) => new TrainingTask(
            request, watcherOf(place), null,
            end =>
            {
                Assert.Null(ends[place]);
                ends[place] = end;
            },
            cancellationOf?.Invoke(place) ?? default))]);
        return ends;
    }

    private static List<TrainingResult> AssertAsAlone(TrainingRequest[] requests, Func<Watcher> watcher) =>
        AssertAsAlone(requests, _ => watcher());

    private static List<TrainingResult> AssertAsAlone(TrainingRequest[] requests, Func<int, Watcher> watcherOf)
    {
        var watchers = requests.Select((_, place) => watcherOf(place)).ToList();
        var together = Ends(requests, place => watchers[place]).Select(end => end()).ToList();
        for (var place = 0; place < requests.Length; place++)
        {
            var watcher = watcherOf(place);
            var alone = s_trainer.Train(requests[place], watcher, null, default);
            var other = together[place];
            Assert.Equal(
                (alone.Outcome, alone.Reason, alone.BestEpoch, alone.WeightsDigest, alone.Weights, alone.Metrics),
                (other.Outcome, other.Reason, other.BestEpoch, other.WeightsDigest, other.Weights, other.Metrics));
            Assert.Equal(alone.Epochs.Select(Numbers), other.Epochs.Select(Numbers));
            Assert.Equal(watcher.Reports.Select(Numbers), watchers[place].Reports.Select(Numbers));
            Assert.Equal(alone.Checkpoint is null, other.Checkpoint is null);
            Assert.All(other.Epochs, epoch => Assert.True(epoch.TrainSeconds > 0));
        }

        return together;
    }

    private static (int, double, double, double, double, double, int, string?) Numbers(EpochReport epoch) =>
        (epoch.Epoch, epoch.TrainLoss, epoch.TrainMetric, epoch.ValidationLoss, epoch.ValidationMetric,
            epoch.ValidationLossError, epoch.Samples, epoch.WeightsDigest);

    /// <summary>Wants to end, from some moment on, while it waits.</summary>
    private sealed class Waiting(Func<bool> ends, CancellationTokenSource? cancellation) : ITrainingObserver
    {
        public string? StopReasonWaiting
        {
            get
            {
                if (!ends())
                    return null;
                cancellation?.Cancel();
                return cancellation is null ? "released" : null;
            }
        }

        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint) => null;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
