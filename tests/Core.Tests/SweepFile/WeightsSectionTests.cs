using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary><c>initial_weights</c> and <c>freeze</c>: forms, what they mean together, and what is refused.</summary>
public class WeightsSectionTests
{
    private const string Named =
        "initial_weights:\n  mine: model/\n  other: {model: x.safetensors, names: {conv1: 1, fc.weight: 3.weight}}\n";

    [Fact]
    public void Read_OneModel_IsTriedByEveryConfiguration()
    {
        var sweep = Reading.Valid(Reading.Head + "initial_weights: model/\nfreeze: all but 1\n");

        Assert.Equal(2, SpecificationPlan.ConfigurationsOf(sweep));
        Assert.All(Configurations(sweep), c =>
        {
            Assert.Equal("initial", c.InitialWeights!.Name);
            Assert.Equal("all but 1", c.Freeze);
        });
    }

    /// <summary>Freezing is for weights that were learned: nothing is frozen where they are drawn.</summary>
    [Fact]
    public void Read_WithNone_FreezesOnlyWhereThereAreWeights()
    {
        var sweep = Reading.Valid(
            Reading.Head + Named
            + "parameters:\n  initial_weights: [none, mine, other]\n  freeze: ['none', all but 1]\n");

        var seen = Configurations(sweep).Select(c => (c.Architecture, c.InitialWeights?.Name, c.Freeze)).ToList();
        Assert.Equal(10, seen.Count);
        Assert.Equal(10, seen.Distinct().Count());
        Assert.All(seen.Where(c => c.Name is null), c => Assert.Null(c.Freeze));
        Assert.Equal(["conv1=1", "fc.weight=3.weight"], Names(sweep));
    }

    [Fact]
    public void Write_Read_IsTheSame()
    {
        foreach (var text in new[]
        {
            Reading.Head + Named + "freeze: '3, 1'\n",
            Reading.Head + "initial_weights: {a: {model: m, names: in order, digest: " + new string('a', 64) + "}}\n",
        })
        {
            var sweep = Reading.Valid(text);
            var json = SpecificationWriter.ToJson(sweep);
            var again = Reading.Valid(json);
            Assert.Equal(json, SpecificationWriter.ToJson(again));
            Assert.Equal(Names(sweep), Names(again));
            Assert.Equal(sweep.InitialWeights[^1].InOrder, again.InitialWeights[^1].InOrder);
        }
    }

    [Theory]
    [InlineData("freeze: all but 1\n", "nothing to freeze")]
    [InlineData("initial_weights: m\nfreeze: all\n", "all but 2")]
    [InlineData("initial_weights: m\nfreeze: all but 1\nparameters: {freeze: '1'}\n", "keep one")]
    [InlineData("initial_weights: {none: m}\n", "choose another name")]
    [InlineData("initial_weights: {a: m}\nparameters: {initial_weights: [b]}\n", "allowed: a, none")]
    [InlineData("initial_weights: {a: {names: in order}}\n", "'model'")]
    [InlineData("initial_weights: {a: {model: m, digest: abc}}\n", "a SHA-256 of 64 hexadecimal digits")]
    [InlineData("initial_weights: {a: {model: m, digest: "
        + "gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}\n", "a SHA-256 of 64")]
    public void Read_WhatMakesNoSense_IsRefused(string text, string part) =>
        Assert.Contains(Reading.Errors(Reading.Head + text), e => e.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData("all but 1", "linear", "freezes none of the 1 layers", true)]
    [InlineData("all but 3", "mlp-5", "freezes none of the 2 layers", true)]
    [InlineData("1", "mlp-5", "layer 1 of", true)]
    [InlineData("2", "mlp-5", "", false)]
    public void On_FreezeThatFitsNoLayer_IsRefusedAtItsLine(
        string freeze, string architecture, string part, bool isRefused)
    {
        var reading = SpecificationReader.Read(
            $"data: mnist\narchitectures: [{architecture}]\ninitial_weights: m\nfreeze: '{freeze}'\n", "sweep.yaml");
        var checkedReading = reading.On(
            new DataSize(TensorShape.Image(1, 28, 28), 10, 1_000, TaskKind.Classification), new(800, []));
        if (!isRefused)
        {
            Assert.Empty(checkedReading.Errors);
            return;
        }

        var error = checkedReading.Describe(Assert.Single(checkedReading.Errors));
        Assert.StartsWith("sweep.yaml:4:", error, StringComparison.Ordinal);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    /// <summary>Both are trained, since their texts belong to what names a result.</summary>
    [Theory]
    [InlineData("'1, 3'", true)]
    [InlineData("'1'", false)]
    public void On_FreezesOfTheSameLayers_AreNoted(string other, bool isNoted)
    {
        var reading = SpecificationReader.Read(
            "data: mnist\narchitectures: {lenet-3: conv 2 5x5 relu | flatten | dense 4 relu | dense}\n"
            + $"initial_weights: m\nparameters: {{freeze: [all but 1, {other}]}}\n", "sweep.yaml");

        var notes = reading.On(
            new DataSize(TensorShape.Image(1, 28, 28), 10, 1_000, TaskKind.Classification), new(800, [])).Notes;

        Assert.Equal(
            isNoted,
            notes.Any(note => note.Message.Contains("'all but 1' and '1, 3' freeze", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_DigestInCapitals_IsThatInSmallLetters()
    {
        var sweep = Reading.Valid(
            Reading.Head + $"initial_weights: {{a: {{model: m, digest: {new string('A', 64)}}}}}\n");
        Assert.Equal(new string('a', 64), sweep.InitialWeights[0].Digest);
    }

    /// <summary>The digest of weights decides the numbers of a training, its name does not.</summary>
    [Fact]
    public void Canonical_HasTheDigestAndOnlyWhereThereIsOne()
    {
        var plain = new Hyperparameters { Architecture = "linear", LearningRate = 0.1, BatchSize = 1, Epochs = 1 };
        string Text(Hyperparameters h) => HyperparametersKey.Canonical(h, h.ReadArchitecture());

        Assert.DoesNotContain("weights=", Text(plain), StringComparison.Ordinal);
        Assert.Equal(Text(plain), Text(plain with { Freeze = "none" }));
        Assert.Equal(
            Text(plain with { InitialWeights = new("a", "d") }), Text(plain with { InitialWeights = new("b", "d") }));
        Assert.NotEqual(
            Text(plain with { InitialWeights = new("a", "d") }), Text(plain with { InitialWeights = new("a", "e") }));
        Assert.NotEqual(Text(plain), Text(plain with { Freeze = "1" }));
    }

    /// <summary>Keras's summary of the same: Dense(16) and Dense(10) on 784 numbers, the first one frozen.</summary>
    [Fact]
    public void Count_Frozen_IsAsKerasCounts()
    {
        var plan = NetworkShape.Create(
            Architecture.Parse("flatten | dense 16 relu | dense"), TensorShape.Image(1, 28, 28), 10);
        Assert.Equal((170, 12_560), Freezing.Count(plan, Freezing.LayersOf("2", plan)));
        Assert.Equal((12_730, 0), Freezing.Count(plan, Freezing.LayersOf(null, plan)));
        var norms = NetworkShape.Create(
            Architecture.Parse("conv 4 3x3 | batch_norm | flatten | dense"), TensorShape.Image(1, 3, 3), 2);
        // 40 of the convolution, 4 x (gamma, beta, mean, variance) = 16 of the normalisation.
        Assert.Equal((10, 56), Freezing.Count(norms, Freezing.LayersOf("all but 1", norms)));
    }

    private static string[] Names(SweepSpecification sweep) =>
        [.. sweep.InitialWeights[^1].Names.Select(name => $"{name.Key}={name.Value}")];

    private static List<Hyperparameters> Configurations(SweepSpecification sweep)
    {
        var searcher = sweep.CreateSearcher();
        return [.. Enumerable.Range(0, searcher.Count).Select(n => searcher.Propose(n, []).Hyperparameters)];
    }
}
