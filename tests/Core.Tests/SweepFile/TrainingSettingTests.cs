using Sweeps.Core.Log;
using Sweeps.Core.Networks;
using Sweeps.Core.Results;
using Sweeps.Core.SweepFile;
using Sweeps.Core.SweepFile.Preview;
using Sweeps.Core.Trainings;

namespace Sweeps.Core.Tests.SweepFile;

/// <summary>What a file says of schedules of the learning rate, clipping, weights of classes and changed pictures.
/// </summary>
public sealed class TrainingSettingTests
{
    private static readonly DataSize s_table = new(TensorShape.Flat(4), 2, 1_000, TaskKind.Classification);

    private static readonly DataSize s_numbers = new(TensorShape.Flat(4), 1, 1_000, TaskKind.Regression);

    private static readonly SampleCounts s_samples = new(800, [new("no", 500), new("yes", 500)]);

    [Fact]
    public void Read_EverySetting_ReachesTheConfiguration()
    {
        var only = Assert.Single(All("""
            data: mnist
            architectures: mlp-5
            class_weights: {"0": 2, "7": 0.5}
            augment: {shift: 0.1, rotation: 10, zoom: 0.2, flip: true, brightness: 0.3, cutout: 0.4}
            parameters:
              learning_rate_schedule: cosine
              learning_rate_end: 0.01
              warmup_epochs: 1.5
              clip_norm: 1
              clip_value: 0.5
              label_smoothing: 0.1
            """));
        Assert.Equal(
            new LearningRateSchedule { Kind = LearningRateKind.Cosine, End = 0.01, Warmup = 1.5 },
            only.LearningRateSchedule);
        Assert.Equal((1, 0.5, 0.1), (only.ClipNorm, only.ClipValue, only.LabelSmoothing));
        Assert.Equal("0=2, 7=0.5", only.ClassWeights);
        Assert.Equal(
            new Augmentation { Shift = 0.1, Rotation = 10, Zoom = 0.2, Flip = true, Brightness = 0.3, Cutout = 0.4 },
            only.Augment);
    }

    /// <summary>Nothing and none of it are one configuration, with the random streams of before there was a choice.
    /// </summary>
    [Fact]
    public void Read_NothingOfEach_IsThePlainConfiguration()
    {
        var plain = Assert.Single(All("data: mnist\narchitectures: mlp-5\n"));
        var written = Assert.Single(All("""
            data: mnist
            architectures: mlp-5
            class_weights: none
            augment: {shift: 0, flip: false, cutout: 0}
            parameters: {learning_rate_schedule: constant, warmup_epochs: 0, clip_norm: 0, label_smoothing: 0}
            """));
        Assert.Equal(plain, written);
    }

    [Fact]
    public void Read_Searched_GivesEveryCombinationOnce()
    {
        var all = All("""
            data: mnist
            architectures: mlp-5
            class_weights: balanced
            augment: {shift: [0, 0.1], flip: [true, false]}
            parameters:
              learning_rate_schedule: [constant, step, cosine]
              learning_rate_decay: [0.1, 0.5]
              learning_rate_step: 2
            """);
        // A factor belongs to the step alone: constant, cosine, and step with two factors.
        Assert.Equal(4 * 2 * 2, all.Count);
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, h => Assert.Equal("balanced", h.ClassWeights));
    }

    [Theory]
    [InlineData("learning_rate_decay: 0.5", "write learning_rate_schedule: step or exponential")]
    [InlineData("learning_rate_step: 3", "write learning_rate_schedule: step")]
    [InlineData("{learning_rate_end: 0.1, learning_rate_schedule: step}", "cosine or linear")]
    [InlineData("{label_smoothing: 0.1, loss: mse}", "write loss: cross_entropy")]
    public void Read_SettingWithoutEffect_IsLeftOutWithANote(string parameters, string part)
    {
        var text = Reading.Head + $"parameters: {(parameters[0] == '{' ? parameters : $"{{{parameters}}}")}\n";
        Assert.Contains(Reading.Notes(text), note => note.Contains(part, StringComparison.Ordinal));
        Assert.All(All(text), h => Assert.Null(h.LabelSmoothing));
    }

    [Theory]
    [InlineData("epochs: 5\nparameters: {learning_rate_schedule: step, learning_rate_step: 5}", "never falls in 5")]
    [InlineData("epochs: 5\nparameters: {warmup_epochs: 7}", "only rises in 5")]
    [InlineData("parameters: {learning_rate_schedule: [cosine, step], epochs: [5, 9]}", "with cosine the rate depends")]
    public void Read_ScheduleThatDoesLessThanItSeems_IsNoted(string rest, string part) => Assert.Contains(
        Reading.Notes(Reading.Head + rest + "\n"), note => note.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData("class_weights: {\"a,b\": 1}", "class_weights", "cannot name a class")]
    [InlineData("class_weights: {a: -1}", "class_weights.a", "too small")]
    [InlineData("class_weights: balancd", "class_weights", "allowed: none, balanced")]
    [InlineData("class_weights: \"a=1, a=2\"", "class_weights", "'a' is there twice")]
    [InlineData("class_weights: balanced\nparameters: {class_weights: none}", "class_weights", "among the parameters")]
    [InlineData("augment: {flip: 3}", "augment.flip", "true or false")]
    [InlineData("augment: {rotation: 200}", "augment.rotation", "from 0 to 180")]
    [InlineData("augment: {hflip: true}", "augment.hflip", "did you mean 'flip'?")]
    [InlineData("augment: {mixup: true}", "augment.mixup", "it is not supported")]
    [InlineData("augment: {shift: 0.1}\nparameters: {augment_shift: 0.2}", "augment.shift", "among the parameters")]
    [InlineData("parameters: {learning_rate_decay: 0}", "parameters.learning_rate_decay", "above 0")]
    [InlineData("parameters: {label_smoothing: 1}", "parameters.label_smoothing", "below 1")]
    [InlineData("parameters: {clip_norm: -1}", "parameters.clip_norm", "too small")]
    [InlineData("parameters: {learning_rate_step: 0.5}", "parameters.learning_rate_step", "not whole")]
    [InlineData("parameters: {lr_scheduler: cosine}", "parameters.lr_scheduler", "'learning_rate_schedule'")]
    [InlineData("parameters: {max_grad_norm: 1}", "parameters.max_grad_norm", "did you mean 'clip_norm'?")]
    [InlineData("data_augmentation: true", "data_augmentation", "did you mean 'augment'?")]
    public void Read_WrongSetting_IsRefusedAtItsPlace(string rest, string path, string part)
    {
        var error = Assert.Single(Reading.Errors(Reading.Head + rest + "\n"));
        Assert.Contains($" {path}: ", error, StringComparison.Ordinal);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("augment: {flip: true}", "only pictures can be changed")]
    [InlineData("class_weights: {maybe: 2}", "'maybe' is no class of the data")]
    [InlineData("class_weights: {yess: 2}", "did you mean 'yes'?")]
    public void On_DataThatRefuseASetting_IsAnErrorOfTheFile(string rest, string part)
    {
        var reading = SpecificationReader.Read(
            $"data: {{path: a.csv}}\narchitectures: dense 3 relu | dense\n{rest}\n", "sweep.yaml");
        Assert.Empty(reading.Errors);
        var error = Assert.Single(reading.On(s_table, s_samples).Errors);
        Assert.Equal(3, error.Position.Line);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class_weights: balanced", "class weights need classes")]
    [InlineData("parameters: {label_smoothing: 0.1}", "label_smoothing needs classes")]
    public void On_NumbersToPredict_RefuseWhatNeedsClasses(string rest, string part)
    {
        var reading = SpecificationReader.Read(
            $"data: {{path: a.csv}}\narchitectures: dense 3 relu | dense\n{rest}\n", "sweep.yaml");
        var error = Assert.Single(reading.On(s_numbers, new(800, [])).Errors);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    /// <summary>What is left out of a configuration is a value in tables and curves.</summary>
    [Fact]
    public void Searched_ConfigurationWithoutASetting_HasItsNone()
    {
        var sweep = Reading.Valid(Reading.Head + "augment: {shift: [0, 0.1]}\n");
        var plan = SpecificationPlan.Create(sweep, "s", TaskKind.Classification);
        var searcher = sweep.CreateSearcher();
        var values = Enumerable.Range(0, searcher.Count).Select(n => ConfigurationText.Searched(
            searcher.Propose(n, []).Hyperparameters, plan.Specification)
            .Single(parameter => parameter.Key == "augment_shift").Value);
        Assert.Equal([0.0, 0.0, 0.1, 0.1], values.Order());
        Assert.All(
            ConfigurationText.Searched(searcher.Propose(0, []).Hyperparameters, plan.Specification),
            parameter => Assert.NotEqual("augment_flip", parameter.Key));
        Assert.All(
            SweepVocabulary.Settings.Where(s => ConfigurationText.NoneOf(s.Name) is not null),
            setting => Assert.Null(SweepVocabulary.Read(
                setting.Name, ConfigurationText.Value(ConfigurationText.NoneOf(setting.Name)!).Trim('\'')).Error));
    }

    [Fact]
    public void Read_ValidationFirst_HoldsThemOut()
    {
        var sweep = Reading.Valid(Reading.Head + "validation: {first: 5000}\n");
        Assert.Equal((0, 0.0, 5000), (sweep.Folds, sweep.HoldoutFraction, sweep.HoldoutFirst));
        var yaml = SpecificationWriter.ToYaml(sweep);
        Assert.Equal(yaml, SpecificationWriter.ToYaml(Reading.Valid(yaml)));
        var plan = SpecificationPlan.Create(sweep, "s", TaskKind.Classification);
        Assert.Equal(Split.First(5000), plan.SplitOf(new(0, 0)));
        Assert.Contains(
            Reading.Errors(Reading.Head + "validation: {last: 3}\n"),
            error => error.Contains("'last' is not a key of 'validation'", StringComparison.Ordinal));
        Assert.Contains(
            "validation.first: 0 is too small",
            Assert.Single(Reading.Errors(Reading.Head + "validation: {first: 0}\n")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f1_score", "validation_f1")]
    [InlineData("roc_auc", "validation_roc_auc")]
    [InlineData("balanced_accuracy", "validation_balanced_accuracy")]
    [InlineData("top_5", "validation_top_5_accuracy")]
    [InlineData("val_mse", "validation_squared_error")]
    [InlineData("r2_score", "validation_r2")]
    public void Read_MetricOfOtherPrograms_IsOurs(string word, string expected)
    {
        var text = $"data: {{path: a.csv}}\narchitectures: dense 3 relu | dense\nmetric: {word}\n";
        Assert.Equal(expected, Reading.Valid(text).Metric);
    }

    [Theory]
    [InlineData("classification", "validation_r2", "is of a number to predict, and there are classes")]
    [InlineData("regression", "validation_f1", "is of classes, and there is a number to predict")]
    public void Read_MetricThatTheTaskHasNot_IsRefused(string task, string metric, string part) => Assert.Contains(
        part,
        Assert.Single(Reading.Errors(
            $"data: {{path: a.csv, task: {task}}}\narchitectures: dense 3 relu | dense\nmetric: {metric}\n")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("validation_top_3_accuracy", "of 2 classes is always 1")]
    [InlineData("validation_r2", "is of a number to predict")]
    public void On_MetricThatTheDataHaveNot_IsAnErrorOfTheFile(string metric, string part)
    {
        var reading = SpecificationReader.Read(
            $"data: {{path: a.csv}}\narchitectures: dense 3 relu | dense\nmetric: {metric}\n", "sweep.yaml");
        Assert.Contains(
            part, Assert.Single(reading.On(s_table, s_samples).Errors).Message, StringComparison.Ordinal);
    }

    /// <summary>Asked for in one order whatever the file's, of folds and not of the refit, which holds nothing out.
    /// </summary>
    [Fact]
    public void RequestOf_AskedMetrics_AreThoseOfTheObjectives()
    {
        var sweep = Reading.Valid(
            Reading.Head + "metric: [validation_roc_auc, validation_f1, validation_accuracy, weights]\n");
        var plan = SpecificationPlan.Create(sweep, "s", TaskKind.Classification);
        var configuration = sweep.CreateSearcher().Propose(0, []).Hyperparameters;
        Assert.Equal("validation_f1 validation_roc_auc", plan.RequestOf(new(0, 0), configuration).Metrics);
        // Of the test set, for the refit.
        Assert.Equal("validation_f1 validation_roc_auc", plan.RequestOf(new(0, -1), configuration).Metrics);
        Assert.Equal(MetricGoal.Maximize, plan.Metric.Goal);
        Assert.Null(SpecificationPlan.Create(Reading.Valid(Reading.Head), "s", TaskKind.Classification).AskedMetrics());
    }

    [Fact]
    public void ValueOf_AskedMetric_IsTheResultsOwnAndElseTheWorst()
    {
        var result = new TrialResult
        {
            Outcome = TrainingOutcome.Completed,
            Epochs = 1,
            Weights = 1,
            WeightsDigest = new('a', 64),
            TrainSeconds = 1,
            ValidationMetric = 0.9,
            Metrics = new([new(SweepMetric.ValidationF1, 0.5)]),
        };
        double F1(TrialResult of) => SweepMetric.Of(SweepMetric.ValidationF1).ValueOf(of, TaskKind.Classification);
        Assert.Equal(0.5, F1(result));
        Assert.Equal(0, F1(result with { Metrics = null }));
        Assert.Equal(0, F1(result with { Outcome = TrainingOutcome.Diverged }));
        Assert.Equal(
            double.NegativeInfinity, SweepMetric.Of(SweepMetric.ValidationR2).ValueOf(result, TaskKind.Regression));
        Assert.Equal(MetricGoal.Minimize, SweepMetric.Of(SweepMetric.ValidationSquaredError).Goal);
        Assert.Equal(MetricGoal.Maximize, SweepMetric.Of(SweepMetric.ValidationR2).Goal);
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameSweep()
    {
        var sweep = Reading.Valid(Reading.Head + """
            class_weights: {cat: 2, big dog: 0.5}
            augment: {shift: {min: 0, max: 0.2}, flip: [true, false]}
            method: random
            run_cap: 3
            """);
        var yaml = SpecificationWriter.ToYaml(sweep);
        Assert.Contains("big dog=0.5, cat=2", yaml, StringComparison.Ordinal);
        Assert.Equal(yaml, SpecificationWriter.ToYaml(Reading.Valid(yaml)));
    }

    /// <summary>sklearn.utils.class_weight.compute_class_weight's example: [1, 1, 1, 1, 0, 0] gives 1.5 and 0.75.
    /// </summary>
    [Fact]
    public void Of_Balanced_IsScikitLearns()
    {
        Assert.Equal([1.5f, 0.75f], ClassWeights.Of("balanced", ["0", "1"], [2, 4]));
        Assert.Equal([1.5f, 1, 0.75f], ClassWeights.Of("balanced", ["0", "absent", "1"], [2, 0, 4]));
        Assert.Equal([1f, 3f], ClassWeights.Of("yes=3", ["no", "yes"], [2, 4]));
    }

    private static List<Hyperparameters> All(string text)
    {
        var searcher = Reading.Valid(text).CreateSearcher();
        return [.. Enumerable.Range(0, searcher.Count).Select(n => searcher.Propose(n, []).Hyperparameters)];
    }
}
