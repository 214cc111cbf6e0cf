using Sweeps.Core.Randomness;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Runs;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// Trainings that differ in anything but their epochs learn from the samples in other orders, which is why none of
/// them share a pass (docs/decisions/together.md).
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
        var point = s_request.Hyperparameters;
        var other = what switch
        {
            "learning rate" => s_request with { Hyperparameters = point with { LearningRate = 0.02 } },
            "optimizer" => s_request with { Hyperparameters = point with { Optimizer = OptimizerKind.AdamW } },
            "architecture" => s_request with { Hyperparameters = point with { Architecture = "mlp-10" } },
            "decay" => s_request with { Hyperparameters = point with { WeightDecay = 0.1 } },
            _ => s_request with { Replicate = 1 },
        };
        Assert.NotEqual(OrderOf(s_request), OrderOf(other));
    }

    [Fact]
    public void Order_OfALongerTraining_IsTheSame() => Assert.Equal(
        OrderOf(s_request),
        OrderOf(s_request with { Hyperparameters = s_request.Hyperparameters with { Epochs = 9 } }));

    private static int[] OrderOf(TrainingRequest request)
    {
        var setup = TrainingSetup.Of(request, new DataSets(new DataFolders([])));
        var order = setup.Learning.ToArray();
        new RandomStream(setup.Streams with { Purpose = Purpose.Order, Epoch = 1 }).Shuffle(order.AsSpan());
        return order;
    }
}
