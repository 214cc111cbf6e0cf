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

/// <summary>Tables of which several labels are told, from the file to a model's answers.</summary>
public sealed class SeveralLabelsTests : IDisposable
{
    private const string Hot = "red,a,big,b\n1,10,0,5\n0,20,1,6\nTrue,30,True,9\n0,40,0,7\n1,50,0,8\nfalse,60,1,3\n";
    private const string Tags = "a,tags,b\n10,red,5\n20,big,6\n30,big| red |red,9\n40,,7\n50,red,8\n60,big,3\n";

    private static readonly float[] s_both = [1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1];

    private readonly TemporaryFolder _folder = new();

    private static DataSets Sets => new(new DataFolders());

    public void Dispose() => _folder.Dispose();

    /// <summary>Columns of 0 and 1 in the order asked for, or names in one column in the order of their letters.
    /// </summary>
    [Fact]
    public void Load_BothForms_AreTheSameLabels()
    {
        _folder.Write("data-test.csv", "red,a,big,b\n1,70,1,1\n");
        var hot = Load(Hot, new() { Labels = ["red", "2"] });
        _folder.Write("data-test.csv", "a,tags,b\n70,red|big,1\n");
        var tags = Load(Tags, new() { Labels = ["tags"], LabelSeparator = "|" });

        Assert.Equal((TaskKind.MultiLabel, 2, 0), (hot.Task, hot.Outputs, hot.Classes));
        Assert.Equal(["red", "big"], hot.LabelNames);
        Assert.Equal(["a", "b"], hot.FeatureNames);
        Assert.Equal(s_both, hot.Train.Targets.ToArray());
        Assert.Equal([1, 1], hot.Test.Targets.ToArray());
        Assert.Equal(["red", "big"], hot.Content.Labels);
        Assert.Empty(hot.TargetNames);

        Assert.Equal((TaskKind.MultiLabel, 2), (tags.Task, tags.Outputs));
        Assert.Equal(["big", "red"], tags.LabelNames);
        Assert.Equal(s_both.Chunk(2).SelectMany(pair => pair.Reverse()), tags.Train.Targets.ToArray());
        Assert.Equal([1, 1], tags.Test.Targets.ToArray());
        Assert.Equal([3, 3], DataStatistics.Of(tags.Train, 0).ClassCounts);

        // The same numbers as targets are other data.
        var numbers = DataPart.OfValues([1, 2], [0, 1, 1, 0], 1, 2);
        Assert.NotEqual(
            new DataSet("numbers", [1], [], numbers, numbers).Digest,
            new DataSet("labels", [1], [], numbers.AsLabels(), numbers.AsLabels()).Digest);
        Assert.Throws<ArgumentException>(() => DataPart.OfValues([1, 2], [0, 2], 1).AsLabels());
    }

    [Theory]
    [InlineData("there is no labels column 'rde'; did you mean 'red'?", "rde,big", null)]
    [InlineData("the label 'red' is named twice", "red,0", null)]
    [InlineData("line 3, column 1 (red): '2' does not say whether", "red,b", null, "red,b,a\n1,0,3\n2,0,3\n")]
    [InlineData("line 3, column 1 (red): the label is missing ('')", "red,b", null, "red,b,a\n1,0,3\n,0,3\n")]
    [InlineData("one column ('red') has several labels with a label separator alone", "red", null)]
    [InlineData("a label separator is for one column", "red,big", "|")]
    [InlineData("has 1 different labels", "red", "|", "red,a\nx,1\nx,2\nx,3\nx,4\n,5\n")]
    [InlineData("line 3, column 1 (red): the labels are missing ('NA')", "red", "|", "red,a\nx,1\nNA,2\n")]
    public void Load_LabelsThatCannotBe_AreRefusedWithTheReason(
        string says, string columns, string? separator, string text = Hot)
    {
        var error = Assert.ThrowsAny<SweepsException>(
            () => Load(text, new() { Labels = columns.Split(','), LabelSeparator = separator }));
        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LabelsThatAreSomethingElse_AreRefusedWithTheReason()
    {
        var path = _folder.Write("data.csv", Hot);
        var request = new DataRequest(path) { Reading = new() { Labels = ["red", "big"] } };

        Refused("both a label ('b') and several labels", request with { Label = "b" });
        Refused("both targets and several labels",
            request with { Reading = request.Reading with { Targets = ["a"] } });
        Refused("leave the task out", request with { Task = TaskKind.Classification });
        Refused("leave the task out", request with { Task = TaskKind.Regression });
        Refused("are not named", new(_folder.Write("numbers.csv", "a,b\n1,2\n3,4\n"), Task: TaskKind.MultiLabel));
        Refused("name that column as labels", request with { Reading = new() { LabelSeparator = ";" } });
        _folder.Write("tags-test.csv", "a,tags,b\n70,green,1\n");
        Refused("the label 'green' is not in the training part", new(_folder.Write("tags.csv", Tags))
        {
            Reading = new() { Labels = ["tags"], LabelSeparator = "|" },
        });

        static void Refused(string says, DataRequest asked) => Assert.Contains(
            says, Assert.ThrowsAny<SweepsException>(() => Sets.Load(asked)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LabelThatAllRowsHave_IsNoted()
    {
        _folder.Write("data-test.csv", "red,a,big,b\n1,70,1,1\n");
        Assert.Contains(
            Load(Hot.Replace("\n0,", "\n1,", StringComparison.Ordinal).Replace("false", "1", StringComparison.Ordinal),
                new() { Labels = ["red", "big"] }).Notes,
            note => note.Contains("have, or lack, 'red': nothing can be learned", StringComparison.Ordinal));
    }

    /// <summary>a has mean 2 and deviation 4; the outputs are 3 (a - 2)/4 and -2 (a - 2)/4: of a = 6 the first label is
    /// there with sigmoid(3), the second with sigmoid(-2).</summary>
    [Theory]
    [InlineData(null, "y,x,a\n0,1,6\n,1,2\n")]
    [InlineData("|", "t,a\nx,6\n\"y|z\",2\n")]
    public void Ask_LinearModelOfTwoLabels_IsTheNumbersWorkedOutByHand(string? separator, string text)
    {
        var form = separator is null
            ? new TableForm(true,
                [new("y", TableRole.Label), new("a") { Mean = 2, Deviation = 4 }, new("x", TableRole.Label)])
            {
                Reading = new() { Labels = ["x", "y"] },
            }
            : new TableForm(true,
                [new("a") { Mean = 2, Deviation = 4 }, new("t", TableRole.Label) { Levels = ["x", "y"] }])
            {
                Reading = new() { Labels = ["t"], LabelSeparator = separator },
            };
        Assert.StartsWith("{\"version\":4,", form.Write(), StringComparison.Ordinal);
        var model = Model(form);
        using var network = new LoadedNetwork(model);

        var rows = Sets.ReadRows(_folder.Write("rows.csv", text), model.ReadTable()!, [], null, false);
        var answers = network.Ask(rows.Part, [0, 1]);

        Assert.Equal((TaskKind.MultiLabel, TaskKind.MultiLabel), (model.Task, rows.Part.Task));
        Assert.Equal(["x", "y"], model.Labels);
        Assert.Equal(1 / (1 + Math.Exp(-3)), answers.Of(0)[0], 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(2)), answers.Of(0)[1], 1e-6);
        Assert.Equal([0.5f, 0.5f], answers.Of(1).ToArray());
        Assert.Equal(new float[] { 1, 0 }, rows.Truth[0]);
        if (separator is null)
        {
            Assert.Null(rows.Truth[1]);
        }
        else
        {
            // A label that the model does not know is left out, and that is said.
            Assert.Equal(new float[] { 0, 1 }, rows.Truth[1]);
            Assert.Contains(rows.Notes, note => note.Contains("does not know", StringComparison.Ordinal)
                && note.Contains("'z'", StringComparison.Ordinal));
            Assert.Contains("the label 'z' is none of the model's", Assert.Throws<SweepsException>(
                () => Sets.ReadRows(_folder.Write("rows.csv", text), form, [], null, true)).Message,
                StringComparison.Ordinal);
        }

        var without = _folder.Write("without.csv", "a\n6\n");
        Assert.Equal([null], Sets.ReadRows(without, form, [], null, false).Truth);
        Assert.Contains("not all of the labels", Assert.Throws<SweepsException>(
            () => Sets.ReadRows(without, form, [], null, true)).Message, StringComparison.Ordinal);
    }

    /// <summary>A model whose names do not fit its outputs, or whose columns are not its labels.</summary>
    [Fact]
    public void Read_ModelsThatContradictThemselves_AreRefused()
    {
        TableReading tags = new() { Labels = ["t"], LabelSeparator = "|" };
        Refused(new TableForm(true, [new("a") { Deviation = 1 }, new("t", TableRole.Label)]) { Reading = tags });
        Refused(new TableForm(true, [new("a") { Deviation = 1 }, new("x", TableRole.Label)])
        {
            Reading = new() { Labels = ["x", "y"] },
        });
        Refused(new TableForm(true, [new("a") { Deviation = 1 }, new("x", TableRole.Label) { Levels = ["q"] }]));
        Assert.Contains(
            "2 outputs and names 3 labels",
            Assert.Throws<SweepsException>(() => Model(
                new(true, [new("a") { Deviation = 1 }]), "x", "y", "z").ReadNetwork()).Message,
            StringComparison.Ordinal);

        static void Refused(TableForm form) => Assert.Throws<SweepsException>(() => Model(form).ReadTable());
    }

    /// <summary>Three half planes are learned by both engines, which agree; what is said of the test set and of the
    /// validation set is what the saved model's answers say.</summary>
    [Theory]
    [InlineData(EngineKind.Native)]
    [InlineData(EngineKind.Torch)]
    public void Train_ThreeHalfPlanes_AreLearnedAndJudged(EngineKind engine)
    {
        var result = Train(engine, epochs: 60, batch: 16);

        var test = result.Test!;
        Assert.Equal(engine, result.Engine);
        Assert.Equal((null, 0), (test.Confusion, test.Classes));
        Assert.InRange(test.Metric, 0.93, 1);
        Assert.Equal(test.Labels!.Average(label => label.Accuracy), test.Metric, 1e-9);
        Assert.InRange(test.ExactMatch!.Value, 3 * test.Metric - 2, test.Metric);
        Assert.All(test.Labels!, label => Assert.InRange(label.RocAuc, 0.98, 1));
        Assert.InRange(result.Metrics![SweepMetric.ValidationF1], 0.9, 1);
        Assert.InRange(result.Metrics[SweepMetric.ValidationExactMatch], 0.8, 1);
        Assert.InRange(result.Metrics[SweepMetric.ValidationRocAuc], 0.98, 1);

        var model = SavedModel.Read(result.Model!, "model");
        using var network = new LoadedNetwork(model);
        var set = Sets.Load(Request(engine, 1, 1));
        var answers = network.Ask(set.Test, [.. Enumerable.Range(0, set.Test.Count)]);
        var report = new LabelReport(set.Test.Targets, answers);
        Assert.Equal(["left", "sum", "up"], model.Labels.Order(StringComparer.Ordinal));
        Assert.Equal(test.Metric, answers.Metric, 1e-9);
        Assert.Equal(test.ExactMatch.Value, report.ExactMatch, 1e-9);
        foreach (var (own, asked) in test.Labels!.Zip(report.Scores))
            Assert.Equal(own with { RocAuc = 0 }, asked with { RocAuc = 0 });
    }

    /// <summary>One step of both engines from the same weights on the same samples.</summary>
    [Fact]
    public void Train_OneStep_IsTheSameOnBothEngines()
    {
        var (native, torch) = (Train(EngineKind.Native, 1, 96), Train(EngineKind.Torch, 1, 96));

        Assert.Equal(native.Epochs[0].TrainLoss, torch.Epochs[0].TrainLoss, 1e-5);
        Assert.Equal(native.Epochs[0].TrainMetric, torch.Epochs[0].TrainMetric, 1e-9);
        foreach (var (own, other) in SavedModel.Read(native.Model!, "native").Tensors
            .Zip(SavedModel.Read(torch.Model!, "torch").Tensors))
        {
            Assert.Equal(own.Name, other.Name);
            foreach (var (one, two) in own.Values.Zip(other.Values))
                Assert.Equal(one, two, 1e-5);
        }
    }

    [Theory]
    [InlineData("dense 3", LossKind.CrossEntropy, "each of which is there or not by itself")]
    [InlineData("dense 3", LossKind.MeanSquaredError, "use binary_cross_entropy")]
    [InlineData("dense 2", null, "3 outputs")]
    [InlineData("dense 3 softmax", null, "one label takes from the others")]
    public void Train_WhatDoesNotFitLabels_IsRefused(string architecture, LossKind? loss, string says)
    {
        var request = Request(EngineKind.Auto, 1, 8);
        var error = Assert.Throws<TrainingException>(() => new Trainer(Sets).Train(
            request with
            {
                Hyperparameters = request.Hyperparameters with { Architecture = architecture, Loss = loss },
            }, NoObserver.Instance, null, default));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ClassWeights_AreRefused()
    {
        var request = Request(EngineKind.Auto, 1, 8);
        var error = Assert.Throws<TrainingException>(() => new Trainer(Sets).Train(
            request with { Hyperparameters = request.Hyperparameters with { ClassWeights = "left=2" } },
            NoObserver.Instance, null, default));
        Assert.Contains("has several labels", error.Message, StringComparison.Ordinal);
    }

    private TrainingResult Train(EngineKind engine, int epochs, int batch) =>
        new Trainer(Sets).Train(Request(engine, epochs, batch), NoObserver.Instance, null, default);

    // left: a < 0; up: b > 0.2; sum: a + b > 0.
    private TrainingRequest Request(EngineKind engine, int epochs, int batch)
    {
        var text = new StringBuilder("a,tags,b\n");
        var values = Small.Uniform(320, 9);
        for (var row = 0; row < 160; row++)
        {
            var (a, b) = (values[2 * row], values[(2 * row) + 1]);
            string?[] tags = [a < 0 ? "left" : null, b > 0.2 ? "up" : null, a + b > 0 ? "sum" : null];
            text.Append(CultureInfo.InvariantCulture, $"{a},{string.Join(';', tags.OfType<string>())},{b}\n");
        }

        return new()
        {
            Data = _folder.Write("planes.csv", text.ToString()),
            Reading = new() { Labels = ["tags"], LabelSeparator = ";" },
            Split = Split.Holdout(0.25),
            EvaluateTest = true,
            KeepModel = true,
            Seed = 3,
            Engine = engine,
            Metrics = string.Join(
                ' ', SweepMetric.ValidationF1, SweepMetric.ValidationExactMatch, SweepMetric.ValidationRocAuc),
            Hyperparameters = new()
            {
                Architecture = "dense 8 tanh | dense sigmoid",
                LearningRate = 0.05,
                BatchSize = batch,
                Epochs = epochs,
                Optimizer = OptimizerKind.Adam,
            },
        };
    }

    private DataSet Load(string text, TableReading reading) =>
        Sets.Load(new DataRequest(_folder.Write("data.csv", text)) { Reading = reading });

    private static SavedModel Model(TableForm form, params string[] labels) => SavedModel.Read(
        SafeTensors.Write(
            [new("0.weight", [2, 1], [3, -2]), new("0.bias", [2], [0, 0])],
            new Dictionary<string, string>
            {
                ["architecture"] = "dense",
                ["input"] = "1",
                ["table"] = form.Write(),
                ["loss"] = "binary_cross_entropy",
                ["labels"] = ClassNamesText.Write(labels.Length > 0 ? labels : ["x", "y"]),
            }),
        "of the test");
}
