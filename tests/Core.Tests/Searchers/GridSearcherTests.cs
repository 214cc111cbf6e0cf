using Sweeps.Core.Searchers;
using Sweeps.Core.Space;
using Sweeps.Core.SweepFile;
using Sweeps.Core.Tests.Space;
using Sweeps.Core.Trainings;
using static Sweeps.Core.Tests.SweepFile.Reading;

namespace Sweeps.Core.Tests.Searchers;

public class GridSearcherTests
{
    [Fact]
    public void AssignmentAt_RandomConditionalSpaces_GivesEveryPointOnceAsBruteForceFindsThem() =>
        CheckRandomSpaces(first: 0, count: 50);

    [Fact]
    [Trait("Speed", "slow")]
    public void AssignmentAt_ManyRandomConditionalSpaces_GivesEveryPointOnceAsBruteForceFindsThem() =>
        CheckRandomSpaces(first: 50, count: 250);

    private static void CheckRandomSpaces(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            var specification = AsWritten(RandomSpaces.Text(seed));
            var searcher = SearcherOf(specification);
            var expected = RandomSpaces.BruteForce(specification);

            var points = Enumerable.Range(0, searcher.Count).Select(searcher.AssignmentAt).ToList();

            Assert.Equal(expected.Count, searcher.Size);
            Assert.Equal(expected.Count, points.Distinct().Count());
            Assert.Equal(expected.ToHashSet(), points.ToHashSet());
        }
    }

    [Fact]
    public void AssignmentAt_ConditionalParameter_DoesNotMultiplyWhereItDoesNotApply()
    {
        var searcher = SearcherOf(Valid(Head + """
            parameters:
              optimizer: [sgd, adam, rmsprop]
              momentum: {values: [0, 0.5, 0.9, 0.99], when: {optimizer: sgd}}
              learning_rate: [0.1, 0.01]
            """));

        // Two architectures, two rates; four momenta with sgd, none with the two others.
        Assert.Equal(2 * 2 * (4 + 1 + 1), searcher.Size);
    }

    [Fact]
    public void AssignmentAt_HugeGrid_IsComputedNotListed()
    {
        var values = string.Join(", ", Enumerable.Range(1, 10_000));
        var searcher = SearcherOf(Valid(Head + $"""
            run_cap: 5
            parameters:
              batch_size: [{values}]
              epochs: [{values}]
              weight_decay: [{values}]
            """));

        Assert.Equal(2_000_000_000_000, searcher.Size);
        Assert.Equal(int.MaxValue, searcher.Count);
        // 2,147,483,646 has the digits 0 of 2, then 1823, 7374 and 10 of 10,000, the least first. In the order from
        // coarse to fine (5000, 1, 10000, then the middles of the gaps, level by level) these are 7797, 8000 and 1875.
        Assert.Equal(
            "architecture=linear batch_size=7797 epochs=8000 weight_decay=1875",
            searcher.AssignmentAt(int.MaxValue - 1).ToString());
        Assert.Equal(
            "architecture=mlp-5 batch_size=7787 epochs=8000 weight_decay=1875",
            searcher.AssignmentAt(int.MaxValue - 2).ToString());
    }

    [Fact]
    public void AssignmentAt_LogPoints_ShowsEveryArchitectureInTheMiddleThenAtBothEnds()
    {
        var searcher = SearcherOf(Valid(Head + """
            parameters:
              learning_rate: {min: 0.0001, max: 1, points: 5, scale: log}
            """));

        var order = Enumerable.Range(0, 10).Select(n => searcher.AssignmentAt(n)).Select(
            a => $"{a["architecture"]} {a["learning_rate"]}");

        Assert.Equal(
            [
                "linear 0.01", "mlp-5 0.01", "linear 0.0001", "mlp-5 0.0001", "linear 1", "mlp-5 1",
                "linear 0.001", "mlp-5 0.001", "linear 0.1", "mlp-5 0.1",
            ],
            order);
    }

    [Fact]
    public void AssignmentAt_OptimizerPerArchitecture_TakesTurns()
    {
        var searcher = SearcherOf(Valid(Head + """
            parameters:
              optimizer:
                - {value: sgd, when: {architecture: linear}}
                - {value: adam, when: {architecture: mlp-5}}
              learning_rate: [0.1, 0.2]
            """));

        var order = Enumerable.Range(0, searcher.Count).Select(n => searcher.AssignmentAt(n).ToString());

        Assert.Equal(
            [
                "architecture=linear learning_rate=0.1 optimizer=sgd",
                "architecture=mlp-5 learning_rate=0.1 optimizer=adam",
                "architecture=linear learning_rate=0.2 optimizer=sgd",
                    "architecture=mlp-5 learning_rate=0.2 optimizer=adam",
            ],
            order);
    }

    [Theory]
    [InlineData(1, "0")]
    [InlineData(2, "0 1")]
    [InlineData(3, "1 0 2")]
    [InlineData(4, "1 0 3 2")]
    [InlineData(5, "2 0 4 1 3")]
    [InlineData(9, "4 0 8 2 6 1 3 5 7")]
    public void CoarseToFine_SmallCounts_GoesToTheMiddleTheEndsAndTheGaps(int count, string expected) =>
        Assert.Equal(expected, string.Join(' ', CoarseToFine.Indices(count)));

    [Fact]
    public void CoarseToFine_AnyCount_IsAPermutation()
    {
        for (var count = 0; count < 300; count++)
            Assert.Equal(Enumerable.Range(0, count), CoarseToFine.Indices(count).Order());
    }

    [Fact]
    public void Propose_AllParameters_FillsEveryHyperparameter()
    {
        var searcher = SearcherOf(Valid("""
            data: mnist
            architectures: {mine: flatten | dense 3 tanh | dropout 0.1 | dense}
            parameters:
              learning_rate: 0.5
              batch_size: 7
              epochs: 3
              optimizer: SGD
              momentum: 0.9
              nesterov: true
              weight_decay: 1e-4
              dropout: 0.25
              initializer: glorot_normal
              activation: relu
              loss: mse
            """));

        Assert.Equal(
            new Hyperparameters
            {
                Architecture = "flatten | dense 3 tanh | dropout 0.1 | dense",
                LearningRate = 0.5,
                BatchSize = 7,
                Epochs = 3,
                Optimizer = OptimizerKind.Sgd,
                Momentum = 0.9,
                Nesterov = true,
                WeightDecay = 1e-4,
                Dropout = 0.25,
                Initializer = InitializerKind.XavierNormal,
                Activation = "relu",
                Loss = LossKind.MeanSquaredError,
            },
            searcher.Propose(0, []).Hyperparameters);
    }

    [Theory]
    [InlineData("sgd", 0.01)]
    [InlineData("adagrad", 0.01)]
    [InlineData("adam", 0.001)]
    [InlineData("rmsprop", 0.001)]
    [InlineData("adamw", 0.001)]
    public void Propose_NoLearningRate_TakesTheOptimizersDefault(string optimizer, double expected)
    {
        var searcher = SearcherOf(Valid(Head + $"epochs: 4\nparameters: {{optimizer: {optimizer}}}\n"));

        var proposed = searcher.Propose(0, []).Hyperparameters;

        Assert.Equal(expected, proposed.LearningRate);
        Assert.Equal(4, proposed.Epochs);
        Assert.Equal(100, proposed.BatchSize);
        Assert.Null(proposed.Momentum);
    }

    private static GridSearcher SearcherOf(SweepSpecification specification) => new(specification.Space);
}
