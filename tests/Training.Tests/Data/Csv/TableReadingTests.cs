using System.Diagnostics;
using System.Text;
using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;

namespace Sweeps.Training.Tests.Data.Csv;

/// <summary>Tables with missing cells, texts, decimal commas or pixels. What was worked out elsewhere comes from pandas
/// (fillna with median, mean or mode, one column a value, deviations of the population).</summary>
public sealed class TableReadingTests : IDisposable
{
    private const string Passengers =
        "age,sex,port,fare,survived\n22,male,S,7.25,0\n38,female,C,71.2833,1\n,female,S,7.925,1\n35,female,,53.1,1\n"
        + "35,male,S,,0\n,male,Q,8.4583,0\n54,male,S,51.8625,0\n2,male,S,21.075,0\n";

    // The port X is no one's in the training part.
    private const string MorePassengers = "age,sex,port,fare,survived\n30,female,X,10,1\n,male,NA,8,0\n";

    private static readonly TableReading s_all = new()
    {
        Impute = Imputation.Median,
        ImputeText = Imputation.MostFrequent,
        OneHotText = true,
    };

    private readonly TemporaryFolder _folder = new();

    private static DataSets Sets => new(new DataFolders());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_MissingAndText_IsWhatPandasMakesOfIt()
    {
        _folder.Write("data-test.csv", MorePassengers);
        var set = Load(Passengers, s_all);

        Assert.Equal(
            ["age", "sex=female", "sex=male", "port=C", "port=Q", "port=S", "fare"], set.FeatureNames);
        Assert.Equal([7], set.InputShape);
        Near([-0.717035, 0, 1, 0, 0, 1, -0.987226], RowOf(set.Train, 0));
        Near([0.215110, 1, 0, 0, 0, 1, -0.958258], RowOf(set.Train, 2));
        Near([0.215110, 1, 0, 0, 0, 1, 0.980476], RowOf(set.Train, 3));
        Near([0.215110, 0, 1, 0, 0, 1, -0.393911], RowOf(set.Train, 4));
        Near([-0.143407, 1, 0, 0, 0, 0, -0.869207], RowOf(set.Test, 0));
        Near([0.215110, 0, 1, 0, 0, 1, -0.955039], RowOf(set.Test, 1));
    }

    [Fact]
    public void Load_ImputeMean_IsWhatPandasMakesOfIt()
    {
        _folder.Write("data-test.csv", MorePassengers);
        var set = Load(Passengers, s_all with { Impute = Imputation.Mean });
        Assert.Equal([31.0, 31.564871428571426], Fills(set), (one, two) => Math.Abs(one!.Value - two!.Value) < 1e-6);
        Near([-0.650366, 0, 1, 0, 0, 1, -1.055260], RowOf(set.Train, 0));
        Near([0, 0, 1, 0, 0, 1, -1.022711], RowOf(set.Test, 1));
    }

    /// <summary>35 is there twice; of fares that are all there once it is the smallest.</summary>
    [Fact]
    public void Load_ImputeMostFrequent_TakesTheSmallestOfEquals()
    {
        _folder.Write("data-test.csv", MorePassengers);
        Assert.Equal(
            [35.0, 7.25], Fills(Load(Passengers, s_all with { Impute = Imputation.MostFrequent })));
    }

    [Fact]
    public void Load_MissingAndText_SaysHowManyCellsAndWhichValues()
    {
        _folder.Write("data-test.csv", MorePassengers);
        var notes = Load(Passengers, s_all).Notes;
        Assert.Contains("data: data.csv: 'sex' is one-hot encoded as 2 features: 'female', 'male'", notes);
        Assert.Contains("data: data.csv: 3 of 10 cells of 'age' are missing: 35 stands there, the median of the "
            + "training part", notes);
        Assert.Contains("data: data.csv: 2 of 10 cells of 'port' are missing: 'S' stands there, the most frequent "
            + "value of the training part", notes);
        Assert.Contains("data: data.csv: 1 cells of 'port' have a value that the training part lacks: all of its 3 "
            + "features are 0 there", notes);
    }

    /// <summary>Numbers that are classes: 1 and 1.0 are one value, and 10 comes after 2.</summary>
    [Fact]
    public void Load_OneHotOfNumbers_OrdersThemBySize()
    {
        var set = Load(
            "deck,x,y\n10,1,a\n2,2,b\n1.0,3,a\n1,4,b\n10,5,a\n2,6,b\n1,7,a\n2,8,b\n10,9,a\n1,0,b\n",
            new() { OneHot = ["deck"] });
        Assert.Equal(["deck=1", "deck=2", "deck=10", "x"], set.FeatureNames);
    }

    [Fact]
    public void Load_Ignore_LeavesColumnsOut()
    {
        var set = Load("id,x,y,z\n" + Rows(10, i => $"n {i},{i},{i % 2},{i}"), new() { Ignore = ["id", "3"] });
        Assert.Equal(["x"], set.FeatureNames);
        Assert.Equal(["0", "1"], set.ClassNames);
    }

    [Theory]
    [InlineData("x;y\n1,5;2,25\n-1,5e1;3\n2;1,5\n7;8,5\n9;0,5\n")]
    [InlineData("\ufeffx\ty\r\n\"1,5\"\t2,25\r\n-1,5e1\t3\r\n2\t1,5\r\n7\t8,5\r\n9\t0,5\r\n")]
    [InlineData("sep=;\nx;y\n1,5;2,25\n-1,5e1;3\n2;1,5\n7;8,5\n9;0,5\n")]
    public void Load_DecimalComma_ReadsNumbersOfFeaturesAndLabel(string text)
    {
        _folder.Write("data-test.csv", text);
        var set = Load(text, new() { DecimalComma = true }, standardize: false);
        float[] first = [.. Enumerable.Range(0, 5).Select(row => RowOf(set.Train, row)[0])];
        Assert.Equal([1.5f, -15, 2, 7, 9], first);
        Assert.Equal([2.25f, 3, 1.5f, 8.5f, 0.5f], set.Train.Targets.ToArray());
    }

    [Fact]
    public void Load_QuotedFields_KeepSeparatorsQuotesAndLineBreaks()
    {
        var set = Load(
            "name,x,y\n\"a, \"\"b\"\"\n\",1,0\nc,2,1\nc,3,0\n\"a, \"\"b\"\"\n\",4,1\nc,5,0\n",
            new() { OneHotText = true });
        Assert.Equal(["name=a, \"b\"\n", "name=c", "x"], set.FeatureNames);
    }

    [Theory]
    [InlineData("a,b,y\n1,,0\n", "line 2, column 2 (b): the value is missing (''); put the column's mean or median "
        + "there with impute: mean or impute: median (--impute mean), leave the column out with ignore: [b] "
        + "(--ignore b)")]
    [InlineData("a,b,y\n1,red,0\n", "line 2, column 2 (b): 'red' is a text, not a number; one-hot encode its column "
        + "with one_hot: [b] (--one-hot b; all such columns: one_hot: text), or leave it out with ignore: [b]")]
    [InlineData("a,b c's,y\n1,red,0\n", "(--one-hot 'b c'\\''s'; all such columns: one_hot: text)")]
    [InlineData("a;b;y\n1;1,5;0\n",
        "'1,5' has a decimal comma; write 1.5, here and in all rows, or say so with decimal: \",\" (--decimal ,)")]
    public void Load_WithoutTheWords_NamesColumnRowAndWords(string text, string says) => Fails(text, null, says);

    [Fact]
    public void Load_WordsThatDoNotFit_AreRefusedWithTheReason()
    {
        Fails("a,b,y\n1,x,0\n2,,1\n", new() { OneHotText = true },
            "line 3, column 2 (b): the value is missing (''); put the most frequent one there with impute_text: "
            + "most_frequent (--impute-text most_frequent)");
        Fails("a,b,y\n" + Rows(80, i => $"{i},t{i},{i % 2}"), new() { OneHotText = true },
            "the column 'b' has 64 different values in the training part ('t0', 't");
        Fails("a,b,y\n" + Rows(80, i => $"{i},t{i},{i % 2}"), new() { OneHotText = true },
            "leave it out with ignore: [b] (--ignore b), or allow more with levels: 64 (--levels 64), up to 1000.");
        Fails("a,b,y\n" + Rows(10, i => $",{i},{i % 2}"), new() { Impute = Imputation.Mean },
            "the column 'a' has nothing but missing cells in the training part");
        Fails("a,b,y\n1,2,0\n", new() { Ignore = ["c"] }, "there is no ignore column 'c'");
        Fails("a,b,y\n1,2,0\n", new() { OneHot = ["y"] }, "'y' is no feature and cannot be one-hot encoded");
        Fails("a;b\n1.5;2\n", new() { DecimalComma = true },
            "'1.5' has a decimal point, where a decimal comma is said");
        Fails("a;b\n1.234,5;2\n", new() { DecimalComma = true }, "'1.234,5' has points between its thousands; write "
            + "1234,5");
        Fails("a,b\n1,2\n", new() { Shape = "1x1x1", Impute = Imputation.Mean },
            "with 'shape' all features are pixels");
        Fails("a,b\n1,2\n", new() { DecimalComma = true, Separator = "," }, "the comma cannot be both");
    }

    /// <summary>The pixel of row r, column c and channel k is value (r x 2 + c) x 3 + k of the line.</summary>
    [Fact]
    public void Load_ShapeOfThreeChannels_MakesPicturesChannelsFirst()
    {
        var set = Load(
            "label," + string.Join(',', Enumerable.Range(0, 12).Select(i => $"p{i}")) + "\n"
                + Rows(10, i => string.Join(
                    ',', Enumerable.Range(0, 12).Select(at => (10 * at) + i).Prepend(i % 2))),
            new() { Shape = "2x2x3" });
        Assert.Equal([3, 2, 2], set.InputShape);
        Assert.True(set.Train.IsBytes);
        var first = set.Train.BytesOf(0).ToArray();
        Assert.Equal(new byte[] { 0, 30, 60, 90, 10, 40, 70, 100, 20, 50, 80, 110 }.Select(b => b + (first[0] % 10)),
            first.Select(b => (int)b));
    }

    [Theory]
    [InlineData("9,0,255\n", "0")]
    [InlineData("first,label,second\n0,9,255\n", "label")]
    [InlineData("label,0,1\n9,0,255\n", "label")]
    [InlineData("1,2,Label\n0,255,9\n", "Label")]
    [InlineData("0,1,2\n9,0,255\n", "0")]
    public void Load_Shape_TakesTheColumnCalledLabelElseTheFirst(string text, string label)
    {
        var table = CsvTable.Parse(Encoding.UTF8.GetBytes(text), "t.csv", null, null, new() { Shape = "1x2x1" });
        Assert.Equal(label, table.Names[table.LabelColumn]);
        Assert.Equal([0f, 255f], table.Values.ToArray());
    }

    /// <summary>A class may be called as anything: a row is a header only where its numbers count the columns.
    /// </summary>
    [Theory]
    [InlineData("label,0,2\nx,3,4\n", "0", 2)]
    [InlineData("label,0,1\nx,3,4\n", "label", 1)]
    [InlineData("kind,1,2\nx,3,4\n", "kind", 1)]
    [InlineData("kind,1,2\nx,3,4\n", "0", 2)]
    [InlineData("0,1,2\n5,3,4\n", null, 2)]
    public void Parse_FirstRowThatCounts_IsAHeader(string text, string? label, int rows) =>
        Assert.Equal(rows, CsvTable.Parse(Encoding.UTF8.GetBytes(text), "t.csv", label).Count);

    [Theory]
    [InlineData("label,a,b\n1,0,256\n", "line 2, column 3 (b): '256' is no pixel, a whole number from 0 to 255")]
    [InlineData("label,a,b\n1,0.5,2\n", "line 2, column 2 (a): '0.5' is no pixel")]
    [InlineData("label,a,b,c\n1,0,1,2\n", "3 features beside the label are no pixels of 1x2x1, which are 2")]
    [InlineData("label,a,b\n1,0,\n", "line 2, column 3 (b): the value is missing")]
    public void Load_ShapeThatDoesNotFit_IsRefusedWithTheReason(string text, string says) =>
        Fails(text, new() { Shape = "1x2x1" }, says);

    /// <summary>What a saved model says of its table does the same to the same rows, also under other names of its
    /// columns' order and signs.</summary>
    [Fact]
    public void ReadRows_ByTheFormOfAModel_EncodesAsTheTestPart()
    {
        _folder.Write("data-test.csv", MorePassengers);
        var set = Load(Passengers, s_all);
        var form = TableForm.Read(set.Table!.Write(), 7);
        Assert.Equal(set.Table.Columns, form.Columns);
        var rows = Sets.ReadRows(
            _folder.Write("rows.csv", "fare,port,sex,age\n10,X,female,30\n8,,male,\n"), form, ["0", "1"], null, false);
        Assert.Equal(RowOf(set.Test, 0), RowOf(rows.Part, 0));
        Assert.Equal(RowOf(set.Test, 1), RowOf(rows.Part, 1));
        Assert.Contains(rows.Notes, note => note.Contains("1 cells of 'port' have a value", StringComparison.Ordinal));
        Assert.Contains(
            rows.Notes, note => note.Contains("1 of 2 cells of 'age' are missing", StringComparison.Ordinal));
    }

    /// <summary>A model that learned without the words is read by earlier versions, one that needs them is not.
    /// </summary>
    [Fact]
    public void Write_FormOfAPlainTable_HasTheVersionThatItAlwaysHad()
    {
        Assert.Contains("\"version\":1", Load("x,y\n" + Rows(10, i => $"{i},{i % 2}"), null).Table!.Write(),
            StringComparison.Ordinal);
        Assert.Contains("\"version\":2", Load(Passengers, s_all).Table!.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_APipeOrADevice_IsRefusedAtOnce()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var pipe = Path.Combine(_folder.Path, "pipe.csv");
        using (var make = Process.Start("mkfifo", pipe))
            make.WaitForExit();
        Assert.Contains("it is a pipe, not a regular file", Error(pipe), StringComparison.Ordinal);
        Assert.Contains("it is a device, not a regular file", Error("/dev/zero"), StringComparison.Ordinal);
        Assert.Contains("the file is empty", Error(_folder.Write("empty.csv", "")), StringComparison.Ordinal);

        string Error(string path) =>
            Assert.Throws<SweepsException>(() => Sets.Load(new DataRequest(path))).Message;
    }

    private DataSet Load(string text, TableReading? reading, bool standardize = true) =>
        Sets.Load(new DataRequest(_folder.Write("data.csv", text)) { Reading = reading, Standardize = standardize });

    private static string Rows(int count, Func<int, string> row) =>
        string.Concat(Enumerable.Range(0, count).Select(i => row(i) + "\n"));

    private static IEnumerable<double?> Fills(DataSet set) =>
        set.Table!.Features.Select(column => column.Fill).Where(fill => fill is not null);

    private static float[] RowOf(DataPart part, int row)
    {
        var values = new float[part.Features];
        part.GatherRange(row, 1, values);
        return values;
    }

    private static void Near(double[] expected, float[] found) =>
        Assert.Equal(expected, found.Select(value => (double)value), (one, two) => Math.Abs(one - two) < 2e-6);

    private void Fails(string text, TableReading? reading, params string[] says)
    {
        var error = Assert.ThrowsAny<SweepsException>(() => Load(text, reading));
        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(says[^1], error.Message, StringComparison.Ordinal);
    }
}
