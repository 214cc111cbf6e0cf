using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Tests.Data.Public;

namespace Sweeps.Training.Tests.Runs;

/// <summary>What examples/mnist-transfer.yaml asks, on real MNIST and with fewer epochs.</summary>
[Trait("Speed", "slow")]
public sealed class TransferTests
{
    /// <summary>LeNet-5 that has seen drawn digits reads 100 held-out images of 500 better than one that has not, with
    /// its convolutions frozen as without.</summary>
    [RealMnistFact]
    public void Train_FromDrawnDigits_IsBetterThanFromScratchOnFewImages()
    {
        var sets = new DataSets(RealMnistFactAttribute.Folders);
        var trainer = new Trainer(sets);
        var drawn = Request("digits", Split.All);
        var source = trainer.Train(
            drawn with { KeepModel = true, Hyperparameters = drawn.Hyperparameters with { Epochs = 3 } },
            NoObserver.Instance, null, default);
        var weights = StartingWeights.Of(SavedModel.Read(source.Model!, "digits"), new("digits", "digits"));
        sets.Weights.Add(weights);

        double Accuracy(WeightsReference? start, string? freeze) => Enumerable.Range(0, 5).Average(fold =>
        {
            var request = Request("mnist", Split.KFold(5, fold)) with { SampleLimit = 500 };
            return trainer.Train(
                request with
                {
                    Hyperparameters = request.Hyperparameters with
                    {
                        InitialWeights = start,
                        Freeze = freeze,
                        Epochs = 4,
                    },
                },
                NoObserver.Instance, null, default).Epochs[^1].ValidationMetric;
        });

        var scratch = Accuracy(null, null);
        Assert.True(Accuracy(new("digits", weights.Digest), "all but 3") > scratch + 0.03);
        Assert.True(Accuracy(new("digits", weights.Digest), null) > scratch + 0.03);
    }

    private static TrainingRequest Request(string data, Split split) => new()
    {
        Data = data,
        Hyperparameters = new() { Architecture = "lenet-5", LearningRate = 0.001, BatchSize = 50, Epochs = 1 },
        Split = split,
        Seed = 1,
    };
}
