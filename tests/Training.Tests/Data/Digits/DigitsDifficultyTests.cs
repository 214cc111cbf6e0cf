using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Digits;

namespace Sweeps.Training.Tests.Data.Digits;

/// <summary>
/// Goal: <c>digits</c> teaches what MNIST teaches. Method: three kinds of network are trained on it and must come out
/// in MNIST's order, apart from each other and below 100 %. (MNIST's first 12,000 samples gave 0.91, 0.95 and 0.98.)
/// </summary>
[Trait("Speed", "slow")]
public sealed class DigitsDifficultyTests
{
    private static readonly Trainer Trainer = new(new DataSets(DataFolders.FromEnvironment()));

    private const string Convolutions =
        "conv 16 5x5 same relu | max_pool | conv 32 5x5 same relu | max_pool | flatten | dense 128 relu | dense";

    [Fact]
    [Trait("Speed", "nightly")]
    public void Train_LinearMlpAndCnn_ComeOutInMnistsOrderBelowPerfection()
    {
        var linear = Accuracy("linear", OptimizerKind.Sgd, 0.3, epochs: 10);
        var mlp = Accuracy("mlp-128-128", OptimizerKind.Adam, 0.001, epochs: 12);
        var cnn = Accuracy(Convolutions, OptimizerKind.Adam, 0.001, epochs: 5);
        var found = $"linear {linear:0.0000}, MLP {mlp:0.0000}, CNN {cnn:0.0000}";
        Assert.True(linear is > 0.85 and < 0.92, found);
        Assert.True(mlp is > 0.94 and < 0.985, found);
        Assert.True(cnn is > 0.97 and < 1, found);
        Assert.True(linear + 0.03 < mlp && mlp + 0.003 < cnn, found);
    }

    [Fact]
    public void Train_LinearMlpAndCnn_OneEpochEach_ComeOutInMnistsOrder()
    {
        var linear = Accuracy("linear", OptimizerKind.Sgd, 0.3, epochs: 1);
        var mlp = Accuracy("mlp-128-128", OptimizerKind.Adam, 0.001, epochs: 2);
        var cnn = Accuracy(Convolutions, OptimizerKind.Adam, 0.001, epochs: 1);
        var found = $"linear {linear:0.0000}, MLP {mlp:0.0000}, CNN {cnn:0.0000}";
        Assert.True(linear is > 0.75 and < 0.92, found);
        Assert.True(linear + 0.01 < mlp && mlp + 0.003 < cnn && cnn < 1, found);
    }

    private static double Accuracy(string architecture, OptimizerKind optimizer, double learningRate, int epochs)
    {
        var request = new TrainingRequest
        {
            Data = DigitsDataSet.Name,
            Hyperparameters = new()
            {
                Architecture = architecture,
                LearningRate = learningRate,
                BatchSize = 100,
                Epochs = epochs,
                Optimizer = optimizer,
            },
            Split = Split.All,
            Seed = 1,
        };
        return Trainer.Train(request, NoObserver.Instance, null, CancellationToken.None).Test!.Metric;
    }
}
