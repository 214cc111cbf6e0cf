using System.Globalization;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;
using Sweeps.Training.SavedModels;
using Sweeps.Training.Tests.Data;
using Sweeps.Training.Tests.Runs;

namespace Sweeps.Training.Tests.SavedModels;

/// <summary>A model of a table asked about rows of other files.</summary>
public sealed class TableModelTests : IDisposable
{
    private const string Flowers =
        "length,width,kind\n1,10,b\n2,25,a\n3,30,b\n4,47,a\n5,50,b\n6,60,a\n7,71,b\n8,80,a\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The rows of a test part, from a file with its columns in another order and one more.</summary>
    [Theory]
    [InlineData("length,width,kind\n9,11.5,b\n-3,1e2,a\n")]
    [InlineData("id,kind,WIDTH,length\nr 1,b,11.5,9\nr 2,a,1e2,-3\n")]
    [InlineData("9;11.5;b\n-3;1e2;a\n")]
    public void Ask_RowsOfAnotherTable_AnswersAsWhenTheyWereTheTestPart(string rows)
    {
        _folder.Write("data-test.csv", "length,width,kind\n9,11.5,b\n-3,1e2,a\n");
        var path = _folder.Write("data.csv", Flowers);
        var model = Train(path, null, 3);
        var test = Sets.Load(new DataRequest(path)).Test;
        using var network = new LoadedNetwork(model);

        var found = Read(model, _folder.Write("other.csv", rows));

        Assert.Equal(network.Ask(test, [0, 1]).Values, network.Ask(found.Part, [0, 1]).Values);
        Assert.Equal(["b", "a"], found.Truth);
        Assert.Equal(test.Labels.ToArray(), found.Part.Labels.ToArray());
        // Not by chance: other rows have other answers.
        Assert.NotEqual(network.Ask(found.Part, [0]).Values, network.Ask(found.Part, [1]).Values);
    }

    /// <summary>
    /// a has mean 2 and deviation 4, b mean -1 and deviation 1/2; weights 3 and -2, bias 10. Of a = 6, b = 0 the answer
    /// is 3 x (6 - 2)/4 - 2 x (0 + 1)/0.5 + 10 = 9; of the means it is the bias.
    /// </summary>
    [Fact]
    public void Ask_LinearRegression_IsTheNumberWorkedOutByHand()
    {
        var form = new TableForm(true,
        [
            new("a") { Mean = 2, Deviation = 4 }, new("y", TableRole.Label), new("b") { Mean = -1, Deviation = 0.5 },
        ]);
        var model = SavedModel.Read(
            SafeTensors.Write(
                [new("0.weight", [1, 2], [3, -2]), new("0.bias", [1], [10])],
                new Dictionary<string, string>
                {
                    ["architecture"] = "dense",
                    ["input"] = "2",
                    ["table"] = form.Write(),
                }),
            "of the test");
        using var network = new LoadedNetwork(model);

        var rows = Read(model, _folder.Write("rows.csv", "b,a\n0,6\n-1,2\n"));

        Assert.Equal([9, 10], network.Ask(rows.Part, [0, 1]).Values);
        Assert.Equal([null, null], rows.Truth);
    }

    /// <summary>y = 3a - 2b + 5 without noise is learned, and holds outside of what was learned from.</summary>
    [Fact]
    public void Ask_LearnedPlane_GivesItsHeightAtOtherPlaces()
    {
        var text = new StringBuilder("a,b,y\n");
        for (var i = 0; i < 60; i++)
        {
            var (a, b) = (100 + (i * 7 % 13), 0.01 * (i * 5 % 11));
            text.Append(CultureInfo.InvariantCulture, $"{a},{b},{(3 * a) - (2 * b) + 5 - 300}\n");
        }

        var model = Train(_folder.Write("plane.csv", text.ToString()), TaskKind.Regression, 1500);
        using var network = new LoadedNetwork(model);

        var rows = Read(model, _folder.Write("rows.csv", "b,y,a\n0.2,,95\n-0.1,35.2,110\n"));

        var values = network.Ask(rows.Part, [0, 1]).Values;
        Assert.Equal((3 * 95) - 0.4 + 5 - 300, values[0], 0.05);
        Assert.Equal(330 + 0.2 + 5 - 300, values[1], 0.05);
        Assert.Equal([null, 35.2f], rows.Truth);
    }

    /// <summary>Classes that are numbers are one however they are written, and may be missing where nothing needs them.
    /// </summary>
    [Fact]
    public void ReadRows_LabelsThatMayMiss_AreKnownWhereTheyStand()
    {
        var form = new TableForm(false, [new("0") { Deviation = 1 }, new("1", TableRole.Label)]);
        var path = _folder.Write("rows.csv", "1,2.0\n2,?\n3,\n4,7\n5,8\n");

        var rows = Sets.ReadRows(path, form, ["2", "7"], null, needsTruth: false);

        Assert.Equal(["2", null, null, "7", "8"], rows.Truth);
        Assert.Equal([1, 2, 3, 4, 5], rows.Lines);
    }

    [Theory]
    [InlineData("length,kind\n1,a\n", "the column 'width' of the model's table is missing; the file has the columns")]
    [InlineData("length,width,kind\n1,wide,a\n", "line 2, column 2 (width): 'wide' is a text, not a number")]
    [InlineData("length,width,kind\n1,,a\n", "line 2, column 2 (width): the value is missing")]
    [InlineData("length,width,kind\n1,2,a\n1,2,c\n",
        "line 3, column 3 (kind): the class 'c' is none of the model's: a, b")]
    [InlineData("length,width,kind\n1,2,\n", "line 2, column 3 (kind): the label is missing")]
    [InlineData("length,width\n1,2\n", "there is no label column 'kind'")]
    [InlineData("length,width,Width,kind\n1,2,3,a\n", "2 columns are named 'width'")]
    [InlineData("1,2,3,4\n", "this file has 4")]
    [InlineData("length,width,kind\n", "no row of data")]
    public void ReadRows_ThatDoNotFit_AreRefusedWithTheReason(string text, string says)
    {
        var form = Sets.Load(new DataRequest(_folder.Write("data.csv", Flowers))).Table!;
        var path = _folder.Write("rows.csv", text);

        var error = Assert.Throws<SweepsException>(() => Sets.ReadRows(path, form, ["a", "b"], null, true));

        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadRows_MoreColumnsOrNoHeader_AreSaid()
    {
        var form = Sets.Load(new DataRequest(_folder.Write("data.csv", Flowers))).Table!;

        string Notes(string text) =>
            string.Join('\n', Sets.ReadRows(_folder.Write("rows.csv", text), form, ["a", "b"], null, false).Notes);

        Assert.Equal("", Notes("width,length\n1,2\n"));
        Assert.Contains("the columns 'id', 'day' of this file, not in the model's table, are ignored",
            Notes("id,width,day,length\nx,1,monday,2\n"), StringComparison.Ordinal);
        Assert.Contains("in the order of that table: 'length', 'width'", Notes("1,2\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version":5,"header":true}""", "has version 5, and this program reads 1 to 4")]
    [InlineData("""{"version":1,"header":true}""", "does not fit its network")]
    [InlineData("""{"version":1,"header":true,"columns":[{"name":"a"},{"name":"y","role":"label"}]}""",
        "does not fit its network")]
    [InlineData("""{"version":1,"header":true,"columns":[{"name":"a"},{"name":"b"},{"name":"c","role":"what"}]}""",
        "is damaged")]
    [InlineData("{", "is damaged")]
    public void ReadTable_ThatIsNone_IsRefused(string text, string says)
    {
        var model = SavedModel.Read(
            SafeTensors.Write(
                [new("0.weight", [1, 2], [3, -2])],
                new Dictionary<string, string> { ["input"] = "2", ["table"] = text }),
            "'x'");

        var error = Assert.Throws<SweepsException>(model.ReadTable);

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    /// <summary>What is written reads back to the last bit, and models of before have none.</summary>
    [Fact]
    public void ReadTable_Written_IsTheSame()
    {
        var path = _folder.Write("data.csv", "g,x,k\n1,0.1,a\n1,0.7,b\n2,3,a\n2,1e-9,b\n3,5,a\n3,5,b\n4,1,a\n4,2,b\n");
        var form = Sets.Load(new DataRequest(path, "k") { Group = "g" }).Table!;

        var read = TableForm.Read(form.Write(), features: 1);

        Assert.Equal(form.Columns, read.Columns);
        Assert.Equal(("k", "g"), (read.NameOf(TableRole.Label), read.NameOf(TableRole.Group)));
        Assert.Null(SavedModel.Read(
            SafeTensors.Write([], new Dictionary<string, string> { ["input"] = "2" }), "'x'").ReadTable());
    }

    /// <summary>Twice the numbers are the same after scaling, to the last bit; what a model keeps tells them apart.
    /// </summary>
    [Fact]
    public void Load_OtherUnits_HasTheSameDigestAndAnotherForm()
    {
        var one = Sets.Load(new DataRequest(_folder.Write("one.csv", "x,k\n1,a\n3,b\n7,a\n1,b\n5,a\n9,b\n")));
        var two = Sets.Load(new DataRequest(_folder.Write("two.csv", "x,k\n2,a\n6,b\n14,a\n2,b\n10,a\n18,b\n")));

        Assert.Equal(one.Digest, two.Digest);
        Assert.Equal(2 * one.Table!.Columns[0].Mean, two.Table!.Columns[0].Mean);
        Assert.NotEqual(one.Table.Columns, two.Table.Columns);
    }

    private TableRows Read(SavedModel model, string path) =>
        Sets.ReadRows(path, model.ReadTable()!, model.Classes, null, needsTruth: false);

    private DataSets Sets => new(new DataFolders(new DataFolder(_folder.Path, "the test")));

    private SavedModel Train(string path, TaskKind? task, int epochs) => SavedModel.Read(
        new Trainer(Sets).Train(
            new()
            {
                Data = path,
                Task = task,
                Split = Split.All,
                Seed = 1,
                KeepModel = true,
                Hyperparameters = new()
                {
                    Architecture = "dense",
                    Optimizer = OptimizerKind.Sgd,
                    LearningRate = 0.05,
                    BatchSize = 16,
                    Epochs = epochs,
                },
            },
            new Watcher(),
            null,
            default).Model!,
        "of the test");
}
