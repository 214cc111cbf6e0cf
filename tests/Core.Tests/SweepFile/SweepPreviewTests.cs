using System.Diagnostics;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

public class SweepPreviewTests
{
    private const string Text = """
        data: mnist
        architectures: [linear, mlp-128-128]
        folds: 5
        epochs: 2
        parameters:
          batch_size: [100, 1000]
          learning_rate: [0.1, 0.01, 0.001]
        """;

    [Fact]
    public void Create_Mnist_CountsTrialsWeightsAndSamples()
    {
        var preview = Preview(Text);

        Assert.Equal(12, preview.Configurations);
        Assert.Equal(60, preview.Trials);
        Assert.Equal(120, preview.Epochs);
        Assert.Equal((48_000, 12_000), (preview.LearnedSamples, preview.ValidatedSamples));
        Assert.Equal([7_850, 118_282], preview.Architectures.Select(a => a.Weights));
        Assert.Equal([6, 6], preview.Architectures.Select(a => a.Configurations));
        Assert.All(preview.Architectures, a => Assert.Equal([100, 1000], a.BatchSizes));
    }

    [Fact]
    public void Create_RunCapAndSamples_Count()
    {
        var preview = Preview(Text, "run_cap=7", "data.samples=1000", "validation=0.1");

        Assert.Equal((7, 7L), (preview.Configurations, preview.Trials));
        Assert.Equal((900, 100), (preview.LearnedSamples, preview.ValidatedSamples));
    }

    /// <summary>A batch larger than what a trial learns from is one step with all of it.</summary>
    [Fact]
    public void Predict_BatchBeyondTheSamples_IsTimedAndCountedAsAllOfThem()
    {
        string[] small = ["data.samples=1000", "folds=5", "refit=false"];
        var wide = Preview(Text, [.. small, "parameters.batch_size=900000"]);
        var whole = Preview(Text, [.. small, "parameters.batch_size=800"]);
        var times = new StepTimes([new("linear", 800, 0.01, 1e-6), new("mlp-128-128", 800, 0.02, 1e-6)]);

        Assert.All(wide.Architectures, a => Assert.Equal([800], a.BatchSizes));
        Assert.Equal(whole.Predict(times, 2), wide.Predict(times, 2));
    }

    /// <summary>By hand: 48 steps of 1000 or 480 of 100, twice, and 12,000 samples judged twice.</summary>
    [Fact]
    public void Predict_OneSlot_AddsUpStepsAndEvaluation()
    {
        var times = new StepTimes(
        [
            new("linear", 100, 0.001, 1e-6), new("linear", 1000, 0.004, 1e-6),
            new("mlp-128-128", 100, 0.002, 2e-6), new("mlp-128-128", 1000, 0.01, 2e-6),
        ]);

        var prediction = Preview(Text, "refit=false").Predict(times, 1);

        var linear = 15 * 2 * ((480 * 0.001) + (48 * 0.004));
        var mlp = 15 * 2 * ((480 * 0.002) + (48 * 0.01));
        Assert.Equal(linear + mlp, prediction.TrainSeconds, 9);
        Assert.Equal(
            linear + mlp + (30 * 2 * 12_000 * (1e-6 + 2e-6)) + Reports(trials: 60, epochs: 120),
            prediction.WallSeconds, 9);
        Assert.Equal(0, prediction.RefitSeconds);
    }

    /// <summary>What a trial of a small network and few samples mostly takes is no step.</summary>
    [Fact]
    public void Predict_TrialsThatTakeTimeBesideTheirSteps_CountsItForEach()
    {
        var preview = Preview(
            "data: {name: mnist, samples: 400}\narchitectures: linear\nfolds: 4\nepochs: 3\n"
                + "parameters: {batch_size: 100}\n");
        StepTime step = new("linear", 100, 0.001, 1e-5) { TrialSeconds = 0.02, EpochSeconds = 0.003 };

        var prediction = preview.Predict(new([step]), 2);

        // Two trials of three steps of 100 and three judgements of 100 one after the other; the refit's four steps of
        // 100 and its 10,000 test samples.
        var trial = 0.02 + (3 * (0.003 + (100 * 1e-5))) + (2 * 0.003);
        const double refit = 0.02 + (3 * 0.004) + (2 * 0.003) + 0.1;
        Assert.Equal(refit + PreviewCosts.TrialReportSeconds, prediction.RefitSeconds, 9);
        Assert.Equal((2 * trial) + Reports(trials: 2, epochs: 6) + prediction.RefitSeconds, prediction.WallSeconds, 9);
    }

    [Fact]
    public void Predict_MoreSlots_SharesTheTimeAndAddsTheDearestRefit()
    {
        var preview = Preview(
            "data: mnist\narchitectures: linear\nfolds: 4\nepochs: 1\nparameters: {batch_size: 100}\n");
        var times = new StepTimes([new("linear", 100, 0.01, 0)]);

        // Four trials of 450 steps, and a refit of 600.
        const double refit = 6 + PreviewCosts.TrialReportSeconds;
        Assert.Equal((4 * 4.5) + Reports(4, 4) + refit, preview.Predict(times, 1).WallSeconds, 9);
        Assert.Equal((2 * 4.5) + Reports(2, 2) + refit, preview.Predict(times, 2).WallSeconds, 9);
        Assert.Equal((2 * 4.5) + Reports(2, 2) + refit, preview.Predict(times, 3).WallSeconds, 9);
        Assert.Equal(4.5 + Reports(1, 1) + refit, preview.Predict(times, 64).WallSeconds, 9);
        Assert.Equal(refit, preview.Predict(times, 3).RefitSeconds, 9);
    }

    [Fact]
    public void Predict_Memory_GrowsWithSlotsByOneTrial()
    {
        var preview = Preview(Text);
        var times = new StepTimes([new("linear", 100, 1), new("mlp-128-128", 100, 1)]);

        var one = preview.Predict(times, 1).MemoryBytes;
        var two = preview.Predict(times, 2).MemoryBytes;

        // Four copies of 118,282 floats, and 1,000 samples' values twice: flatten and its input, two hidden layers, the
        // output.
        Assert.Equal((4 * 4 * 118_282) + (2 * 1000 * 4 * (784 + 784 + 128 + 128 + 10)), two - one);
        Assert.InRange(one, 60_000 * 784, 1L << 30);
        Assert.InRange(preview.Predict(times, 1).DiskBytes, 60 * 1000, 100L << 20);
    }

    [Theory]
    [InlineData(100, 0.010)]
    [InlineData(200, 0.020)]
    [InlineData(150, 0.015)]
    [InlineData(400, 0.030)]
    [InlineData(800, 0.050)]
    [InlineData(50, 0.005)]
    public void SecondsPerStep_BetweenMeasurements_LiesOnTheLine(int batchSize, double expected) => Assert.Equal(
        expected, new StepTimes([new("a", 100, 0.01), new("a", 200, 0.02), new("a", 600, 0.04)])
            .SecondsPerStep("a", batchSize), 9);

    [Fact]
    public void SecondsPerStep_OneMeasurement_IsProportional() =>
        Assert.Equal(0.03, new StepTimes([new("a", 100, 0.01)]).SecondsPerStep("a", 300), 9);

    /// <summary>A random search over sizes has about as many networks as configurations: each is looked up by itself,
    /// in milliseconds, where looking at all others took a minute.</summary>
    [Fact]
    public void SecondsPerStep_ManyNetworksWithOneMeasurement_DoesNotWalkThroughAll()
    {
        var names = Enumerable.Range(0, 50_000).Select(n => $"{n}").ToList();
        var times = new StepTimes(
        [
            new("b", 100, 0.010), new("b", 200, 0.012),
            .. names.Select(name => new StepTime(name, 100, 0.010) { IsEstimated = true }),
        ]);
        var begun = Stopwatch.GetTimestamp();

        Assert.All(names, name => Assert.Equal(0.009, times.SecondsPerStep(name, 50), 9));

        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 10);
    }

    /// <summary>A step of b costs 8 ms and 20 microseconds a sample: of one as dear, four fifths are no sample's.
    /// </summary>
    [Fact]
    public void SecondsPerStep_OneMeasurementBesideAnotherNetworkWithTwo_HasItsFixedPart()
    {
        var times = new StepTimes(
        [
            new("a", 100, 0.011),
            new("b", 100, 0.010), new("b", 200, 0.012),
            new("c", 100, 0.100), new("c", 200, 0.200),
        ]);

        Assert.Equal(0.011 * (0.8 + 0.2 * 3), times.SecondsPerStep("a", 300), 9);
    }

    [Theory]
    [InlineData(1, 0.6)]
    [InlineData(0.5, 0.3)]
    public void Predict_RefitWithHelp_TakesItsShare(double share, double refit)
    {
        var preview = Preview("""
            data: {name: mnist, samples: 1000}
            architectures: linear
            folds: 2
            epochs: 6
            parameters: {batch_size: 100, learning_rate: 0.1}
            """);
        var times = new StepTimes([new("linear", 100, 0.01, 0)]) { RefitShare = share };

        Assert.Equal(refit + PreviewCosts.TrialReportSeconds, preview.Predict(times, 2).RefitSeconds, 9);
    }

    [Fact]
    public void BatchSizesToMeasure_Many_KeepsTheEnds()
    {
        var architecture = new PreviewedArchitecture("a", "a", 1, 1, [.. Enumerable.Range(1, 100)]);

        Assert.Equal([1, 50, 100], StepTimes.BatchSizesToMeasure(architecture, 3));
        Assert.Equal(100, StepTimes.BatchSizesToMeasure(architecture, 200).Count);
    }

    [Fact]
    public void Against_Fact_GivesRatios()
    {
        var prediction = new SweepPrediction(2, 1, 1, 10, 20, 0, 0, 0);

        Assert.Equal((1.1, 1.5), (prediction.Against(11, 30).TrainRatio, prediction.Against(11, 30).WallRatio));
        Assert.Null(prediction.Against(11, null).WallRatio);
    }

    /// <summary>What the sweep and the trials of a slot take beside their training.</summary>
    private static double Reports(int trials, int epochs) => PreviewCosts.SweepSeconds
        + (trials * PreviewCosts.TrialReportSeconds) + (epochs * PreviewCosts.EpochReportSeconds);

    private static SweepPreview Preview(string text, params string[] overrides) =>
        SweepPreview.Create(Reading.Valid(text, overrides), DataSize.Of(KnownDataSets.Get("mnist")));
}
