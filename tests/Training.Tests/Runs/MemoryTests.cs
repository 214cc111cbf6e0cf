using Sweeps.Core.Networks;
using Sweeps.Core.Trainings;
using Sweeps.Tests;
using Sweeps.Training.Data;
using Sweeps.Training.Losses;
using Sweeps.Training.Native;
using Sweeps.Training.Networks;
using Sweeps.Training.Optimizers;
using Sweeps.Training.Torch;
using TorchSharp;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// Thousands of batches (10,000 in the long run of all tests) leave nothing behind:
/// no tensor, no memory of the process, no garbage for the collector. The memory
/// of the process is everybody's, so nothing runs beside these.
/// </summary>
[Trait("Speed", "slow")]
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    private const long Slack = 24 << 20;

    private static readonly int s_batches = LongRun.IsOn ? 10_000 : 2_000;

    [Fact]
    public void AutogradNetwork_ThousandsOfBatches_KeepsTensorsAndMemoryFlat() => OnOwnThread(() =>
    {
        var plan =
            Small.Plan("conv 4 3x3 same | batch_norm | relu | dropout 0.2 | max_pool 2 | flatten | dense",
                TensorShape.Image(1, 8, 8), 4);
        using var network = new AutogradNetwork(plan, Small.Streams, 8);
        var learn = Learner(network, out var batch);
        Repeat(learn, 200);
        var (tensors, memory) = (LiveTensors(), ResidentMemory());
        Repeat(learn, s_batches);
        Assert.Equal(tensors, LiveTensors());
        Assert.InRange(ResidentMemory() - memory, long.MinValue, Slack);
        batch.Dispose();
    });

    [Theory]
    [InlineData("dense 32 relu | dropout 0.2 | dense 16 gelu | dense", 1)]
    [InlineData("dense 2048 relu | dropout 0.2 | dense 100 gelu | dense", 2)]
    [InlineData("conv 16 5x5 same relu | conv 17 3x3 same | batch_norm | tanh | max_pool 2 | flatten | dense", 1)]
    [InlineData("conv 16 3x3 same | residual 16 stride 2 | avg_pool 2 | dropout 0.1 | flatten | dense", 2)]
    public void StagedNetwork_ThousandsOfBatches_AllocatesNothing(string architecture, int threads) => OnOwnThread(() =>
    {
        var shape = architecture.StartsWith("dense", StringComparison.Ordinal)
            ? TensorShape.Flat(64) : TensorShape.Image(1, 8, 8);
        using var network = new StagedNetwork(Small.Plan(architecture, shape, 4), Small.Streams, 8);
        (network.Team.Size, network.Team.LeastWork) = (threads, 0);
        var learn = Learner(network, out var batch);
        Repeat(learn, 200);
        var (memory, allocated) = (ResidentMemory(), GC.GetAllocatedBytesForCurrentThread());
        Repeat(learn, s_batches);
        // The runtime allocates a little when it compiles again; less than a byte a batch is none of ours.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, s_batches);
        Assert.InRange(ResidentMemory() - memory, long.MinValue, Slack);
        batch.Dispose();
    });

    [Fact]
    public void Networks_MadeAndDisposed_LeaveNoTensor() => OnOwnThread(() =>
    {
        var before = LiveTensors();
        for (var i = 0; i < 3; i++)
        {
            var plan =
                Small.Plan("residual 4 stride 2 | avg_pool 3 stride 2 same | flatten | dense",
                    TensorShape.Image(2, 8, 8), 4);
            using var network = new AutogradNetwork(plan, Small.Streams, 8);
            Repeat(Learner(network, out var batch), 3);
            batch.Dispose();
        }

        Assert.Equal(before, LiveTensors());
    });

    /// <summary>Of the process, without what earlier tests left to the collector.</summary>
    private static long ResidentMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private static long LiveTensors() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static void Repeat(Action action, int count)
    {
        for (var i = 0; i < count; i++)
            action();
    }

    private static Action Learner(Network network, out Batch batch)
    {
        var features = network is AutogradNetwork && network.StatisticPlaces.Count > 2 ? 128 : 64;
        var filled = batch = new Batch(Small.Classes(8, features, 4), 8);
        InitialWeights.Fill(network, InitializerKind.XavierUniform, Small.Streams);
        var loss = Loss.Create(LossKind.CrossEntropy);
        var optimizer = Optimizer.Create(
            new() { Architecture = "", LearningRate = 1e-4, BatchSize = 8, Epochs = 1 }, network.Weights.Length);
        int[] indices = [0, 1, 2, 3, 4, 5, 6, 7];
        return () =>
        {
            filled.Fill(indices);
            var outputs = network.Forward(filled, learning: true);
            loss.ScoreWithGradient(outputs, filled, network.OutputGradient);
            network.Backward();
            optimizer.Step(network.Weights, network.Gradients, 1, network.Team);
        };
    }

    /// <summary>Counts are by thread.</summary>
    private static void OnOwnThread(Action test)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
