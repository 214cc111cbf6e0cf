using Sweeps.Core.Networks;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>What cannot be trained is refused when the file is read, at its line.</summary>
public class DataFitTests
{
    private static readonly DataSize s_pictures =
        new(TensorShape.Image(1, 28, 28), 10, 1_000, TaskKind.Classification);

    private static readonly DataSize s_numbers = new(TensorShape.Flat(4), 1, 1_000, TaskKind.Regression);

    private static readonly SampleCounts s_samples = new(800, [new("a", 500), new("b", 500)]);

    [Theory]
    [InlineData("{optimizer: sgd, nesterov: true}", "without momentum")]
    [InlineData("{optimizer: sgd, momentum: [0, 0.9], nesterov: true}", "with momentum 0")]
    [InlineData("{momentum: 0.9, nesterov: true}", "with adam")]
    [InlineData("{optimizer: [rmsprop, adam], momentum: 0.9, nesterov: [true, false]}", "with rmsprop, adam alone")]
    [InlineData("{momentum: [0.1, 0.9], nesterov: [true, false]}", "with adam alone")]
    public void Read_NesterovWithoutItsMomentum_IsRefusedAtItsLine(string parameters, string part)
    {
        var error = Assert.Single(Reading.Errors(Reading.Head + $"parameters: {parameters}\n"));

        var column = 14 + parameters.IndexOf("nesterov: ", StringComparison.Ordinal) + 9;
        Assert.StartsWith($"sweep.yaml:3:{column}: parameters.nesterov: true needs", error, StringComparison.Ordinal);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{optimizer: sgd, momentum: 0.9, nesterov: true}")]
    [InlineData("{momentum: 0.9, nesterov: false}")]
    [InlineData("{optimizer: [sgd, adam], momentum: 0.9, nesterov: [true, false]}")]
    [InlineData("{optimizer: [sgd, adam], momentum: {values: [0, 0.9], when: {optimizer: sgd}}, "
        + "nesterov: {values: [true, false], when: {momentum: 0.9}}}")]
    public void Read_NesterovWithItsMomentum_IsTaken(string parameters) =>
        Reading.Valid(Reading.Head + $"parameters: {parameters}\n");

    /// <summary>A log may hold a sweep that today's checks would refuse; it still opens.</summary>
    [Fact]
    public void ReadCanonical_SweepOfAnEarlierVersion_IsTakenAsItWas()
    {
        const string Text = """{"data":"mnist","architectures":["linear"],"parameters":{"nesterov":{"value":true}}}""";

        Assert.NotNull(SpecificationReader.ReadCanonical(Text, "old.json", 0).Specification);
        Assert.Null(SpecificationReader.Read(Text, "new.json").Specification);
    }

    /// <summary>Which networks a method that learns will try is not known before.</summary>
    [Theory]
    [InlineData("tpe")]
    [InlineData("bayes")]
    [InlineData("cmaes")]
    public void On_MethodThatLearns_ChecksEveryNetworkItMayTry(string method)
    {
        var small = string.Concat(Enumerable.Range(1, 20).Select(i => $"  a{i}: flatten | dense {i} | dense\n"));
        var text = $"data: mnist\narchitectures:\n{small}  large: conv 4 31x31 | flatten | dense\n"
            + $"method: {method}\nrun_cap: 3\nwarmup: 2\nlag: 1\n"
            + "parameters: {learning_rate: {min: 0.1, max: 0.2}}\n";

        var reading = SpecificationReader.Read(text, "sweep.yaml").On(s_pictures, s_samples);

        var error = Assert.Single(reading.Errors.Select(reading.Describe));
        Assert.StartsWith("sweep.yaml:23:10: architectures.large: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batch_size: {distribution: q_normal, mu: 64, sigma: 8, q: 16}", true)]
    [InlineData("learning_rate: {distribution: log_normal, mu: -4, sigma: 1}", false)]
    public void On_RandomSearchOfRoundedNumbers_SaysHowManyConfigurationsDiffer(string parameter, bool repeats)
    {
        var text = "data: mnist\narchitectures: linear\nmethod: random\nrun_cap: 30\n"
            + $"parameters:\n  {parameter}\n";

        var reading = SpecificationReader.Read(text, "sweep.yaml").On(s_pictures, s_samples);

        var searcher = reading.Require().CreateSearcher();
        var different = Enumerable.Range(0, 30).Select(n => searcher.Propose(n, []))
            .DistinctBy(point => (point.Hyperparameters.BatchSize, point.Hyperparameters.LearningRate)).Count();
        var notes = reading.Notes.Select(reading.Describe).Where(note => note.Contains("repeat")).ToList();
        Assert.Equal(repeats, different < 30);
        Assert.Equal(repeats ? 1 : 0, notes.Count);
        Assert.All(notes, note => Assert.StartsWith(
            $"sweep.yaml:4:10: run_cap: of 30 configurations that are drawn, {different} are different", note,
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("parameters: {loss: [mse, cross_entropy]}", "3:20", "parameters.loss")]
    [InlineData("metric: validation_accuracy", "3:9", "metric")]
    [InlineData("architectures: [\"dense 3 | dense\", \"conv 3 3x3 | flatten | dense\"]", "3:36", "architectures")]
    [InlineData("architectures: {good: dense, bad: \"dense 7\"}", "3:35", "architectures")]
    [InlineData("parameters: {architecture: [\"dense\", \"dense 5\"]}", "3:38", "architectures")]
    [InlineData("augment: {shift: 0.1}", "3:10", "augment")]
    [InlineData("parameters: {augment_shift: [0, 0.1]}", "3:29", "parameters.augment_shift")]
    public void On_NumbersToPredict_RefusesWhatNeedsClassesOrPictures(string line, string place, string path)
    {
        var networks = line.Contains("arch", StringComparison.Ordinal) ? "" : "architectures: dense";
        var reading = SpecificationReader.Read($"data: ./t.csv\n{networks}\n{line}\n", "sweep.yaml");

        var fit = reading.On(s_numbers, s_samples);

        Assert.Empty(reading.Errors);
        var error = Assert.Single(fit.Errors);
        Assert.Equal((place, path), (error.Position.ToString(), error.Path));
        Assert.Throws<SweepsException>(fit.Require);
    }

    [Theory]
    [InlineData("parameters: {loss: bce}", "parameters.loss")]
    [InlineData("parameters: {batch_size: [100, 900]}", "parameters.batch_size")]
    public void On_WhatIsLessThanItSeems_IsNotedAtItsLine(string line, string path)
    {
        var reading = SpecificationReader.Read(Reading.Head + line + "\n", "sweep.yaml");

        var fit = reading.On(s_pictures, s_samples);

        Assert.NotNull(fit.Specification);
        Assert.Contains(fit.Notes.Except(reading.Notes), n => n.Path == path && n.Position.Line == 3);
    }

    [Fact]
    public void On_ClassWithFewerSamplesThanFolds_IsNoted()
    {
        var reading = SpecificationReader.Read(Reading.Head + "folds: 10\n", "sweep.yaml");

        var fit = reading.On(s_pictures, new(900, [new("cat", 997), new("dog", 3)]));

        var note = Assert.Single(fit.Notes);
        Assert.Equal(("3:8", "folds"), (note.Position.ToString(), note.Path));
        Assert.Contains("'dog' has 3", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void On_WhatFits_ChangesNothing()
    {
        var reading = SpecificationReader.Read(Reading.Head, "sweep.yaml");

        Assert.Same(reading, reading.On(s_pictures, s_samples));
    }
}
