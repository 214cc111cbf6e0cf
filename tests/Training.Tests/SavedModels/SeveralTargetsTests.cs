using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Log;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Tests.Data;

namespace Sweeps.Training.Tests.SavedModels;

/// <summary>Tables of which several columns are predicted together, from the file to a model's answers.</summary>
public sealed class SeveralTargetsTests : IDisposable
{
    private const string Few = "up,a,down,b\n1,10,-1,5\n2,20,-2,6\n3,30,-3,9\n4,40,-4,7\n5,50,-5,8\n6,60,-6,3\n";

    private readonly TemporaryFolder _folder = new();

    private static DataSets Sets => new(new DataFolders());

    public void Dispose() => _folder.Dispose();

    /// <summary>The targets come in the order that is asked for, and are no features.</summary>
    [Theory]
    [InlineData("down", "up")]
    [InlineData("2", "0")]
    [InlineData("DOWN", "0")]
    public void Load_TargetsByNameOrIndex_StandBesideEachOtherInTheOrderAskedFor(string one, string other)
    {
        _folder.Write("data-test.csv", "up,a,down,b\n7,70,-8,1\n");
        var set = Load(Few, one, other);

        Assert.Equal((TaskKind.Regression, 2, 0), (set.Task, set.Outputs, set.Classes));
        Assert.Equal(["down", "up"], set.TargetNames);
        Assert.Equal(["a", "b"], set.FeatureNames);
        Assert.Equal((6, 2), (set.Train.Count, set.Train.Outputs));
        Assert.Equal([-1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6], set.Train.Targets.ToArray());
        Assert.Equal([-8, 7], set.Test.Targets.ToArray());
        Assert.Equal(["down", "up"], set.Content.Targets);
        Assert.NotEqual(set.Digest, Load(Few, other, one).Digest);
    }

    /// <summary>One target is the label under another name: the same data.</summary>
    [Fact]
    public void Load_OneTarget_IsTheLabel()
    {
        var set = Load(Few, "down");
        var label = Sets.Load(new DataRequest(_folder.Write("data.csv", Few), "down", TaskKind.Regression));

        Assert.Equal(label.Digest, set.Digest);
        Assert.Empty(set.TargetNames);
    }

    [Theory]
    [InlineData("there is no target column 'dwon'; did you mean 'down'?", "up", "dwon")]
    [InlineData("the target 'up' is named twice", "up", "0")]
    [InlineData("2 targets are columns named 'x'", "0", "1", "x,X,b\n1,2,3\n")]
    [InlineData("line 3, column 1 (up): the target 'high' is not a number", "up", "b", "up,a,b\n1,2,3\nhigh,2,3\n")]
    [InlineData("line 3, column 3 (b): the target is missing ('')", "up", "b", "up,a,b\n1,2,3\n1,2,\n")]
    [InlineData("no column is left for a feature", "x", "y", "x,y\n1,2\n")]
    public void Load_TargetsThatCannotBe_AreRefusedWithTheReason(
        string says, string one, string other, string text = Few)
    {
        var error = Assert.ThrowsAny<SweepsException>(() => Load(text, one, other));
        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TargetsThatAreSomethingElse_AreRefusedWithTheReason()
    {
        var path = _folder.Write("data.csv", Few);
        var request = new DataRequest(path) { Reading = new() { Targets = ["up", "down"] } };

        Refused("cannot be ignored", request with { Reading = request.Reading with { Ignore = ["up"] } });
        Refused("cannot be the group", request with { Group = "down" });
        Refused("both a label ('b') and targets", request with { Label = "b" });
        Refused("is no feature and cannot be one-hot encoded",
            request with { Reading = request.Reading with { OneHot = ["down"] } });
        Refused("classes are one column", request with { Task = TaskKind.Classification });

        static void Refused(string says, DataRequest asked) => Assert.Contains(
            says, Assert.ThrowsAny<SweepsException>(() => Sets.Load(asked)).Message, StringComparison.Ordinal);
    }

    /// <summary>Deviations of 1 to 6 and of a hundred times as much: the larger one has all the weight.</summary>
    [Fact]
    public void Load_TargetsOfUnlikeSize_SaysWhichOneOutweighs()
    {
        var unlike = "near,far,a\n" + string.Concat(
            Enumerable.Range(1, 6).Select(i => $"{i},{i * 100},{i * i}\n"));
        _folder.Write("data-test.csv", "near,far,a\n1,100,1\n");
        Assert.Contains(
            Load(unlike, "near", "far").Notes,
            note => note.Contains("'far' (deviation 170.8) outweighs 'near' (1.708)", StringComparison.Ordinal));
        _folder.Write("data-test.csv", "up,a,down,b\n1,10,-1,5\n");
        Assert.DoesNotContain(
            Load(Few, "up", "down").Notes, note => note.Contains("outweighs", StringComparison.Ordinal));
    }

    /// <summary>
    /// a has mean 2 and deviation 4; the first target is 3 (a - 2)/4 + 10, the second -2 (a - 2)/4: of a = 6 they are
    /// 13 and -2. The file has its columns in another order than the model's table.
    /// </summary>
    [Fact]
    public void Ask_LinearModelOfTwoTargets_IsTheNumbersWorkedOutByHand()
    {
        var form = new TableForm(true,
        [
            new("y", TableRole.Label), new("a") { Mean = 2, Deviation = 4 }, new("x", TableRole.Label),
        ])
        {
            Reading = new() { Targets = ["x", "y"] },
        };
        Assert.StartsWith("{\"version\":3,", form.Write(), StringComparison.Ordinal);
        var model = Model(form, "x", "y");
        using var network = new LoadedNetwork(model);

        var rows = Sets.ReadRows(
            _folder.Write("rows.csv", "y,x,a\n-1,12,6\n,3,2\n0,10,2\n"), model.ReadTable()!, [], null, false);
        var answers = network.Ask(rows.Part, [0, 1, 2]);

        Assert.Equal(["x", "y"], model.Targets);
        Assert.Equal([13, -2, 10, 0, 10, 0], answers.Values);
        Assert.Equal(new float[] { 12, -1 }, rows.Truth[0]);
        Assert.Null(rows.Truth[1]);
        Assert.Equal(new float[] { 10, 0 }, rows.Truth[2]);

        // Without one of the targets rows can be asked about, and not judged.
        var without = _folder.Write("without.csv", "x,a\n12,6\n");
        Assert.Equal([null], Sets.ReadRows(without, form, [], null, false).Truth);
        var error = Assert.Throws<SweepsException>(() => Sets.ReadRows(without, form, [], null, true));
        Assert.Contains("not all of the targets x, y are there", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<SweepsException>(() => Sets.ReadRows(without, form, [], "x", false));
        Assert.Contains("leave --label out", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A model whose names do not fit its outputs, or whose columns are not the targets it names.</summary>
    [Fact]
    public void Read_ModelsThatContradictThemselves_AreRefused()
    {
        var form = new TableForm(true, [new("a") { Deviation = 1 }, new("x", TableRole.Label)])
        {
            Reading = new() { Targets = ["x", "y"] },
        };
        Assert.Throws<SweepsException>(() => Model(form, "x", "y").ReadTable());
        Assert.Contains(
            "2 outputs and names 3 targets",
            Assert.Throws<SweepsException>(() => Model(form, "x", "y", "z").ReadNetwork()).Message,
            StringComparison.Ordinal);
    }

    /// <summary>x = 3a - 2b + 5 and y = b - a without noise are learned by both engines; the test set's numbers and the
    /// validation set's are those of the model's answers.</summary>
    [Theory]
    [InlineData(EngineKind.Native)]
    [InlineData(EngineKind.Torch)]
    public void Train_TwoPlanes_AreLearnedAndJudgedTogether(EngineKind engine)
    {
        var text = new StringBuilder("x,a,y,b\n");
        for (var i = 0; i < 60; i++)
        {
            var (a, b) = (i * 7 % 13, i * 5 % 11);
            text.Append(CultureInfo.InvariantCulture, $"{(3 * a) - (2 * b) + 5},{a},{b - a},{b}\n");
        }

        var result = new Trainer(Sets).Train(
            new()
            {
                Data = _folder.Write("planes.csv", text.ToString()),
                Reading = new() { Targets = ["x", "y"] },
                Split = Split.Holdout(0.25),
                EvaluateTest = true,
                KeepModel = true,
                Seed = 3,
                Engine = engine,
                Metrics = $"{SweepMetric.ValidationR2} {SweepMetric.ValidationSquaredError}",
                Hyperparameters = new()
                {
                    Architecture = "dense",
                    LearningRate = 0.05,
                    BatchSize = 16,
                    Epochs = 300,
                    Optimizer = OptimizerKind.Adam,
                },
            }, NoObserver.Instance, null, default);

        Assert.Equal(engine, result.Engine);
        Assert.Equal(6, result.Weights);
        Assert.Equal(2, result.Test!.Targets!.Length);
        Assert.All(result.Test.Targets, score => Assert.InRange(score.R2, 0.999, 1));
        Assert.Equal(result.Test.Targets.Average(score => score.Error), result.Test.Metric, 1e-6);
        Assert.Equal(result.Test.Targets.Average(score => score.SquaredError), result.Test.Loss, 1e-6);
        Assert.InRange(result.Metrics![SweepMetric.ValidationR2], 0.999, 1);
        Assert.Equal(result.Epochs[^1].ValidationLoss, result.Metrics[SweepMetric.ValidationSquaredError], 1e-6);

        var model = SavedModel.Read(result.Model!, "model");
        using var network = new LoadedNetwork(model);
        var rows = Sets.ReadRows(_folder.Write("rows.csv", "b,a\n20,-5\n"), model.ReadTable()!, [], null, false);
        var answer = network.Ask(rows.Part, [0]).Values;
        Assert.Equal(-15 - 40 + 5, answer[0], 0.5);
        Assert.Equal(25, answer[1], 0.5);
    }

    /// <summary>One output is enough for two classes, and never for two targets.</summary>
    [Theory]
    [InlineData("dense 1", LossKind.MeanSquaredError, "the data have 2 targets")]
    [InlineData("dense 1", LossKind.BinaryCrossEntropy, "the data have 2 targets")]
    [InlineData("dense 3", LossKind.MeanSquaredError, "the data set has 2 outputs")]
    [InlineData("dense", LossKind.CrossEntropy, "Cross-entropy needs classes")]
    public void Train_NetworkThatDoesNotFitTheTargets_IsRefused(string architecture, LossKind loss, string says)
    {
        var error = Assert.Throws<TrainingException>(() => new Trainer(Sets).Train(
            new()
            {
                Data = _folder.Write("data.csv", Few),
                Reading = new() { Targets = ["up", "down"] },
                Split = Split.All,
                Seed = 1,
                Hyperparameters = new()
                {
                    Architecture = architecture,
                    Loss = loss,
                    LearningRate = 0.1,
                    BatchSize = 2,
                    Epochs = 1,
                },
            }, NoObserver.Instance, null, default));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private DataSet Load(string text, params string[] targets) => Sets.Load(
        new DataRequest(_folder.Write("data.csv", text)) { Reading = new() { Targets = targets } });

    private static SavedModel Model(TableForm form, params string[] targets) => SavedModel.Read(
        SafeTensors.Write(
            [new("0.weight", [2, 1], [3, -2]), new("0.bias", [2], [10, 0])],
            new Dictionary<string, string>
            {
                ["architecture"] = "dense",
                ["input"] = "1",
                ["table"] = form.Write(),
                ["targets"] = ClassNamesText.Write(targets),
            }),
        "of the test");
}
