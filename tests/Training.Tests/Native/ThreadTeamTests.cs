using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Native;

namespace Sweeps.Training.Tests.Native;

/// <summary>Threads that share one training: each part done once, and the bits of one thread.</summary>
public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 1_000)]
    [InlineData(5, 4)]
    public void For_AnyNumberOfThreads_DoesEachIndexOnceByAMember(int size, int count)
    {
        using var team = new ThreadTeam { Size = size };
        foreach (var partsEach in new[] { 1, ThreadTeam.PartsEach })
        {
            var times = new int[count];
            var members = new bool[ThreadTeam.Most];
            for (var round = 1; round <= 200; round++)
            {
                team.For(count, ThreadTeam.UsualLeastWork, (member, first, end) =>
                {
                    members[member] = true;
                    for (var i = first; i < end; i++)
                        times[i]++;
                }, partsEach);
                Assert.All(times, done => Assert.Equal(round, done));
            }

            Assert.DoesNotContain(true, members[size..]);
            Assert.Equal(Math.Min(size, count), team.MostShared);
        }
    }

    [Fact]
    public void For_LittleWork_IsDoneByTheCaller()
    {
        using var team = new ThreadTeam { Size = 4 };
        var caller = Environment.CurrentManagedThreadId;

        team.For(8, ThreadTeam.UsualLeastWork - 1, (member, first, end) =>
            Assert.Equal((0, 0, 8, caller), (member, first, end, Environment.CurrentManagedThreadId)));
    }

    [Fact]
    public void For_PartThatFails_TellsTheCallerAndWorksOn()
    {
        using var team = new ThreadTeam { Size = 3 };

        for (var round = 0; round < 20; round++)
        {
            Assert.Throws<InvalidDataException>(() => team.For(30, ThreadTeam.UsualLeastWork, (_, first, end) =>
            {
                if (first <= 29 && 29 < end)
                    throw new InvalidDataException();
            }));
            var sum = 0;
            team.For(30, ThreadTeam.UsualLeastWork, (_, first, end) => Interlocked.Add(ref sum, end - first));
            Assert.Equal(30, sum);
        }
    }

    [Fact]
    public void Size_OutOfRange_IsBrought()
    {
        using var team = new ThreadTeam { Size = 0 };
        Assert.Equal(1, team.Size);
        team.Size = int.MaxValue;
        Assert.Equal(ThreadTeam.Most, team.Size);
    }

    /// <summary>Layers of sizes that no number of threads divides; every optimizer once.</summary>
    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("conv 24 5x5 same relu | max_pool 2x2 | conv 40 3x3 gelu | max_pool 3x3 | flatten | dense 90 | dense",
        OptimizerKind.Adam)]
    [InlineData("conv 17 3x3 tanh | dropout 0.2 | conv 50 3x3 same elu | flatten | dense", OptimizerKind.Sgd)]
    [InlineData("flatten | dense 700 relu | dropout 0.3 | dense 333 sigmoid | dense", OptimizerKind.Nadam)]
    [InlineData("flatten | dense 650 leaky_relu | dense", OptimizerKind.RmsProp)]
    [InlineData("conv 130 7x7 relu | max_pool 4x4 | flatten | dense", OptimizerKind.Adagrad)]
    [InlineData("conv 32 5x5 | relu | flatten | dense 100 | tanh | dense", OptimizerKind.AdamW)]
    [InlineData("conv 20 3x3 stride 2 same | batch_norm | relu | avg_pool 2x2 | residual 24 stride 2 | flatten | dense",
        OptimizerKind.Adam)]
    [InlineData("max_pool 3 stride 2 same | conv 40 5x5 stride 3 | bottleneck 17 | global_avg_pool | dense",
        OptimizerKind.Sgd)]
    [InlineData("flatten | dense 610 relu | dense", OptimizerKind.Adadelta)]
    [InlineData("flatten | dense 620 relu | dense", OptimizerKind.Adamax)]
    public void Train_AnyNumberOfThreads_GivesTheSameBits(string architecture, OptimizerKind optimizer)
    {
        var request = Request(architecture, optimizer);
        var alone = Train(request, _ => 1);

        Assert.Equal(1, alone.Threads);
        foreach (var threads in new[] { 2, 3, 7 })
        {
            var shared = Train(request, _ => threads);
            Assert.InRange(shared.Threads, 2, threads);
            AssertSame(alone, shared);
        }

        // Slots come and go.
        AssertSame(alone, Train(request, epoch => epoch % 2 == 0 ? 4 : 1));
    }

    [Fact]
    public void Train_CheckpointOfSeveralThreads_GoesOnAlone()
    {
        var request = Request("conv 24 5x5 relu | max_pool 2x2 | flatten | dense", OptimizerKind.Adam);
        var keeper = new Sharer(_ => 3) { StopAfter = 1 };
        var sets = new DataSets(new());
        new Trainer(sets).Train(request, keeper, null, default);

        var resumed = new Trainer(sets).Train(request, NoObserver.Instance, keeper.Checkpoint, default);

        AssertSame(Train(request, _ => 1), resumed);
    }

    /// <summary>libtorch's threads would add up in another order.</summary>
    [Fact]
    public void Train_TorchEngine_StaysOnOneThread()
    {
        var request = Request("flatten | dense 32 relu | dense", OptimizerKind.Adam) with { Engine = EngineKind.Torch };

        Assert.Equal(1, Train(request, _ => 4).Threads);
    }

    private static TrainingRequest Request(string architecture, OptimizerKind optimizer) => new()
    {
        Data = "digits",
        SampleLimit = 260,
        Split = Split.Holdout(0.2),
        Seed = 3,
        Stages = NativeStages.Newest,
        Hyperparameters = new()
        {
            Architecture = architecture,
            Optimizer = optimizer,
            LearningRate = 0.003,
            BatchSize = 101,
            Epochs = 2,
        },
    };

    private static TrainingResult Train(TrainingRequest request, Func<int, int> threads) =>
        new Trainer(new(new())).Train(request, new Sharer(threads), null, default);

    private static void AssertSame(TrainingResult alone, TrainingResult shared)
    {
        Assert.Equal(alone.WeightsDigest, shared.WeightsDigest);
        Assert.Equal(alone.Epochs.Select(Numbers), shared.Epochs.Select(Numbers));
    }

    private static (double, double, double, double) Numbers(EpochReport report) =>
        (report.TrainLoss, report.TrainMetric, report.ValidationLoss, report.ValidationMetric);

    private sealed class Sharer(Func<int, int> threads) : ITrainingObserver
    {
        private int _epoch;

        public int StopAfter { get; init; } = int.MaxValue;

        public byte[]? Checkpoint { get; private set; }

        public int Threads => threads(++_epoch);

        public string? EpochCompleted(EpochReport report, Func<byte[]> checkpoint)
        {
            Checkpoint = checkpoint();
            return report.Epoch >= StopAfter ? "enough" : null;
        }
    }
}
