using Sweeps.Core;
using Sweeps.Core.Trainings;
using Sweeps.Training.Data;
using Sweeps.Training.Data.Csv;

namespace Sweeps.Training.Tests.Data.Csv;

public sealed class CsvTests : IDisposable
{
    private const string Flowers =
        "length,width,kind\n1,10,b\n2,20,a\n3,30,b\n4,40,a\n5,50,b\n6,60,a\n7,70,b\n8,80,a\n9,90,b\n10,100,a\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_TextLabels_IsAClassificationWithSortedClasses()
    {
        var set = Load(Flowers);
        Assert.Equal(TaskKind.Classification, set.Task);
        Assert.Equal(["a", "b"], set.ClassNames);
        Assert.Equal(["length", "width"], set.FeatureNames);
        Assert.Equal([2], set.InputShape);
        Assert.Equal((8, 2), (set.Train.Count, set.Test.Count));
    }

    [Fact]
    public void Load_NoTestFile_HoldsOutAFifthOfEachClassAndLosesNoRow()
    {
        var rows = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},{(i % 4 == 0 ? "rare" : "common")}\n"));
        var set = Load("x,kind\n" + rows, standardize: false);
        Assert.Equal([15, 5], CountsOf(set.Test));
        Assert.Equal([60, 20], CountsOf(set.Train));
        var seen = new float[100];
        set.Train.GatherRange(0, 80, seen);
        set.Test.GatherRange(0, 20, seen.AsSpan(80));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), seen.Order());
        Assert.Equal(seen[..80].Order(), seen[..80]);
    }

    [Fact]
    public void Load_Twice_HoldsOutTheSameRows() => Assert.Equal(Load(Flowers).Digest, Load(Flowers).Digest);

    [Fact]
    public void Load_TestFileBesideIt_TakesThat()
    {
        _folder.Write("data-test.csv", "length,width,kind\n11,110,b\n");
        var set = Load(Flowers, standardize: false);
        Assert.Equal((10, 1), (set.Train.Count, set.Test.Count));
        Assert.Equal([1], set.Test.Labels.ToArray());
    }

    [Fact]
    public void Load_TestFileGiven_TakesThat()
    {
        var test = _folder.Write("other.csv", "length,width,kind\n11,110,a\n12,120,b\n");
        var path = _folder.Write("data.csv", Flowers);
        Assert.Equal(2, Sets.Load(new DataRequest(path) { Test = test }).Test.Count);
    }

    [Fact]
    public void Load_TestFileWithAnUnknownClass_NamesClassAndLine()
    {
        _folder.Write("data-test.csv", "length,width,kind\n11,110,a\n12,120,c\n");
        Fails(Flowers, "data-test.csv: line 3, column 3 (kind): the class 'c' is not in the training part");
    }

    [Fact]
    public void Load_TestFileWithOtherColumns_NamesThem()
    {
        _folder.Write("data-test.csv", "width,length,kind\n11,110,a\n");
        Fails(Flowers, "the columns width, length, kind are not those");
    }

    /// <summary>1, 2, 3 have mean 2 and population deviation sqrt(2/3); the test part is measured with those.</summary>
    [Fact]
    public void Load_Standardized_UsesMeanAndDeviationOfTheTrainingPartAlone()
    {
        _folder.Write("data-test.csv", "5,9,b\n");
        var set = Load("1,7,a\n2,7,b\n3,7,a\n1,7,b\n3,7,b\n");
        var deviation = Math.Sqrt((1 + 0 + 1 + 1 + 1) / 5.0);
        var rows = new float[10];
        set.Train.GatherRange(0, 5, rows);
        Assert.Equal([-1 / deviation, 0, 1 / deviation, -1 / deviation, 1 / deviation], Column(rows, 0), Near);
        Assert.Equal([0, 0, 0, 0, 0], Column(rows, 1), Near);
        set.Test.GatherRange(0, 1, rows);
        Assert.Equal([3 / deviation, 0], rows[..2].Select(value => (double)value), Near);
    }

    [Fact]
    public void Load_ManyDifferentNumbers_IsARegression()
    {
        var rows = string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},{i * 3}\n"));
        var set = Load("x,y\n" + rows, standardize: false);
        Assert.Equal((TaskKind.Regression, 0), (set.Task, set.Classes));
        var row = new float[1];
        for (var i = 0; i < set.Test.Count; i++)
        {
            set.Test.GatherRange(i, 1, row);
            Assert.Equal(row[0] * 3, set.Test.Targets[i]);
        }
    }

    [Fact]
    public void Load_FewWholeNumbers_IsAClassificationInTheirOrder()
    {
        var set = Load("1,10\n2,9\n3,10.0\n4,9\n5,10\n6,-0\n7,0\n");
        Assert.Equal(["0", "9", "10"], set.ClassNames);
        Assert.Equal(TaskKind.Regression, Load("1,10\n2,9\n3,10\n4,9\n5,10\n", task: TaskKind.Regression).Task);
    }

    [Theory]
    [InlineData("kind", 2)]
    [InlineData("KIND", 2)]
    [InlineData("2", 2)]
    [InlineData("0", 0)]
    [InlineData(null, 2)]
    public void Load_LabelColumn_ByNameOrIndex(string? label, int column) =>
        Assert.Equal(column, CsvTable.Parse(Utf8("length,width,kind\n1,2,3\n"), "file", label).LabelColumn);

    [Fact]
    public void Parse_QuotesCrlfBomAndBlankLines_AreUnderstood()
    {
        var text = "\uFEFF\"a, b\",\"the \"\"kind\"\"\"\r\n\r\n 1.5e1 ,\"x\r\ny\"\r\n\"-2\",z\r\n\r\n";
        var table = CsvTable.Parse(Utf8(text), "file", null);
        Assert.Equal(["a, b", "the \"kind\""], table.Names);
        Assert.Equal([15f, -2f], table.Values.ToArray());
        Assert.Equal(["x\r\ny", "z"], table.LabelTexts);
    }

    [Theory]
    [InlineData("1;2;a\n3;4;b\n")]
    [InlineData("1\t2\ta\n3\t4\tb\n")]
    [InlineData("1|2|a\r\n3|4|b")]
    [InlineData("1,2,a\r3,4,b")]
    public void Parse_OtherSeparatorsAndLineEnds_AreUnderstood(string text)
    {
        var table = CsvTable.Parse(Utf8(text), "file", null);
        Assert.False(table.HasHeader);
        Assert.Equal([1f, 2f, 3f, 4f], table.Values.ToArray());
        Assert.Equal(["a", "b"], table.LabelTexts);
    }

    [Fact]
    public void Parse_QuoteWithinAField_IsText()
    {
        var table = CsvTable.Parse(Utf8("size,kind\n1,5\" pipe\n2,6\" pipe\n"), "file", null);
        Assert.Equal(["5\" pipe", "6\" pipe"], table.LabelTexts);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData(" \r\n\n", "the file is empty")]
    [InlineData("a,b\n", "there is a header and no row of data")]
    [InlineData("a\n1\n2\n", "line 1: there is one column only")]
    [InlineData("a,b\n1,x\n1.2.3,y\n", "line 3, column 1 (a): '1.2.3' is a text, not a number")]
    [InlineData("1,x\n1e99,y\n", "line 2, column 1: '1e99' is too large")]
    [InlineData("a,b\n1,x\nred,y\n", "line 3, column 1 (a): 'red' is a text, not a number")]
    [InlineData("a,b\n1,x\n,y\n", "line 3, column 1 (a): the value is missing ('')")]
    [InlineData("a,b\n1,x\nNA,y\n", "line 3, column 1 (a): the value is missing ('NA')")]
    [InlineData("a,b\n1,x\n2,?\n", "line 3, column 2 (b): the label is missing ('?')")]
    [InlineData("a,b\n1,x\n1,2,3\n", "line 3: 3 fields, where the first row has 2")]
    [InlineData("a,b\n1,x\n1\n", "line 3: 1 fields, where the first row has 2")]
    [InlineData("a,b\n1,\"x\n2,y\n", "line 2, column 2: a quote is opened and not closed")]
    [InlineData("a,b\n1,\"x\"z\n", "line 2, column 2: text follows a closing quote")]
    [InlineData("a,b,c\n1,\"2\"\"\"z,x\n", "line 2, column 2: text follows a closing quote")]
    [InlineData("a,b,c\n\"1\",2, \"x,y\n", "line 2, column 3: a quote is opened and not closed")]
    [InlineData("a,b\n1,x\n2,x\n3,x\n4,x\n5,x\n", "the label column 'b' has a single class, 'x'")]
    [InlineData("a,b\n1,x\n2,y\n", "2 rows are too few")]
    [InlineData("a,b\n1,v\n2,w\n3,x\n4,y\n5,z\n", "no class has two rows")]
    public void Load_BrokenTable_NamesLineAndColumn(string text, string part) => Fails(text, part);

    [Fact]
    public void Load_NotUtf8_NamesLineAndByte()
    {
        var path = _folder.Write("data.csv", [.. Utf8("a,b\n1,gr"), 0xFC, .. Utf8("n\n")]);
        var error = Assert.Throws<SweepsException>(() => Sets.Load(new DataRequest(path)));
        Assert.Contains("line 2: the byte 0xfc (at 8) is not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kinds", "did you mean 'kind'?")]
    [InlineData("9", "columns are numbered from 0 to 2")]
    public void Load_LabelColumnThatIsNotThere_SuggestsOne(string label, string part)
    {
        var path = _folder.Write("data.csv", Flowers);
        var error = Assert.ThrowsAny<SweepsException>(() => Sets.Load(new DataRequest(path, label)));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RegressionOnTexts_NamesLineAndColumn()
    {
        var path = _folder.Write("data.csv", Flowers);
        var error = Assert.Throws<SweepsException>(() => Sets.Load(new DataRequest(path, null, TaskKind.Regression)));
        Assert.Contains("column 3 (kind): the label '", error.Message, StringComparison.Ordinal);
    }

    private DataSets Sets => new(new DataFolders(new DataFolder(_folder.Path, "the test")));

    private DataSet Load(string text, bool standardize = true, TaskKind? task = null)
    {
        _folder.Write("data.csv", text);
        return Sets.Load(new DataRequest("data.csv", null, task) { Standardize = standardize });
    }

    private void Fails(string text, string part)
    {
        var error = Assert.Throws<SweepsException>(() => Load(text));
        Assert.Equal(ErrorKind.Data, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-6;

    private static IEnumerable<double> Column(float[] rows, int column) =>
        rows.Where((_, index) => index % 2 == column).Select(value => (double)value);

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static int[] CountsOf(DataPart part) =>
        [.. part.Labels.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value)];
}
