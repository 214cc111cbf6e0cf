using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Runs;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// Trainings that differ in anything but their epochs learn from the samples in other orders, unless the sweep says
/// that its trials share theirs (docs/decisions/together.md).
/// </summary>
public sealed class SampleOrderTests
{
    private static readonly TrainingRequest s_request = new()
    {
        Data = "digits",
        Hyperparameters = new() { Architecture = "mlp-5", LearningRate = 0.01, BatchSize = 10, Epochs = 2 },
        Split = Split.KFold(5, 0),
        Seed = 3,
        SampleLimit = 100,
    };

    [Theory]
    [InlineData("learning rate")]
    [InlineData("optimizer")]
    [InlineData("architecture")]
    [InlineData("decay")]
    [InlineData("replicate")]
    public void Order_OfTrainingsThatDiffer_Differs(string what)
    {
        Assert.NotEqual(OrderOf(s_request), OrderOf(Other(s_request, what)));
    }

    [Theory]
    [InlineData("learning rate", true)]
    [InlineData("optimizer", true)]
    [InlineData("architecture", true)]
    [InlineData("decay", true)]
    [InlineData("replicate", false)]
    [InlineData("seed", false)]
    [InlineData("repeat", false)]
    public void Order_Shared_DependsOnSeedAndSplitAlone(string what, bool isShared)
    {
        var request = s_request with { SampleOrder = SampleOrder.Shared };
        Assert.Equal(isShared, OrderOf(request).SequenceEqual(OrderOf(Other(request, what))));
        Assert.NotEqual(OrderOf(request), OrderOf(s_request));
        Assert.NotEqual(OrderOf(request), OrderOf(request, epoch: 2));
    }

    /// <summary>Worked out from the key's fields by hand: the course of shared orders must not move.</summary>
    [Fact]
    public void OrderOf_Shared_IsTheStreamOfNoConfiguration()
    {
        var request = s_request with
        {
            SampleOrder = SampleOrder.Shared,
            Split = Split.KFold(5, 3, 2),
            Replicate = 4,
        };
        Assert.Equal(
            new StreamKey(3, Purpose.Order, Configuration: 0, Fold: 3 + (100 * 2) + (100 * 100 * 4), Epoch: 7),
            TrainingSetup.Of(request, new DataSets(new DataFolders([]))).OrderOf(7));
    }

    /// <summary>A checkpoint of one kind is none of the other, and a model says what it was trained by.</summary>
    [Fact]
    public void Train_Shared_IsAnotherTraining()
    {
        var trainer = new Trainer(new DataSets(new DataFolders([])));
        var request = s_request with { KeepModel = true };
        var shared = request with { SampleOrder = SampleOrder.Shared };
        var (own, watcher) = (new Watcher(), new Watcher());
        var results = (trainer.Train(request, own, null, default), trainer.Train(shared, watcher, null, default));

        Assert.NotEqual(results.Item1.WeightsDigest, results.Item2.WeightsDigest);
        foreach (var (other, checkpoint) in new[] { (shared, own.Checkpoints[0]), (request, watcher.Checkpoints[0]) })
        {
            var error = Assert.Throws<TrainingException>(
                () => trainer.Train(other, new Watcher(), checkpoint, default));
            Assert.Equal(TrainingFailure.Checkpoint, error.Kind);
        }

        Assert.Equal(
            results.Item2.WeightsDigest,
            trainer.Train(shared, new Watcher(), watcher.Checkpoints[0], default).WeightsDigest);
        Assert.DoesNotContain("sample_order", Text(results.Item1), StringComparison.Ordinal);
        Assert.Contains("\"sample_order\":\"shared\"", Text(results.Item2), StringComparison.Ordinal);

        static string Text(TrainingResult result) => System.Text.Encoding.Latin1.GetString(result.Model!);
    }

    [Fact]
    public void Order_OfALongerTraining_IsTheSame() => Assert.Equal(
        OrderOf(s_request),
        OrderOf(s_request with { Hyperparameters = s_request.Hyperparameters with { Epochs = 9 } }));

    private static TrainingRequest Other(TrainingRequest request, string what)
    {
        var point = request.Hyperparameters;
        return what switch
        {
            "learning rate" => request with { Hyperparameters = point with { LearningRate = 0.02 } },
            "optimizer" => request with { Hyperparameters = point with { Optimizer = OptimizerKind.AdamW } },
            "architecture" => request with { Hyperparameters = point with { Architecture = "mlp-10" } },
            "decay" => request with { Hyperparameters = point with { WeightDecay = 0.1 } },
            "seed" => request with { Seed = 4 },
            "repeat" => request with { Split = Split.KFold(5, 0, 1) },
            _ => request with { Replicate = 1 },
        };
    }

    private static int[] OrderOf(TrainingRequest request, int epoch = 1)
    {
        var setup = TrainingSetup.Of(request, new DataSets(new DataFolders([])));
        // Of places, not of samples: another split has others.
        var order = Enumerable.Range(0, setup.Learning.Length).ToArray();
        new RandomStream(setup.OrderOf(epoch)).Shuffle(order.AsSpan());
        return order;
    }
}
