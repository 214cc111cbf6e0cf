using Sweeps.Core.SweepFile;
using Sweeps.Core.Tests.Space;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>Configurations that would train the same are one.</summary>
public sealed class EffectMergeTests
{
    [Fact]
    public void Read_DropoutOnOneOfTwoNetworks_IsSearchedOnThatOneAlone()
    {
        const string Text = """
            data: mnist
            architectures: [linear, flatten | dense 9 relu | dropout 0.2 | dense]
            parameters: {dropout: [0.1, 0.5, 0.9]}
            """;
        Assert.Equal(
            [
                "dropout= linear",
                "dropout=0.1 flatten | dense 9 relu | dropout 0.2 | dense",
                "dropout=0.5 flatten | dense 9 relu | dropout 0.2 | dense",
                "dropout=0.9 flatten | dense 9 relu | dropout 0.2 | dense",
            ],
            All(Text).Select(h => FormattableString.Invariant($"dropout={h.Dropout} {h.Architecture}"))
                .Order(StringComparer.Ordinal));
        Assert.Contains(Reading.Notes(Text), note => note.Contains("no effect with linear", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dropout: [0.1, 0.9]")]
    [InlineData("activation: [relu, tanh]")]
    [InlineData("momentum: [0.1, 0.9]")]
    [InlineData("momentum: 0.9")]
    public void Read_ParameterWithoutAnyEffect_IsLeftOutWithANote(string parameter)
    {
        var text = $"data: mnist\narchitectures: linear\nparameters: {{{parameter}}}\n";
        var only = Assert.Single(All(text));
        Assert.Equal((null, null, null, false), (only.Dropout, only.Activation, only.Momentum, only.Nesterov));
        Assert.Contains(Reading.Notes(text), note => note.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_OptimizerSometimesAbsent_CountsAsAdam()
    {
        const string Text = """
            data: mnist
            architectures: [linear, mlp-5]
            parameters:
              optimizer: {value: sgd, when: {architecture: linear}}
              momentum: [0.1, 0.9]
            """;
        Assert.Equal(
            ["linear 0.1", "linear 0.9", "mlp-5 "],
            All(Text).Select(h => FormattableString.Invariant($"{h.Architecture} {h.Momentum}")).Order());
    }

    [Fact]
    public void Read_OneNetworkUnderThreeNamesAndAConditionOnTheFirst_MergesTheOtherTwo()
    {
        const string Text = """
            data: mnist
            architectures: {a: linear, b: linear, c: flatten | dense}
            parameters: {learning_rate: [{value: 0.1, when: {architecture: a}}, {value: 0.2}]}
            """;
        Assert.Equal(["a", "b"], Reading.Valid(Text).Architectures.Select(a => a.Name));
        Assert.Equal([0.1, 0.2], All(Text).Select(h => h.LearningRate).Order());
    }

    [Fact]
    public void Read_OneNetworkUnderTwoNames_IsTrainedOnceUnderTheFirst()
    {
        const string Text = """
            data: mnist
            architectures: {a: linear, b: "flatten | dense 10", c: "flatten | dense 10 softmax", d: mlp-5}
            parameters: {learning_rate: [0.1, 0.2]}
            """;
        var specification = Reading.Valid(Text);
        Assert.Equal(["a", "d"], specification.Architectures.Select(a => a.Name));
        Assert.Equal(4, All(Text).Count);
        Assert.Equal(2, Reading.Notes(Text).Count(n => n.Contains("one network", StringComparison.Ordinal)));
    }

    /// <summary>Names that a condition tells apart are two.</summary>
    [Fact]
    public void Read_OneNetworkTrainedInTwoWays_StaysTwo()
    {
        const string Text = """
            data: mnist
            architectures: {a: linear, b: linear}
            parameters:
              learning_rate:
                - {value: 0.1, when: {architecture: a}}
                - {value: 0.2, when: {architecture: b}}
            """;
        Assert.Equal([0.1, 0.2], All(Text).Select(h => h.LearningRate).Order());
        Assert.Equal("a = b", Reading.Valid(Text).ArchitectureName("linear"));
    }

    /// <summary>An activation that is searched replaces that of every network.</summary>
    [Fact]
    public void Read_NetworksThatDifferInWhatIsReplaced_AreOne()
    {
        const string Text = """
            data: mnist
            architectures: {r: flatten | dense 9 relu | dense, t: flatten | dense 9 tanh | dense}
            parameters: {activation: [relu, tanh]}
            """;
        Assert.Equal(["relu", "tanh"], All(Text).Select(h => h.Activation!).Order());
    }

    /// <summary>
    /// Against the expansion that merges nothing: no training is lost, none is there twice for a value without effect,
    /// and what is written down reads as itself.
    /// </summary>
    [Fact]
    public void Read_RandomSpaces_LosesNoTrainingAndRepeatsNone() => CheckRandomSpaces(first: 0, count: 50);

    /// <summary>As above, with many more.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public void Read_ManyRandomSpaces_LosesNoTrainingAndRepeatsNone() => CheckRandomSpaces(first: 50, count: 150);

    private static void CheckRandomSpaces(int first, int count)
    {
        var merged = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var text = RandomSpaces.Text(seed);
            var (all, left) = (Trainings(Reading.AsWritten(text)), Trainings(Reading.Valid(text)));
            Assert.Equal(all.ToHashSet(), left.ToHashSet());
            Assert.True(left.Count <= all.Count);
            merged += all.Count - left.Count;
            var canonical = SpecificationWriter.ToJson(Reading.Valid(text));
            Assert.Equal(canonical, SpecificationWriter.ToJson(Reading.Valid(canonical)));
            Assert.Equal(canonical, SpecificationWriter.ToJson(Reading.AsWritten(canonical)));
        }

        Assert.True(merged > count / 2, $"{merged} merged");
    }

    /// <summary>A log of an earlier version goes on with the configurations that it began with.</summary>
    [Fact]
    public void SearcherOf_PlanOfAnEarlierVersion_ExpandsAsItDid()
    {
        var plan = SpecificationPlan.Create(Reading.Valid("""
            data: digits
            architectures: linear
            method: random
            run_cap: 60
            parameters: {batch_size: {distribution: q_uniform, q: 32, min: 50, max: 250}}
            """), "s", TaskKind.Classification);
        Assert.Equal(1, plan.Expansion);
        Assert.Equal((64, 224), Ends(plan));
        Assert.Equal((64, 256), Ends(plan with { Expansion = 0 }));
        var twice = """
            {"data":"digits","method":"grid","folds":5,"epochs":10,"architectures":["linear"],
            "parameters":{"architecture":{"value":"linear"},"dropout":{"values":[0.1,0.9]}},"seed":1,"refit":true}
            """;
        Assert.Equal(2, SpecificationPlan.SearcherOf(plan with { Specification = twice, Expansion = 0 }).Count);

        static (int, int) Ends(Core.Log.SweepPlan plan)
        {
            var searcher = SpecificationPlan.SearcherOf(plan);
            var count = Math.Min(60, searcher.Count);
            var sizes = Enumerable.Range(0, count)
                .Select(n => searcher.Propose(n, []).Hyperparameters.BatchSize).ToList();
            return (sizes.Min(), sizes.Max());
        }
    }

    private static List<Hyperparameters> All(string text)
    {
        var searcher = Reading.Valid(text).CreateSearcher();
        return [.. Enumerable.Range(0, searcher.Count).Select(n => searcher.Propose(n, []).Hyperparameters)];
    }

    private static List<string> Trainings(SweepSpecification specification)
    {
        var searcher = specification.CreateSearcher();
        return
        [
            .. Enumerable.Range(0, searcher.Count).Select(n => searcher.Propose(n, []).Hyperparameters)
                .Select(h => $"{HyperparametersKey.Canonical(h, h.ReadArchitecture())}{h.Epochs}"),
        ];
    }
}
