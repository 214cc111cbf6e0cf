using Sweeps.Core.Results;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.Results;

/// <summary>Which parameters matter, on results that are made to depend on one of them.</summary>
public sealed class ParameterImportanceTests
{
    [Fact]
    public void Of_OneParameterDecides_HasNearlyAllOfTheImportance()
    {
        // The best 20 of 100 are those with the smallest learning rates; batch sizes alternate.
        var importance = ParameterImportance.Of(
            [.. Enumerable.Range(1, 100).Select(i => Of(i / 1000.0, i % 2 == 0 ? 32 : 64))], 100);

        Assert.Equal(["learning_rate", "batch_size"], importance.Select(item => item.Parameter));
        Assert.InRange(importance[0].Share, 0.99, 1);
        Assert.Equal(1, importance.Sum(item => item.Share), 12);
    }

    /// <summary>
    /// By hand: of 40 configurations the best 8 all have batch size 32, and half of all. Smoothed by one drawn from all
    /// the shares among the best are 8.5/9 and 0.5/9: the divergence is above 0. Of the optimizers, 20 of each, the
    /// best have 4 and 4: 0. Epochs are 2 in 10 of 40, two of the best: shares 0.25 and (2 + 0.25) / 9: 0.
    /// </summary>
    [Fact]
    public void Of_CountedValues_IsPearsonsDivergence()
    {
        var configurations = Enumerable.Range(0, 40).Select(i => Of(
            0.1, i < 8 || i >= 28 ? 32 : 64, i % 2 == 0 ? OptimizerKind.Adam : OptimizerKind.Sgd, i % 4 == 0 ? 2 : 1));

        var importance = ParameterImportance.Of([.. configurations], 40);

        Assert.Equal(1, importance.Single(item => item.Parameter == "batch_size").Share, 12);
        Assert.All(importance.Where(item => item.Parameter != "batch_size"), item => Assert.Equal(0, item.Share, 12));
    }

    /// <summary>With four that have a value, of a hundred that diverged, the first of a grid would look like the best.
    /// </summary>
    [Fact]
    public void Of_FewThatHaveAValue_SaysNothing() => Assert.Empty(ParameterImportance.Of(
        [.. Enumerable.Range(1, 100).Select(i => Of(i / 1000.0, 32))], ranked: 4));

    [Fact]
    public void Of_ConditionalParameter_CountsItsAbsence()
    {
        var configurations = Enumerable.Range(0, 40)
            .Select(i => Of(0.1, 32) with { Momentum = i < 8 ? 0.9 : null, BatchSize = i % 2 == 0 ? 32 : 64 });

        Assert.Equal("momentum", ParameterImportance.Of([.. configurations], 40)[0].Parameter);
    }

    [Fact]
    public void Of_FewConfigurationsOrEqualOnes_SaysNothing()
    {
        Assert.Empty(ParameterImportance.Of([.. Enumerable.Range(1, 29).Select(i => Of(i, 32))], 29));
        Assert.Empty(ParameterImportance.Of([.. Enumerable.Range(1, 40).Select(_ => Of(0.1, 32))], 40));
    }

    /// <summary>
    /// The share lies in its interval, which is narrow where one parameter decides and wide where the best fifth is
    /// few: of 30 with batch sizes at random 6 are among the best.
    /// </summary>
    [Fact]
    public void Of_FewOrMany_TellsHowSureAShareIs()
    {
        var many = ParameterImportance.Of(
            [.. Enumerable.Range(1, 400).Select(i => Of(i / 1000.0, i % 2 == 0 ? 32 : 64))], 400);
        int[] sizes = [32, 32, 64, 32, 32, 64, 64, 64, 32, 64];
        var few = ParameterImportance.Of(
            [.. Enumerable.Range(0, 30).Select(i => Of((((i * 7) % 30) + 1) / 1000.0, sizes[i % 10]))], 30);

        Assert.All([.. many, .. few], item => Assert.InRange(item.Share, item.Low, item.High));
        Assert.InRange(many[0].High - many[0].Low, 0, 0.1);
        Assert.All(few, item => Assert.InRange(item.High - item.Low, 0.5, 1));
    }

    private static Hyperparameters Of(
        double rate, int batch, OptimizerKind optimizer = OptimizerKind.Adam, int epochs = 1) => new()
        {
            Architecture = "mlp-5",
            LearningRate = rate,
            BatchSize = batch,
            Optimizer = optimizer,
            Epochs = epochs,
        };
}
