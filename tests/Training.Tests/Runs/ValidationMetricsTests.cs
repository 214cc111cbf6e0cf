using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Tests.Data;

namespace Sweeps.Training.Tests.Runs;

/// <summary>
/// The numbers that need all answers together. What a class's precision, recall, F1 and ROC curve are is tested with
/// <c>ClassReport</c>; here they are those of the validation set, at the end, and of the epoch that is scored.
/// </summary>
public sealed class ValidationMetricsTests : IDisposable
{
    private static readonly Trainer s_trainer = new(new DataSets(new DataFolders()));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Two classes, 8 and 4 samples, and a network that always names the first, since its weights stay zero: scikit-
    /// learn's classification_report of [0]*8 + [1]*4 against zeros has macro precision 1/3 (zero_division=0), recall
    /// 1/2 and F1 0.4; all samples tie, so that the area is 1/2.
    /// </summary>
    [Fact]
    public void Train_OneClassAlwaysNamed_HasScikitLearnsMacroNumbers()
    {
        var table = _folder.Write("two.csv", "x,kind\n" + string.Concat(
            Enumerable.Range(0, 60).Select(i => $"{i % 7},{(i % 3 == 0 ? "b" : "a")}\n")));
        var metrics = Train(table, TaskKind.Classification, InitializerKind.Zeros, 0,
            SweepMetric.ValidationPrecision, SweepMetric.ValidationRecall, SweepMetric.ValidationF1,
            SweepMetric.ValidationBalancedAccuracy, SweepMetric.ValidationRocAuc).Metrics!;
        Assert.Equal(1 / 3.0, metrics[SweepMetric.ValidationPrecision], 1e-12);
        Assert.Equal(0.5, metrics[SweepMetric.ValidationRecall]);
        Assert.Equal(0.5, metrics[SweepMetric.ValidationBalancedAccuracy]);
        Assert.Equal(0.4, metrics[SweepMetric.ValidationF1], 1e-12);
        Assert.Equal(0.5, metrics[SweepMetric.ValidationRocAuc]);
        Assert.True(double.IsNaN(metrics[SweepMetric.ValidationR2]));
    }

    /// <summary>One output learns two classes as two outputs do, and its answers are the same numbers everywhere: in
    /// the epochs, the confusion matrix, the named numbers and the saved model.</summary>
    [Fact]
    public void Train_OneOutputForTwoClasses_LearnsThem()
    {
        var table = _folder.Write("near.csv", "x,y,kind\n" + string.Concat(
            Enumerable.Range(0, 200).Select(i => $"{i % 17},{i % 13},{(i % 17 > i % 13 ? "far" : "near")}\n")));
        var request = Digits(InitializerKind.XavierUniform, 0.1) with
        {
            Data = table,
            Task = TaskKind.Classification,
            SampleLimit = null,
            EvaluateTest = true,
            KeepModel = true,
            Metrics = $"{SweepMetric.ValidationBalancedAccuracy} {SweepMetric.ValidationRocAuc}",
        };
        request = request with
        {
            Hyperparameters = request.Hyperparameters with
            {
                Architecture = "dense 1 sigmoid",
                Loss = LossKind.BinaryCrossEntropy,
                Epochs = 20,
            },
        };
        var result = s_trainer.Train(request, NoObserver.Instance, null, default);
        Assert.Equal(3, result.Weights);
        Assert.InRange(result.Epochs[^1].ValidationMetric, 0.9, 1);
        Assert.InRange(result.Metrics![SweepMetric.ValidationBalancedAccuracy], 0.85, 1);
        Assert.InRange(result.Metrics[SweepMetric.ValidationRocAuc], 0.97, 1);
        var confusion = result.Test!.Confusion!;
        Assert.Equal((4, 2), (confusion.Length, result.Test.Classes));
        Assert.Equal(result.Test.Metric, (double)(confusion[0] + confusion[3]) / confusion.Sum(), 1e-12);
        // What is asked of the validation set is asked of the test set, too.
        Assert.Equal(
            (((double)confusion[0] / (confusion[0] + confusion[1]))
                + ((double)confusion[3] / (confusion[2] + confusion[3]))) / 2,
            result.Test.Metrics![SweepMetric.ValidationBalancedAccuracy], 1e-12);
        Assert.InRange(result.Test.Metrics[SweepMetric.ValidationRocAuc], 0.97, 1);

        var model = SavedModel.Read(result.Model!, "model");
        using var network = new LoadedNetwork(model);
        var part = new DataSets(new DataFolders()).Load(request).Test;
        var answers = network.Ask(part, [.. Enumerable.Range(0, part.Count)]);
        Assert.Equal(2, answers.Columns);
        Assert.Equal(result.Test.Metric, answers.Metric, 1e-12);
        Assert.Equal(confusion, new ClassReport(part.Labels, answers).Confusion);

        var plain = request with { Hyperparameters = request.Hyperparameters with { Loss = null } };
        var error = Assert.Throws<TrainingException>(
            () => s_trainer.Train(plain, NoObserver.Instance, null, default));
        Assert.Contains("write loss: binary_cross_entropy", error.Message, StringComparison.Ordinal);
    }

    /// <summary>All ten values tie: the first of equals is named first, so that the samples of the first three classes
    /// are right.</summary>
    [Fact]
    public void Train_AllClassesEqual_HasTheirShareAmongTheFirst()
    {
        var result = s_trainer.Train(Digits(InitializerKind.Zeros, 0) with
        {
            Metrics = $"{SweepMetric.ValidationTop3} {SweepMetric.ValidationTop5}",
        }, NoObserver.Instance, null, default);
        var data = new DataSets(new DataFolders()).Load(Digits(InitializerKind.Zeros, 0)).Train;
        var held = SampleSplit.Of(Split.KFold(3, 0), data, 5, limit: 300).Validation;
        double Share(int classes) => (double)held.Count(sample => data.Labels[sample] < classes) / held.Length;
        Assert.Equal(Share(3), result.Metrics![SweepMetric.ValidationTop3], 1e-12);
        Assert.Equal(Share(5), result.Metrics![SweepMetric.ValidationTop5], 1e-12);
    }

    /// <summary>More guesses are right more often, and of classes of nearly one size balanced accuracy is nearly
    /// accuracy.</summary>
    [Fact]
    public void Train_Digits_NumbersFitTheAccuracy()
    {
        var result = s_trainer.Train(Digits(InitializerKind.XavierUniform, 0.01) with
        {
            Metrics = $"{SweepMetric.ValidationTop3} {SweepMetric.ValidationTop5} "
                + $"{SweepMetric.ValidationBalancedAccuracy} {SweepMetric.ValidationRocAuc} {SweepMetric.ValidationF1}",
        }, NoObserver.Instance, null, default);
        var accuracy = result.Epochs[^1].ValidationMetric;
        Assert.InRange(result.Metrics![SweepMetric.ValidationTop3], accuracy + 0.01, 1);
        Assert.InRange(
            result.Metrics[SweepMetric.ValidationTop5], result.Metrics[SweepMetric.ValidationTop3], 1);
        Assert.Equal(accuracy, result.Metrics[SweepMetric.ValidationBalancedAccuracy], 0.05);
        Assert.Equal(accuracy, result.Metrics[SweepMetric.ValidationF1], 0.1);
        Assert.InRange(result.Metrics[SweepMetric.ValidationRocAuc], accuracy, 1);
    }

    /// <summary>A network of zeros predicts 0: of standardized nothing, the squared error is the mean square, and R2
    /// what that leaves of the variance.</summary>
    [Fact]
    public void Train_NumbersAllTakenForZero_HaveTheirMeanSquare()
    {
        int Target(int i) => (i * 5 % 11) + 1;
        var table = _folder.Write("numbers.csv", "x,far\n" + string.Concat(
            Enumerable.Range(0, 60).Select(i => $"{i % 7},{Target(i)}\n")));
        var result = Train(table, TaskKind.Regression, InitializerKind.Zeros, 0,
            SweepMetric.ValidationSquaredError, SweepMetric.ValidationR2);
        // The loss is the mean squared error; the mean absolute error is the mean, since all targets are positive.
        var (square, mean) = (result.Epochs[^1].ValidationLoss, result.Epochs[^1].ValidationMetric);
        Assert.Equal(square, result.Metrics![SweepMetric.ValidationSquaredError], 1e-6);
        Assert.Equal(1 - (square / (square - (mean * mean))), result.Metrics[SweepMetric.ValidationR2], 1e-5);
    }

    /// <summary>They are those of the weights that are the result: of a resumed training too.</summary>
    [Theory]
    [InlineData(ScoredEpoch.Last)]
    [InlineData(ScoredEpoch.Best)]
    public void Train_StoppedAndResumed_GivesTheSameNumbers(ScoredEpoch score)
    {
        var request = Digits(InitializerKind.XavierUniform, 0.1) with
        {
            Metrics = $"{SweepMetric.ValidationF1} {SweepMetric.ValidationRocAuc}",
            Score = score,
        };
        var watcher = new Watcher();
        var whole = s_trainer.Train(request, watcher, null, default);
        foreach (var checkpoint in watcher.Checkpoints)
            Assert.Equal(whole.Metrics, s_trainer.Train(request, new Watcher(), checkpoint, default).Metrics);
        Assert.Null(s_trainer.Train(request with { Metrics = null }, new Watcher(), null, default).Metrics);
        Assert.Null(s_trainer.Train(request with { Split = Split.All }, new Watcher(), null, default).Metrics);
    }

    /// <summary>No epoch's numbers tell them, so that no training without them is taken for one with them.</summary>
    [Fact]
    public void WantedOf_MetricsAskedFor_IsAnotherEnd()
    {
        var plain = Digits(InitializerKind.Zeros, 0);
        var asked = plain with { Metrics = SweepMetric.ValidationF1 };
        Assert.NotEqual(TrainingCourse.WantedOf(plain, null), TrainingCourse.WantedOf(asked, null));
        var training = s_trainer.Train(plain, NoObserver.Instance, null, default);
        Assert.NotNull(EpochReading.Of(plain, null, TrialResult.From(training), training.Epochs));
        Assert.Null(EpochReading.Of(asked, null, TrialResult.From(training), training.Epochs));
    }

    private static TrainingResult Train(
        string table, TaskKind task, InitializerKind initializer, double rate, params string[] metrics) =>
        s_trainer.Train(Digits(initializer, rate) with
        {
            Data = table,
            Task = task,
            SampleLimit = null,
            Split = Split.KFold(4, 0),
            Hyperparameters = new()
            {
                Architecture = "dense",
                LearningRate = rate,
                BatchSize = 20,
                Epochs = 1,
                Initializer = initializer,
            },
            Metrics = string.Join(' ', metrics),
        }, NoObserver.Instance, null, default);

    private static TrainingRequest Digits(InitializerKind initializer, double rate) => new()
    {
        Data = "digits",
        Hyperparameters = new()
        {
            Architecture = "flatten | dense 16 relu | dense",
            LearningRate = rate,
            BatchSize = 20,
            Epochs = 3,
            Initializer = initializer,
        },
        Split = Split.KFold(3, 0),
        Seed = 5,
        SampleLimit = 300,
    };
}
